"""In which order the lines of a page are read: rows, columns, what stands between columns and what is written sideways.

Works on quadrilaterals alone (corners clockwise from the top left). Knows nothing of pixels, of detectors or of texts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Quad = NDArray[np.float64]
"""Of shape (4, 2): the x and y of each corner, in pixels."""

SIDEWAYS = 2.0
"""A box this much taller than wide, and than the page's lines are high, holds a line written up or down the page."""
SLACK = 0.25
"""Shares of a line's height that a box may reach into a gutter: detectors draw boxes wider than the ink."""
FILLED = 0.7
"""Share of a column's width that its median row takes where prose fills it; the cells of a table take less."""
PROSE_ROWS, PROSE_WIDTH = 6, 6.0
"""So many rows, so wide in heights of a line, are prose however ragged; cells and labels are narrower."""
OWN_ROWS, OWN_WIDTH = 5, 2.0
"""The same for columns whose rows do not stand side by side, as the cells of a table do."""
BESIDE = 0.5
"""Boxes whose middles stand further apart than this share of the lower one's height are not one row."""


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
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


class _Columns(NamedTuple):
    """Boxes on both sides of a gutter, and those that reach across it."""

    left: list[_Box]
    right: list[_Box]
    across: list[_Box]


def reading_order(quads: list[Quad]) -> list[list[int]]:
    """Rows of indices into `quads`, top to bottom and left to right, one column of prose after the other.

    What is written sideways, or small between two columns, comes last.
    """
    sideways = sideways_lines(quads)
    upright = [place for place in range(len(quads)) if place not in sideways]
    boxes = _levelled(quads, upright)
    aside: list[_Box] = []
    rows = _read(boxes, aside)
    edges = sorted(sideways, key=lambda place: (float(quads[place][:, 0].mean()), float(quads[place][:, 1].mean())))
    return [*([box.place for box in row] for row in [*rows, *_rows(aside)]), *([place] for place in edges)]


def sideways_lines(quads: list[Quad]) -> frozenset[int]:
    """The boxes that hold a line written up or down the page; none where most are, since then the page lies so."""
    if not quads:
        return frozenset()
    stacked = np.stack(quads).astype(np.float64)
    widths, heights = (np.linalg.norm(stacked[:, corner] - stacked[:, 0], axis=1) for corner in (1, 3))
    tall = heights > SIDEWAYS * np.maximum(widths, 1e-6)
    if 2 * int(tall.sum()) >= len(quads):
        return frozenset()
    return frozenset(np.flatnonzero(tall & (heights > SIDEWAYS * np.median(heights[~tall]))).tolist())


def _levelled(quads: list[Quad], places: list[int]) -> list[_Box]:
    """The boxes as they would stand if the page were not skewed, by the median slope of their long sides."""
    if not places:
        return []
    stacked = np.stack([quads[place] for place in places]).astype(np.float64)
    along = (stacked[:, 1] + stacked[:, 2] - stacked[:, 0] - stacked[:, 3]) / 2
    widths = np.linalg.norm(along, axis=1)
    wide = widths >= np.median(widths)  # short boxes have no slope worth trusting
    angle = float(np.median(np.arctan2(along[wide, 1], along[wide, 0])))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centres = stacked.mean(axis=1) @ turn
    heights = np.linalg.norm(stacked[:, 3] - stacked[:, 0], axis=1)
    return [
        _Box(place, x - width / 2, x + width / 2, y - height / 2, y + height / 2)
        for place, (x, y), width, height in zip(places, centres.tolist(), widths, heights, strict=True)
    ]


def _read(boxes: list[_Box], aside: list[_Box]) -> list[list[_Box]]:
    """Rows of the boxes; where a gutter parts two columns, all of the left one before the right one.

    Captions within the gutter are added to `aside`.
    """
    columns = _columns(boxes)
    if columns is None:
        return _rows(boxes)
    titles = _titles(boxes, columns)
    captions = {box for box in columns.across if _is_caption(box, columns)} | _within_gutter(columns) - {*titles}
    aside += captions
    headings = sorted({*columns.across, *titles} - captions, key=lambda box: box.middle)
    rows: list[list[_Box]] = []
    ends = [-np.inf, *(box.middle for box in headings), np.inf]
    for place, (start, end) in enumerate(pairwise(ends)):
        rows += [[headings[place - 1]]] if place else []
        for column in (columns.left, columns.right):
            between = [box for box in column if start <= box.middle < end]
            rows += _read([box for box in between if box not in captions and box not in headings], aside)
    return rows


def _titles(boxes: list[_Box], columns: _Columns) -> list[_Box]:
    """The lines at the top that stand alone and over the gutter: they belong to both columns."""
    titles: list[_Box] = []
    waiting = sorted(boxes, key=lambda box: box.middle)
    while waiting and all(box.middle > waiting[0].bottom for box in waiting[1:]):
        titles.append(waiting.pop(0))
    ends, begins = (
        [box[side] for box in column if box not in titles] for column, side in ((columns.left, 2), (columns.right, 1))
    )
    if not ends or not begins:
        return []
    return [title for title in titles if max(ends) < title.centre < min(begins)]


def _columns(boxes: list[_Box]) -> _Columns | None:
    """The sides of the white stripe between columns of prose that has the fewest boxes across; None without one."""
    if len(boxes) < 6:
        return None
    slack = SLACK * float(np.median([box.height for box in boxes]))
    lefts, rights = (np.array([box[side] for box in boxes]) for side in (1, 2))
    centres = (lefts + rights) / 2
    candidates: dict[bytes, tuple[int, NDArray[np.int8]]] = {}
    for x in np.unique([*lefts, *rights]).tolist():
        side = np.where((rights <= x + slack) & (centres < x), -1, np.where((lefts >= x - slack) & (centres > x), 1, 0))
        side = side.astype(np.int8)
        across = int((side == 0).sum())
        if across <= len(boxes) // 4:
            candidates.setdefault(side.tobytes(), (across, side))
    for _, side in sorted(candidates.values(), key=lambda candidate: candidate[0]):
        sides = _Columns(*([box for box, of in zip(boxes, side, strict=True) if of == wanted] for wanted in (-1, 1, 0)))
        if _are_columns(sides.left, sides.right) and all(_reaches_across(box, sides) for box in sides.across):
            return sides
    return None


def _are_columns(left: list[_Box], right: list[_Box]) -> bool:
    """Whether both are prose: it fills its column, or has many long lines, or lines that are nobody's neighbours."""
    rows = _rows(left), _rows(right)
    if min(map(len, rows)) < 3:
        return False
    height = float(np.median([box.height for box in [*left, *right]]))
    widths = [float(np.median([row[-1].right - row[0].left for row in side])) for side in rows]
    extents = [max(box.right for box in side) - min(box.left for box in side) for side in (left, right)]
    filled = [
        width >= FILLED * extent and extent >= 4 * float(np.median([box.height for box in side]))
        for side, width, extent in zip((left, right), widths, extents, strict=True)
    ]
    if all(filled):
        return True
    most, widest = (OWN_ROWS, OWN_WIDTH) if _apart(*rows) > BESIDE * height else (PROSE_ROWS, PROSE_WIDTH)
    return all(
        fills or (len(side) >= most and width >= widest * height)
        for fills, side, width in zip(filled, rows, widths, strict=True)
    )


def _apart(left: list[list[_Box]], right: list[list[_Box]]) -> float:
    """How far the rows of the side with fewer rows stand above or below the nearest one of the other, at the median."""
    fewer, more = sorted((left, right), key=len)
    middles = np.array([row[0].middle for row in more])
    return float(np.median([np.abs(middles - row[0].middle).min() for row in fewer]))


def _reaches_across(box: _Box, columns: _Columns) -> bool:
    """Whether the box is a heading or a caption, and no line of one column that is longer than the others."""
    return _is_caption(box, columns) or not any(
        _beside(*sorted((box, one), key=lambda one: one.left)) for one in columns.left + columns.right
    )


def _is_caption(box: _Box, columns: _Columns) -> bool:
    """Whether a box across the gutter is small and stands beside lines of both columns."""
    beside = [[one for one in side if one.top < box.middle < one.bottom] for side in (columns.left, columns.right)]
    narrowest = min(max(one.right for one in side) - min(one.left for one in side) for side in columns[:2])
    return all(beside) and box.width < narrowest / 2


def _within_gutter(columns: _Columns) -> set[_Box]:
    """Boxes that begin after most lines of the left column end, and end before most of the right one begin."""
    ends = float(np.quantile([box.right for box in columns.left], 0.9, method="lower"))
    begins = float(np.quantile([box.left for box in columns.right], 0.1, method="higher"))
    return {box for box in (*columns.left, *columns.right) if box.left > ends and box.right < begins}


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
    close = abs(left.middle - right.middle) <= BESIDE * min(left.height, right.height)
    return close and overlap <= 0.5 * min(left.width, right.width)
