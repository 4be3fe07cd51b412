"""Common abbreviations and the words they stand for. Knows English, and what is common in French and German."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metrics.rewriting import Rewrite

ABBREVIATIONS = {
    "mr": "mister",
    "dr": "doctor",
    "st": "saint",
    "prof": "professor",
    "rev": "reverend",
    "capt": "captain",
    "col": "colonel",
    "gen": "general",
    "lt": "lieutenant",
    "govt": "government",
    "gov't": "government",
    "dept": "department",
    "amt": "amount",
    "acct": "account",
    "univ": "university",
    "recd": "received",
    "rec'd": "received",
    "yr": "your",
    "wd": "would",
    "cd": "could",
    "shd": "should",
    "wh": "which",
    "&": "and",
    "mme": "madame",
    "mlle": "mademoiselle",
    "nr": "nummer",
    "str": "straße",
}
_AMBIGUOUS = {"st", "yr", "nr", "str"}
"""Saint or street, your or year: nobody can say from the letters alone, so these stay as they are."""
_CERTAIN = {short: long for short, long in ABBREVIATIONS.items() if short not in _AMBIGUOUS}
_SHORT = "|".join(re.escape(short) for short in _CERTAIN).replace("'", "['’]")
_ABBREVIATION = re.compile(rf"(?<![\w'’])(?:{_SHORT})(?![\w'’])\.?", re.IGNORECASE)


def written_out(text: str) -> Iterator[Rewrite]:
    """Every abbreviation that stands for one word only, and that word; a point that ends it goes with it."""
    for match in _ABBREVIATION.finditer(text):
        short = match.group().rstrip(".").replace("’", "'")
        long = _CERTAIN[short.casefold()]
        yield Rewrite(*match.span(), long.capitalize() if short[:1].isupper() else long)
