"""What a call costs over what its vendor's SDK costs: our ledger and worker against a plain loop with neither.

    python -m benchmarks.evaluation_overhead [--items 1000] [--rounds 3] [--parallel 16] [--recorded 100000]

Both make the same calls with OpenAI's SDK to the same vendor, a process of its own on the loopback. The plain loop is
what one would write in an afternoon: asyncio, one client, a fixed number of tasks, answers in a list; kill it, and all
is lost. Counted is processor time, in turns. Then the same items are worked as the last of a run of many.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from benchmarks.side_by_side import Work, in_turns, ratio
from engines.catalogue import spec_by_id
from engines.contract import Reading, ReadingTask
from evaluation.datasets.opening import open_dataset
from evaluation.findings.results import progress
from evaluation.launching import worker_here
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run
from evaluation.work.planning import plan
from evaluation.work.worker import WorkOptions
from playground.engine_runs import EngineRun
from playground.offer import Offer
from playground.settings import Settings
from tests.evaluation.one_line import one_line
from tests.evaluation.vendor_process import slow_vendor

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SPEC = spec_by_id("gpt-4o")
LATENCY_SECONDS = 0.05
OURS, PLAIN = "ledger and worker", "plain asyncio loop"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parallel", type=int, default=16)
    parser.add_argument("--recorded", type=int, default=100_000, help="items of the long run that are done before")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, slow_vendor(LATENCY_SECONDS) as vendor:
        os.environ.update(vendor.environment, INKQUEST_DATA=folder)
        manifest = one_line(Path(folder), args.items)
        _compare(Ledger(f"sqlite:///{folder}/ledger.db"), manifest, args)
        _print_flatness(Ledger(f"sqlite:///{folder}/full.db"), manifest, args)


def _compare(ledger: Ledger, manifest: Path, args: argparse.Namespace) -> None:
    """Ours, planning included, against the loop."""
    rivals: dict[str, Work] = {
        PLAIN: lambda: _plain(manifest, args.parallel),
        OURS: lambda: _work(ledger, _planned(ledger, manifest), args.parallel),
    }
    for work in rivals.values():  # imports and caches
        work()
    seconds = in_turns(rivals, args.rounds, process_time)
    for name, times in seconds.items():
        print(f"{name:<40}{1000 * median(times) / args.items:8.2f} ms of processor a call")
    print(f"{OURS} over {PLAIN}: {ratio(seconds, OURS, PLAIN):.2f} x", flush=True)


def _print_flatness(ledger: Ledger, manifest: Path, args: argparse.Namespace) -> None:
    """The last items of a long run against a run of nothing else, in turns."""
    long, short = f"the last {args.items:,} of {args.recorded + args.items:,} items", "as many items alone"
    alone = [_planned(ledger, manifest) for _ in range(args.rounds)]
    last = [_planned(ledger, manifest) for _ in range(args.rounds)]
    for run_id in last:
        _record(ledger, run_id, args.recorded)
    rivals = {
        short: lambda: _work(ledger, alone.pop(), args.parallel),
        long: lambda: _work(ledger, last.pop(), args.parallel),
    }
    seconds = in_turns(rivals, args.rounds, process_time)
    print(f"{long} over {short}: {ratio(seconds, long, short):.2f} x")


def _planned(ledger: Ledger, manifest: Path) -> str:
    return create_run(ledger, plan(manifest, open_dataset(manifest), RunSettings((SPEC,))).contents)


def _work(ledger: Ledger, run_id: str, parallel: int) -> None:
    offer = Offer.from_settings(Settings.from_env(os.environ), os.environ)
    worker_here(ledger, run_id, offer, WorkOptions(most_parallel=((SPEC.vendor, parallel),))).work()
    assert all(seen.left == 0 for seen in progress(ledger, run_id))


def _record(ledger: Ledger, run_id: str, items: int) -> None:
    """Finish so many more items of the run, with their calls, as workers would have left them."""
    numbers = "with recursive n(i) as (select 1000000 union all select i + 1 from n where i + 1 < 1000000 + :items)"
    values = {"items": items, "run": run_id, "engine": SPEC.id}
    outcome = TypeAdapter(EngineRun).dump_json(EngineRun(SPEC.id, Reading("first line"), 1.0)).decode()
    with ledger.transaction() as transaction:
        transaction.run(
            "insert into work (run, engine, repeat, position, state, attempts, finished_at, outcome)"
            f" {numbers} select :run, :engine, 0, i, 'done', 1, i, :outcome from n",
            outcome=outcome,
            **values,
        )
        transaction.run(
            "insert into call (id, run, engine, repeat, position, provider, worker, sent_at, ended_at, held, ending)"
            f" {numbers} select :run || i, :run, :engine, 0, i, :vendor, 'old', i, i, 5500000, 'answered' from n",
            vendor=SPEC.vendor,
            **values,
        )


def _plain(manifest: Path, parallel: int) -> None:
    with manifest.open(encoding="utf-8") as table:
        files = [manifest.parent / row["file"] for row in csv.DictReader(table)]
    answers = asyncio.run(_read_all(files, parallel))
    assert len(answers) == len(files)


async def _read_all(files: Sequence[Path], parallel: int) -> list[tuple[str, int]]:
    from openai import AsyncOpenAI

    answers: list[tuple[str, int]] = []
    waiting = iter(files)
    async with AsyncOpenAI(max_retries=0) as client:

        async def work() -> None:
            for file in waiting:
                answers.append(await _read(client, file))

        await asyncio.gather(*(work() for _ in range(parallel)))
    return answers


async def _read(client: AsyncOpenAI, file: Path) -> tuple[str, int]:
    task = ReadingTask()
    data = base64.b64encode(file.read_bytes()).decode()
    answer = await client.responses.create(
        model=SPEC.model,
        store=False,
        max_output_tokens=task.max_output_tokens,
        input=[
            {
                "role": "user",
                "content": [
                    {"type": "input_image", "image_url": f"data:image/png;base64,{data}", "detail": "high"},
                    {"type": "input_text", "text": task.prompt},
                ],
            }
        ],
    )
    return answer.output_text, answer.usage.total_tokens if answer.usage else 0


if __name__ == "__main__":
    main()
