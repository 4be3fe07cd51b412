"""Slices, worst pages, stretches of time, and what changed between two runs."""

from dataclasses import replace

import pytest

from evaluation.findings.analysis import distributions, failures, over_time, slices, worst_pages
from evaluation.findings.changes import changes
from evaluation.findings.observations import Observation
from metrics.error_rate import ErrorRate


def seen(engine="one", position=0, errors=1, length=50, **facts):
    facts = {
        "status": "read",
        "seconds": 1.0,
        "cluster": f"w{position % 12}",
        "repeat": 0,
        "finished_at": position,
    } | facts
    return Observation(
        engine_id=engine,
        position=position,
        item_id=f"{position}.png",
        cer=ErrorRate(errors, 0, 0, length),
        wer=ErrorRate(errors, 0, 0, 10),
        **facts,
    )


def test_slices_need_enough_pages_and_more_than_one_group():
    found = slices(
        [seen(position=n, language="en", tags=("old",), errors=1) for n in range(6)]
        + [seen(position=n, language="fr", errors=5) for n in range(6, 12)]
        + [seen(position=n, language="de") for n in range(12, 14)]
    )
    assert [(part.by, part.name, part.pages) for part in found] == [("language", "en", 6), ("language", "fr", 6)]
    assert [part.board.rows[0].cer.rate for part in found] == [pytest.approx(0.02), pytest.approx(0.1)]


def test_worst_pages_first():
    found = worst_pages([seen(position=0, errors=1), seen(position=1, errors=20), seen("two", 1, errors=10)])
    assert [(page.item_id, round(page.mean_cer, 2)) for page in found] == [("1.png", 0.3), ("0.png", 0.02)]
    assert found[0].cers == (("one", 0.4), ("two", 0.2))


def test_stretches_are_in_order_of_time_and_count_failures():
    readings = [seen(position=n, finished_at=100 - n) for n in range(20)]
    readings[0] = replace(readings[0], status="failed", cer=None, wer=None, failure="timed-out")
    stretches = over_time(readings)
    assert [part.readings for part in stretches] == [2] * 10
    assert [part.failed for part in stretches] == [0] * 9 + [1]
    assert failures(readings)["one"] == {"timed-out": 1}


def test_distributions_are_of_single_pages():
    (found,) = distributions([seen(position=n, errors=n, length=100) for n in range(101)])
    assert (found.p10, found.median, found.p90) == pytest.approx((0.1, 0.5, 0.9))


def test_a_changed_model_shows():
    before = [seen(position=n, errors=1 + n % 3, model="m-1") for n in range(60)]
    now = [seen(position=n, errors=4 + n % 3, model="m-2") for n in range(60)]
    (change,) = changes(before, now)
    assert (change.changed, change.model_changed, change.pages, change.pages_that_differ) == (True, True, 60, 60)
    (same,) = changes(before, before)
    assert (same.changed, same.model_changed, same.pages_that_differ) == (False, False, 0)
    assert changes(before, [seen("two")]) == []


def test_items_that_got_worse_and_better_are_named_the_most_changed_first():
    before = [seen(position=n, errors=10) for n in range(30)]
    now = [seen(position=n, errors=10 + (n if n < 15 else 0) - (n - 15 if 15 < n < 20 else 0)) for n in range(30)]
    (change,) = changes(before, now)
    assert [item.more_errors for item in change.worse] == list(range(14, 4, -1))
    assert [item.more_errors for item in change.better] == [-4, -3, -2, -1]
    assert change.better[0].item_id == now[19].item_id
