"""A public host among hostile visitors: does anybody else wait, does memory grow, does the ledger equal the bill?

    python -m benchmarks.soak [--minutes 5] [--hostile 20] [--one]

The real app on loopback behind one trusted proxy, whose header gives each visitor a network. Hostile ones ask for
details of long texts and hang up, upload and never read, and open sessions without end. One visitor in turn scores a
text, has a page read by a vendor that the host pays, and asks whether the app is well; the vendor is a loopback one.
Fails where such a request takes longer than `MOST_SECONDS`, or the host has not paid what the vendor has billed.

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
from multiprocessing import get_context
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

MOST_SECONDS = 2.0
MOST_TIMES = 1.5
ROUNDS = 5
BEGINNING_SECONDS = 4.0
"""Until a process of strangers has begun to ask."""
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


@contextmanager
def strangers(numbers: Sequence[int], url: str) -> Iterator[None]:
    """These hostile networks, at work for as long as the block runs."""
    process = get_context("spawn").Process(target=_all_hostile, args=(numbers, url), daemon=True)
    process.start()
    try:
        time.sleep(BEGINNING_SECONDS)
        yield
    finally:
        process.kill()
        process.join()


def _all_hostile(numbers: Sequence[int], url: str) -> None:
    os.nice(10)
    with ThreadPoolExecutor(len(numbers)) as threads:
        for number in numbers:
            threads.submit(hostile, number, url)


def hostile(number: int, url: str) -> None:
    """One network that asks without end; a third of them each for details, uploads and sessions."""
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

    while True:
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
            **vendor.environment,
        }
        with running(["app.py"], None, **environ) as (process, url):
            if asked.one:
                return one_stranger(url)
            polite, megabytes = _soaked(url, process.pid, asked.minutes, asked.hostile)
            left = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        calls = int(vendor.stats["billed"])
        spent = spending(Database(environ["INKQUEST_DB"]), time.strftime("%Y-%m-%d", time.gmtime()))
    return _told(polite, megabytes, calls, sum(one.calls for one in spent), left)


def _soaked(url: str, pid: int, minutes: float, visitors: int) -> tuple[Polite, list[int]]:
    polite, megabytes = Polite(url), list[int]()
    client = Client(url, verbose=False, headers={"x-forwarded-for": "192.168.0.1"}, httpx_kwargs={"timeout": 120})
    polite.visit(client)  # loads what is loaded once
    polite.took.clear()
    for _ in range(ROUNDS):
        polite.visit(client)
    alone = polite.medians()
    polite.took.clear()
    print("alone: " + ", ".join(f"{what} {seconds:.2f} s" for what, seconds in alone.items()))
    with strangers(range(visitors), url):
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until:
            polite.visit(client)
            megabytes.append(resident_megabytes(pid))
    return polite, megabytes


def _told(polite: Polite, megabytes: list[int], calls: int, paid: int, left: int) -> int:
    for what, middle in polite.medians().items():
        seconds = [took for asked, took in polite.took if asked == what]
        print(f"{what:8} {len(seconds):5} times, median {middle:.2f} s, longest {max(seconds):.2f} s")
    half = len(megabytes) // 2
    print(
        f"memory: {max(megabytes[: half or 1])} MB at most in the first half, {max(megabytes[half:])} MB in the second"
    )
    print(f"calls: {calls} that the vendor got, {paid} that the host has paid; {left / 1e6:.1f} MB of database")
    slow = max(took for _, took in polite.took) > MOST_SECONDS
    print(f"this machine's load was {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores, the benchmark's own among it")
    return 1 if slow or calls != paid else 0


if __name__ == "__main__":
    sys.exit(main())
