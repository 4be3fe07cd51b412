"""Many items in one process that is killed three times: is all read, and does the ledger explain the vendor's bill?

    python -m benchmarks.evaluation_kills [--items 20000] [--parallel 64] [--per-second 0] [--ledger URL]

The vendor answers after 50 ms and fails 2 calls in 100; the run is the command line with OpenAI's SDK.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process_watch import ProcessWatch
from evaluation.findings.results import bill, progress
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import find_run
from tests.evaluation.one_line import one_line
from tests.evaluation.vendor_process import USD_PER_CALL, Vendor, slow_vendor

ROOT = Path(__file__).parent.parent
KILLED_AT = (0.2, 0.45, 0.7)
LATENCY_SECONDS, FAULTY_SHARE = 0.05, 0.02


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, kill, resume, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--parallel", type=int, default=64)
    parser.add_argument("--per-second", type=float, default=0, help="0 for as fast as it goes")
    parser.add_argument("--ledger", default="", help="default: SQLite")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, slow_vendor(LATENCY_SECONDS, FAULTY_SHARE) as vendor:
        url = args.ledger or f"sqlite:///{folder}/ledger.db"
        options = ["--ledger", url, "--parallel", f"OpenAI={args.parallel}"]
        options += ["--rate", f"OpenAI={args.per_second}"] if args.per_second else []
        started, command = time.monotonic(), _Command(Path(folder), vendor, ProcessWatch())
        command.run_and_kill(args.items, options)
        _print_proof(Ledger(url), vendor, args.items, args.per_second, time.monotonic() - started)
        _print_cost(command.watch, args.items)


@dataclass(frozen=True, slots=True)
class _Command:
    """The command line, in a process of its own each time."""

    home: Path
    vendor: Vendor
    watch: ProcessWatch

    def run_and_kill(self, items: int, options: Sequence[str]) -> None:
        manifest = one_line(self.home, items)
        process = self._start("run", str(manifest), "--engines", "gpt-4o", "--yes", *options)
        for share in KILLED_AT:
            self._until(process, round(share * items))
            process.kill()
            process.wait()
            process = self._start("resume", *options)
        self._until(process, sys.maxsize)

    def _until(self, process: subprocess.Popen[bytes], billed: int) -> None:
        while process.poll() is None and self.vendor.stats["billed"] < billed:
            self.watch.look([process.pid])
            time.sleep(0.5)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, **self.vendor.environment, "INKQUEST_DATA": str(self.home)}
        return subprocess.Popen([sys.executable, "-m", "evaluation", *arguments], cwd=ROOT, env=environ)


def _print_proof(ledger: Ledger, vendor: Vendor, items: int, per_second: float, seconds: float) -> None:
    """The figures; raises AssertionError where a promise is broken.

    The ledger may count more calls as lost than the vendor billed twice, never fewer.
    """
    run = find_run(ledger, "")
    found, counted = bill(ledger, run.id), vendor.stats
    done = sum(seen.done for seen in progress(ledger, run.id))
    billed, busiest = counted["billed"], counted["busiest_second"]
    in_doubt = found.lost_calls + found.unknown_calls
    print(
        f"{done} of {items} items in {seconds:.0f} s: {items / seconds:.0f} a second, at most {counted['peak']} at once"
    )
    print(f"vendor billed {billed} calls, ${counted['usd']:.4f}; it failed {counted['failed']}")
    print(f"ledger: {found.answered_calls} answered, ${found.answered_usd:.4f}, and as in doubt {in_doubt} calls:")
    print(f"  {found.lost_calls} in flight when a worker died, {found.unknown_calls} unanswered")
    print(f"paid twice: {billed - items}")
    print(f"busiest second at the vendor: {busiest} calls" + (f", allowed {per_second:g}" if per_second else ""))
    assert done == items == found.answered_calls
    assert items <= billed <= items + in_doubt
    assert round(found.answered_usd / USD_PER_CALL) == items
    assert not per_second or busiest <= per_second


def _print_cost(watch: ProcessWatch, items: int) -> None:
    """Processor time and memory of the workers."""
    print(f"processor time a call, SDK, ledger and every start: {1000 * watch.cpu_seconds / items:.1f} ms")
    print(f"memory of the largest worker in MB, in tenths of the run: {watch.tenths()}")


if __name__ == "__main__":
    main()
