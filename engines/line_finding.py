"""Page -> text lines in reading order, for engines that read single lines. Knows nothing of those engines.

Lines are found by PP-OCRv6's detector, or by where the ink is when that is not installed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.contract import Point
from engines.errors import EngineUnavailable
from engines.pixels import Pixels
from engines.ppocr_models import Detector, load_detector

LONG_EDGES = (960, 1920)
"""Detector sizes in pixels: handwriting is found at the first, print that is too small there at the second."""
LEGIBLE_HEIGHTS = (13, 400)
"""Median line heights, in detector pixels, between which lines are told apart (measured: below, they run together)."""
STRIP = 0.3
"""Pages lower than this share of their width are passed on whole when they hold one row of text."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line or a piece of one; pieces with the same `row` stand side by side. `polygon` as in `Region`."""

    polygon: tuple[Point, Point, Point, Point]
    row: int


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
        """Lines at the first size at which their height says that they were told apart."""
        quads: list[Quad] = []
        for edge in LONG_EDGES:
            scale = min(1.0, edge / max(pixels.shape[:2]))
            quads = self._detect_at(pixels, scale)
            heights = [float(np.linalg.norm(quad[3] - quad[0])) * scale for quad in quads]
            shortest, tallest = LEGIBLE_HEIGHTS
            if scale == 1.0 or (heights and shortest <= np.median(heights) <= tallest):
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
    return _line(np.array([quad[0] - x - y, quad[1] + x - y, quad[2] + x + y, quad[3] - x + y]), line.row)


def join_rows(lines: list[TextLine], texts: list[str]) -> str:
    """The page's text: one line per row, pieces of a row parted by a space, empty pieces left out."""
    rows: dict[int, list[str]] = {}
    for line, text in zip(lines, texts, strict=True):
        if text.strip():
            rows.setdefault(line.row, []).append(text.strip())
    return "\n".join(" ".join(pieces) for pieces in rows.values())


def _in_reading_order(quads: list[Quad]) -> list[TextLine]:
    return [_line(quads[index], row) for row, indices in enumerate(reading_order(quads)) for index in indices]


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


Quad = NDArray[np.float64]


class _Box(NamedTuple):
    """A quadrilateral, made level: its place in the list it came from and its upright extent."""

    place: int
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def reading_order(quads: list[Quad]) -> list[list[int]]:
    """Rows of indices into `quads`, top to bottom and left to right, one column of prose after the other."""
    return [[box.place for box in row] for row in _read(_levelled(quads))]


def _levelled(quads: list[Quad]) -> list[_Box]:
    """The boxes as they would stand if the page were not skewed, by the median slope of their long sides."""
    if not quads:
        return []
    stacked = np.stack(quads).astype(np.float64)
    along = (stacked[:, 1] + stacked[:, 2] - stacked[:, 0] - stacked[:, 3]) / 2
    widths = np.linalg.norm(along, axis=1)
    wide = widths >= np.median(widths)  # short boxes have no slope worth trusting
    angle = float(np.median(np.arctan2(along[wide, 1], along[wide, 0])))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centres = stacked.mean(axis=1) @ turn
    heights = np.linalg.norm(stacked[:, 3] - stacked[:, 0], axis=1)
    return [
        _Box(index, x - width / 2, x + width / 2, y - height / 2, y + height / 2)
        for index, ((x, y), width, height) in enumerate(zip(centres.tolist(), widths, heights, strict=True))
    ]


def _read(boxes: list[_Box]) -> list[list[_Box]]:
    """Rows of the boxes; where a gutter parts two columns, all of the left one before the right one."""
    gutter = _gutter(boxes)
    if gutter is None:
        return _rows(boxes)
    rows: list[list[_Box]] = []
    left: list[_Box] = []
    right: list[_Box] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if box.right <= gutter:
            left.append(box)
        elif box.left >= gutter:
            right.append(box)
        else:  # a heading across both columns ends what stands above it
            rows += [*_read(left), *_read(right), [box]]
            left, right = [], []
    return [*rows, *_read(left), *_read(right)]


def _gutter(boxes: list[_Box]) -> float | None:
    """The x of a white stripe between two columns of prose, or None.

    Prose fills its column, a table's cells do not: the lines on both sides must mostly be as wide as their column.
    """
    if len(boxes) < 6:
        return None
    edges = sorted({box.right for box in boxes})
    candidates = [(a + min((b.left for b in boxes if b.left > a), default=a)) / 2 for a in edges]
    best: tuple[int, float] | None = None
    for x in candidates:
        left = [box for box in boxes if box.right <= x]
        right = [box for box in boxes if box.left >= x]
        across = len(boxes) - len(left) - len(right)
        if across <= len(boxes) // 4 and _is_column(left) and _is_column(right):
            best = min(best or (across, x), (across, x))
    return best[1] if best else None


def _is_column(boxes: list[_Box]) -> bool:
    rows = _rows(boxes)
    if len(rows) < 3:
        return False
    extent = max(box.right for box in boxes) - min(box.left for box in boxes)
    filled = [row[-1].right - row[0].left for row in rows]
    return float(np.median(filled)) >= 0.7 * extent and extent >= 4 * float(np.median([box.height for box in boxes]))


def _rows(boxes: list[_Box]) -> list[list[_Box]]:
    """Boxes side by side form a row: each middle lies within half a box of its left neighbour's."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: box.left):
        fitting = [row for row in rows if _beside(row[-1], box)]
        if fitting:
            min(fitting, key=lambda row: abs(row[-1].middle - box.middle)).append(box)
        else:
            rows.append([box])
    return sorted(rows, key=lambda row: float(np.mean([box.middle for box in row])))


def _beside(left: _Box, right: _Box) -> bool:
    overlap = min(left.right, right.right) - max(left.left, right.left)
    close = abs(left.middle - right.middle) <= 0.5 * min(left.height, right.height)
    return close and overlap <= 0.5 * min(left.right - left.left, right.right - right.left)
