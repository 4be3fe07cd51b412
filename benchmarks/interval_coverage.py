"""How often a 95 % interval holds the true rate, and how often equal engines are told apart: both promised.

    python -m benchmarks.interval_coverage [--runs 1000]

Simulated with the measured model of handwritten lines; promised are 93 to 97 of 100, and fewer than 5 of 100.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from evaluation.findings.statistics import holm, paired_p_value, rate_interval
from tests.evaluation.line_errors import simulate

DESIGNS = ((3, 20), (4, 20), (10, 20), (15, 10), (30, 10), (60, 10), (100, 2), (200, 1))
TRUE_RATE = 0.03


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args(arguments).runs
    for writers, lines in DESIGNS:
        print(f"{writers:>4} writers x {lines:>2} lines: {covered(writers, lines, runs):6.1%} covered", flush=True)
    print(f"four equal engines told apart: {told_apart(runs):.1%} of runs")


def covered(writers: int, lines: int, runs: int) -> float:
    """The share of intervals that hold the true rate."""
    rng = np.random.default_rng(4)
    hits = 0
    for run in range(runs):
        (errors,), lengths = simulate(rng, writers, lines, [TRUE_RATE])
        interval = rate_interval(errors, lengths, seed=run)
        hits += interval is not None and interval.low <= TRUE_RATE <= interval.high
    return hits / runs


def told_apart(runs: int) -> float:
    """The share of runs that call one of four equal engines better than another."""
    rng = np.random.default_rng(5)
    false = 0
    for _ in range(runs):
        errors, _ = simulate(rng, 60, 5, [TRUE_RATE] * 4)
        false += min(holm([paired_p_value(one, other) for one, other in combinations(errors, 2)])) <= 0.05
    return false / runs


if __name__ == "__main__":
    main()
