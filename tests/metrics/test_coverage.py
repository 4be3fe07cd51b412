"""Coverage against residual error: what random risks, an oracle and few words must give."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage import TARGET, curve, unread_at

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200)


@given(CASES)
def test_a_curve_ends_at_all_words_and_their_share_of_errors(cases):
    risks, wrong = zip(*cases, strict=True)
    line = curve(risks, wrong)
    assert list(line.coverage) == sorted(set(line.coverage))
    assert line.coverage[-1] == 1
    assert line.wrong[-1] == pytest.approx(sum(wrong) / len(wrong))
    assert line.residual(1) == line.wrong[-1]
    assert line.residual(0) == line.wrong[0]


@given(CASES)
def test_an_oracle_has_no_error_until_only_errors_are_left(cases):
    _, wrong = zip(*cases, strict=True)
    line = curve([float(one) for one in wrong], wrong)
    right = wrong.count(False) / len(wrong)
    for coverage, share in zip(line.coverage, line.wrong, strict=True):
        assert share == pytest.approx(max(0.0, (coverage - right) / coverage))


@given(CASES, st.randoms())
def test_the_order_of_words_and_a_common_risk_change_nothing(cases, order):
    risks, wrong = zip(*cases, strict=True)
    mixed = order.sample(cases, len(cases))
    assert curve(*zip(*mixed, strict=True)) == curve(risks, wrong)
    assert curve([0.3] * len(wrong), wrong).coverage == (1.0,)


def test_risks_without_sense_give_a_flat_curve():
    chance = random.Random(5)
    wrong = [chance.random() < 0.2 for _ in range(20_000)]
    line = curve([chance.random() for _ in wrong], wrong)
    assert all(line.residual(share / 10) == pytest.approx(0.2, abs=0.015) for share in range(1, 11))
    assert line.area == pytest.approx(0.2, abs=0.015)


def pages_of(rate_of, words=100, count=40, seed=1):
    """Pages whose words have an even spread of risks and are wrong as often as `rate_of` says."""
    chance = random.Random(seed)
    pages = []
    for _ in range(count):
        risks = [chance.random() for _ in range(words)]
        pages.append((risks, [chance.random() < rate_of(risk) for risk in risks]))
    return pages


def test_what_may_go_unread_is_found_and_keeps_its_promise_on_the_other_half():
    found = unread_at(pages_of(lambda risk: 0.002 if risk < 0.5 else 0.3))
    assert found.share.low < found.share.middle < found.share.high
    assert found.share.middle == pytest.approx(0.5, abs=0.05)
    assert found.wrong.middle <= TARGET


def test_nothing_is_promised_of_words_that_are_no_surer_than_others():
    assert unread_at(pages_of(lambda _: 0.2)) is None


def test_too_few_words_without_an_error_show_nothing():
    right = [([0.1] * 29, [False] * 29)] * 10
    assert unread_at(right) is None
    assert unread_at([([0.1] * 100, [False] * 100)] * 10) is not None
    assert unread_at([([0.1] * 1000, [False] * 1000)] * 5) is None


def test_no_words_have_no_curve():
    with pytest.raises(ValueError, match="no curve"):
        curve([], [])
