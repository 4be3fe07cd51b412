"""Typed lines are found wherever the reading breaks its lines, and a few lines promise little."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from metrics.error_rate import ErrorRate
from metrics.reference_free import MOST_EDGES, FoundLine, PartialScore, lines_to_separate, score_lines

PAGE = "Washington, D.C.\nMarch 4, 1905\nWe are deep in sor-\nrow. Feeling as we do, we\nmust extend to you, who knew"


def found(score, reading):
    return [reading[line.start : line.end] for line in score.lines]


@pytest.mark.parametrize("reading", [PAGE, PAGE.replace("\n", " "), f"# Page\n\n**{PAGE}**"])
def test_lines_are_found_in_any_layout(reading):
    score = score_lines(["March 4, 1905", "row. Feeling as we do, we"], reading)
    assert found(score, reading) == ["March 4, 1905", "row. Feeling as we do, we"]
    assert (score.cer.errors, score.cer.reference_length) == (0, 38)


def test_errors_are_counted_where_the_line_was_found():
    score = score_lines(
        ["March 4, 1905", "We are deep in sor-"], PAGE.replace("March 4", "Match 4,").replace("deep", "decp")
    )
    assert score.cer.errors == 3


def test_a_line_that_is_not_there_is_missing():
    [line] = score_lines(["Quite another sentence"], PAGE).lines
    assert (line.start, line.end, line.cer) == (0, 0, ErrorRate(deletions=22, reference_length=22))
    assert score_lines(["abc"], "").cer == ErrorRate(deletions=3, reference_length=3)


def test_the_same_line_twice_needs_two_places():
    score = score_lines(["the end", "the end"], "first the end and then the end")
    assert [line.start for line in score.lines] == [6, 23]
    assert [line.cer.errors for line in score_lines(["the end", "the end"], "only the end").lines] == [0, 7]


def test_empty_lines_are_passed_over():
    assert score_lines(["", " "], PAGE) == PartialScore((), ErrorRate(), None)


@given(st.lists(st.sampled_from(PAGE.split("\n")), unique=True), st.text(alphabet="ab \n", max_size=40))
def test_places_never_overlap_and_rates_pool(typed, noise):
    score = score_lines(typed, noise + PAGE)
    places = sorted((line.start, line.end) for line in score.lines if line.start < line.end)
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    assert sum(line.cer.errors for line in score.lines) == score.cer.errors


def scored(*errors):
    return PartialScore(tuple(FoundLine("", 0, 0, ErrorRate(error, 0, 0, 40)) for error in errors), ErrorRate(), None)


def test_the_interval_by_hand():
    """Four errors in twenty characters, in heaps of 3 + 4 * 0.4: the rates from which 0.2 is 1.96 deviations away."""
    score = score_lines(["abcdefghij", "klmnopqrst"], "abcdefghiX\nklmnopqXYZ")
    for end in score.interval:
        assert abs(0.2 - end) == pytest.approx(1.96 * (4.6 * end / 20) ** 0.5)
    assert score_lines(["abcdefghij"], "abcdefghij").interval is None


def test_no_error_seen_is_no_proof_of_none():
    low, high = score_lines(["abcdefghij", "klmnopqrst"], "abcdefghij\nklmnopqrst").interval
    assert low == 0
    assert high == pytest.approx(3 * 1.96**2 / 20)


def test_how_many_more_lines():
    one, other = (0, 1, 2, 1, 0, 1, 2, 1), (1, 0, 4, 1, 1, 0, 4, 1)
    assert lines_to_separate(scored(*one), scored(*(error + 3 + error % 2 for error in one))) == 0
    assert lines_to_separate(scored(*one), scored(*other)) == 62, "2.8² * 1.4286 / (0.5² - 1.4286 / 16) - 8"
    assert lines_to_separate(scored(*one), scored(*one)) is None
    assert lines_to_separate(scored(*(1, 2) * 4), scored(*(2, 1) * 4)) is None


def test_fewer_than_eight_lines_give_no_hint():
    assert lines_to_separate(scored(*[0, 1] * 4), scored(*[5, 7] * 4)) == 0
    assert lines_to_separate(scored(*[0, 1] * 3, 0), scored(*[5, 7] * 3, 5)) is None


@pytest.mark.parametrize("letters", [60, 1600, 9000])
def test_long_lines_among_countless_short_words_are_looked_for_in_few_places(letters, monkeypatch):
    tried = []
    distance = Levenshtein.distance
    monkeypatch.setattr(Levenshtein, "distance", lambda one, other: tried.append(other) or distance(one, other))
    words = " ".join("abcdefgh"[at % 8] for at in range(10_000))
    score = score_lines([words[:letters], words[letters : 2 * letters]], words)
    assert len(tried) <= 2 * MOST_EDGES**2
    assert score.cer.rate == 0
