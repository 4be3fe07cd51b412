import numpy as np
import pytest

from engines.line_finding import LineFinder, bands_of_ink, crop, deslanted, find_lines, join_rows, turned_over
from engines.page_fitting import rgb_pixels

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


def test_a_line_written_up_or_down_the_margin_comes_last_and_is_cut_out_level(drawn, finder):
    pixels = rgb_pixels(drawn(*((200, 60 + 90 * i, text) for i, text in enumerate(TEXTS * 2)), size=(900, 700)))
    strip = rgb_pixels(drawn((20, 15, "written up the margin"), size=(500, 70)))
    for quarter_turns, read in ((1, lambda line: line), (3, turned_over)):
        page = pixels.copy()
        page[80:580, 20:90] = np.rot90(strip, quarter_turns)
        lines = finder.find(page)
        assert [line.sideways for line in lines] == [False] * 6 + [True]
        level = crop(page, read(lines[-1])).mean(axis=2)
        expected = strip.mean(axis=2)
        best = max(
            float(np.corrcoef(expected[y : y + 30, x : x + 200].ravel(), level[:30, :200].ravel())[0, 1])
            for y in range(0, 40, 2)
            for x in range(0, 60, 2)
        )
        assert best > 0.5


@pytest.mark.parametrize("lean", [0.4, 0.8])
def test_leaning_letters_are_set_upright_and_upright_ones_stay(lean):
    bars = np.full((60, 400, 3), 255, np.uint8)
    bars[5:55, 60:340:40] = 0
    bars[5:55, 62:340:40] = 0
    leaning = np.full_like(bars, 255)
    for y in range(60):
        leaning[y] = np.roll(bars[y], round(lean * (30 - y)), axis=0)
    assert np.array_equal(deslanted(bars), bars)
    upright = deslanted(leaning)
    assert upright.shape == leaning.shape
    assert np.abs(upright.astype(int) - bars).mean() < 0.3 * np.abs(leaning.astype(int) - bars).mean()


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (60, 2)])
def test_crops_of_any_shape_and_colour_can_be_set_upright(size):
    for shade in (0, 127, 255):
        assert deslanted(np.full((*size, 3), shade, np.uint8)).shape == (*size, 3)
