"""Which way up a page lies when no camera said so: its lines say along which axis, and how they read which end is up.

The networks are PP-OCR's. Writing reads with confidence one way round and as a few doubtful letters the other. The
thresholds were set on 44 real pages at four angles alone: the right answer passes each of them nine times in ten or
more, and the only wrong one fails by far. benchmarks/accuracy/page_orientation.py counts on pages that had no say.
Knows nothing of engines.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np

from engines.contract import PageImage
from engines.errors import EngineError
from engines.line_finding import LineFinder, TextLine, crop
from engines.page_fitting import Pixels, page_from, rgb_image, rgb_pixels
from engines.weights import FoundTexts, Recogniser, crashes_told, load_recogniser
from translations import _

Turn = Literal[0, 90, 180, 270]
"""Degrees clockwise."""
QUARTER: Turn = 90
HALF: Turn = 180

LINES_READ = 5
"""The longest ones; each is read both ways round."""
ALONG_ONE_AXIS = 0.9
"""Share of the lines' length that must lie along the page's axis."""
LEAST_WRITING = 0.75
"""Length of all lines, in longer edges of the page: a stamp or a label may lie on the page in any way."""
CLEARLY_LONGER = 1.5
"""A box this much longer than wide has an axis."""
LEAST_MARGIN = 0.12
"""Between the mean confidences of the characters read one way round and the other."""
LEAST_CONFIDENCE = 0.65
LEAST_CHARACTERS = 15
LEAST_WINS = 0.75
"""Share of the lines that must read better the way the page as a whole does."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """What must be done for the page to stand upright; not `certain`, it is the better guess."""

    turn: Turn = 0
    certain: bool = False

    @property
    def done(self) -> Turn:
        """By how much the page is turned without asking anybody."""
        return self.turn if self.certain else 0

    @property
    def sentence(self) -> str:
        """What was done, or may have to be; empty where there is nothing to say."""
        if not self.turn:
            return ""
        if self.turn == HALF:
            if self.certain:
                return _("The page lay upside down: turned by {n} degrees.", n=self.turn)
            return _("The page may lie upside down.")
        if self.certain:
            return _("The page lay on its side: turned by {n} degrees.", n=self.turn)
        return _("The page may lie on its side.")


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
        lines = [line for line in map(_Line.of, self._finder.find(pixels)) if line]
        if not lines:
            return Orientation()
        upright = sum(line.length for line in lines if not line.sideways)
        sideways = sum(line.length for line in lines if line.sideways)
        on_its_side = sideways > upright
        along = sorted((line for line in lines if line.sideways == on_its_side), key=lambda line: line.length)
        crops = [crop(pixels, line.box) for line in along[-LINES_READ:]]
        better, certain = _compared(
            self._read(crops), self._read([np.ascontiguousarray(one[::-1, ::-1]) for one in crops])
        )
        turns: tuple[Turn, Turn] = (270, 90) if on_its_side else (0, 180)
        most = max(upright, sideways)
        enough = most >= ALONG_ONE_AXIS * (upright + sideways) and most >= LEAST_WRITING * max(pixels.shape[:2])
        return Orientation(turns[better], certain and enough)

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


class _Line(NamedTuple):
    """A box that is clearly longer than wide; it begins where its writing does if that runs right or down."""

    box: TextLine
    length: float
    sideways: bool

    @classmethod
    def of(cls, found: TextLine) -> _Line | None:
        corners = np.array(found.polygon)
        sides = np.roll(corners, -1, axis=0) - corners
        lengths = np.linalg.norm(sides, axis=1)
        if max(lengths) < CLEARLY_LONGER * min(lengths):
            return None
        longer = int(lengths[1] > lengths[0])  # and the one opposite, which runs the other way
        sideways = bool(abs(sides[longer][1]) > abs(sides[longer][0]))
        first = longer if sides[longer][int(sideways)] > 0 else longer + 2
        one, two, three, four = (found.polygon[(first + place) % 4] for place in range(4))
        return cls(TextLine((one, two, three, four), found.row), float(lengths[longer]), sideways)
