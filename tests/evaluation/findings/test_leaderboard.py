"""Rows from observations with known answers."""

from dataclasses import replace

import pytest

from engines.pricing import Free, Unknown, Usd
from evaluation.findings.leaderboard import Pair, leaderboard
from evaluation.findings.observations import Observation
from evaluation.findings.wording import heavy_page_sentence, pair_sentence
from metrics.error_rate import ErrorRate


def seen(engine, position, errors, length=100, **facts):
    facts = {"status": "read", "seconds": 1.0 + position, "cluster": f"w{position % 30}", "repeat": 0} | facts
    rates = (
        {} if errors is None else {"cer": ErrorRate(errors, 0, 0, length), "wer": ErrorRate(errors, 0, 0, length // 5)}
    )
    return Observation(engine_id=engine, position=position, item_id=str(position), **facts, **rates)


def test_rates_are_pooled_and_failures_kept_apart():
    board = leaderboard(
        [
            seen("one", 0, 4, length=10),
            seen("one", 1, 0, length=90, cost=Usd(0.002, measured=True)),
            seen("one", 2, None, status="failed", failure="timed-out"),
            seen("one", 3, None, status="refused"),
        ]
    )
    (row,) = board.rows
    assert row.cer.rate == pytest.approx(0.04)
    assert (row.pages, row.scored, row.failed, row.refused, row.failure_rate) == (4, 2, 1, 1, 0.5)
    assert row.price_per_1000 == Usd(pytest.approx(2.0), measured=True)
    assert row.seconds_median == 2.0
    assert not board.pairs


def test_one_awful_page_moves_the_rate_and_not_the_middle_page():
    errors = (1, 2, 3, 4, 100)
    [row] = leaderboard([seen("one", page, count) for page, count in enumerate(errors)]).rows
    assert (row.cer.rate, row.median_page_cer) == (0.22, 0.03)
    [unscored] = leaderboard([seen("one", 0, None)]).rows
    assert unscored.median_page_cer is None


@pytest.mark.parametrize("cost", [Free(), Unknown()])
def test_nothing_paid_and_nothing_known_stay_apart(cost):
    assert leaderboard([seen("one", 0, 1, cost=cost)]).rows[0].price_per_1000 == cost


def test_a_clear_winner_is_alone_on_its_place():
    board = leaderboard(
        [seen("good", n, 1 + n % 2) for n in range(60)]
        + [seen("bad", n, 9 + n % 5) for n in range(60)]
        + [seen("also bad", n, 9 + (n + 1) % 5) for n in range(60)]
    )
    assert [(row.places, row.letters) for row in board.rows] == [("1", "a"), ("2–3", "b"), ("2–3", "b")]
    first = next(pair for pair in board.pairs if pair.apart)
    assert first.better == "good"
    equals = next(pair for pair in board.pairs if not pair.apart)
    assert equals.more_pages is None or equals.more_pages > 0


def test_few_pages_can_tell_a_place_where_the_test_over_all_pairs_cannot():
    """Of ten pairs on seven pages none can be significant, whatever the engines did there."""
    rates = {"one": 3, "two": 4, "three": 3, "four": 4, "awful": 70}
    board = leaderboard([seen(name, n, rate + n % 2) for name, rate in rates.items() for n in range(7)])
    assert not any(pair.apart for pair in board.pairs)
    assert {row.letters for row in board.rows} == {"a"}
    assert board.rows[-1].places == "5"
    assert board.rows[0].places != "1"


def test_engines_are_compared_on_the_pages_both_read():
    board = leaderboard(
        [seen("one", n, 0) for n in range(10)] + [seen("two", n, 50) for n in range(10, 20)] + [seen("two", 0, 1)]
    )
    assert [pair.pages for pair in board.pairs] == [1]


def test_without_references_there_is_no_place():
    board = leaderboard([seen("one", 0, None), seen("two", 0, None)])
    assert [(row.cer.rate, row.places, row.letters, row.seconds_median) for row in board.rows] == [
        (None, "", "", 1.0),
        (None, "", "", 1.0),
    ]


def test_a_page_that_makes_most_errors_is_named_with_what_is_left_without_it():
    board = leaderboard([seen("one", n, 3000 if n == 4 else 3, length=1000) for n in range(20)])
    heavy = board.rows[0].heavy_page
    assert (heavy.item_id, heavy.cer.rate) == ("4", pytest.approx(0.003))
    assert heavy.share == pytest.approx(3000 / 3057)
    assert heavy.cer_interval.clusters == 19
    said = heavy_page_sentence(board.rows[0], "One")
    assert "one page, 4, makes 98 % of its errors" in said
    assert heavy_page_sentence(leaderboard([seen("one", n, 3) for n in range(20)]).rows[0], "One") == ""


def test_two_that_no_number_of_pages_would_tell_apart_are_said_to_be_so():
    pair = Pair("one", "two", 0.0001, 0.9, 40, 32_214_963, 0.55)
    said = pair_sentence(pair, {"one": "One", "two": "Two"})
    assert "these two cannot be told apart on pages like these" in said
    assert "32,214,963" not in said
    assert "55 % sure that One reads better" in said
    assert "about 900 more pages" in pair_sentence(replace(pair, more_pages=900), {"one": "One", "two": "Two"})
