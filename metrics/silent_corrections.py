"""Words that the writer misspelt and an engine silently put right: worse than a misreading, for it looks perfect.

A heuristic: a misspelling is a word in small letters that the lexicon lacks. Knows no dictionary of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

from metrics.normalising import DEFAULT_RULES, Rules
from metrics.word_pairing import WordPair, word_pairs


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A word the writer got wrong, and what the engine made of it."""

    fate: Literal["kept", "corrected", "misread"]
    words: WordPair


def misspellings(
    reference: str, hypothesis: str, lexicon: Collection[str], rules: Rules = DEFAULT_RULES
) -> tuple[Misspelling, ...]:
    """Every misspelling in the reference; `lexicon` holds known words, casefolded."""
    return tuple(
        Misspelling(_fate(pair, lexicon), pair)
        for pair in word_pairs(reference, hypothesis, rules)
        if _is_misspelt(pair.written, lexicon)
    )


def lexicon_of(texts: Iterable[str], least: int = 2) -> frozenset[str]:
    """Words found in at least that many texts: a makeshift where there is no word list."""
    seen = Counter(word.casefold() for text in texts for word in set(_WORD.findall(text)))
    return frozenset(word for word, count in seen.items() if count >= least)


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ALIKE = 0.5
"""Half the letters at least, a swap counting once (`teh` and `the` are alike): otherwise it is another word."""


def _is_misspelt(written: str, lexicon: Collection[str]) -> bool:
    words = _WORD.findall(written)
    if any(character.isdigit() for character in written) or not all(word == word.lower() for word in words):
        return False
    return any(len(word) > 1 and word.casefold() not in lexicon for word in words)


def _fate(pair: WordPair, lexicon: Collection[str]) -> Literal["kept", "corrected", "misread"]:
    written, read = _WORD.findall(pair.written.casefold()), _WORD.findall(pair.read.casefold())
    if written == read:
        return "kept"
    known = bool(read) and all(word in lexicon for word in read)
    alike = OSA.normalized_similarity(" ".join(written), " ".join(read)) >= _ALIKE
    return "corrected" if known and alike else "misread"
