"""How many words may go unread, and how many of those are wrong; whether probabilities say what happens.

The surest words go first. Where to stop is chosen on half of the pages and judged on the other half, many times over:
a threshold looks better on the pages it was chosen on than it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

TARGET = 0.01
SPLITS = 200
FEWEST_PAGES = 6
RULE_OF_THREE = 3
"""Of n words without an error at most 3 / n are wrong, with 95 % confidence (Hanley and Lippman-Hand 1983)."""

Risks = Sequence[float]
Wrong = Sequence[bool]


@dataclass(frozen=True, slots=True)
class Curve:
    """After the surest words: the share of all words so far, and the share of those that are wrong."""

    coverage: tuple[float, ...]
    wrong: tuple[float, ...]

    @property
    def area(self) -> float:
        """The mean share wrong over all coverages: the base rate for risks without sense, less the better they are."""
        steps = np.diff([0.0, *self.coverage])
        return float(np.dot(steps, self.wrong))

    def residual(self, coverage: float) -> float:
        """The share wrong of the surest words up to at least this coverage."""
        return self.wrong[min(int(np.searchsorted(self.coverage, coverage - 1e-12)), len(self.wrong) - 1)]

    def thinned(self, points: int = 100) -> Curve:
        """At most so many points, the last one among them."""
        chosen = sorted({round(at) for at in np.linspace(0, len(self.coverage) - 1, min(points, len(self.coverage)))})
        return Curve(tuple(self.coverage[at] for at in chosen), tuple(self.wrong[at] for at in chosen))


def curve(risks: Risks, wrong: Wrong) -> Curve:
    """Words of equal risk go together: their order would be chance. Raises ValueError for no words at all."""
    if not len(risks):
        raise ValueError("Without a single word there is no curve.")
    ordered, errors = _ordered(np.array(risks, float), np.array(wrong, float))
    ends = np.flatnonzero(np.append(np.diff(ordered) > 0, True))
    counts = ends + 1
    return Curve(tuple((counts / len(ordered)).tolist()), tuple((errors.cumsum()[ends] / counts).tolist()))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over the splits, and between which 95 of 100 of them lie."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Unread:
    """What may go unread at a target: the share of the words, and the share of those that is wrong nevertheless."""

    target: float
    share: Estimate
    wrong: Estimate


def unread_at(pages: Sequence[tuple[Risks, Wrong]], target: float = TARGET, seed: int = 0) -> Unread | None:
    """The most words that may go unread with at most the share `target` of them wrong.

    None where these pages do not show it: fewer than six of them, or the threshold would rest on fewer words than the
    rule of three asks for. Pages of one hand should be handed over as one. The spread over halves is that of the whole:
    half of the pages drawn without putting back have twice the variance, less half for what was drawn.
    """
    if len(pages) < FEWEST_PAGES:
        return None
    risks = np.concatenate([np.array(page, float) for page, _ in pages])
    wrong = np.concatenate([np.array(errors, float) for _, errors in pages])
    page_of = np.repeat(np.arange(len(pages)), [len(page) for page, _ in pages])
    order = np.argsort(risks, kind="stable")
    risks, wrong, page_of = risks[order], wrong[order], page_of[order]
    if _threshold(risks, wrong, target) is None:
        return None
    rng = np.random.default_rng(seed)
    shares, residuals = [], []
    for _ in range(SPLITS):
        chosen = np.isin(page_of, rng.permutation(len(pages))[: len(pages) // 2])
        threshold = _threshold(risks[chosen], wrong[chosen], target)
        kept = ~chosen & (risks <= (-1 if threshold is None else threshold))
        shares.append(kept.sum() / max(1, (~chosen).sum()))
        residuals.append(wrong[kept].sum() / max(1, kept.sum()))
    return Unread(target, _estimate(shares), _estimate(residuals))


def _threshold(risks: NDArray[np.float64], wrong: NDArray[np.float64], target: float) -> float | None:
    """The highest risk up to which at most `target` of the words are wrong, one more error granted; in order of risk.

    With the one more, what comes after is wrong at most that often on average (conformal risk control, Angelopoulos et
    al. 2022).
    """
    counts = np.arange(1, len(risks) + 1)
    ends = np.append(np.diff(risks) > 0, True)
    good = ends & ((wrong.cumsum() + 1) / (counts + 1) <= target) & (counts >= RULE_OF_THREE / target)
    return float(risks[np.flatnonzero(good)[-1]]) if good.any() else None


def _ordered(risks: NDArray[np.float64], wrong: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    order = np.argsort(risks, kind="stable")
    return risks[order], wrong[order]


def _estimate(found: Sequence[float]) -> Estimate:
    low, high = np.quantile(found, (0.025, 0.975))
    return Estimate(float(np.mean(found)), float(low), float(high))


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
