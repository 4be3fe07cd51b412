"""An embedded engine's first page after the start, against its bare library: `python -m benchmarks.first_result`.

Each first time has a process of its own, in turns: importing, loading and reading. Then the first page of an engine
that was warmed, as the app does after the first paint. Tesseract's library is also called in the page segmentation
mode that the engine ended with, which is what a bare call that reads as well takes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.app_process import ROOT
from benchmarks.side_by_side import table

BARE, IN_OUR_MODE = "bare library", "bare library, in our mode"
ENGINE, WARMED = "engine", "engine, warmed"
ENGINES = ("ppocr-v6-small", "ppocr-v6-tiny", "ppocr-v5", "tesseract")
IMAGES = ("samples/images/line.jpg", "samples/images/letter.jpg")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print two tables for each engine and image; with `--once`, do one first time and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_result", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", nargs="*", default=ENGINES)
    parser.add_argument("--images", nargs="*", default=[str(ROOT / image) for image in IMAGES])
    parser.add_argument("--once", nargs=4, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.once:
        engine_id, way, image, mode = wanted.once
        print(*_first_time(engine_id, way, Path(image), mode))
        return
    for engine_id in wanted.engines:
        for image in wanted.images:
            _measure(engine_id, str(Path(image).resolve()), wanted.rounds)


def _measure(engine_id: str, image: str, rounds: int) -> None:
    ways = (BARE, ENGINE, WARMED, IN_OUR_MODE) if engine_id == "tesseract" else (BARE, ENGINE, WARMED)
    wall: dict[str, list[float]] = {way: [] for way in ways}
    processor: dict[str, list[float]] = {way: [] for way in ways}
    mode = ""
    for _ in range(rounds):
        for way in ways:
            seconds, worked, mode = _in_a_process(engine_id, way, image, mode if way == IN_OUR_MODE else "")
            wall[way].append(seconds)
            processor[way].append(worked)
    for clock, times in (("wall clock", wall), ("processor", processor)):
        print(f"{engine_id}, {Path(image).name}, {clock}")
        print(table(times, BARE), flush=True)


def _in_a_process(engine_id: str, way: str, image: str, mode: str) -> tuple[float, float, str]:
    program = [sys.executable, "-m", "benchmarks.first_result", "--once", engine_id, way, image, mode]
    told = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seconds, worked, *used = told.splitlines()[-1].split()
    return float(seconds), float(worked), "".join(used)


def _first_time(engine_id: str, way: str, image: Path, mode: str) -> tuple[float, float, str]:
    """Seconds on the wall and of the processor, and the page segmentation mode where the engine told one."""
    from benchmarks.bare_libraries import bare_reader
    from engines.catalogue import spec_by_id
    from engines.contract import ReadingTask
    from engines.registry import LoadedEngines
    from playground.settings import calm_threads
    from playground.uploads import accept

    calm_threads()
    spec, engines = spec_by_id(engine_id), LoadedEngines()
    bare, page = bare_reader(spec, mode), accept(image.read_bytes(), image.name)
    if way == WARMED:
        engines.warm(spec)
    started, worked = perf_counter(), process_time()
    if way in (ENGINE, WARMED):
        sent = engines.get(spec).read(page, ReadingTask()).sent
        mode = dict(sent.settings if sent else ()).get("page segmentation mode", "")
    else:
        bare(image)
    return perf_counter() - started, process_time() - worked, mode


if __name__ == "__main__":
    main()
