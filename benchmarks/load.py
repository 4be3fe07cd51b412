"""Fifty visitors press Compare at once: do all finish, and how much does the app add to what the engines take?

    python -m benchmarks.load [--visitors 50]

The real app in a process of its own, with stand-ins that sleep 1 to 4 seconds for its four default engines; visitors
speak Gradio's HTTP and event streams. Then one visitor leaves in the middle, and the time until the app notices counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen
from threading import Event, Thread
from typing import IO, Any

import httpx2

from benchmarks.app_process import running
from engines.contract import Engine, EngineSpec, PageImage, Reading, ReadingTask
from engines.registry import GpuReader
from playground.comparing import Progress
from playground.engine_runs import EngineRun
from playground.host.guard import Guard, Places
from playground.host.guard import Visitor as Asking
from playground.settings import Limits, Settings

LONGEST_SECONDS = 4.0
EMPTY: Mapping[str, object] = {"textbox": "", "checkboxgroup": []}
"""What a browser sends for parts that nobody touched."""
TEXT = "\n".join("A line of handwriting as an engine may read it, with an eror or two." for _ in range(25))


@dataclass(slots=True)
class Sleeper:
    """An engine that takes its time and no processor."""

    spec: EngineSpec
    seconds: float

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        time.sleep(self.seconds)
        return Reading(TEXT)


class Sleepers:
    """One to four times `step` seconds for the engines in the order in which they are asked for."""

    def __init__(self, step: float) -> None:
        self._step = step
        self._seconds: dict[str, float] = {}

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        return Sleeper(spec, self._seconds.setdefault(spec.id, self._step * (1 + len(self._seconds) % 4)))


@dataclass(frozen=True)
class WatchedGuard(Guard):
    """Prints when a comparison was told to stop."""

    def compare(
        self,
        specs: Sequence[EngineSpec],
        page: PageImage,
        task: ReadingTask,
        visitor: Asking,
        *,
        stop: Event,
        on_progress: Progress | None = None,
        on_gpu: GpuReader | None = None,
    ) -> Iterator[EngineRun]:
        def report() -> None:
            stop.wait()
            print(f"stopped {visitor.session} {time.time()}", flush=True)

        Thread(target=report, daemon=True).start()
        return super().compare(specs, page, task, visitor, stop=stop, on_progress=on_progress, on_gpu=on_gpu)


def serve(step: float) -> None:
    """Run the app with its engines asleep; the port comes from the environment."""
    from ui.quick_import import leave_out_stubs

    leave_out_stubs()  # as the app does
    from ui.house import House
    from ui.layout import build_app, launch_options

    house = House.open(Settings.from_env(os.environ), os.environ)
    asleep = WatchedGuard(Sleepers(step), house.offer.keys, Places(house.offer.specs), house.hosting.guard.admission)
    house = replace(house, hosting=replace(house.hosting, guard=asleep))
    build_app(house).launch(**launch_options(house), quiet=True)


def app_with_sleepers(
    step: float, out: IO[str] | None = None, places: int = 200
) -> AbstractContextManager[tuple[Popen[bytes], str]]:
    """The app in a process of its own, and its address; its engines take one to four `step` seconds.

    As cloud engines do they use no processor, so that there are places for all unless it is said otherwise.
    """
    return running(["-m", "benchmarks.load", "--serve", str(step)], out, INKQUEST_MAX_PARALLEL=str(places))


class Visitor:
    """One browser tab, without the browser."""

    def __init__(self, url: str, client: httpx2.AsyncClient, config: Mapping[str, Any]) -> None:
        self.session = secrets.token_hex(6)
        self._url, self._client, self._config = url, client, config
        self._values = {
            part["id"]: part["props"].get("value") or EMPTY.get(part["type"]) for part in config["components"]
        }

    async def take_sample(self) -> None:
        """Click the first sample."""
        async for _ in self._press("samples", "select", {"index": 0, "value": None, "selected": True}):
            pass

    async def compare(self) -> AsyncIterator[float]:
        """Press Compare; gives the moment of every update of the screen."""
        async for _ in self._press("run", "click", None):
            yield time.perf_counter()

    async def _press(self, element: str, event: str, details: object) -> AsyncIterator[str]:
        component = next(c["id"] for c in self._config["components"] if c["props"].get("elem_id") == element)
        listener = next(d for d in self._config["dependencies"] if [component, event] in map(list, d["targets"]))
        data = [self._values.get(component) for component in listener["inputs"]]
        body = {"data": data, "fn_index": listener["id"], "session_hash": self.session, "event_data": details}
        joined = await self._client.post(f"{self._url}/gradio_api/queue/join", json=body | {"trigger_id": component})
        joined.raise_for_status()
        stream = f"{self._url}/gradio_api/queue/data?session_hash={self.session}"
        async with self._client.stream("GET", stream) as answer:
            async for line in answer.aiter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {"msg": ""}
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(f"{element}: {message['output']}")
                    return
                if message["msg"] == "process_generating":
                    yield message["msg"]


async def visit_together(url: str, client: httpx2.AsyncClient, config: Mapping[str, Any], count: int) -> list[float]:
    """Everybody takes a sample, then all press Compare at once: seconds from there to each one's last update."""
    visitors = [Visitor(url, client, config) for _ in range(count)]
    await asyncio.gather(*(visitor.take_sample() for visitor in visitors))
    return sorted(await asyncio.gather(*map(seconds_to_last_update, visitors)))


async def seconds_to_last_update(visitor: Visitor) -> float:
    """From the click on Compare."""
    started = time.perf_counter()
    async for _ in visitor.compare():
        pass
    return time.perf_counter() - started


async def leave_early(url: str, client: httpx2.AsyncClient, config: Mapping[str, Any]) -> tuple[str, float]:
    """Who left, and when: the tab closes half a second after the click."""
    visitor = Visitor(url, client, config)
    await visitor.take_sample()
    started, updates = time.perf_counter(), visitor.compare()
    async for moment in updates:
        if moment - started > 0.4:
            break
    await updates.aclose()  # type: ignore[attr-defined]  # async generators have it
    await client.aclose()
    return visitor.session, time.time()


async def measure(url: str, visitors: int, log: Path) -> None:
    """Print what fifty visitors meet."""
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(timeout=60, limits=limits) as client:
        config = (await client.get(f"{url}/config")).json()
        [alone] = await visit_together(url, client, config, 1)
        durations = await visit_together(url, client, config, visitors)
    over = [duration - LONGEST_SECONDS for duration in (alone, statistics.median(durations), durations[-1])]
    print(f"{len(durations)} of {visitors} finished; the slowest engine takes {LONGEST_SECONDS:.0f} s.")
    print("Seconds added: {:.2f} alone, {:.2f} median, {:.2f} slowest.".format(*over))
    session, left = await leave_early(url, httpx2.AsyncClient(timeout=60), config)
    for _ in range(80):
        stops = [line.split() for line in log.read_text().splitlines() if line.startswith(f"stopped {session} ")]
        if stops:
            print(f"A visitor who leaves stops costing after {float(stops[0][2]) - left:.2f} s.")
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("The comparison of the visitor who left was never stopped.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.serve is not None:
        serve(wanted.serve)
        return
    log = Path(f".inkquest-load-{os.getpid()}.log")
    with log.open("w") as out, app_with_sleepers(1.0, out, Limits().comparisons_at_once) as (_, url):
        asyncio.run(measure(url, wanted.visitors, log))
    log.unlink()


if __name__ == "__main__":
    main()
