"""Whether probabilities say what happens: of what was called 90 % sure, are nine of ten so?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said and seen on average where about the same was said."""

    said: float
    seen: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Ten bins of equal width, empty ones left out; the error is the mean distance of seen from said, over all cases.

    `expected_error` is the ECE of Naeini et al. 2015, `brier` the mean squared distance (Brier 1950).
    """

    bins: tuple[Bin, ...]
    expected_error: float
    brier: float


def calibration(said: Sequence[float], happened: Sequence[bool]) -> Calibration:
    """Of probabilities, 0 to 1, and what came. Raises ValueError for none at all."""
    if not said:
        raise ValueError("Without a single probability there is nothing to hold against what came.")
    cases = [(probability, float(outcome)) for probability, outcome in zip(said, happened, strict=True)]
    sorted_in: dict[int, list[tuple[float, float]]] = {}
    for probability, outcome in cases:
        sorted_in.setdefault(min(int(probability * BINS), BINS - 1), []).append((probability, outcome))
    bins = tuple(
        Bin(fmean(said for said, _ in inside), fmean(seen for _, seen in inside), len(inside))
        for _, inside in sorted(sorted_in.items())
    )
    return Calibration(
        bins,
        sum(abs(one.said - one.seen) * one.count for one in bins) / len(cases),
        fmean((probability - outcome) ** 2 for probability, outcome in cases),
    )


def seen_near(said: Sequence[float], happened: Sequence[bool], value: float, reach: float = 0.05) -> Bin | None:
    """What came where about `value` was said; None where that was said fewer than thirty times."""
    near = [(one, outcome) for one, outcome in zip(said, happened, strict=True) if abs(one - value) <= reach + 1e-9]
    if len(near) < 30:
        return None
    return Bin(fmean(one for one, _ in near), fmean(outcome for _, outcome in near), len(near))
