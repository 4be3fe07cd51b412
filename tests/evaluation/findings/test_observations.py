"""Readings as columns are the readings they were made of."""

from dataclasses import replace

import numpy as np
import pytest

from engines.pricing import Free, Unknown, Usd
from evaluation.findings.analysis import WorstPage, worst_pages
from evaluation.findings.observations import Observation, Observations, by_engine, in_common, numbered
from metrics.error_rate import ErrorRate

READ = Observation(
    "gpt-5", 3, "c.png", 1, "read", 1.5, "ada", "writer", "line", "fr", ("old", "new"),
    ErrorRate(1, 2, 3, 40), ErrorRate(1, 0, 0, 8), Usd(0.1 + 0.2, measured=True), True, "", "gpt-5-x", 9.25,
)  # fmt: skip
FAILED = Observation("tesseract", 0, "a.png", 0, "failed", None, "0", cost=Free(), failure="timed-out", tags=("old",))
EMPTY = replace(READ, position=1, cer=ErrorRate(), wer=ErrorRate(insertions=2), seconds=0.0, cost=Unknown(), tags=())
FOUND = [READ, FAILED, EMPTY, replace(READ, engine_id="tesseract", repeat=0)]


def test_what_is_asked_for_is_what_was_put_in():
    seen = Observations.of(FOUND)
    assert list(seen) == FOUND
    assert (seen[0], seen[-1], len(seen)) == (FOUND[0], FOUND[-1], 4)
    assert list(seen[1:3]) == FOUND[1:3]
    assert seen == FOUND
    assert seen != FOUND[:3]
    with pytest.raises(IndexError):
        seen[4]


@pytest.mark.parametrize("found", [[], FOUND[:1], FOUND])
def test_parts_are_joined_and_chosen_from(found):
    seen = Observations.joined([Observations.of(found), Observations.of(FOUND)])
    assert list(seen) == found + FOUND
    assert list(Observations.joined([])) == []
    assert list(seen.take(seen.status == "failed")) == [one for one in found + FOUND if one.status == "failed"]


def test_a_reading_counts_where_something_is_known():
    seen = Observations.of([*FOUND, replace(READ, wer=None)])
    assert seen.has_cer.tolist() == [True, False, True, True, True]
    assert seen.is_scored.tolist() == [True, False, True, True, False]
    assert seen.is_timed.tolist() == [True, False, True, True, True]


def test_engines_come_as_they_first_appear():
    assert {who: list(seen) for who, seen in by_engine(FOUND).items()} == {
        "gpt-5": [FOUND[0], FOUND[2]],
        "tesseract": [FOUND[1], FOUND[3]],
    }
    assert by_engine([]) == {}


def test_names_are_numbered_and_places_found_in_our_order():
    assert numbered(["b", "a", "b", "c"]).tolist() == [0, 1, 0, 2]
    ours, theirs = in_common(np.array([7, 3, 5]), np.array([5, 9, 7]))
    assert (ours.tolist(), theirs.tolist()) == ([0, 2], [2, 0])


def test_the_worst_pages_are_those_of_the_highest_mean_and_equals_stay_in_their_order():
    def read(engine, position, errors, length=8):
        return replace(
            READ, engine_id=engine, position=position, item_id=f"{position}", cer=ErrorRate(errors, 0, 0, length)
        )

    seen = [read("b", 2, 4), read("a", 2, 2), read("a", 1, 3), read("a", 0, 1), read("a", 4, 5, 0), FAILED]
    assert worst_pages(seen, 2) == [
        WorstPage("1", 1, 0.375, (("a", 0.375),)),
        WorstPage("2", 2, 0.375, (("b", 0.5), ("a", 0.25))),
    ]
    assert worst_pages([]) == []
