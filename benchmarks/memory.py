"""Memory of the app before any model is loaded, and over many comparisons: `python -m benchmarks.memory`.

The second app has engines that answer at once; visitors come, take a sample, compare and leave.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

import httpx2

from benchmarks.app_process import resident_megabytes, running
from benchmarks.load import app_with_sleepers, visit_together
from benchmarks.start import APP


def main(arguments: Sequence[str] | None = None) -> None:
    """Print megabytes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--comparisons", type=int, default=1_000)
    wanted = parser.parse_args(arguments)
    with running(APP) as (process, _):
        print(f"Idle, before any model: {resident_megabytes(process.pid)} MB", flush=True)
    with app_with_sleepers(0.0) as (process, url):
        megabytes = asyncio.run(_compared(url, process.pid, wanted.comparisons))
    print(f"After every tenth of {wanted.comparisons} comparisons: {' '.join(map(str, megabytes))} MB")
    print(f"Second half: {megabytes[-1] - megabytes[len(megabytes) // 2]:+d} MB")


async def _compared(url: str, pid: int, comparisons: int) -> list[int]:
    megabytes = []
    async with httpx2.AsyncClient(timeout=60) as client:
        config = (await client.get(f"{url}/config")).json()
        for done in range(1, comparisons + 1):
            await visit_together(url, client, config, 1)
            if done % max(1, comparisons // 10) == 0:
                megabytes.append(resident_megabytes(pid))
    return megabytes


if __name__ == "__main__":
    main()
