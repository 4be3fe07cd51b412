"""What the app adds to its slowest engine, from the click on: at the server, with 20 visitors at once, in a browser.

    python -m benchmarks.comparison [--step 1] [--rounds 5] [--visitors 20]

Engines are asleep for one to four steps, so all that is over the longest is ours. The server's part is taken twice:
`compare_page` alone, and the whole way of a click over HTTP and back.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from threading import Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import httpx2

from benchmarks.browser import NoBrowser, browser_page
from benchmarks.load import Sleepers, app_with_sleepers, visit_together
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
    with app_with_sleepers(asked.step) as (_, url):
        for people in (1, asked.visitors):
            _tell(f"click to last event, {people} at once", asyncio.run(clicked(url, people, asked.rounds)), asked)
        try:
            _tell("click to painted panels, in Chromium", painted(url, asked.rounds), asked)
        except NoBrowser as missing:
            print(f"  click to painted panels: cannot run here: {missing}")


def _tell(what: str, seconds: Sequence[float], asked: Asked) -> None:
    over = median(seconds) - asked.slowest
    print(f"  {what:<40}{over * 1000:>8.0f} ms more {1 + over / asked.slowest:>8.3f} x", flush=True)


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


async def clicked(url: str, people: int, rounds: int) -> list[float]:
    """Seconds over HTTP until the last update of the screen, the median visitor of each round."""
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(timeout=60, limits=limits) as client:
        config = (await client.get(f"{url}/config")).json()
        return [median(await visit_together(url, client, config, people)) for _ in range(rounds)]


def painted(url: str, rounds: int) -> list[float]:
    """Seconds in a browser from the click to the frame that shows the last panel."""
    seconds = []
    with browser_page() as page:
        for _ in range(rounds):
            _take_sample(page, url)
            seconds.append(page.evaluate(CLICK_TO_PAINT, 4) / 1000)
    return seconds


def _take_sample(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#samples button").first.click()
    page.wait_for_selector("#run:not([disabled])")
    sleep(0.3)  # the picture decodes


if __name__ == "__main__":
    main()
