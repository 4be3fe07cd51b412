"""Many items against a slow and faulty vendor, killed three times: does the bill match, and what costs a call?

    python -m benchmarks.evaluation_overhead [--items 20000] [--parallel 64] [--ledger URL]

The vendor is a process of its own on the loopback; the run is the command line with OpenAI's real SDK.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from evaluation.ledger import Ledger
from evaluation.results import bill, progress
from evaluation.runs import find_run

ROOT = Path(__file__).parent.parent
PORT = 18_933
LATENCY_SECONDS, FAULTY_SHARE = 0.05, 0.02
KILLED_AT = (0.2, 0.45, 0.7)


@dataclass(frozen=True, slots=True)
class Stats:
    """What the vendor knows."""

    billed: int
    usd: float
    failed: int
    peak: int


def main() -> None:
    """Run, kill, resume, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--parallel", type=int, default=64)
    parser.add_argument("--ledger", default="")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = args.ledger or f"sqlite:///{home / 'ledger.db'}"
        vendor = _vendor()
        try:
            started = time.monotonic()
            memory = _run(home, url, args.items, args.parallel)
            _print(Ledger(url), args.items, time.monotonic() - started, memory)
        finally:
            vendor.kill()


def _run(home: Path, url: str, items: int, parallel: int) -> list[int]:
    """Megabytes in use by the worker, one figure a second."""
    manifest = _dataset(home, items)
    options = ["--ledger", url, "--parallel", f"OpenAI={parallel}"]
    process = _start(home, ["run", str(manifest), "--engines", "gpt-4o", "--yes", *options])
    memory: list[int] = []
    for share in KILLED_AT:
        memory += _watch(process, round(share * items))
        process.kill()
        process.wait()
        process = _start(home, ["resume", *options])
    memory += _watch(process, sys.maxsize)
    return memory


def _watch(process: subprocess.Popen[bytes], billed: int) -> list[int]:
    memory = []
    while process.poll() is None and stats().billed < billed:
        status = Path(f"/proc/{process.pid}/status")
        if status.exists():
            memory += [int(line.split()[1]) // 1000 for line in status.read_text().splitlines() if "VmRSS" in line]
        time.sleep(1)
    return memory


def _print(ledger: Ledger, items: int, seconds: float, memory: Sequence[int]) -> None:
    run = find_run(ledger, "")
    found, vendor = bill(ledger, run.id), stats()
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = sum(seen.done for seen in progress(ledger, run.id))
    print(f"{done} of {items} items in {seconds:.0f} s: {items / seconds:.0f} a second, at most {vendor.peak} at once")
    spent = 1000 * (cpu.ru_utime + cpu.ru_stime) / items
    print(f"processor time a call, SDK, ledger and four starts: {spent:.1f} ms")
    print(f"memory in MB, in tenths of the run: {memory[:: max(1, len(memory) // 10)]}")
    print(f"vendor billed {vendor.billed} calls, ${vendor.usd:.4f}; it failed {vendor.failed}")
    print(f"ledger: {found.answered_calls} answered, ${found.answered_usd:.4f}")
    print(f"calls in flight when a worker died: {found.lost_calls}, unanswered: {found.unknown_calls}")
    assert done == items == found.answered_calls
    assert items <= vendor.billed <= items + found.lost_calls + found.unknown_calls
    print(f"paid twice: {vendor.billed - items}, all of them among the calls the ledger counts as lost")


def _dataset(home: Path, items: int) -> Path:
    image = Image.new("RGB", (400, 60), "white")
    ImageDraw.Draw(image).text((10, 20), "first line", fill="black")
    image.save(home / "a.png")
    manifest = home / "many.csv"
    manifest.write_text("file,text,writer\n" + "".join(f"a.png,first line,w{n % 200}\n" for n in range(items)))
    return manifest


def _start(home: Path, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    address = f"http://127.0.0.1:{PORT}/v1"
    environ = {**os.environ, "INKQUEST_DATA": str(home), "OPENAI_API_KEY": "loopback", "OPENAI_BASE_URL": address}
    return subprocess.Popen([sys.executable, "-m", "evaluation", *arguments], cwd=ROOT, env=environ)


def _vendor() -> subprocess.Popen[bytes]:
    program = ["-m", "tests.evaluation.slow_vendor", str(PORT), str(LATENCY_SECONDS), str(FAULTY_SHARE), "0"]
    process = subprocess.Popen([sys.executable, *program], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def stats() -> Stats:
    """What the vendor counted so far."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/stats") as answer:
        told = json.load(answer)
    return Stats(told["billed"], told["usd"], told["failed"], told["peak"])


if __name__ == "__main__":
    main()
