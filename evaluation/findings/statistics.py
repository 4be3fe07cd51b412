"""How sure one can be of pooled error rates: intervals, order, paired tests, how many more pages. Pure, on arrays.

Errors of one writer or document hang together, so these are counted per cluster, and clusters are what was drawn
(Bisani & Ney 2004; Liu & Peng 2020). What is promised is simulated by `python -m benchmarks.interval_coverage`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
"""Errors, characters or dollars, one number for each cluster."""

CONFIDENCE = 0.95
SURE = 0.95
"""From here on one engine is called better or cheaper than another where a figure says how sure that is."""
FEWEST_CLUSTERS = 5
"""With fewer nothing is said of how sure a figure or an order is."""
FEW_CLUSTERS = 20
MANY_CLUSTERS = 2000
SIGN_FLIPS = 4999
POWER = 0.8
MOST_OF_ALL = 0.3
"""The share of an engine's errors from which on one cluster is said to weigh too much."""
HANG_TOGETHER = 1.6
"""Variance grows with length to this power: 1 were all errors independent, 2 did all of a cluster hang together."""
ONE_EVENT = float(np.log(5.57))
"""What is seen once may be 5.57 times as frequent (Garwood 1936), so no interval reaches further."""
LEAST_LEFT = 0.02
"""The share that is taken to be left where one cluster makes all errors, whose logarithm would know no end."""
NOTHING_SEEN = 3.69
"""Where none was seen so many errors may be expected (Garwood 1936)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true rate lies with 95 % confidence; `few` says that it rests on fewer than 20 clusters."""

    low: float
    high: float
    clusters: int
    few: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, and where the true share lies; no interval with fewer than five clusters that have any."""

    count: int
    total: int
    interval: Interval | None = None

    @property
    def rate(self) -> float | None:
        """None where there was nothing to count."""
        return self.count / self.total if self.total else None


def share_of(counts: Counts, totals: Counts) -> Share:
    """The share by clusters, with the interval of Korn and Graubard (1998).

    That is Clopper and Pearson's with as many independent cases as would make the clusters' spread, and no more than
    there are.
    """
    counts, totals = counts[totals > 0], totals[totals > 0]
    clusters, count, total = len(totals), int(counts.sum()), int(totals.sum())
    if clusters < FEWEST_CLUSTERS:
        return Share(count, total)
    from scipy.special import betaincinv, stdtrit  # only here, for a start need not wait for it

    rate, tail = count / total, (1 - CONFIDENCE) / 2
    variance = clusters / (clusters - 1) * float(((counts - rate * totals) ** 2).sum()) / total**2
    narrower = float(stdtrit(max(1, total - 1), 1 - tail) / stdtrit(clusters - 1, 1 - tail)) ** 2
    cases = min(total, rate * (1 - rate) / variance * narrower) if variance > 0 and 0 < count < total else total
    hits = rate * cases
    low = float(betaincinv(hits, cases - hits + 1, tail)) if count else 0.0
    high = float(betaincinv(hits + 1, cases - hits, 1 - tail)) if count < total else 1.0
    return Share(count, total, Interval(low, high, clusters, clusters < FEW_CLUSTERS))


def rate_interval(errors: Counts, lengths: Counts) -> Interval | None:
    """The interval of sum(errors) / sum(lengths); None with fewer than five clusters.

    A t interval on the scale of the logarithm, where the rate's distribution is nearly symmetric. One long cluster
    makes its own residual small, which `_spread` allows for.
    """
    clusters, total, length = len(errors), float(errors.sum()), float(lengths.sum())
    if clusters < FEWEST_CLUSTERS or length <= 0:
        return None
    from scipy.special import stdtrit  # only here, for a start need not wait for it

    few = clusters < FEW_CLUSTERS
    if total <= 0:
        return Interval(0.0, NOTHING_SEEN / length, clusters, few)
    reach = float(stdtrit(clusters - 1, (1 + CONFIDENCE) / 2)) * _spread(errors, lengths, np.log) * length / total
    factor = float(np.exp(min(reach, ONE_EVENT)))
    return Interval(total / length / factor, total / length * factor, clusters, few)


def surely_lower(ours: Counts, theirs: Counts, lengths: Counts) -> float | None:
    """How probable it is that our true rate is below theirs, from the same clusters; None with fewer than five.

    The t distribution of the difference: it needs no prior, and is right as often as it says where rates that are
    compared differ by a fifth to a half, as those of contenders do. For closer and wider ones see
    benchmarks/accuracy/README.md.
    """
    clusters = len(lengths)
    if clusters < FEWEST_CLUSTERS:
        return None
    difference = theirs - ours
    spread = _spread(difference, lengths)
    if spread <= 0:
        return float(np.sign(difference.sum()) + 1) / 2
    from scipy.special import stdtr  # only here, for a start need not wait for it

    return float(stdtr(clusters - 1, difference.sum() / lengths.sum() / spread))


def outweighing(errors: Counts) -> int | None:
    """The place of the cluster that makes over 30 % of all errors, though its share of three or fewer says nothing."""
    total = errors.sum()
    if len(errors) < FEWEST_CLUSTERS or total <= 0:
        return None
    heaviest = int(errors.argmax())
    return heaviest if errors[heaviest] > MOST_OF_ALL * total else None


def paired_p_value(errors_a: Counts, errors_b: Counts, seed: int = 0) -> float:
    """How likely a difference as large as this is if both engines are equally good, by flipping signs per cluster."""
    differences = errors_a - errors_b
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    observed = abs(float(differences.sum()))
    if len(differences) > MANY_CLUSTERS:  # normal by the central limit theorem, and quicker
        return 2 * NormalDist().cdf(-observed / float(np.sqrt((differences**2).sum())))
    flips = np.random.default_rng(seed).integers(0, 2, size=(SIGN_FLIPS, len(differences)), dtype=np.int8)
    # Each flip takes its difference away twice.
    as_large = np.abs(differences.sum() - 2 * (flips @ differences)) >= observed - 1e-9
    return float((1 + as_large.sum()) / (1 + SIGN_FLIPS))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values corrected for how many there are (Holm 1979), in the same order."""
    order = np.argsort(p_values)
    raised = np.array(p_values, float)[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return [float(value) for value in corrected]


def clusters_needed(errors_a: Counts, errors_b: Counts, lengths: Counts) -> float | None:
    """How many clusters like these would show the difference with 80 % power; None if there is no difference."""
    differences = errors_a - errors_b
    rate = differences.sum() / lengths.sum()
    if rate == 0 or len(differences) < 2:
        return None
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) + NormalDist().inv_cdf(POWER)
    spread = np.var(differences - rate * lengths, ddof=1)
    return float(reach**2 * spread / (lengths.mean() * rate) ** 2)


def shared_letters(names: Sequence[str], apart: Mapping[tuple[str, str], bool]) -> dict[str, str]:
    """Letters such that two names share one exactly if they could not be told apart (insert and absorb, Piepho 2004).

    `names` from best to worst, so that the best has an "a".
    """
    groups = [set(names)]
    for (one, other), differ in apart.items():
        if not differ:
            continue
        split = [group - {name} for group in groups if {one, other} <= group for name in (one, other)]
        candidates = [group for group in groups if not {one, other} <= group] + split
        groups = [
            group
            for number, group in enumerate(candidates)
            if not any(group < rival or (group == rival and index < number) for index, rival in enumerate(candidates))
        ]
    groups.sort(key=lambda group: sorted(names.index(name) for name in group))
    return {name: "".join(chr(ord("a") + n) for n, group in enumerate(groups) if name in group) for name in names}


def _spread(errors: Counts, lengths: Counts, scale: Callable[[Counts], Counts] | None = None) -> float:
    """The standard error of sum(errors) / sum(lengths), as half of each of two variances.

    The jackknife's trusts the data alone, which say little where one cluster outweighs the others; taken on a `scale`
    where that is more nearly symmetric, and without its factor of (n - 1) / n, as in HC3. The other one takes it that
    variance grows with length, and each cluster's residual as one measurement of by how much.
    """
    lengths = np.maximum(lengths, 1.0)
    total, length = errors.sum(), lengths.sum()
    rate = total / length
    if scale is None:
        left_out = (total - errors) / (length - lengths)
    else:
        left_out = rate * scale(np.maximum(total - errors, LEAST_LEFT * total) / (length - lengths))
    jackknife = ((left_out - left_out.mean()) ** 2).sum()
    weights, expected = lengths / length, lengths**HANG_TOGETHER
    of_residual = expected * (1 - 2 * weights) + weights**2 * expected.sum()
    model = ((errors - rate * lengths) ** 2 / of_residual).mean() * expected.sum() / length**2
    return float(np.sqrt((jackknife + model) / 2))
