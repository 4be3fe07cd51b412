"""Runs rival ways to do the same thing in turns, so that a busy machine hurts all of them alike. Prints ratios.

Knows nothing of what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter

Work = Callable[[], object]
Clock = Callable[[], float]


def in_turns(rivals: Mapping[str, Work], rounds: int, clock: Clock = perf_counter) -> dict[str, list[float]]:
    """Seconds of every round by rival; each round runs all of them once."""
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, work in rivals.items():
            started = clock()
            work()
            seconds[name].append(clock() - started)
    return seconds


def ratio(seconds: Mapping[str, Sequence[float]], of: str, to: str) -> float:
    """How many times as long as `to` it takes: the median of the rounds' own ratios."""
    return median(one / other for one, other in zip(seconds[of], seconds[to], strict=True))


def table(seconds: Mapping[str, Sequence[float]], ours: str) -> str:
    """One row for each rival: its median, and how many times as long as ours it takes."""
    rows = [
        f"  {name:<44}{median(times) * 1000:>11.2f} ms {ratio(seconds, name, ours):>10.2f} x"
        for name, times in seconds.items()
    ]
    return "\n".join(rows)
