from math import cos, radians, sin

import numpy as np

from engines.line_finding import Quad, reading_order


def box(left: float, top: float, width: float, height: float = 30) -> Quad:
    right, bottom = left + width, top + height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)


def turned(quad: Quad, degrees: float) -> Quad:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return quad @ np.array([[c, s], [-s, c]])


def test_no_boxes_are_no_rows():
    assert reading_order([]) == []


def test_a_row_is_read_from_left_to_right_and_rows_from_top_to_bottom():
    assert reading_order([box(300, 52, 100), box(0, 100, 400), box(0, 50, 250)]) == [[2, 0], [1]]


def test_columns_of_prose_are_read_one_after_the_other():
    left = [box(0, 100 + 40 * i, 400) for i in range(5)]
    right = [box(460, 100 + 40 * i, 400) for i in range(5)]
    alternating = [quad for pair in zip(left, right, strict=True) for quad in pair]
    assert reading_order(alternating) == [[0], [2], [4], [6], [8], [1], [3], [5], [7], [9]]


def test_a_heading_across_both_columns_comes_first_and_a_footer_last():
    quads = [box(0, 0, 860), *(box(x, 100 + 40 * i, 400) for x in (0, 460) for i in range(4)), box(0, 400, 860)]
    assert [row[0] for row in reading_order(quads)] == list(range(10))


def test_a_table_is_read_row_by_row():
    widths = (60, 150, 40, 90, 120)
    quads = [box(x, 40 * i, width) for i, width in enumerate(widths) for x in (0, 300)]
    assert reading_order(quads) == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]


def test_skewed_rows_stay_rows():
    widths = (500, 150, 300, 90)
    quads = [turned(box(x, 50 * i, width), 6) for i, width in enumerate(widths) for x in (0, 700)]
    assert reading_order(quads) == [[0, 1], [2, 3], [4, 5], [6, 7]]
