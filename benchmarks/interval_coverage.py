"""How often the statistics of an evaluation are right, by simulation with the measured model of handwritten lines.

    python -m benchmarks.interval_coverage [--runs 1000]

Promised: 93 to 97 of 100 intervals at 95 % hold the true rate; fewer than 5 of 100 sets of equal engines have two told
apart; an order called 90 % sure is right in 88 to 92 of 100 sets. How variance grows with length was chosen on the
first two groups of designs; the others, and the certainty of an order, had nothing tuned.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np

from evaluation.findings.statistics import Counts, holm, paired_p_value, rate_interval, surely_lower
from tests.evaluation.line_errors import simulate

TRUE_RATE = 0.03
Drawn = tuple[Counts, Counts]
Draw = Callable[[np.random.Generator], Drawn]
SIXTEEN = (10,) * 16
LINES: Mapping[str, Mapping[str, Sequence[int]]] = {
    "writers with lines": {
        f"{writers} x {lines}": (lines,) * writers
        for writers, lines in ((5, 20), (7, 10), (10, 20), (15, 10), (30, 10), (60, 10), (100, 2), (200, 1))
    },
    "one long page": {
        "16 of 10 lines, one of 60": (*SIXTEEN, 60),
        "16 of 10, one of 160": (*SIXTEEN, 160),
        "16 of 10, one of 400": (*SIXTEEN, 400),
        "7 of 10, one of 160": (*SIXTEEN[:7], 160),
        "39 of 10, one of 400": (*SIXTEEN[:13] * 3, 400),
    },
}
HARDLY_ANY = ((7, 0.0005), (20, 0.0005), (60, 0.0005), (7, 0.002), (20, 0.002))
LOOPS = ((40, 0.05), (120, 0.02), (120, 0.05))
LOOP_LENGTH = 10.0
SIZES = (5, 7, 10, 20, 50, 200, 500)
SPREADS = (0.2, 0.4, 0.8)
"""How far the true rates of two engines lie apart: standard deviation of the logarithm of their ratio."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args(arguments).runs
    for group, name, draw, rate in designs():
        print(f"{group}: {name:<28} {covered(draw, rate, runs):6.1%} covered", flush=True)
    print(f"four equal engines told apart: {told_apart(runs):.1%} of runs")
    for spread in SPREADS:
        print_certainty(spread, runs)


def designs() -> Iterator[tuple[str, str, Draw, float]]:
    """Group, name, how its errors and characters are drawn, and the true rate."""
    for group, of_group in LINES.items():
        for name, lines in of_group.items():
            yield group, name, _ordinary(lines, TRUE_RATE), TRUE_RATE
    for writers, rate in HARDLY_ANY:
        yield "hardly an error", f"{writers} x 10, {rate:.2%}", _ordinary((10,) * writers, rate), rate
    for pages, spread in ((7, 0.7), (17, 1.0), (44, 0.8), (120, 1.0)):
        yield "lengths log-normal", f"{pages} pages, sd {spread}", _of_all_lengths(pages, spread), TRUE_RATE
    for pages, share in LOOPS:
        rate = TRUE_RATE * (1 - share) + share * LOOP_LENGTH
        yield "a loop on some pages", f"{pages} pages, {share:.0%} of them", _looping(pages, share), rate


def covered(draw: Draw, rate: float, runs: int) -> float:
    """The share of intervals that hold the true rate."""
    rng = np.random.default_rng(21)
    hits = 0
    for _ in range(runs):
        interval = rate_interval(*draw(rng))
        hits += interval is not None and interval.low <= rate <= interval.high
    return hits / runs


def told_apart(runs: int) -> float:
    """The share of runs that call one of four equal engines better than another."""
    rng = np.random.default_rng(5)
    false = 0
    for _ in range(runs):
        errors, _ = simulate(rng, 60, 5, [TRUE_RATE] * 4)
        false += min(holm([paired_p_value(one, other) for one, other in combinations(errors, 2)])) <= 0.05
    return false / runs


def print_certainty(spread: float, runs: int) -> None:
    """How often the order is right where it is called about 90 % sure, by size; over all sizes for any certainty."""
    drawn = {size: _orders(size, spread, runs if size < 200 else runs // 2) for size in SIZES}
    for size, (sure, right) in drawn.items():
        about = (sure >= 0.85) & (sure < 0.95)
        print(
            f"rates {spread} apart, {size:>3} pages: says {sure[about].mean():.0%}, right {right[about].mean():.0%} of "
            f"{about.sum()}"
        )
    sure, right = (np.concatenate(parts) for parts in zip(*drawn.values(), strict=True))
    edges = (0.5, 0.6, 0.7, 0.8, 0.88, 0.92, 0.97, 1.01)
    bins = [(sure >= low) & (sure < high) for low, high in pairwise(edges)]
    print("   all sizes: " + ", ".join(f"{sure[b].mean():.0%} -> {right[b].mean():.0%}" for b in bins if b.any()))


def _orders(size: int, spread: float, runs: int) -> tuple[Counts, Counts]:
    """What was said of two engines, and whether it was right."""
    rng = np.random.default_rng(size)
    said, right = [], []
    for _ in range(runs):
        middle, ratio = np.exp(rng.normal(np.log(0.05), 0.6)), np.exp(rng.normal(0, spread))
        (ours, theirs), lengths = simulate(rng, size, 10, [middle * ratio**0.5, middle / ratio**0.5])
        sure = surely_lower(ours, theirs, lengths)
        assert sure is not None
        said.append(max(sure, 1 - sure))
        right.append(float((sure > 0.5) == (ratio < 1)))
    return np.array(said), np.array(right)


def _ordinary(lines: Sequence[int], rate: float) -> Draw:
    def draw(rng: np.random.Generator) -> Drawn:
        (errors,), lengths = simulate(rng, len(lines), lines, [rate])
        return errors, lengths

    return draw


def _of_all_lengths(pages: int, spread: float) -> Draw:
    def draw(rng: np.random.Generator) -> Drawn:
        lines = np.maximum(1, np.round(12 * rng.lognormal(0, spread, pages))).astype(int)
        return _ordinary(lines.tolist(), TRUE_RATE)(rng)

    return draw


def _looping(pages: int, share: float) -> Draw:
    """Some pages are answered with about ten times their length of something else."""

    def draw(rng: np.random.Generator) -> Drawn:
        errors, lengths = _ordinary((15,) * pages, TRUE_RATE)(rng)
        loops = lengths * LOOP_LENGTH * rng.lognormal(-0.125, 0.5, pages)
        return np.where(rng.random(pages) < share, loops, errors), lengths

    return draw


if __name__ == "__main__":
    main()
