"""How rates, times and lists are written for people, wherever they are shown. Knows nothing of screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce

from babel.dates import format_date

from translations import ENGLISH, _, language


def percent(rate: float | None, unit: str = " %") -> str:
    """A rate: two decimals below 10 %, one above, "n/a" where there is none (an empty reference)."""
    if rate is None:
        return _("n/a")
    return f"{rate * 100:.2f}{unit}" if rate < 0.0995 else f"{rate * 100:.1f}{unit}"


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return _("{names} and {last}", names=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)


def in_clauses(clauses: Sequence[str]) -> str:
    """a; b; c."""
    return reduce(lambda said, one: _("{said}; {one}", said=said, one=one), clauses) if clauses else ""


def in_seconds(seconds: float | None) -> str:
    """0.43 s, 12 s; a dash where nothing was read."""
    if seconds is None:
        return "\N{EN DASH}"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def day(when: date) -> str:
    """29 November 2026."""
    return format_date(when, "long", locale="en_GB" if language() == ENGLISH else language())


def moment(when: datetime) -> str:
    """29 November 2026, 09:31, on its own clock."""
    return f"{day(when)}, {when:%H:%M}"
