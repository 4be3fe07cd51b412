"""The words of a language, so that a misspelling can be told from a word. Knows nothing of pages or engines."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from metrics.names import Vocabulary

EVERYDAY = 6000
"""So many of the commonest words are not taken for names; with 10,000 of them too many names are among them."""


@cache
def vocabulary(language: str) -> Vocabulary:
    """What is known of a language by its code, the first of several: no words where pyspellchecker has no list."""
    counts = _word_counts(language)
    commonest = sorted(counts, key=lambda word: -counts[word])[:EVERYDAY]
    return Vocabulary(language, known_words(language), frozenset(word.casefold() for word in commonest))


@cache
def known_words(language: str) -> frozenset[str]:
    """Casefolded words of a language by its code, such as en or fr; none where pyspellchecker has no list for it."""
    return frozenset(word.casefold() for word in _word_counts(language))


def _word_counts(language: str) -> dict[str, int]:
    package = find_spec("spellchecker")
    code = language.partition("+")[0]
    if package is None or package.origin is None or not code.isalpha():
        return {}
    listed = Path(package.origin).parent / "resources" / f"{code}.json.gz"
    if not listed.is_file():
        return {}
    with gzip.open(listed) as words:
        counts: dict[str, int] = json.load(words)
    return counts
