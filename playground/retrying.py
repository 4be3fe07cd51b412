"""When a failed reading is tried again: the one retry policy, for every engine. SDKs' own retries are off.

How often is each error's `most_retries`; how long is the vendor's Retry-After, else a random time under a doubling
limit. What went out and was not answered is never repeated here. (stamina's sleep cannot be interrupted.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import uniform
from threading import Event
from time import perf_counter

from engines.contract import Reading
from engines.errors import Cancelled, EngineError, TimedOut

LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Tried:
    """How a reading went in the end. `billed_in_vain` counts earlier attempts that may have cost something."""

    outcome: Reading | EngineError
    attempts: int
    billed_in_vain: int = 0


def read_with_retries(read: Callable[[float], Reading], deadline: float, cancelled: Event) -> Tried:
    """Read until it works, hope is gone or time is up.

    `deadline` is on the clock of `perf_counter`; `read` is given the seconds left and raises `EngineError`.
    """
    attempts = billed_in_vain = 0
    while True:
        if cancelled.is_set():
            return Tried(Cancelled("The reading was stopped."), attempts, billed_in_vain)
        left = deadline - perf_counter()
        if left <= 0:
            return Tried(TimedOut("No reading within the time allowed."), attempts, billed_in_vain)
        attempts += 1
        try:
            return Tried(read(left), attempts, billed_in_vain)
        except EngineError as error:
            pause = _pause(error, attempts)
            if attempts > error.most_retries or pause >= deadline - perf_counter():
                return Tried(error, attempts, billed_in_vain)
            billed_in_vain += error.maybe_billed
            cancelled.wait(pause)


def _pause(error: EngineError, attempts: int) -> float:
    if error.retry_after_seconds is not None:
        return error.retry_after_seconds
    # Full jitter: engines that were refused together must not come back together.
    return uniform(0, min(LONGEST_PAUSE_SECONDS, 2.0 ** (attempts - 1)))  # noqa: S311  (no secret)
