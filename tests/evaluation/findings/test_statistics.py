"""The statistics keep what they promise: checked by simulation, with the model of facts about handwritten lines.

The full simulation is `python -m benchmarks.interval_coverage`.
"""

from itertools import combinations

import numpy as np
import pytest

from evaluation.findings.statistics import clusters_needed, holm, paired_p_value, rate_interval, shared_letters
from tests.evaluation.line_errors import simulate


@pytest.mark.parametrize(("writers", "lines", "runs"), [(4, 20, 2000), (10, 20, 2000), (60, 10, 300), (100, 2, 300)])
def test_intervals_cover_the_true_rate(writers, lines, runs):
    rng = np.random.default_rng(4)
    hits = 0
    for run in range(runs):
        (errors,), lengths = simulate(rng, writers, lines, [0.03])
        interval = rate_interval(errors, lengths, seed=run)
        assert interval.few == (writers < 20)
        hits += interval.low <= 0.03 <= interval.high
    assert 0.93 <= hits / runs <= 0.97


def test_equal_engines_are_rarely_told_apart():
    rng = np.random.default_rng(5)
    runs, false = 200, 0
    for _ in range(runs):
        errors, _ = simulate(rng, 60, 5, [0.03] * 4)
        false += min(holm([paired_p_value(one, other) for one, other in combinations(errors, 2)])) <= 0.05
    assert false / runs <= 0.05


def test_different_engines_are_told_apart_once_there_are_as_many_pages_as_advised():
    rng = np.random.default_rng(5)
    errors, lengths = simulate(rng, 400, 5, [0.03, 0.036])
    needed = round(clusters_needed(*errors, lengths))
    shown = sum(paired_p_value(*simulate(rng, needed, 5, [0.03, 0.036])[0], seed=run) <= 0.05 for run in range(60))
    assert 0.6 <= shown / 60 <= 0.97


def test_no_interval_where_nothing_can_be_said():
    assert rate_interval(np.array([3.0, 1.0]), np.array([100.0, 90.0])) is None
    assert rate_interval(np.zeros(30), np.full(30, 50.0)) is None


def test_clusters_of_one_rate_have_an_interval_without_width():
    interval = rate_interval(np.full(30, 2.0), np.full(30, 50.0))
    assert (interval.low, interval.high) == pytest.approx((0.04, 0.04))


def test_identical_engines():
    errors = np.array([1.0, 0, 2])
    assert paired_p_value(errors, errors) == 1.0
    assert clusters_needed(errors, errors, np.full(3, 40.0)) is None


def test_many_clusters_take_the_short_way_to_the_same_answer():
    rng = np.random.default_rng(1)
    (one, other), _ = simulate(rng, 2500, 1, [0.03, 0.0305])
    exact = np.abs(rng.choice([-1, 1], (4000, 2500)) @ (one - other)) >= abs((one - other).sum())
    assert paired_p_value(one, other) == pytest.approx(exact.mean(), abs=0.03)


def test_holm_raises_p_values_in_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_letters_say_who_cannot_be_told_apart():
    apart = {("a", "b"): False, ("b", "c"): False, ("a", "c"): True}
    assert shared_letters(["a", "b", "c"], apart) == {"a": "a", "b": "ab", "c": "b"}
    assert shared_letters(["x", "y"], {("x", "y"): True}) == {"x": "a", "y": "b"}
    assert shared_letters(["x", "y"], {("x", "y"): False}) == {"x": "a", "y": "a"}
