"""What the script says is drawn over must be understood whole, or nothing becomes public."""

import pytest

from playground.share.pictures import Rectangle
from playground.share.sharing import NotShareable
from ui.compare.drawer import MOST_RECTANGLES, rectangles_of


def test_rectangles_are_read():
    assert rectangles_of("[]") == ()
    assert rectangles_of("[[1, 2, 30, 40], [5, 6, 7, 8]]") == (Rectangle(1, 2, 30, 40), Rectangle(5, 6, 7, 8))


@pytest.mark.parametrize(
    "text",
    ["", "null", "nonsense", "[[1, 2, 3]]", '[["a", 2, 3, 4]]', "{}x", str([[0, 0, 1, 1]] * (MOST_RECTANGLES + 1))],
)
def test_what_cannot_be_read_stops_the_sharing(text):
    with pytest.raises(NotShareable):
        rectangles_of(text)
