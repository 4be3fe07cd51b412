"""Lines to learn from: images with their texts, from a folder or rendered from handwriting fonts.

A batch is a function of its step alone, so that a training that resumes sees what it would have seen, and any process
can make any batch. Knows nothing of models.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from engines.page_fitting import Pixels

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
