from threading import Event, Timer
from time import perf_counter

import pytest

from engines.contract import Reading
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


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("playground.comparing.LONGEST_PAUSE_SECONDS", 0.01)


def tried(*outcomes, seconds=5.0, cancelled=None):
    script = Script(*outcomes)
    return read_with_retries(script, perf_counter() + seconds, cancelled or Event()), script


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
    started = perf_counter()
    tried(RateLimited("x", retry_after_seconds=0.2), READING)
    assert perf_counter() - started >= 0.2


def test_a_pause_beyond_the_deadline_is_not_waited_for():
    started = perf_counter()
    result, _ = tried(RateLimited("x", retry_after_seconds=3600), READING)
    assert isinstance(result.outcome, RateLimited)
    assert (result.attempts, perf_counter() - started < 1) == (1, True)


def test_time_that_is_up_before_the_start():
    result, script = tried(READING, seconds=0)
    assert isinstance(result.outcome, TimedOut)
    assert (result.attempts, script.seconds_left) == (0, [])


def test_stopping_ends_the_pause():
    cancelled = Event()
    Timer(0.1, cancelled.set).start()
    started = perf_counter()
    result, _ = tried(RateLimited("x", retry_after_seconds=4), READING, cancelled=cancelled)
    assert isinstance(result.outcome, Cancelled)
    assert perf_counter() - started < 2
