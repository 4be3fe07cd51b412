"""Memory of the app before any model is loaded, and over many comparisons: `python -m benchmarks.memory`.

The second app has engines that answer at once. First one visitor compares again and again; then visitors come once and
never say that they leave, which is the worst: what Gradio knows of the last 500 is kept.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

import httpx2

from benchmarks.app_process import resident_megabytes, running
from benchmarks.load import Visitor, app_with_sleepers, visit_together
from benchmarks.start import APP


def main(arguments: Sequence[str] | None = None) -> None:
    """Print megabytes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--comparisons", type=int, default=1_000)
    wanted = parser.parse_args(arguments)
    with running(APP) as (process, _):
        print(f"Idle, before any model: {resident_megabytes(process.pid)} MB", flush=True)
    with app_with_sleepers(0.0) as (process, url):
        asyncio.run(_measure(url, process.pid, wanted.comparisons))


async def _measure(url: str, pid: int, comparisons: int) -> None:
    async with httpx2.AsyncClient(timeout=60) as client:
        config = (await client.get(f"{url}/config")).json()
        megabytes, visitor = [], Visitor(url, client, config)
        for done in range(1, comparisons + 1):
            if done % 10 == 1:
                await visitor.take_sample()
            async for _ in visitor.compare():
                pass
            if done % max(1, comparisons // 10) == 0:
                megabytes.append(resident_megabytes(pid))
                print(f"One visitor, after {done} comparisons: {megabytes[-1]} MB", flush=True)
        strangers = max(1, comparisons // 20)
        for _ in range(strangers):
            await visit_together(url, client, config, 1)
        each = (resident_megabytes(pid) - megabytes[-1]) / strangers
        print(f"A visitor who never says goodbye: {each:.1f} MB each, over {strangers}")


if __name__ == "__main__":
    main()
