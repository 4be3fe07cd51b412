"""Cut a text into what is counted: characters as a reader sees them, and words. Knows nothing of rules or errors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import regex

_EACH_IS_ONE = re.compile("[\x00-\x0c\x0e-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")
"""Latin letters, general punctuation, currency: no code point here joins its neighbour (a carriage return may)."""
# Pairs of flag letters are told apart here: at each of them regex looks back to the first, which takes hours for many.
GRAPHEME = regex.compile(r"\p{GCB=RI}{2}[\p{GCB=EX}\p{GCB=ZWJ}\p{GCB=SM}]*+|\X")
"""One extended grapheme cluster (Unicode Annex 29)."""


def graphemes(text: str) -> Sequence[str]:
    """Extended grapheme clusters; the text itself where every code point is one."""
    if _EACH_IS_ONE.fullmatch(text):
        return text
    clusters: list[str] = GRAPHEME.findall(text)
    return text if len(clusters) == len(text) else clusters


def words(text: str) -> list[str]:
    """What stands between white space; punctuation stays on its word."""
    return text.split()


def as_characters(reference: Sequence[str], hypothesis: Sequence[str]) -> tuple[str, str]:
    """Spell every distinct unit as one character, the same in both: distances are quickest on plain strings.

    Units of one character stay themselves; the others get characters from the top of Unicode, where no script lives.
    """
    if isinstance(reference, str) and isinstance(hypothesis, str):
        return reference, hypothesis
    units = {*reference, *hypothesis}
    unused = (name for name in map(chr, range(0x10FFFF, 0, -1)) if name not in units)
    names = {unit: unit if len(unit) == 1 else next(unused) for unit in units}
    return "".join(map(names.__getitem__, reference)), "".join(map(names.__getitem__, hypothesis))
