"""Which capitalised words of a text are names of people, places and peoples. A guess from capitals, place and word lists.

A word with a capital inside a sentence is a name unless it is a word that writers capitalise anyway. Where a capital says
nothing (at the start of a sentence, in a row of capitals, on a German noun, in a hand that capitalises nouns) a word is a
name only if it is a well-known one, stands where a name stands, or is in no dictionary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from metrics.name_words import COMMON, COMMON_ENDINGS, GIVEN, PLACES, STOP_WORDS, TITLES

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+|-[^\W\d_]+|-\s*\n\s*[a-zß-öø-ÿ]+)*")
_BROKEN = re.compile(r"-\s*\n\s*")
_ELISION = re.compile(r"(?:[dlnmstcj]|qu)['’](?=[^\W\d_])", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\Z", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[.!?][\"'”’)\]*]*\s|:\s*\n|\n\s*\n")
_STARTS_ANEW = re.compile(r"(?:[!?,:][\"'”’]?|\A)\s*[\"“„«]\s*\Z|\s[-–—]+\s\s*\Z|[•*\d)]\s*\Z")
"""A quotation after a comma or colon, what follows a dash, an item of a list."""
_SAME_NAME = re.compile(r"\.?[ \u00a0]?(?:\n ?)?|-")
_ROMAN = re.compile(r"[IVXLCDM]{2,}")
_PLACE_AND_DATE = re.compile(r"[,.]?[ \t]+(?:d\.\s|den |le |the )?(?=\d|\w+\.? \d)")
_PLACE_ENDING = re.compile(
    r".{2,}(?:burg|heim|hausen|weiler|dorf|ingen|kirchen|furt|hafen|stedt|stadt|bach|weg|gasse|stra(?:ß|ss)e)"
)
_PERSONAL = frozenset("mr mrs ms miss dr mme mlle herr herrn frau fräulein hr hrn fr madame messrs".split())


@dataclass(frozen=True, slots=True)
class _Word:
    """A word without what hangs on it (`l'`, `'s`), and the text between it and the word before."""

    text: str
    start: int
    end: int
    gap: str
    folded: str

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper()

    @property
    def is_capitalised(self) -> bool:
        return len(self.text) > 1 and self.text[0].isupper()

    @property
    def is_shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def language_of(text: str) -> str:
    """`en`, `fr` or `de`, by the commonest small words; English where nothing tells."""
    seen = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    return max(STOP_WORDS, key=lambda language: sum(seen[word] for word in STOP_WORDS[language]))


def names(text: str, language: str | None = None, lexicon: Collection[str] = frozenset()) -> list[tuple[int, int]]:
    """Where the words stand that are names or parts of one, without titles and initials.

    `lexicon` holds known words of the language, casefolded; without one, rare names that begin a sentence are missed.
    """
    return _Page(text, (language or language_of(text))[:2].casefold(), lexicon).names()


class _Page:
    """All words of a text, and what it as a whole says about its capitals."""

    def __init__(self, text: str, language: str, lexicon: Collection[str]) -> None:
        self.text, self.language, self.lexicon = text, language, lexicon
        self.words = list(_words(text))
        self.small = {word.folded for word in self.words if word.text[0].islower()}
        starts = [line.lstrip()[:1] for line in text.splitlines() if line.strip()]
        self.lines_start_anew = sum(map(str.isupper, starts)) > len(starts) * 0.6
        capitals = [word for word in self.words if word.is_capitalised and "\n" not in word.gap]
        idle = sum(word.folded in COMMON["en"] and word.folded not in TITLES for word in capitals)
        self.nouns_have_capitals = language == "de" or idle >= 8 and idle * 2 > len(capitals)

    def names(self) -> list[tuple[int, int]]:
        found = [index for index in range(len(self.words)) if self._is_name(index)]
        seen = {self.words[index].folded for index in found}
        again = (
            word.is_capitalised and word.folded in seen and not self._is_common(word) and word.folded not in TITLES
            for word in self.words
        )
        return [(word.start, word.end) for word, named in zip(self.words, again, strict=True) if named]

    def _is_name(self, index: int) -> bool:
        word = self.words[index]
        if not word.is_capitalised or word.folded in TITLES or _ROMAN.fullmatch(word.text):
            return False
        if word.is_shouted and len(word.text) < 4 and word.folded not in PLACES:
            return False
        if self._follows_a_title(index):
            return True
        if self._is_common(word):
            return False
        if self._follows_a_given_name(index) or self._heads_a_letter(word):
            return True
        if word.folded in GIVEN or word.folded in PLACES:
            return True
        if self.nouns_have_capitals or self._is_in_a_row_of_capitals(index) or self._starts_a_sentence(index):
            return self._is_in_no_dictionary(word)
        return self.language != "fr" or not self.lexicon or self._is_in_no_dictionary(word)

    def _is_common(self, word: _Word) -> bool:
        ending = word.folded.endswith(COMMON_ENDINGS.get(self.language, ())) and len(word.text) > 6
        return word.folded in COMMON.get(self.language, ()) or word.folded in self.small or ending

    def _follows_a_title(self, index: int) -> bool:
        before = self.words[index - 1] if index else None
        if before is None or before.folded not in TITLES or not _SAME_NAME.fullmatch(self.words[index].gap):
            return False
        return before.folded in _PERSONAL or not self._is_common(self.words[index])

    def _follows_a_given_name(self, index: int) -> bool:
        before = self.words[index - 1] if index else None
        if before is None or not _SAME_NAME.fullmatch(self.words[index].gap):
            return False
        return before.is_initial or before.is_capitalised and before.folded in GIVEN

    def _heads_a_letter(self, word: _Word) -> bool:
        """A place at the beginning of a line, with a date behind it."""
        alone = not self.text[: word.start].rpartition("\n")[2].strip()
        return alone and bool(_PLACE_AND_DATE.match(self.text, word.end))

    def _is_in_a_row_of_capitals(self, index: int) -> bool:
        return self.words[index].is_shouted and any(word.is_shouted for word in self.words[max(0, index - 1) : index + 2 : 2])

    def _starts_a_sentence(self, index: int) -> bool:
        gap = self.words[index].gap
        if index == 0 or "\n" in gap and self.lines_start_anew or _STARTS_ANEW.search(gap):
            return True
        before = self.words[index - 1]
        abbreviated = before.is_initial or before.folded in TITLES or len(before.text) < 5 and before.folded in GIVEN
        return bool(_SENTENCE_ENDS.search(gap)) and not (abbreviated and gap.startswith("."))

    def _is_in_no_dictionary(self, word: _Word) -> bool:
        if not self.lexicon or word.folded in self.lexicon:
            return False
        return self.language != "de" or bool(_PLACE_ENDING.fullmatch(word.folded)) or not self._is_compound(word.folded)

    def _is_compound(self, folded: str) -> bool:
        parts = ((folded[:at], folded[at:]) for at in range(3, len(folded) - 2))
        return any(tail in self.lexicon and (head in self.lexicon or head.removesuffix("s") in self.lexicon) for head, tail in parts)


def _words(text: str) -> Iterator[_Word]:
    done = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        elided = _ELISION.match(text, start, end)
        if elided and (text[elided.end()].isupper() or text[start].islower()):
            start = elided.end()
        end -= 2 * bool(_POSSESSIVE.search(text, start, end))
        if start < end:
            word = text[start:end]
            yield _Word(word, start, end, text[done:start], _BROKEN.sub("", word).casefold().replace("’", "'"))
            done = match.end()
