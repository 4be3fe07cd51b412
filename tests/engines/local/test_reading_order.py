from math import cos, radians, sin

import numpy as np

from engines.reading_order import Quad, reading_order


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


def ragged(left: float, tops: list[float], widths: list[float]) -> list[Quad]:
    return [box(left, top, width) for top, width in zip(tops, widths, strict=True)]


def flat(quads: list[Quad]) -> list[int]:
    return [place for row in reading_order(quads) for place in row]


RAGGED = [300.0, 180, 320, 240, 150, 310, 260]


def test_ragged_prose_is_read_column_by_column_however_many_there_are():
    tops = [60.0 * i for i in range(7)]
    for count in (2, 3):
        quads = [quad for column in range(count) for quad in ragged(column * 400, tops, RAGGED)]
        assert flat(quads) == list(range(7 * count))


def test_two_lists_whose_lines_do_not_stand_side_by_side_are_columns():
    left = ragged(0, [60.0 * i for i in range(6)], [90.0, 160, 70, 200, 110, 80])
    right = ragged(400, [30 + 60.0 * i for i in range(5)], [150.0, 60, 90, 120, 200])
    assert flat([*left, *right]) == list(range(11))


def test_labels_and_values_are_rows_though_the_values_hang_a_little_lower():
    widths = [60.0, 110, 90, 130, 70, 100, 80]
    quads = [box(x, 60 * i + x / 60, width * (1 + x / 400)) for i, width in enumerate(widths) for x in (0, 400)]
    assert reading_order(quads) == [[2 * i, 2 * i + 1] for i in range(7)]


def test_pages_of_a_spread_whose_boxes_reach_into_each_other_stay_apart():
    left = [box(0, 50 * i, 505 if i % 2 else 470, 40) for i in range(8)]
    right = [box(500, 20 + 50 * i, 480, 40) for i in range(8)]
    assert flat([*left, *right]) == list(range(16))


def test_a_note_in_the_margin_is_read_apart_from_the_lines_beside_it():
    note = [box(0, 130 + 26 * i, 150 - 20 * (i % 2), 20) for i in range(5)]
    order = flat([*note, *(box(220, 60 * i, 600 - 30 * (i % 3)) for i in range(9))])
    assert sorted(order[:5]) == [0, 1, 2, 3, 4] == order[:5]


def test_a_short_title_over_the_gutter_comes_first_and_a_caption_in_it_last():
    columns = [box(x, 100 + 50 * i, 400, 40) for x in (0, 500) for i in range(7)]
    assert flat([*columns, box(410, 20, 70)])[0] == 14
    assert flat([*columns, box(420, 240, 60)])[-1] == 14


def test_what_is_written_round_the_edges_comes_last_and_joins_no_row():
    lines = [box(100, 60 * i, 600) for i in range(8)]
    order = reading_order([box(20, 40, 30, 380), *lines, box(760, 40, 30, 300)])
    assert order == [*([i] for i in range(1, 9)), [0], [9]]


def test_a_page_that_lies_on_its_side_keeps_its_lines():
    quads = [box(60 * i, 0, 30, 400) for i in range(5)]
    assert sorted(flat(quads)) == list(range(5))
