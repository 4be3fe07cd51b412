"""Money as it is kept: whole nanodollars, so that sums are exact and a page's tenth of a cent still counts."""

from __future__ import annotations

from math import ceil
from typing import NewType

Nanodollars = NewType("Nanodollars", int)

NANO = 1_000_000_000
NOTHING = Nanodollars(0)


def nanodollars(usd: float) -> Nanodollars:
    """Dollars as they are kept, rounded up: a cost must never round to nothing."""
    return Nanodollars(ceil(round(usd * NANO, 3)))


def in_usd(kept: int) -> float:
    """Dollars for people, from an amount as it is kept or a sum of such."""
    return kept / NANO
