"""A first look at a large run and a later one: `python -m benchmarks.first_look [--items N]`.

Four engines over 20,000 items, a fifth of them pages of 1,600 characters, the others lines of 50: 80,000 readings. Each
look is that of a program just started, which loads what it needs before its clock runs; counted are seconds on the
wall, because a first look is shared by two processes, and the largest of these by the kernel.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

from evaluation.kept_findings import board_of, findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, find_run

PAGE, LINE = 1600, 50
ITEMS_A_PAGE = 5
FIRST_SECONDS, LATER_SECONDS, LIMIT_MB = 60, 1, 500
Look = Callable[[Ledger, Run], object]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print seconds and megabytes, and what they should be at most."""
    from benchmarks.other_needs import SPECS, finished_run, texts_of  # a look shall not pay for the screens it loads

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    items = parser.parse_args(arguments).items
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        finished_run(Ledger(url), texts_of([LINE if number % ITEMS_A_PAGE else PAGE for number in range(items)]))
        print(f"{len(SPECS) * items:,} readings; the machine's load is {os.getloadavg()[0]:.1f}.", flush=True)
        [first], most = apart(url, findings_of)
        [board, everything], later = apart(url, board_of, findings_of)
        print(f"first look at everything {first:.1f} s ({FIRST_SECONDS} s), {most} MB ({LIMIT_MB} MB)")
        print(f"later look at the leaderboard {board:.1f} s ({LATER_SECONDS} s), at all {everything:.1f} s, {later} MB")


def apart(url: str, *looks: Look) -> tuple[list[float], int]:
    """What `timed` tells in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(timed, url, *looks).result()


def timed(url: str, *looks: Look) -> tuple[list[float], int]:
    """Seconds of each look, and megabytes of the largest process."""
    ledger = Ledger(url)
    run, seconds = find_run(ledger, ""), []
    for look in looks:
        begun = perf_counter()
        look(ledger, run)
        seconds.append(perf_counter() - begun)
    return seconds, max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) // 1000


if __name__ == "__main__":
    main()
