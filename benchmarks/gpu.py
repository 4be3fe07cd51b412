"""Lines a second of TrOCR large, DTrOCR, GOT-OCR 2.0 and Qwen2.5-VL on a GPU: `python -m benchmarks.gpu`.

Ours against transformers' `generate` at its best batch, then which share of the device's compute and memory-bandwidth
limits we reach. `--weights ID=FOLDER` names a checkpoint; without one TrOCR and DTrOCR have random weights, the others
are fetched from the hub. Without a GPU nothing is measured; `--on-cpu` runs it all the same, for small checkpoints.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.gpu_contests import CONTESTS, Contest
from benchmarks.roofline import measured, work_of
from benchmarks.side_by_side import Work, in_turns, ratio, table
from engines.errors import EngineUnavailable
from engines.weights import best_device

OURS = "ours"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each engine, or why there is none."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--engines", nargs="*", choices=CONTESTS, default=list(CONTESTS))
    parser.add_argument("--weights", nargs="*", default=[], metavar="ID=FOLDER")
    parser.add_argument("--batches", nargs="*", type=int, default=[1, 8, 16, 32, 64, 128])
    parser.add_argument("--images", type=int, default=256, help="lines, or a sixteenth as many pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--on-cpu", action="store_true")
    wanted = parser.parse_args(arguments)
    device = best_device()
    if device != "cuda" and not wanted.on_cpu:
        print("Cannot run here: no CUDA GPU, so there are no lines a second to report.")
        return
    weights = dict(given.split("=", 1) for given in wanted.weights)
    for engine_id in wanted.engines:
        images = wanted.images if engine_id in ("trocr-large", "dtrocr") else max(1, wanted.images // 16)
        with TemporaryDirectory() as home:
            try:
                contest = CONTESTS[engine_id](images, weights.get(engine_id, ""), Path(home))
            except EngineUnavailable as missing:
                print(f"{engine_id} cannot run here: {missing}")
                continue
            _measure(contest, device, wanted.batches, wanted.rounds)


def _measure(contest: Contest, device: str, batches: Sequence[int], rounds: int) -> None:
    rivals: dict[str, Work] = {OURS: contest.ours}
    for batch in _that_fit(contest, batches):
        rivals[f"transformers, batches of {batch}"] = partial(contest.read_in_batches_of, batch)
    seconds = in_turns(rivals, rounds)
    lines = contest.images * contest.lines
    precision = str(contest.dtype).removeprefix("torch.")
    print(f"{contest.name} on {_named(device)}, {precision}, {lines} lines, ours in batches of {contest.our_batch}")
    print(table(seconds, OURS))
    for name, times in seconds.items():
        print(f"  {name}: {lines / median(times):.1f} lines a second")
    best = min((name for name in seconds if name != OURS), key=lambda name: median(seconds[name]))
    print(f"  {ratio(seconds, best, OURS):.2f} times as fast as {best}")
    work = work_of(partial(contest.theirs, contest.our_batch), contest.model, contest.writer, contest.tokens)
    each = median(seconds[OURS]) * contest.our_batch / contest.images
    print(work.told(measured(device, contest.dtype), each), flush=True)


def _that_fit(contest: Contest, batches: Sequence[int]) -> list[int]:
    """The batches that the device has memory for; each is tried, which also warms it."""
    import torch

    contest.ours()
    fitting = []
    for batch in batches:
        try:
            contest.theirs(batch, contest.tokens)
        except torch.OutOfMemoryError:
            print(f"{contest.name}: no memory for batches of {batch}")
            break
        fitting.append(batch)
    return fitting


def _named(device: str) -> str:
    import torch

    return torch.cuda.get_device_name() if device == "cuda" else f"a {device}, which says nothing about a GPU"


if __name__ == "__main__":
    main()
