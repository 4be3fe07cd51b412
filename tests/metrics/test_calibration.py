"""Probabilities held against what came."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage import calibration, seen_near


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_bins_hold_every_case_once_and_errors_are_shares(cases):
    found = calibration(*zip(*cases, strict=True))
    assert sum(one.count for one in found.bins) == len(cases)
    assert 0 <= found.expected_error <= 1
    assert 0 <= found.brier <= 1


def test_a_reader_that_knows_has_no_error_and_one_that_never_does_has_all():
    outcomes = [True, False] * 10
    assert calibration([float(one) for one in outcomes], outcomes).expected_error == 0
    assert calibration([float(not one) for one in outcomes], outcomes).brier == 1


def test_what_comes_as_often_as_was_said_is_calibrated_and_overconfidence_is_not():
    chance = random.Random(2)
    said = [chance.random() for _ in range(20_000)]
    honest = calibration(said, [chance.random() < one for one in said])
    boaster = calibration(said, [chance.random() < one - 0.2 for one in said])
    assert honest.expected_error < 0.02
    assert boaster.expected_error > 0.1


def test_what_a_figure_means_is_told_from_thirty_cases_on():
    assert seen_near([0.9] * 29, [True] * 29, 0.9) is None
    found = seen_near([0.85, 0.95] * 20 + [0.5] * 50, [True, False] * 20 + [True] * 50, 0.9)
    assert (found.said, found.seen, found.count) == (pytest.approx(0.9), 0.5, 40)


def test_nothing_said_cannot_be_judged():
    with pytest.raises(ValueError, match="probability"):
        calibration([], [])
