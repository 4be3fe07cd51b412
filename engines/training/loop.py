"""The training loop line models share, what it is told on the command line, and the lines to learn from.

AdamW, warm-up and cosine, mixed precision on a GPU, resumes where it was. Lines are images with their texts, from a
folder or rendered from handwriting fonts; a batch is a function of its step alone, so that a training that resumes sees
what it would have seen, and any process can make any batch. Knows nothing of models.
"""

from __future__ import annotations

import math
import time
from argparse import ArgumentParser, Namespace
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from rapidfuzz.distance import Levenshtein

from engines.line_finding import LineReader, read_in_batches
from engines.page_fitting import Pixels

if TYPE_CHECKING:
    import torch


IMAGES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"}
FONTS = {".ttf", ".otf", ".woff2", ".woff"}
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Line:
    """One line's image and what is written on it."""

    image: Pixels
    text: str


class Source(Protocol):
    """Where lines come from; must be picklable."""

    def draw(self, random: Random) -> Line:
        """A line chosen by chance."""


@dataclass(frozen=True, slots=True)
class FolderLines:
    """Line images with their references in text files of the same name."""

    images: tuple[Path, ...]

    @classmethod
    def of(cls, folder: Path) -> FolderLines:
        """All pairs in a folder; raises FileNotFoundError if there is none."""
        images = tuple(
            sorted(p for p in folder.iterdir() if p.suffix.lower() in IMAGES and p.with_suffix(".txt").is_file())
        )
        if not images:
            raise FileNotFoundError(f"{folder} holds no image with a .txt file of the same name.")
        return cls(images)

    def split(self, held_out: int) -> tuple[FolderLines, FolderLines]:
        """Lines to learn from and lines to measure on: every n-th is held out, for pages' lines stand in order."""
        every = max(2, len(self.images) // max(1, held_out))
        measured = set(self.images[::every][:held_out])
        return FolderLines(tuple(p for p in self.images if p not in measured)), FolderLines(tuple(sorted(measured)))

    def all(self) -> list[Line]:
        """Every line, unchanged."""
        return [self._line(path) for path in self.images]

    def draw(self, random: Random) -> Line:
        """A line, worn a little."""
        line = self._line(self.images[int(random.integers(len(self.images)))])
        return Line(worn(Image.fromarray(line.image), random), line.text)

    def _line(self, path: Path) -> Line:
        pixels = np.asarray(Image.open(path).convert("RGB"))
        return Line(pixels, " ".join(path.with_suffix(".txt").read_text(encoding="utf-8").split()))


@dataclass(frozen=True, slots=True)
class RenderedLines:
    """Words put together by chance and written in one of the fonts."""

    fonts: tuple[Path, ...]
    words: tuple[str, ...]
    most_words: int = 8

    @classmethod
    def of(cls, fonts: Path, texts: Path, most_words: int = 8) -> RenderedLines:
        """The fonts of a folder and the words of a text file or of a folder of them; raises FileNotFoundError."""
        faces = tuple(sorted(p for p in fonts.iterdir() if p.suffix.lower() in FONTS))
        files = sorted(texts.glob("*.txt")) if texts.is_dir() else [texts]
        words = sorted({word for file in files for word in file.read_text(encoding="utf-8").split()})
        if not faces or not words:
            raise FileNotFoundError(f"{fonts} must hold fonts and {texts} words.")
        return cls(faces, tuple(words), most_words)

    def draw(self, random: Random) -> Line:
        """One to `most_words` words, now and then a number among them."""
        text = " ".join(self._word(random) for _ in range(int(random.integers(1, self.most_words + 1))))
        font = ImageFont.truetype(self.fonts[int(random.integers(len(self.fonts)))], int(random.integers(32, 52)))
        left, top, right, bottom = map(math.floor, font.getbbox(text))
        margin = random.integers(4, 20, size=4)
        size = (right - left + int(margin[:2].sum()), bottom - top + int(margin[2:].sum()))
        paper, ink = int(random.integers(200, 256)), int(random.integers(0, 110))
        image = Image.new("RGB", size, (paper,) * 3)
        ImageDraw.Draw(image).text((int(margin[0]) - left, int(margin[2]) - top), text, font=font, fill=(ink,) * 3)
        return Line(worn(image, random), text)

    def _word(self, random: Random) -> str:
        if random.random() < 0.08:
            return str(random.integers(10 ** int(random.integers(1, 5))))
        word = self.words[int(random.integers(len(self.words)))]
        return word.capitalize() if random.random() < 0.15 else word


def worn(image: Image.Image, random: Random) -> Pixels:
    """The line as another hand and camera might give it: slanted, squeezed, a little blurred and noisy."""
    slant, squeeze = random.uniform(-0.25, 0.25), random.uniform(0.85, 1.15)
    width = max(1, round(image.width * squeeze))
    shift = -slant * image.height / 2
    corner = image.getpixel((0, 0))
    moved = image.transform(
        (width, image.height), Image.Transform.AFFINE, (1 / squeeze, slant, shift, 0, 1, 0),
        Image.Resampling.BILINEAR, fillcolor=corner if isinstance(corner, tuple) else None,
    )  # fmt: skip
    if random.random() < 0.4:
        moved = moved.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.2)))
    noise = random.normal(0, random.uniform(0, 10), (image.height, width, 1))
    return np.clip(np.asarray(moved) + noise, 0, 255).astype(np.uint8)


def batch_at(source: Source, size: int, step: int) -> list[Line]:
    """The lines of a training step."""
    random = np.random.default_rng(step)
    return [source.draw(random) for _ in range(size)]


def batches(source: Source, size: int, first: int, last: int, workers: int) -> Iterator[list[Line]]:
    """The batches of steps `first` to `last` - 1, made ahead by `workers` processes (none: here, one by one)."""
    if workers == 0:
        yield from (batch_at(source, size, step) for step in range(first, last))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        ahead: deque[Future[list[Line]]] = deque()
        for step in range(first, last):
            ahead.append(pool.submit(batch_at, source, size, step))
            if len(ahead) > 2 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


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
