"""A public host among hostile visitors: does anybody else wait, does memory grow, does the ledger equal the bill?

    python -m benchmarks.soak [--minutes 5] [--hostile 20] [--one]

The real app on loopback behind one trusted proxy, whose header gives each visitor a network. Hostile ones ask for
details of long texts and hang up, upload and never read, and open sessions without end. One visitor in turn scores a
text, has a page read by a vendor that the host pays, and asks whether the app is well; the vendor is a loopback one.
Fails where such a request takes longer than `MOST_SECONDS`, where memory grows in the second half, where a file lies
longer than it may, or where the host has not paid what the vendor has billed. Every minute it says how the app does.
The long form is `--minutes 120`.

The strangers have a process of their own, below the server in rank, as their machines would not take its cores.

With `--one`: how many times as long another visitor's comparison of local engines takes while one stranger asks for
the same thing without end; it fails above `MOST_TIMES`. Turns with and without the stranger alternate.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx2
from gradio_client import Client, handle_file  # type: ignore[import-untyped]

from benchmarks.app_process import resident_megabytes, running
from playground.host.budget import spending
from playground.storage.database import Database
from samples import load_samples
from tests.evaluation.vendor_process import slow_vendor
from ui.routes.uploads import UNREAD_SECONDS

MOST_SECONDS = 2.0
MOST_TIMES = 1.5
MOST_GROWTH = 1.15
"""From the highest of the first half to that of the second: readings of a process that serves vary by a tenth."""
MINUTE = 60.0
ROUNDS = 5
ENGINE = "gpt-4o"
TEXT = "A line of handwriting as an engine may read it, with an eror or two. " * 285


@dataclass(frozen=True, slots=True)
class Polite:
    """One visitor who counts seconds: what they asked, and how long it took."""

    url: str
    took: list[tuple[str, float]] = field(default_factory=list)

    def visit(self, client: Client) -> None:
        """Everything once."""
        page = handle_file(load_samples()[0].image)
        self._timed("health", lambda: httpx2.get(f"{self.url}/inkquest/health", timeout=60).raise_for_status())
        self._timed("score", lambda: client.predict("Dear Sir", "Dear Sit", api_name="/score"))
        self._timed("compare", lambda: client.predict(page, [ENGINE], api_name="/compare"))

    def medians(self) -> dict[str, float]:
        """Seconds by what was asked."""
        asked = dict.fromkeys(what for what, _ in self.took)
        return {one: median(took for what, took in self.took if what == one) for one in asked}

    def _timed(self, what: str, ask: Callable[[], object]) -> None:
        began = time.monotonic()
        ask()
        self.took.append((what, time.monotonic() - began))


@dataclass(frozen=True, slots=True)
class State:
    """The app at one moment: what it holds in memory, and what strangers have uploaded and nobody has read."""

    megabytes: int
    files: int
    file_megabytes: float
    oldest_seconds: float

    @classmethod
    def of(cls, pid: int, data: Path) -> State:
        """Now; files and folders may go while they are counted."""
        found: list[os.stat_result] = []
        for folder, _folders, names in os.walk(data / "temporary"):
            for name in names if "uploads" in Path(folder).parts else ():
                with suppress(FileNotFoundError):
                    found.append(Path(folder, name).stat())
        ages = (time.time() - one.st_mtime for one in found)
        megabytes = sum(one.st_size for one in found) / 1e6
        return cls(resident_megabytes(pid), len(found), megabytes, max(ages, default=0.0))

    def __str__(self) -> str:
        files = f"{self.files} files of {self.file_megabytes:.0f} MB, the oldest {self.oldest_seconds / MINUTE:.1f} min"
        return f"{self.megabytes} MB of memory, {files}"


@contextmanager
def strangers(numbers: Sequence[int], url: str) -> Iterator[None]:
    """These hostile networks, at work for as long as the block runs."""
    context = get_context("spawn")
    begun = context.Event()
    process = context.Process(target=_all_hostile, args=(numbers, url, begun), daemon=True)
    process.start()
    try:
        begun.wait()
        yield
    finally:
        process.kill()
        process.join()


def _all_hostile(numbers: Sequence[int], url: str, begun: Event) -> None:
    os.nice(10)
    with ThreadPoolExecutor(len(numbers)) as threads:
        for number in numbers:
            threads.submit(hostile, number, url)
        begun.set()


def hostile(number: int, url: str) -> None:
    """One network that asks as long as the soak lasts; a third of them each for details, uploads and sessions."""
    headers = {"x-forwarded-for": f"10.{number // 200}.{number % 200}.1"}
    asked = json.dumps({"reference": TEXT, "hypothesis": TEXT[::-1], "rules": {}})

    def details() -> None:
        httpx2.post(f"{url}/inkquest/insight", content=asked, headers=headers, timeout=0.5)

    def upload() -> None:
        files = {"files": ("page.png", secrets.token_bytes(2_000_000))}
        httpx2.post(f"{url}/gradio_api/upload", files=files, headers=headers, timeout=10)

    def session() -> None:
        body = {"data": [], "session_hash": secrets.token_hex(8)}
        httpx2.post(f"{url}/gradio_api/run/engines", json=body, headers=headers, timeout=10)

    soak = parent_process()
    while soak is None or soak.is_alive():
        with suppress(httpx2.HTTPError):
            (details, upload, session)[number % 3]()
        time.sleep(0.05)


def one_stranger(url: str) -> int:
    """The ratio for each thing that a stranger may ask for."""
    client = Client(url, verbose=False, headers={"x-forwarded-for": "192.168.0.1"}, httpx_kwargs={"timeout": 120})
    page = handle_file(load_samples()[0].image)

    def seconds() -> float:
        began = time.monotonic()
        client.predict(page, [], api_name="/compare")
        return time.monotonic() - began

    def beside(number: int) -> float:
        with strangers([number], url):
            return seconds()

    seconds()  # loads what is loaded once
    worst = 0.0
    for number, what in enumerate(("details", "uploads", "sessions")):
        turns = [(seconds(), beside(number)) for _ in range(ROUNDS)]
        alone, with_one = (median(column) for column in zip(*turns, strict=True))
        worst = max(worst, with_one / alone)
        print(f"{what:8} {alone:.2f} s alone, {with_one:.2f} s beside one stranger: {with_one / alone:.2f} times")
    return 1 if worst > MOST_TIMES else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--hostile", type=int, default=20)
    parser.add_argument("--one", action="store_true", help="one stranger, and how much longer local engines take")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, slow_vendor() as vendor:
        environ = {
            "INKQUEST_PUBLIC": "1",
            "INKQUEST_TRUSTED_PROXIES": "1",
            "INKQUEST_BUDGET_USD": "1000",
            "INKQUEST_DB": f"sqlite:///{folder}/soak.db",
            "INKQUEST_DATA": f"{folder}/data",
            **vendor.environment,
        }
        with running(["app.py"], None, **environ) as (process, url):
            if asked.one:
                return one_stranger(url)
            look = partial(State.of, process.pid, Path(folder) / "data")
            polite, states = _soaked(url, look, asked.minutes, asked.hostile)
        calls = int(vendor.stats["billed"])
        spent = spending(Database(environ["INKQUEST_DB"]), time.strftime("%Y-%m-%d", time.gmtime()))
    return _told(polite, states, calls, sum(one.calls for one in spent))


def _soaked(url: str, look: Callable[[], State], minutes: float, visitors: int) -> tuple[Polite, list[State]]:
    polite, states = Polite(url), list[State]()
    client = Client(url, verbose=False, headers={"x-forwarded-for": "192.168.0.1"}, httpx_kwargs={"timeout": 120})
    polite.visit(client)  # loads what is loaded once
    polite.took.clear()
    for _ in range(ROUNDS):
        polite.visit(client)
    alone = polite.medians()
    polite.took.clear()
    print("alone: " + ", ".join(f"{what} {seconds:.2f} s" for what, seconds in alone.items()), flush=True)
    with strangers(range(visitors), url):
        began = told = time.monotonic()
        while time.monotonic() < began + MINUTE * minutes:
            polite.visit(client)
            states.append(look())
            if time.monotonic() > told + MINUTE:
                told = time.monotonic()
                print(f"{(told - began) / MINUTE:6.1f} min: {states[-1]}", flush=True)
    return polite, states


def _told(polite: Polite, states: Sequence[State], calls: int, paid: int) -> int:
    for what, middle in polite.medians().items():
        seconds = [took for asked, took in polite.took if asked == what]
        print(f"{what:8} {len(seconds):5} times, median {middle:.2f} s, longest {max(seconds):.2f} s")
    slow = max(took for _, took in polite.took) > MOST_SECONDS
    half = len(states) // 2 or 1
    first, second = (max(state.megabytes for state in part) for part in (states[:half], states[-half:]))
    print(f"memory: {first} MB at most in the first half, {second} MB in the second")
    files, oldest = max(state.files for state in states), max(state.oldest_seconds for state in states)
    print(f"files: {files} at most, none older than {oldest / MINUTE:.1f} min")
    failed = slow or second > MOST_GROWTH * first or oldest > UNREAD_SECONDS + MINUTE or calls != paid
    print(f"calls: {calls} that the vendor got, {paid} that the host has paid")
    print(f"this machine's load was {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores, the benchmark's own among it")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
