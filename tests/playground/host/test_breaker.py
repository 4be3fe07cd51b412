"""When an engine is left alone, and when it is tried again."""

from __future__ import annotations

import pytest

from engines.errors import BadAnswer, Cancelled, EngineError, KeyRefused, PageRejected, TimedOut, VendorDown
from playground.host.guard import Breakers, EngineResting


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def fail(breakers: Breakers, times: int, error: EngineError | None = None) -> None:
    for _ in range(times):
        breakers.check("a")
        breakers.ended("a", error or VendorDown("Down."))


def is_resting(breakers: Breakers, name: str = "a") -> bool:
    try:
        breakers.check(name)
    except EngineResting as resting:
        return "Try again in" in resting.fix
    return False


@pytest.mark.parametrize("error", [VendorDown("x"), TimedOut("x"), KeyRefused("x")])
def test_failures_of_the_vendor_s_own_open_it_for_that_engine_only(error: EngineError) -> None:
    breakers = Breakers(most_failures=3, clock=Clock())
    fail(breakers, 2, error)
    assert not is_resting(breakers)
    fail(breakers, 1, error)
    assert is_resting(breakers)
    assert not is_resting(breakers, "b")


@pytest.mark.parametrize("error", [PageRejected("x"), BadAnswer("x"), Cancelled("x")])
def test_what_concerns_one_page_only_never_does(error: EngineError) -> None:
    breakers = Breakers(most_failures=3, clock=Clock())
    fail(breakers, 20, error)
    assert not is_resting(breakers)


def test_a_success_ends_the_streak() -> None:
    breakers = Breakers(most_failures=3, clock=Clock())
    fail(breakers, 2)
    breakers.ended("a", None)
    fail(breakers, 2)
    assert not is_resting(breakers)


def test_after_its_rest_one_call_tries_while_the_others_wait() -> None:
    clock = Clock()
    breakers = Breakers(most_failures=3, rest_seconds=30, clock=clock)
    fail(breakers, 3)
    clock.now = 30
    assert [is_resting(breakers) for _ in range(3)] == [False, True, True]
    breakers.ended("a", VendorDown("Still down."))
    assert is_resting(breakers)
    clock.now = 60
    assert not is_resting(breakers)
    breakers.ended("a", None)
    assert [is_resting(breakers) for _ in range(3)] == [False, False, False]


def test_streaks_of_visitors_who_left_are_forgotten() -> None:
    clock = Clock()
    breakers = Breakers(most_failures=1, rest_seconds=1, clock=clock)
    fail(breakers, 1)
    clock.now = 11
    breakers.ended("b", VendorDown("Down."))
    assert list(breakers._streaks) == ["b"]
