"""An embedded engine's first page after the start, against its bare library: `python -m benchmarks.first_result`.

Each first time has a process of its own, in turns: importing, loading and reading. Then the first page of an engine
that was warmed, as the app does after the first paint.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from time import perf_counter

from benchmarks.app_process import ROOT
from benchmarks.side_by_side import table

WAYS = ("bare library", "engine", "engine, warmed")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each engine; with `--once`, do one first time and print its seconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_result", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", nargs="*", default=["ppocr-v6-small", "ppocr-v6-tiny", "ppocr-v5", "tesseract"])
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.once:
        print(_seconds(*wanted.once))
        return
    for engine_id in wanted.engines:
        seconds: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(wanted.rounds):
            for way in WAYS:
                seconds[way].append(_in_a_process(engine_id, way))
        print(engine_id)
        print(table(seconds, WAYS[0]), flush=True)


def _in_a_process(engine_id: str, way: str) -> float:
    program = [sys.executable, "-m", "benchmarks.first_result", "--once", engine_id, way]
    return float(subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()[-1])


def _seconds(engine_id: str, way: str) -> float:
    from benchmarks.bare_libraries import bare_reader
    from engines.catalogue import spec_by_id
    from engines.contract import ReadingTask
    from engines.loaded import LoadedEngines
    from playground.settings import calm_threads
    from playground.uploads import accept
    from samples import load_samples

    calm_threads()
    spec, sample = spec_by_id(engine_id), load_samples()[0]
    engines, bare = LoadedEngines(), bare_reader(spec)
    page = accept(sample.image.read_bytes(), sample.image.name)
    if way == "engine, warmed":
        engines.warm(spec)
    started = perf_counter()
    if way == "bare library":
        bare(sample.image)
    else:
        engines.get(spec).read(page, ReadingTask())
    return perf_counter() - started


if __name__ == "__main__":
    main()
