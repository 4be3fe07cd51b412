"""Pictures: nothing sticks out, and one awful engine does not press the others together."""

import pytest

from engines.pricing import Usd
from evaluation.findings.analysis import Distribution, ErrorClasses
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.observations import Observation
from evaluation.report.plots import Box, Dot, Label, Line, cost_against_cer, kinds_of_error, spread_of_pages
from metrics.error_rate import ErrorRate

RATES = {"one": 2, "two": 3, "three": 5, "awful": 90}
LABELS = {name: f"A vendor of some renown, its model number {name}" for name in RATES}
WIDEST_LETTER = 8
"""Pixels of an average letter at the size in which pictures are lettered, generously."""


@pytest.fixture(scope="module")
def board():
    seen = [
        Observation(
            engine,
            n,
            f"{n}",
            0,
            "read",
            seconds=1.0,
            cluster=f"{n}",
            cer=ErrorRate(errors + n % 2, 0, 0, 100),
            wer=ErrorRate(1, 0, 0, 20),
            cost=Usd(0.01 * at),
        )
        for at, (engine, errors) in enumerate(RATES.items(), 1)
        for n in range(40)
    ]
    return leaderboard(seen)


def test_one_awful_engine_leaves_the_others_apart(board):
    picture = cost_against_cer(board, LABELS)
    heights = [shape.y for shape in picture.shapes if isinstance(shape, Dot)]
    assert heights == sorted(heights)
    assert heights[3] - heights[1] > 30
    figures = {shape.words: shape.y for shape in picture.shapes if isinstance(shape, Label) and shape.anchor == "end"}
    assert figures["2"] - figures["20"] == pytest.approx(figures["5"] - figures["50"])


def test_engines_alike_stand_on_an_axis_of_equal_steps(board):
    pages = [Distribution(name, 0.02, 0.03, rate, 0.05, 0.06) for name, rate in (("one", 0.04), ("two", 0.045))]
    words = [shape.words for shape in spread_of_pages(pages, LABELS).shapes if isinstance(shape, Label)]
    assert {"0 %", "2 %", "4 %", "6 %"} <= set(words)


def test_a_bar_too_long_is_cut_and_says_how_long_it_is(board):
    found = [
        ErrorClasses(name, (("letter", errors),), 1000) for name, errors in (*list(RATES.items())[:3], ("awful", 900))
    ]
    picture = kinds_of_error(found, LABELS)
    widths = [shape.width for shape in picture.shapes if isinstance(shape, Box) and "letter" in shape.title]
    assert widths[2] > 150
    assert any(shape.words == "900" for shape in picture.shapes if isinstance(shape, Label))


def test_nothing_sticks_out(board):
    classes = [ErrorClasses(name, (("letter", errors),), 1000) for name, errors in RATES.items()]
    pages = [Distribution(name, r / 200, r / 150, r / 100, r / 80, r / 50) for name, r in RATES.items()]
    for picture in (cost_against_cer(board, LABELS), kinds_of_error(classes, LABELS), spread_of_pages(pages, LABELS)):
        for shape in picture.shapes:
            if isinstance(shape, Line):
                assert 0 <= min(shape.x1, shape.x2) <= max(shape.x1, shape.x2) <= picture.width
            elif isinstance(shape, Box):
                assert 0 <= shape.x <= shape.x + shape.width <= picture.width
            elif isinstance(shape, Label):
                room = {"start": picture.width - shape.x, "end": shape.x}.get(shape.anchor, picture.width)
                assert len(shape.words) * WIDEST_LETTER <= room, shape
