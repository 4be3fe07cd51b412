from math import ceil
from threading import Event

import pytest

from engines.contract import Reading, listener
from engines.errors import (
    BadAnswer,
    Cancelled,
    ConnectionLost,
    KeyRefused,
    QuotaExhausted,
    RateLimited,
    TimedOut,
    VendorDown,
)
from playground.comparing import read_with_retries
from tests.hand_clock import HandClock, PausesAtOnce

READING = Reading("Dear Sir")


class Script:
    """Raises or returns what it was given, one after the other, and the last one for ever."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.seconds_left = []

    def __call__(self, seconds):
        self.seconds_left.append(seconds)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def tried(*outcomes, seconds=1000.0, cancelled=None):
    clock, script = HandClock(), Script(*outcomes)
    cancelled = cancelled or PausesAtOnce(clock)
    return read_with_retries(script, seconds, cancelled, clock), script


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (RateLimited("x"), 6),
        (VendorDown("x"), 4),
        (BadAnswer("x"), 2),
        (KeyRefused("x"), 1),
        (QuotaExhausted("x"), 1),
        (ConnectionLost("x"), 1),
        (TimedOut("x"), 1),
    ],
)
def test_how_often_each_failure_is_tried(error, attempts):
    result, script = tried(error)
    assert (result.outcome, result.attempts, len(script.seconds_left)) == (error, attempts, attempts)


def test_it_stops_at_the_first_reading():
    result, script = tried(VendorDown("x"), VendorDown("x"), READING)
    assert (result.outcome, result.attempts, result.billed_in_vain) == (READING, 3, 0)
    assert script.seconds_left == sorted(script.seconds_left, reverse=True)


def test_an_answer_that_was_broken_may_have_been_billed():
    result, _ = tried(BadAnswer("x"), READING)
    assert (result.attempts, result.billed_in_vain) == (2, 1)


def test_the_vendor_is_given_the_time_it_asks_for():
    cancelled = PausesAtOnce(HandClock())
    tried(RateLimited("x", retry_after_seconds=7), READING, cancelled=cancelled)
    assert sum(cancelled.pauses) == 7


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RateLimited("x", retry_after_seconds=2.5), ["rate-limited, again in 3 s", "rate-limited, again in 2 s"]),
        (VendorDown("x", retry_after_seconds=1), ["the vendor does not answer, again in 1 s"]),
        (BadAnswer("x", retry_after_seconds=0.2), ["the answer was broken, again in 1 s"]),
    ],
)
def test_who_waits_is_told_for_what_and_how_long(error, told):
    said = []
    token = listener.set(lambda doing, _: said.append(doing))
    tried(error, READING)
    listener.reset(token)
    assert said[: len(told)] == told
    assert said[-1] == "reading"


@pytest.mark.parametrize("seconds", [0, 0.1, 0.0037, 0.7, 1, 1.1, 3.9])
def test_a_pause_has_an_end_whatever_rounding_leaves_over(seconds):
    cancelled = PausesAtOnce(HandClock())
    result, _ = tried(RateLimited("x", retry_after_seconds=seconds), READING, cancelled=cancelled)
    assert result.outcome == READING
    assert len(cancelled.pauses) == ceil(seconds)
    assert sum(cancelled.pauses) == pytest.approx(seconds)


def test_a_pause_beyond_the_deadline_is_not_waited_for():
    cancelled = PausesAtOnce(HandClock())
    result, _ = tried(RateLimited("x", retry_after_seconds=3600), READING, cancelled=cancelled)
    assert isinstance(result.outcome, RateLimited)
    assert (result.attempts, cancelled.pauses) == (1, [])


def test_time_that_is_up_before_the_start():
    result, script = tried(READING, seconds=0)
    assert isinstance(result.outcome, TimedOut)
    assert (result.attempts, script.seconds_left) == (0, [])


def test_stopping_ends_the_pause():
    class StoppedMeanwhile(Event):
        def wait(self, timeout=None):
            self.set()
            return super().wait(timeout)

    result, script = tried(RateLimited("x", retry_after_seconds=4), READING, cancelled=StoppedMeanwhile())
    assert isinstance(result.outcome, Cancelled)
    assert len(script.seconds_left) == 1
