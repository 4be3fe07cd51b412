"""Words that the writer misspelt and an engine silently put right: worse than a misreading, for it looks perfect.

A heuristic: a misspelling is a word in small letters that the lexicon lacks. Knows no dictionary of its own, and says
nothing of a language without one. An engine that merely misreads is not correcting: see `_corrects`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from metrics.abbreviations import ABBREVIATIONS
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.over_normalising import spelt_as_today
from metrics.word_pairing import WordPair, kept_by_some, word_pairs


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A word the writer got wrong, and what the engine made of it."""

    fate: Literal["kept", "corrected", "misread"]
    words: WordPair


def misspellings(
    reference: str,
    hypothesis: str,
    lexicon: Collection[str],
    rules: Rules = DEFAULT_RULES,
    others: Sequence[str] = (),
) -> tuple[Misspelling, ...]:
    """Every misspelling in the reference; `lexicon` holds known words, casefolded: without one there is nothing to say.

    Where `others` (readings of other engines) are given, one reading at least must have the word as it was written:
    what nobody reads so is more often a slip of the reference.
    """
    pairs = word_pairs(reference, hypothesis, rules)
    suspects = [at for at, pair in enumerate(pairs) if _is_misspelt(pair.written, lexicon)]
    if not suspects or not _is_in_the_language(pairs, lexicon):
        return ()
    found = [Misspelling(_fate(pairs, at, lexicon), pairs[at]) for at in suspects]
    if not others:
        return tuple(found)
    kept = kept_by_some(reference, others, _bare, rules)
    return tuple(word for word in found if word.fate == "kept" or word.words.ref_start in kept)


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ONE_WORD = re.compile(r"[^\w\s&-]*([^\W\d_]+(?:['’][^\W\d_]+)*)[^\w\s&-]*")
_MARKED = re.compile(r"[][(){}<>⟦⟧~*_?]|-|\w\.\w")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "est", "'s", "ful", "ness", "less", "like")
_SHORTEST = 4
"""A shorter word is near too many others: it may only have two letters swapped."""
_SOUNDS = (set("aeiouy"), set("sz"), set("sc"), set("ck"), set("gj"), set("td"), set("fv"))
_CHANGED = 0.25
"""At most a quarter of the letters: otherwise it is another word."""
_IN_THE_LANGUAGE, _TOO_FEW = 0.6, 8
"""A page of another language has fewer words of this one; so few words are of any."""


def _is_in_the_language(pairs: Sequence[WordPair], lexicon: Collection[str]) -> bool:
    words = [word.casefold() for pair in pairs for word in _WORD.findall(pair.written)]
    return len(words) < _TOO_FEW or sum(word in lexicon for word in words) >= _IN_THE_LANGUAGE * len(words)


def _is_misspelt(written: str, lexicon: Collection[str]) -> bool:
    """No abbreviation, half of a word or name, nothing marked, nor a word that the list lacks in this form or spelling
    only."""
    one = _ONE_WORD.fullmatch(written)
    if not one or _MARKED.search(written) or one[1] != one[1].lower():
        return False
    word = one[1].replace("’", "'")
    if _is_known(word, lexicon) or word in ABBREVIATIONS:
        return False
    if len(word) < _SHORTEST:
        return any(swapped in lexicon for swapped in _swapped(word))
    return not (
        any(_is_known(_stem(word, ending), lexicon) for ending in _ENDINGS)
        or any(word[:at] in lexicon and word[at:] in lexicon for at in range(3, len(word) - 2))
    )


def _is_known(word: str, lexicon: Collection[str]) -> bool:
    return word in lexicon or spelt_as_today(word) in lexicon


def _swapped(word: str) -> list[str]:
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def _stem(word: str, ending: str) -> str:
    return word.removesuffix(ending) if word.endswith(ending) else ""


def _fate(pairs: Sequence[WordPair], at: int, lexicon: Collection[str]) -> Literal["kept", "corrected", "misread"]:
    written, read = _bare(pairs[at].written), _bare(pairs[at].read)
    if written == read.replace(" ", ""):
        return "kept"
    return "corrected" if _corrects(written, read, lexicon) and _is_read_well(pairs, at) else "misread"


def _corrects(written: str, read: str, lexicon: Collection[str]) -> bool:
    """Whether a word was put right: a known word that begins alike and sounds alike.

    Who spells wrongly swaps, drops and doubles letters, or writes another for the same sound; who reads wrongly takes
    one letter for another of the same shape.
    """
    if not _is_known(read, lexicon) or read[0] != written[0]:
        return False
    if read in _swapped(written):
        return True
    edits = list(Levenshtein.editops(written, read))
    replaced = [{written[edit.src_pos], read[edit.dest_pos]} for edit in edits if edit.tag == "replace"]
    alike = all(any(pair <= sound for sound in _SOUNDS) for pair in replaced)
    return alike and len(written) >= _SHORTEST and len(edits) <= max(1, int(_CHANGED * len(written)))


def _is_read_well(pairs: Sequence[WordPair], at: int) -> bool:
    """Whether the words around were read right: where they were not, a known word is luck."""
    around = [*pairs[max(0, at - 2) : at], *pairs[at + 1 : at + 3]]
    right = [_bare(pair.written) == _bare(pair.read) for pair in around if pair.written]
    return sum(right) * 4 >= len(right) * 3


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("’", "'")))
