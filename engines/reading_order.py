"""Boxes of text on a page -> the order in which a person reads them. Knows nothing of pixels or engines.

Boxes are quadrilaterals of shape (4, 2): top left, top right, bottom right, bottom left, in pixels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
