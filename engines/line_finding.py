"""Page -> text lines in reading order, and engines that read them one by one, in batches, put together again.

Lines are found by PP-OCRv6's detector, or by where the ink is when that is not installed. Knows nothing of the models;
they are `LineReader`s.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import inf
from time import monotonic
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.contract import EngineSpec, PageImage, Point, Reading, ReadingTask, Region, Sent, report_progress
from engines.errors import EngineUnavailable, TimedOut
from engines.page_fitting import Pixels, rgb_pixels
from engines.reading_order import Quad, reading_order, sideways_lines
from engines.weights import Detector, crashes_told, load_detector, turn_at
from translations import _

LONG_EDGES = (960, 1440, 1920)
"""Detector sizes in pixels, tried in turn: most handwriting is found at the first."""
LEGIBLE_HEIGHTS = (32, 400)
"""Median line heights, in detector pixels, between which lines are told apart. Below, close lines of small writing run
together, and what is found is taller than they are: a page of 81 lines gave 29 boxes of 20 pixels, then 51, then 75."""
MORE_FOUND = 1.1
"""How much longer all lines together must be at a larger size for a still larger one to be tried."""
LEANS = tuple(step / 10 for step in (0, *range(1, 13), -1, -2))
"""By how much letters are taken to lean to the right, in their own height; where two fit alike, the first."""
LEAN_HEIGHT, SOLID = 48, 0.9
"""Leaning is measured on a line of so many rows; a column's ink counts as one piece if it fills that share of it."""
STRIP = 0.3
"""Pages lower than this share of their width are passed on whole when they hold one row of text."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line or a piece of one; pieces with the same `row` stand side by side.

    `polygon` as in `Region`, from where the writing begins. A `sideways` line is taken to be written up the page; it
    may as well be written down, which only reading it tells (`turned_over`).
    """

    polygon: tuple[Point, Point, Point, Point]
    row: int
    sideways: bool = False


class LineFinder:
    """Finds the lines of a page; loads its network at the first page and locks it while it works."""

    def __init__(self, detector: str = "v6-small") -> None:
        self.detector = detector
        self._network: Detector | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the network now; raises `EngineUnavailable`."""
        with self._lock:
            self._network = self._network or load_detector(self.detector)

    def find(self, pixels: Pixels) -> list[TextLine]:
        """The lines in reading order; none on a blank page. Raises `EngineUnavailable` without the detector."""
        self.load()
        return _in_reading_order(self._detect(pixels))

    def _detect(self, pixels: Pixels) -> list[Quad]:
        """Lines at the first size that tells them apart, by their height, or beyond which no more is found."""
        quads: list[Quad] = []
        for edge in LONG_EDGES:
            scale = min(1.0, edge / max(pixels.shape[:2]))
            before, quads = quads, self._detect_at(pixels, scale)
            heights = [float(np.linalg.norm(quad[3] - quad[0])) * scale for quad in quads]
            shortest, tallest = LEGIBLE_HEIGHTS
            legible = bool(heights) and shortest <= np.median(heights) <= tallest
            if scale == 1.0 or legible or (before and _length(quads) < MORE_FOUND * _length(before)):
                break
        return quads

    def _detect_at(self, pixels: Pixels, scale: float) -> list[Quad]:
        import cv2

        height, width = pixels.shape[:2]
        size = max(32, round(width * scale)), max(32, round(height * scale))  # the network works in blocks of 32
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        assert self._network is not None, "load() comes first"
        with self._lock:
            found = self._network(np.ascontiguousarray(small[:, :, ::-1])).boxes
        back = np.array([width / size[0], height / size[1]])
        return [] if found is None else [np.asarray(box, np.float64) * back for box in found]


def _length(quads: list[Quad]) -> float:
    """Of all lines together."""
    return sum(float(np.linalg.norm(quad[1] - quad[0])) for quad in quads)


def find_lines(pixels: Pixels, finder: LineFinder) -> list[TextLine]:
    """The lines for an engine that reads one at a time: a page that already is one line stays as it is."""
    try:
        lines = finder.find(pixels)
    except EngineUnavailable:
        lines = _in_reading_order(bands_of_ink(pixels))
    height, width = pixels.shape[:2]
    if height < STRIP * width and len({line.row for line in lines}) <= 1:
        return [whole_page(pixels)]
    return lines


def whole_page(pixels: Pixels) -> TextLine:
    """The page as one line."""
    height, width = pixels.shape[:2]
    return TextLine(((0, 0), (width, 0), (width, height), (0, height)), 0)


def bands_of_ink(pixels: Pixels) -> list[Quad]:
    """Lines by projection profile: bands of rows with ink. Wants level, single-column writing."""
    ink = _ink(pixels)
    quads = []
    for top, bottom in _runs(ink.mean(axis=1) > 0.004, bridge=max(1, len(ink) // 200)):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        if bottom - top >= 6 and len(columns):
            left, right = int(columns[0]), int(columns[-1]) + 1
            quads.append(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64))
    return quads


def crop(pixels: Pixels, line: TextLine) -> Pixels:
    """The line, turned level."""
    import cv2

    quad = np.array(line.polygon, np.float32)
    width = max(1, round(float(np.linalg.norm(quad[1] - quad[0]))))
    height = max(1, round(float(np.linalg.norm(quad[3] - quad[0]))))
    level = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, level)
    warped = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def widened(line: TextLine, sideways: float, upwards: float) -> TextLine:
    """The line with more of its surroundings; both are shares of its height."""
    quad = np.array(line.polygon)
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    height = float(np.linalg.norm(down))
    x = along / max(float(np.linalg.norm(along)), 1e-6) * sideways * height
    y = down * upwards
    wider = _line(np.array([quad[0] - x - y, quad[1] + x - y, quad[2] + x + y, quad[3] - x + y]), line.row)
    return replace(wider, sideways=line.sideways)


def turned_over(line: TextLine) -> TextLine:
    """The line as if it were written the other way."""
    first, second, third, fourth = line.polygon
    return replace(line, polygon=(third, fourth, first, second))


def deslanted(image: Pixels) -> Pixels:
    """A line's crop with its letters set upright, if they lean; no wider than before.

    Letters lean as much as the shear under which most of their strokes stand in one piece: Vinciarelli and Luettin,
    "A new normalization technique for cursive handwritten words", 2001.
    """
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    size = max(8, round(image.shape[1] * LEAN_HEIGHT / image.shape[0])), LEAN_HEIGHT
    _, ink = cv2.threshold(
        cv2.resize(grey, size, interpolation=cv2.INTER_AREA), 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU
    )
    lean = max(LEANS, key=lambda lean: _upright_strokes(_sheared(ink, lean, cv2.INTER_NEAREST)))
    return _sheared(image, lean, cv2.INTER_CUBIC) if lean else image


def _sheared(image: Pixels, lean: float, interpolation: int) -> Pixels:
    """The middle row stays where it is; `lean` is by how much the letters lean to the right, in their own height."""
    import cv2

    height, width = image.shape[:2]
    matrix = np.array([(1, lean, -lean * height / 2), (0, 1, 0)], np.float32)
    border = cv2.BORDER_REPLICATE if image.ndim > 2 else cv2.BORDER_CONSTANT  # what surrounds ink is no ink
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), flags=interpolation, borderMode=border), np.uint8)


def _upright_strokes(ink: Pixels) -> float:
    """The squared heights of the columns whose ink is in one piece."""
    inked = ink.sum(axis=0, dtype=np.int64)
    top = ink.argmax(axis=0)
    foot = ink.shape[0] - ink[::-1].argmax(axis=0)
    heights = (foot - top)[(inked > 0) & (inked >= SOLID * (foot - top))]
    return float((heights.astype(np.float64) ** 2).sum())


def join_rows(lines: list[TextLine], texts: list[str]) -> str:
    """The page's text: one line per row, pieces of a row parted by a space, empty pieces left out."""
    rows: dict[int, list[str]] = {}
    for line, text in zip(lines, texts, strict=True):
        if text.strip():
            rows.setdefault(line.row, []).append(text.strip())
    return "\n".join(" ".join(pieces) for pieces in rows.values())


def _in_reading_order(quads: list[Quad]) -> list[TextLine]:
    sideways = sideways_lines(quads)
    return [
        replace(_line(np.roll(quads[place], 1, axis=0), row), sideways=True)
        if place in sideways
        else _line(quads[place], row)
        for row, places in enumerate(reading_order(quads))
        for place in places
    ]


def _line(quad: Quad, row: int) -> TextLine:
    first, second, third, fourth = ((float(x), float(y)) for x, y in quad)
    return TextLine((first, second, third, fourth), row)


def _ink(pixels: Pixels) -> NDArray[np.bool_]:
    """Where the page is clearly darker than its paper."""
    grey = pixels.mean(axis=2)
    paper, darkest = np.percentile(grey, 90), np.percentile(grey, 1)
    return np.asarray(grey < paper - max(30.0, 0.4 * (paper - darkest)))


def _runs(marked: NDArray[np.bool_], bridge: int) -> list[tuple[int, int]]:
    """Start and end of each run of marks; gaps up to `bridge` do not end a run."""
    runs: list[tuple[int, int]] = []
    for position in np.flatnonzero(marked).tolist():
        if runs and position - runs[-1][1] <= bridge:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs


AROUND_A_LINE = 0.06
"""Share of a line's height that is left around it: line models were trained on crops that cut nothing off."""


class LineText(NamedTuple):
    """What was read on a line; `finished` is False where the model was stopped at its limit."""

    text: str
    confidence: float
    finished: bool = True


class LineReader(Protocol):
    """A loaded model."""

    @property
    def reported(self) -> str:
        """Model and revision."""

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """What is shown with the reading."""

    @property
    def batch_size(self) -> int:
        """How many lines this machine reads at once."""

    def read_lines(self, lines: Sequence[Pixels]) -> list[LineText]:
        """One text per line; lines of one call are one batch."""


class LineEngine(ABC):
    """Loads its model at the first page and reads one batch at a time."""

    def __init__(self, spec: EngineSpec, key: str | None = None) -> None:
        self.spec = spec
        self._finder = LineFinder()
        self._reader: LineReader | None = None
        self._lock = threading.Lock()

    @abstractmethod
    def load_reader(self) -> LineReader:
        """The model of this row; raises `EngineUnavailable`."""

    def load(self) -> None:
        """Load the model now; raises `EngineUnavailable`."""
        with turn_at(self._lock), crashes_told(self.spec.label):
            self._loaded()

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page line by line."""
        return self.read_many([page], task)[0]

    def read_many(self, pages: Sequence[PageImage], task: ReadingTask) -> list[Reading]:
        """One reading per page, in order; batches are filled across pages."""
        with turn_at(self._lock), crashes_told(self.spec.label):
            reader = self._loaded()
            deadline = monotonic() + task.timeout_seconds
            found, crops = [], []
            for page in pages:
                pixels = rgb_pixels(page)
                lines = [_ways(line) for line in find_lines(pixels, self._finder)]
                found.append(lines)
                crops += [_line_image(pixels, way) for ways in lines for way in ways]
            texts = iter(read_in_batches(reader, crops, deadline))
        return [
            _reading(page, [_surest(ways, list(islice(texts, len(ways)))) for ways in lines], reader)
            for page, lines in zip(pages, found, strict=True)
        ]

    def _loaded(self) -> LineReader:
        if self._reader is None:
            report_progress(_("loading {engine}", engine=self.spec.label))
            self._reader = self.load_reader()
        return self._reader


def read_in_batches(reader: LineReader, lines: Sequence[Pixels], deadline: float = inf) -> list[LineText]:
    """One text per line, in order. Lines of like shape share a batch, since a batch takes as long as its longest.

    Raises `TimedOut` before a batch that would start after `deadline` (of `time.monotonic`).
    """
    by_length = sorted(range(len(lines)), key=lambda place: lines[place].shape[1] / lines[place].shape[0])
    texts: dict[int, LineText] = {}
    for start in range(0, len(by_length), reader.batch_size):
        if monotonic() > deadline:
            raise TimedOut(
                _("{n} of {all} lines were read in the time allowed.", n=start, all=len(lines)),
                fix=_("Allow more time, or choose a smaller model."),
            )
        report_progress(_("line {n} of {all}", n=start + 1, all=len(lines)), start / len(lines))
        places = by_length[start : start + reader.batch_size]
        texts.update(zip(places, reader.read_lines([lines[place] for place in places]), strict=True))
    return [texts[place] for place in range(len(lines))]


def _ways(line: TextLine) -> list[TextLine]:
    """The ways to read a line: one written sideways may run up or down."""
    return [line, turned_over(line)] if line.sideways else [line]


def _surest(ways: list[TextLine], texts: list[LineText]) -> tuple[TextLine, LineText]:
    return max(zip(ways, texts, strict=True), key=lambda read: read[1].confidence)


def _line_image(pixels: Pixels, line: TextLine) -> Pixels:
    if line == whole_page(pixels):
        return pixels
    return crop(pixels, widened(line, AROUND_A_LINE, AROUND_A_LINE))


def _reading(page: PageImage, lines: list[tuple[TextLine, LineText]], reader: LineReader) -> Reading:
    return Reading(
        text=join_rows([line for line, _ in lines], [read.text for _, read in lines]),
        regions=tuple(
            Region("line", read.text, line.polygon, read.confidence) for line, read in lines if read.text.strip()
        ),
        truncated=not all(read.finished for _, read in lines),
        model_reported=reader.reported,
        sent=Sent(page.width, page.height, settings=reader.settings),
    )
