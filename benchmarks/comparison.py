"""What the app adds to its slowest engine, from the click on: at the server, with 20 visitors at once, in a browser.

    python -m benchmarks.comparison [--step 1] [--rounds 5] [--visitors 20]

Engines are asleep for one to four steps, so all that is over the longest is ours. The server's part is taken twice:
`compare_page` alone, and the whole way of a click over HTTP and back. A bare Gradio app with the same sleeping engines
takes turns with ours: what it adds is Gradio's, and on a busy machine the difference is what can be believed. The
server's processor time is beside it.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from subprocess import Popen
from threading import Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import httpx2

from benchmarks.app_process import processor_seconds, running
from benchmarks.browser import NoBrowser, browser_page
from benchmarks.load import TEXT, Sleepers, Visitor, app_with_sleepers, seconds_to_last_update
from engines.contract import PageImage, ReadingTask
from playground.comparing import compare_page
from playground.offer import Offer
from playground.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLICK_TO_PAINT = """(panels) => new Promise((done) => {
  const started = performance.now();
  const look = () => {
    if (document.querySelectorAll('.panel.read .text').length === panels) {
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
    }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, {childList: true, subtree: true});
  document.querySelector('#run').click();
})"""
"""Milliseconds until the frame after the one that has the last panel."""

REFERENCE = TEXT.replace("eror", "error").replace("may", "might")
"""7 % of its characters are read wrong."""
Server = tuple[Popen[bytes], str]


@dataclass(frozen=True, slots=True)
class Round:
    """How long it took, and the server's processor time for each visitor."""

    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Asked:
    """How long the slowest engine sleeps, and how often all is done."""

    step: float
    rounds: int
    visitors: int

    @property
    def slowest(self) -> float:
        return 4 * self.step


def main(arguments: Sequence[str] | None = None) -> None:
    """Print milliseconds over the slowest engine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison", description=__doc__)
    parser.add_argument("--step", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--visitors", type=int, default=20)
    wanted = parser.parse_args(arguments)
    asked = Asked(wanted.step, wanted.rounds, wanted.visitors)
    print(f"The slowest of four engines takes {asked.slowest:.1f} s. Medians of {asked.rounds} rounds.")
    for people in (1, asked.visitors):
        seconds = [compared_together(asked.step, people) for _ in range(asked.rounds)]
        _tell(f"compare_page, {people} at once", seconds, asked)
    with app_with_sleepers(asked.step) as ours, running(["-m", "benchmarks.bare_comparison", str(asked.step)]) as bare:
        servers = {"inkquest": ours, "bare Gradio": bare}
        for people in (1, asked.visitors):
            print(f"  click to last event, {people} at once:")
            _tell_both(asyncio.run(clicked(servers, people, asked.rounds)), asked)
        print("  click to painted panels, in Chromium:")
        try:
            _tell_both(painted(servers, asked.rounds), asked)
        except NoBrowser as missing:
            print(f"    cannot run here: {missing}")


def _tell(what: str, seconds: Sequence[float], asked: Asked, then: str = "") -> None:
    over = median(seconds) - asked.slowest
    print(f"  {what:<40}{over * 1000:>8.0f} ms more {1 + over / asked.slowest:>8.3f} x{then}", flush=True)


def _tell_both(rounds: Mapping[str, Sequence[Round]], asked: Asked) -> None:
    for name, taken in rounds.items():
        processor = median(one.processor for one in taken) * 1000
        _tell(
            f"  {name}", [one.seconds for one in taken], asked, f"{processor:>8.0f} ms of the server's processor each"
        )
    ours, bare = rounds.values()
    apart = median(one.seconds - other.seconds for one, other in zip(ours, bare, strict=True))
    print(f"    ours over bare, median of the rounds: {apart * 1000:.0f} ms", flush=True)


def compared_together(step: float, people: int) -> float:
    """Seconds until the last of that many comparisons, started at once, has its last reading."""
    offer = Offer.from_settings(Settings.from_env({}), {})
    specs, engines = [offer.spec(slot) for slot in offer.default_slots()], Sleepers(step)
    page = PageImage("", b"", 1000, 1400)

    def compare() -> None:
        for _ in compare_page(specs, page, ReadingTask(), engines, lambda _spec: None):
            pass

    started = perf_counter()
    threads = [Thread(target=compare) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - started


async def clicked(servers: Mapping[str, Server], people: int, rounds: int) -> dict[str, list[Round]]:
    """Seconds over HTTP until the last update of the screen, the median visitor of each round."""
    limits = httpx2.Limits(max_connections=None)
    taken: dict[str, list[Round]] = {name: [] for name in servers}
    async with httpx2.AsyncClient(timeout=60, limits=limits) as client:
        configs = {name: (await client.get(f"{url}/config")).json() for name, (_, url) in servers.items()}
        for _ in range(rounds):
            for name, (process, url) in servers.items():
                visitors = [Visitor(url, client, configs[name]) for _ in range(people)]
                await asyncio.gather(*(visitor.take_sample() for visitor in visitors))
                used = processor_seconds(process.pid)
                seconds = median(await asyncio.gather(*map(seconds_to_last_update, visitors)))
                taken[name].append(Round(seconds, (processor_seconds(process.pid) - used) / people))
    return taken


def painted(servers: Mapping[str, Server], rounds: int) -> dict[str, list[Round]]:
    """Seconds in a browser from the click to the frame that shows the last panel."""
    taken: dict[str, list[Round]] = {name: [] for name in servers}
    with browser_page() as page:
        for _ in range(rounds):
            for name, (process, url) in servers.items():
                _take_sample(page, url)
                used = processor_seconds(process.pid)
                seconds = page.evaluate(CLICK_TO_PAINT, 4) / 1000
                taken[name].append(Round(seconds, processor_seconds(process.pid) - used))
    return taken


def _take_sample(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#samples button").first.click()
    page.wait_for_selector("#run:not([disabled])")
    reference = page.locator("#reference textarea")
    if reference.count():
        reference.fill(REFERENCE)
    sleep(0.5)  # the picture decodes, the reference arrives


if __name__ == "__main__":
    main()
