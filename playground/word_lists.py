"""The words of a language, so that a misspelling can be told from a word. Knows nothing of pages or engines."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def known_words(language: str) -> frozenset[str]:
    """Casefolded words of a language by its code, such as en or fr; none where pyspellchecker has no list for it."""
    package = find_spec("spellchecker")
    if package is None or package.origin is None or not language.isalpha():
        return frozenset()
    listed = Path(package.origin).parent / "resources" / f"{language.casefold()[:2]}.json.gz"
    if not listed.is_file():
        return frozenset()
    with gzip.open(listed) as words:
        return frozenset(word.casefold() for word in json.load(words))
