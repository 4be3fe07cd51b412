"""References that were cut into tokens ("( Parlophone ) , it 's") made natural again. Pure functions.

IAM's `lines.txt`, and the data sets made from it, are such: a perfect transcription of three well-known IAM lines
scores 5.3 % CER and 47 % WER against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

FEWEST_MARKS = 5
SHARE_APART = 0.9
NOTE = (
    "The references looked cut into tokens, as IAM's are (a space before commas and full stops); those spaces were "
    "removed before scoring."
)

# French writes a space before ; : ! ? so only these two tell.
_MARKS = re.compile(r"(\s?)[,.](?=\s|$)")
# A run of white space is looked at from its beginning only: from each of its places, a million of them take hours.
_REJOINED = (
    (re.compile(r"(?<!\s)\s++(?=[,.;:!?)\]}%](?:\s|$|[,.;:!?)\]'\"]))"), ""),
    (re.compile(r"(?<=[(\[{])\s+"), ""),
    (re.compile(r"(?<=\w)\s+(?='(?:s|t|d|m|ll|re|ve)\b)", re.IGNORECASE), ""),
    (re.compile(r"(?<=\w)\s+(?=n't\b)", re.IGNORECASE), ""),
)
_QUOTE = re.compile(r"(?:(?<!\s)(\s+))?+\"(\s*)")


def looks_tokenised(references: Iterable[str]) -> bool:
    """Whether nearly every comma and full stop stands apart from its word."""
    spaces = [match[1] for text in references for match in _MARKS.finditer(text)]
    return len(spaces) >= FEWEST_MARKS and sum(map(bool, spaces)) >= SHARE_APART * len(spaces)


def detokenised(text: str) -> str:
    """The text with marks back at their words; quotes open and close in turn."""
    for pattern, joined in _REJOINED:
        text = pattern.sub(joined, text)
    turn = count()
    return _QUOTE.sub(lambda match: f'{match[1] or ""}"' if next(turn) % 2 == 0 else f'"{match[2]}', text)
