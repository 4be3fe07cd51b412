"""The training loop line models share, and what it is told on the command line.

AdamW, warm-up and cosine, mixed precision on a GPU, resumes where it was.
"""

from __future__ import annotations

import math
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rapidfuzz.distance import Levenshtein

from engines.line_reading import LineReader, read_in_batches
from engines.training.line_data import FolderLines, Line, RenderedLines, Source, batch_at, batches

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn. `workers` make batches beside the training."""

    steps: int
    batch_size: int
    learning_rate: float
    measure_every: int
    workers: int = 0
    warm_up: int = 100


class Learner(Protocol):
    """A model that can be taught lines."""

    def trainable(self) -> Sequence[torch.nn.Parameter]:
        """The weights that change."""

    def loss(self, lines: Sequence[Line]) -> torch.Tensor:
        """How wrong the model is about these lines."""

    def reader(self) -> LineReader:
        """The model as an engine reads with it."""

    def save(self, folder: Path) -> None:
        """Write what an engine needs to read with this model."""


def train(
    learner: Learner, source: Source, measured: Sequence[Line], plan: Plan, folder: Path, tell: Callable[[str], None]
) -> float:
    """Teach and save; returns the last CER on the measured lines. A folder that holds a training is gone on with."""
    import torch

    weights = list(learner.trainable())
    optimiser = torch.optim.AdamW(weights, lr=plan.learning_rate, weight_decay=0.01)
    first = _resume(folder, weights, optimiser)
    cuda = weights[0].is_cuda
    started, error_rate = time.monotonic(), math.nan
    for step, lines in enumerate(batches(source, plan.batch_size, first, plan.steps, plan.workers), first):
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * _share(step, plan)
        with torch.autocast("cuda", torch.bfloat16, enabled=cuda):
            loss = learner.loss(lines)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        if (step + 1) % plan.measure_every == 0 or step + 1 == plan.steps:
            error_rate = character_error_rate(learner.reader(), measured)
            pace = (step + 1 - first) * plan.batch_size / (time.monotonic() - started)
            tell(f"step {step + 1}: loss {loss.item():.3f}, CER {error_rate:.3f}, {pace:.0f} lines/s")
            learner.save(folder)
            torch.save(
                {"step": step + 1, "weights": [w.detach() for w in weights], "optimiser": optimiser.state_dict()},
                folder / "training.pt",
            )
    return error_rate


def character_error_rate(reader: LineReader, lines: Sequence[Line]) -> float:
    """Edits per character over all lines, on code points: a guide while training, not the playground's measure."""
    texts = read_in_batches(reader, [line.image for line in lines])
    edits = sum(Levenshtein.distance(line.text, read.text) for line, read in zip(lines, texts, strict=True))
    return edits / max(1, sum(len(line.text) for line in lines))


def _share(step: int, plan: Plan) -> float:
    """The share of the full learning rate: up within the warm-up, then down to a tenth along a cosine."""
    warm_up = min(plan.warm_up, plan.steps // 10 + 1)
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.55 + 0.45 * math.cos(math.pi * (step - warm_up) / max(1, plan.steps - warm_up))


def _resume(folder: Path, weights: list[torch.nn.Parameter], optimiser: torch.optim.Optimizer) -> int:
    """The step to go on at; 0 for a new training."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "training.pt").is_file():
        return 0
    state = torch.load(folder / "training.pt", map_location=weights[0].device, weights_only=True)
    with torch.no_grad():
        for weight, saved in zip(weights, state["weights"], strict=True):
            weight.copy_(saved)
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


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
