"""Minutes and money, from assumptions that stand in plain view."""

from __future__ import annotations

import pytest

from metrics.error_rate import Assumptions, CorrectionTrial, page_cost, seconds_per_edit, typing_cost


def test_a_page_by_hand():
    """1,500 characters at 15 a second are 100 s, 40 edits of 5 s are 200 s: five minutes, at 36 an hour 3."""
    cost = page_cost(1500, 40, engine_price=0.02, assumed=Assumptions(hourly_rate=36, seconds_per_edit=5))
    assert (cost.minutes, cost.labour, cost.total) == (5.0, 3.0, 3.02)


def test_a_trial_measures_the_time_of_an_edit():
    assumed = Assumptions(hourly_rate=36)
    assert seconds_per_edit(CorrectionTrial(characters=1500, edits=40, seconds=300), assumed) == 5.0
    assert seconds_per_edit(CorrectionTrial(characters=1500, edits=40, seconds=60), assumed) == 0.0
    assert seconds_per_edit(CorrectionTrial(characters=1500, edits=0, seconds=60), assumed) is None


def test_a_page_that_nobody_can_price_is_never_the_cheapest():
    assumed = Assumptions()
    unpriced, dear = page_cost(1500, 0, None, assumed), page_cost(1500, 300, 9.0, assumed)
    assert unpriced.total is None
    assert sorted((unpriced, dear), key=lambda cost: cost.rank) == [dear, unpriced]


def test_a_dearer_engine_can_be_cheaper():
    assumed = Assumptions(hourly_rate=30)
    cheap, dear = page_cost(1500, 120, 0.0, assumed), page_cost(1500, 15, 0.05, assumed)
    assert dear.total < cheap.total
    assert dear.labour == pytest.approx(cheap.labour - 105 * 3 / 3600 * 30)


def test_a_page_typed_anew_costs_its_characters_and_no_engine():
    """1,500 characters at 5 a second are 300 s: five minutes, at 36 an hour 3."""
    cost = typing_cost(1500, Assumptions(hourly_rate=36, characters_typed_per_second=5))
    assert (cost.minutes, cost.labour, cost.total) == (5.0, 3.0, 3.0)


def test_correcting_a_hopeless_reading_is_dearer_than_typing():
    assumed = Assumptions()
    anew = typing_cost(1500, assumed)
    assert page_cost(1500, 30, 0.0, assumed).total < anew.total < page_cost(1500, 900, 0.0, assumed).total
