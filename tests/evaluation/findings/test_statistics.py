"""The statistics keep what they promise: checked by simulation, with the model of facts about handwritten lines.

The full simulation is `python -m benchmarks.interval_coverage`.
"""

from itertools import combinations

import numpy as np
import pytest

from evaluation.findings.statistics import (
    clusters_needed,
    holm,
    outweighing,
    paired_p_value,
    rate_interval,
    share_of,
    shared_letters,
    surely_lower,
)
from tests.evaluation.line_errors import simulate

ONE_LONG_PAGE = [10] * 16


@pytest.mark.parametrize(
    ("lines", "rate"),
    [
        ([20] * 5, 0.03),
        ([20] * 10, 0.03),
        ([10] * 60, 0.03),
        ([2] * 100, 0.03),
        ([*ONE_LONG_PAGE, 60], 0.03),
        ([*ONE_LONG_PAGE, 160], 0.03),
        ([*ONE_LONG_PAGE, 400], 0.03),
        ([10] * 7, 0.0005),  # mostly without any error
    ],
    ids=["few", "ten", "many", "short", "one long page", "a longer one", "one as long as all", "hardly an error"],
)
def test_intervals_cover_the_true_rate(lines, rate):
    rng, runs, hits = np.random.default_rng(4), 1000, 0
    for _ in range(runs):
        (errors,), lengths = simulate(rng, len(lines), lines, [rate])
        interval = rate_interval(errors, lengths)
        assert interval.few == (len(lines) < 20)
        hits += interval.low <= rate <= interval.high
    assert 0.92 <= hits / runs <= 0.985


@pytest.mark.parametrize(
    ("share", "clusters", "alike"), [(0.5, 8, 0.05), (0.8, 15, 0.2), (0.9, 40, 0.05), (0.95, 15, 0.05), (0.99, 40, 0.2)]
)
def test_intervals_cover_the_true_share_of_tokens_that_hang_together(share, clusters, alike):
    rng, runs, hits, told = np.random.default_rng(5), 600, 0, 0
    for _ in range(runs):
        totals = rng.negative_binomial(1, 1 / 6, clusters)
        of_cluster = rng.beta(share * (1 / alike - 1), (1 - share) * (1 / alike - 1), clusters)
        interval = share_of(rng.binomial(totals, of_cluster).astype(float), totals.astype(float)).interval
        told += interval is not None
        hits += interval is not None and interval.low <= share <= interval.high
    assert hits / told >= 0.9  # 92 to 99 % over 30 such settings


def test_a_share_never_leaves_none_to_all_and_says_little_of_few_clusters():
    for counts, totals in (([5] * 6, [5] * 6), ([0] * 6, [5] * 6), ([1, 0, 0, 0, 0], [1] * 5)):
        found = share_of(np.array(counts, float), np.array(totals, float))
        assert 0 <= found.interval.low <= found.rate <= found.interval.high <= 1
    assert share_of(np.array([1.0, 0, 0, 0, 9]), np.array([1.0, 0, 0, 0, 9])).interval is None
    assert share_of(np.zeros(3), np.zeros(3)).rate is None


@pytest.mark.parametrize("share", [10, 100, 1000, 10_000])
def test_one_awful_page_among_many_leaves_an_interval_that_says_something(share):
    errors, lengths = np.array([3.0] * 119 + [3.0 * share]), np.full(120, 500.0)
    interval, rate = rate_interval(errors, lengths), errors.sum() / lengths.sum()
    assert rate / 6 <= interval.low < rate < interval.high <= rate * 6


def test_the_cluster_that_makes_most_errors_is_named_and_an_ordinary_one_is_not():
    assert outweighing(np.array([1.0, 2, 9, 1, 2])) == 2
    assert outweighing(np.array([1.0, 2, 2, 1, 2])) is None
    assert outweighing(np.array([1.0, 2, 9])) is None
    assert outweighing(np.zeros(8)) is None


def test_how_sure_an_order_is_comes_true_as_often_as_it_says():
    rng, said, right = np.random.default_rng(6), [], []
    for run in range(4000):
        ratio = np.exp(rng.normal(0, 0.4))
        (ours, theirs), lengths = simulate(rng, (5, 7, 10, 20, 50)[run % 5], 10, [0.05 * ratio**0.5, 0.05 / ratio**0.5])
        sure = surely_lower(ours, theirs, lengths)
        said.append(max(sure, 1 - sure))
        right.append((sure > 0.5) == (ratio < 1))
    about_90 = [hit for hit, sure in zip(right, said, strict=True) if 0.88 <= sure <= 0.92]
    assert 0.87 <= np.mean(about_90) <= 0.94
    assert np.mean(right) == pytest.approx(np.mean(said), abs=0.02)


def test_how_sure_an_order_is_is_the_same_from_either_side():
    ours, theirs = np.array([1.0, 4, 2, 3, 0]), np.array([2.0, 3, 5, 3, 1])
    assert surely_lower(ours, theirs, np.full(5, 90.0)) == pytest.approx(
        1 - surely_lower(theirs, ours, np.full(5, 90.0))
    )
    assert surely_lower(ours, ours, np.full(5, 90.0)) == 0.5
    assert surely_lower(ours, ours + 1, np.full(5, 90.0)) == 1.0
    assert surely_lower(ours[:4], theirs[:4], np.full(4, 90.0)) is None


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
    assert rate_interval(np.full(4, 3.0), np.full(4, 100.0)) is None
    assert rate_interval(np.zeros(5), np.zeros(5)) is None


def test_no_error_seen_is_not_no_error_ever():
    interval = rate_interval(np.zeros(30), np.full(30, 50.0))
    assert (interval.low, interval.high) == (0.0, pytest.approx(3.69 / 1500))


def test_a_page_without_characters_breaks_nothing():
    interval = rate_interval(np.array([1.0, 2, 1, 0, 3]), np.array([80.0, 90, 70, 0, 95]))
    assert 0 < interval.low < interval.high < 1


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
