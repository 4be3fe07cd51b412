"""What a stretch of an answer speaks of: of the page and its reading, or of anything else. Only counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from metrics.talk_words import WORDS, Group

_LONGEST = 2500
"""Nobody remarks more in one paragraph, and looking costs."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a stretch of an answer speaks of."""

    said: dict[Group, int]
    """How many different words of each group it has."""
    foreign: int
    """How many words it has that are of none."""
    quotes: int
    """How many times it quotes; what is quoted is not counted, for it is what is talked of."""

    @property
    def of_reading(self) -> float:
        """How much of it is of the task: what only engines say, what writers say too, and what the page is called."""
        return 3.0 * min(self.said["task"], 2) + min(self.said["craft"], 8) + self.of_the_page

    @property
    def of_the_page(self) -> float:
        """How much is of the page, as an engine calls it."""
        return min(self.said["page"], 2) + min(self.said["kind"], 1) / 2


def talk_of(text: str) -> Talk:
    """Every word by its group; phrases go before words, whole words before beginnings."""
    unquoted, quotes = QUOTED.subn(" ", plain(_MARK.sub(" ", text[:_LONGEST].strip(" \n*_[]()"))))
    seen: dict[Group, set[str]] = {group: set() for group in WORDS}
    foreign = 0
    words = [word for word in _WORD.findall(unquoted) if not _NUMBER.fullmatch(word)]
    for word, group in _grouped(words):
        if group is None:
            foreign += 1
        else:
            seen[group].add(word)
    return Talk({group: len(words) for group, words in seen.items()}, foreign, quotes)


def words_of(text: str) -> list[str]:
    """Its words in lower case."""
    return _WORD.findall(plain(text))


def _grouped(words: list[str]) -> Iterator[tuple[str, Group | None]]:
    phrases, exact, stems = _lexicon()
    at = 0
    while at < len(words):
        for length in range(_WORDS_OF_A_PHRASE, 1, -1):
            if group := phrases.get(phrase := " ".join(words[at : at + length])):
                yield phrase, group
                at += phrase.count(" ") + 1
                break
        else:
            word, group = _stem(words[at], exact, stems)
            if group == "somebodys" and _AN_ENGINES_OWN.match(" ".join(words[at + 1 : at + 2])):
                group = "plain"
            yield word, group
            at += 1


def _stem(word: str, exact: dict[str, Group], stems: dict[str, Group]) -> tuple[str, Group | None]:
    bare = _ELIDED.sub("", word)
    for form in (word, bare, word.removesuffix("'s"), bare.split("-")[0]):
        if form in exact:
            return form, exact[form]
    for length in range(len(bare), 1, -1):
        if bare[:length] in stems:
            return bare[:length], stems[bare[:length]]
    return word, "plain" if _ADVERB.search(bare) else None


@cache
def _lexicon() -> tuple[dict[str, Group], dict[str, Group], dict[str, Group]]:
    """Phrases, words, and beginnings of words, each with its group."""
    phrases: dict[str, Group] = {}
    exact: dict[str, Group] = {}
    stems: dict[str, Group] = {}
    for group, words in WORDS.items():
        for word in words.split():
            if "_" in word:
                phrases.setdefault(word.replace("_", " "), group)
            elif word.endswith("*"):
                stems.setdefault(word[:-1], group)
            else:
                exact.setdefault(word, group)
    return phrases, exact, stems


_AN_ENGINES_OWN = re.compile(r"(?:re)?tran?s[ck]ri|trascri")
"""What an engine calls its own: my transcription, ma transcription."""
_WORDS_OF_A_PHRASE = 6
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_ADVERB = re.compile(r"(?:al|[aeiou][tsrv]e|nt|ct|ght|rt|ed|ar|us|ful|ab|ib|ck|rd|st)ly$|mente$")
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|`[^`\n]{1,200}`")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|dell|nell|sull|all|dall)'")
_MARK = re.compile(r"\[[^\s\[\]]{0,20}(?: [^\s\[\]]{1,20}){0,2}\]|\([^\s()]{0,20}\?\)")
"""A mark of doubt in the text is no talk of doubt."""


def plain(text: str) -> str:
    """In lower case on one line, with plain apostrophes."""
    return " ".join(text.casefold().replace("’", "'").replace("‑", "-").split())
