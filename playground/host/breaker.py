"""An engine that keeps failing for reasons of its own is left alone for a while. Knows nothing of vendors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from threading import Lock
from time import monotonic

from cachetools import TTLCache

from engines.errors import EngineError, EngineSilent, EngineUnavailable, KeyRefused, QuotaExhausted, VendorDown

COUNTED = (VendorDown, EngineSilent, KeyRefused, QuotaExhausted)
"""Failures that the next page would meet as well; a page the vendor rejects says nothing about the vendor."""


class EngineResting(EngineUnavailable):
    """The engine failed several times in a row and is not asked for the moment."""


class Breakers:
    """One circuit breaker for each name, such as an engine with the host's key."""

    def __init__(
        self, *, most_failures: int = 5, rest_seconds: float = 30, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most_failures = most_failures
        self._rest_seconds = rest_seconds
        self._clock = clock
        # Visitors come and go: a streak nobody added to for ten rests is forgotten.
        self._streaks: TTLCache[str, _Streak] = TTLCache(inf, 10 * rest_seconds, clock)
        self._lock = Lock()

    def check(self, name: str) -> None:
        """Raises `EngineResting` while the engine rests; afterwards one call is let through to try."""
        with self._lock:
            streak = self._streaks.get(name)
            if streak is None or streak.failures < self._most_failures:
                return
            rests_for = streak.since + self._rest_seconds - self._clock()
            if rests_for > 0:
                raise EngineResting(
                    "This engine failed several times in a row.", fix=f"Try again in {rests_for:.0f} s."
                )
            self._streaks[name] = replace(streak, since=self._clock())  # the others wait for what this call finds

    def ended(self, name: str, error: EngineError | None) -> None:
        """A call is over: a success, or a failure of any kind, ends the streak or makes it longer."""
        with self._lock:
            if error is None:
                self._streaks.pop(name, None)
            elif isinstance(error, COUNTED):
                streak = self._streaks.get(name)
                self._streaks[name] = _Streak((streak.failures if streak else 0) + 1, self._clock())


@dataclass(frozen=True, slots=True)
class _Streak:
    failures: int
    since: float
