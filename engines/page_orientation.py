"""Which way up a page lies when no camera said so: its lines say along which axis, and how they read which end is up.

The networks are PP-OCR's. Writing reads with confidence one way round and as a few doubtful letters the other;
benchmarks/accuracy/page_orientation.py says how often that is right. Knows nothing of engines.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from engines.contract import PageImage
from engines.errors import EngineError
from engines.line_finding import LineFinder, TextLine, crop
from engines.local_errors import crashes_told
from engines.pixels import Pixels, page_from, rgb_image, rgb_pixels
from engines.ppocr_models import FoundTexts, Recogniser, load_recogniser

Turn = Literal[0, 90, 180, 270]
"""Degrees clockwise."""

LINES_READ = 5
"""The longest ones; each is read both ways round."""
ALONG_ONE_AXIS = 0.8
"""Share of the lines' length that must lie along the page's axis."""
CLEARLY_LONGER = 1.5
"""A box this much longer than wide has an axis."""
LEAST_MARGIN = 0.12
"""Between the mean confidences of the characters read one way round and the other."""
LEAST_CONFIDENCE = 0.65
LEAST_CHARACTERS = 12
LEAST_WINS = 0.75
"""Share of the lines that must read better the way the page as a whole does."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """What must be done for the page to stand upright; not `certain`, it is the better guess."""

    turn: Turn = 0
    certain: bool = False


class OrientationFinder:
    """Loads its networks at the first page; may be asked from any thread."""

    def __init__(self) -> None:
        self._finder = LineFinder()
        self._recogniser: Recogniser | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load both networks now; raises `EngineUnavailable`."""
        self._finder.load()
        with self._lock:
            self._recogniser = self._recogniser or load_recogniser("v6-small")

    def find(self, page: PageImage) -> Orientation:
        """The page's orientation; an uncertain 0 where it has no lines or the networks are not installed."""
        try:
            with crashes_told("PP-OCR"):
                self.load()
                return self._found(rgb_pixels(page))
        except EngineError:
            return Orientation()

    def _found(self, pixels: Pixels) -> Orientation:
        lines = self._finder.find(pixels)
        upright = sum(width for width, height in map(_size, lines) if width > CLEARLY_LONGER * height)
        sideways = sum(height for width, height in map(_size, lines) if height > CLEARLY_LONGER * width)
        if not upright + sideways:
            return Orientation()
        on_its_side = sideways > upright
        along = sorted((line for line in lines if (_size(line)[1] > _size(line)[0]) == on_its_side), key=_length)
        crops = [crop(pixels, line) for line in along[-LINES_READ:]]
        level = [np.ascontiguousarray(np.rot90(image)) for image in crops] if on_its_side else crops
        one_way, other_way = self._read(level), self._read([np.ascontiguousarray(image[::-1, ::-1]) for image in level])
        better, certain = _compared(one_way, other_way)
        turns: tuple[Turn, Turn] = (270, 90) if on_its_side else (0, 180)
        alike = max(upright, sideways) >= ALONG_ONE_AXIS * (upright + sideways)
        return Orientation(turns[better], certain and alike)

    def _read(self, lines: Sequence[Pixels]) -> FoundTexts:
        assert self._recogniser is not None, "load() comes first"
        with self._lock:
            return self._recogniser([image[:, :, ::-1] for image in lines])


def turned(page: PageImage, turn: Turn) -> PageImage:
    """The page turned clockwise; no pixel is lost."""
    return page_from(rgb_image(page).rotate(-turn, expand=True)) if turn else page


def turn_of(degrees: int) -> Turn:
    """Any sum of turns as one."""
    return next(turn for turn in get_args(Turn) if turn == degrees % 360)


def _compared(one: FoundTexts, other: FoundTexts) -> tuple[int, bool]:
    """0 if the first reads better, else 1; and whether that is beyond doubt."""
    confidences = [_confidence(one), _confidence(other)]
    better = int(confidences[1] > confidences[0])
    best, rest = (one, other)[better], (other, one)[better]
    wins = sum(a > b for a, b in zip(best.scores, rest.scores, strict=True)) / len(best.scores)
    clear = confidences[better] - confidences[1 - better] >= LEAST_MARGIN and wins >= LEAST_WINS
    legible = confidences[better] >= LEAST_CONFIDENCE and sum(map(len, best.txts)) >= LEAST_CHARACTERS
    return better, clear and legible


def _confidence(found: FoundTexts) -> float:
    """Of a character, on average; 0 where nothing was read."""
    lengths = [len(text) for text in found.txts]
    return sum(score * length for score, length in zip(found.scores, lengths, strict=True)) / (sum(lengths) or 1)


def _size(line: TextLine) -> tuple[float, float]:
    top_left, top_right, _, bottom_left = np.array(line.polygon)
    return float(np.linalg.norm(top_right - top_left)), float(np.linalg.norm(bottom_left - top_left))


def _length(line: TextLine) -> float:
    return max(_size(line))
