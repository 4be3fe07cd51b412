"""What both trainings are told on the command line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engines.training.line_data import FolderLines, Line, RenderedLines, Source, batch_at
from engines.training.loop import Plan

MEASURED_SEED = 2**31
"""The step whose rendered lines are measured on; no training gets that far."""


def add_line_arguments(parser: ArgumentParser, steps: int, batch_size: int, learning_rate: float) -> None:
    """Where lines come from, how long to learn, where to save."""
    lines = parser.add_mutually_exclusive_group(required=True)
    lines.add_argument("--lines", type=Path, help="a folder of line images, each with a .txt file of the same name")
    lines.add_argument("--fonts", type=Path, help="a folder of fonts to render lines with, such as samples/fonts")
    parser.add_argument("--texts", type=Path, default=Path("samples/references"), help="words to render")
    parser.add_argument("--out", type=Path, required=True, help="where to save; a training there is gone on with")
    parser.add_argument("--held-out", type=int, default=64, help="how many lines to measure on")
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch-size", type=int, default=batch_size)
    parser.add_argument("--learning-rate", type=float, default=learning_rate)
    parser.add_argument("--measure-every", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2, help="processes that make batches")


def lines_of(given: Namespace) -> tuple[Source, list[Line]]:
    """Lines to learn from and lines to measure on."""
    if given.lines:
        learned, measured = FolderLines.of(given.lines).split(given.held_out)
        return learned, measured.all()
    source = RenderedLines.of(given.fonts, given.texts)
    return source, batch_at(source, given.held_out, MEASURED_SEED)


def plan_of(given: Namespace) -> Plan:
    """The training plan as given."""
    return Plan(given.steps, given.batch_size, given.learning_rate, given.measure_every, given.workers)
