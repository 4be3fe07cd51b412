import numpy as np
import pytest

from engines.line_finding import LineFinder, bands_of_ink, crop, find_lines, join_rows
from engines.pixels import rgb_pixels

TEXTS = ("The quick brown fox", "jumps over the lazy dog", "and comes home late")


@pytest.fixture(scope="module")
def finder():
    return LineFinder()


def test_every_line_is_found_in_order(drawn, finder):
    page = drawn(*((80, 60 + 120 * i, text) for i, text in enumerate(TEXTS)))
    lines = finder.find(rgb_pixels(page))
    assert [line.row for line in lines] == [0, 1, 2]
    assert np.allclose(np.diff([line.polygon[0][1] for line in lines]), 120, atol=12)


def test_a_blank_page_has_no_lines(drawn, finder):
    assert find_lines(rgb_pixels(drawn()), finder) == []


def test_a_page_that_is_one_line_stays_as_it_is(drawn, finder):
    pixels = rgb_pixels(drawn((20, 15, TEXTS[0]), size=(600, 80)))
    (line,) = find_lines(pixels, finder)
    assert crop(pixels, line).shape == pixels.shape


def test_crops_of_a_skewed_page_are_level(drawn, finder):
    page = drawn(*((80, 160 + 90 * i, text) for i, text in enumerate(TEXTS)), skew=5)
    pixels = rgb_pixels(page)
    heights = [crop(pixels, line).shape[0] for line in finder.find(pixels)]
    assert len(heights) == 3
    assert max(heights) < 60  # an upright box around a line of 350 pixels would be 30 pixels higher


def test_small_print_on_a_large_page_is_told_apart(drawn, finder):
    page = drawn(*((60, 40 + 22 * i, TEXTS[i % 3]) for i in range(120)), size=(400, 2750), font_size=15)
    assert len(finder.find(rgb_pixels(page))) == 120


def test_without_the_detector_lines_are_where_the_ink_is(drawn):
    pixels = rgb_pixels(drawn(*((80, 60 + 120 * i, text) for i, text in enumerate(TEXTS))))
    tops = [quad[0][1] for quad in bands_of_ink(pixels)]
    assert np.allclose(np.diff(tops), 120, atol=12)


def test_pieces_of_a_row_are_joined_by_a_space(drawn, finder):
    pixels = rgb_pixels(drawn((60, 60, "Name"), (500, 60, "John Smith"), (60, 160, "Age")))
    lines = finder.find(pixels)
    assert join_rows(lines, ["Name", "John Smith", "Age"]) == "Name John Smith\nAge"
