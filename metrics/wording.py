"""How rates, durations and lists are written for people, wherever they are shown. Knows nothing of screens."""

from __future__ import annotations

from collections.abc import Sequence


def percent(rate: float | None, unit: str = " %") -> str:
    """A rate: two decimals below 10 %, one above, "n/a" where there is none (an empty reference)."""
    if rate is None:
        return "n/a"
    return f"{rate * 100:.2f}{unit}" if rate < 0.0995 else f"{rate * 100:.1f}{unit}"


def seconds(duration: float) -> str:
    """0.43 s, 12 s."""
    return f"{duration:.2f} s" if duration < 10 else f"{duration:.0f} s"


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
