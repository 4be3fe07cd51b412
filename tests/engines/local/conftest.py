"""Pages drawn here, so that the engines always have something to read, and real handwriting where it is at hand."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from engines.contract import PageImage
from engines.page_fitting import page_from
from tests.places import ROOT

HANDWRITING = ROOT.parent / "shared" / "handwriting"

Drawn = Callable[..., PageImage]


def draw(
    *lines: tuple[int, int, str], size: tuple[int, int] = (1000, 600), font_size: int = 32, skew: float = 0
) -> PageImage:
    """A page with texts at (x, y), turned by `skew` degrees."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(font_size)
    for x, y, text in lines:
        pen.text((x, y), text, fill=(20, 20, 60), font=font)
    return page_from(image.rotate(skew, Image.Resampling.BICUBIC, fillcolor="white"))


@pytest.fixture(autouse=True)
def one_thread():
    """Models this small only lose by sharing work among threads."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def drawn() -> Drawn:
    return draw


@pytest.fixture
def repository() -> Path:
    return ROOT


@pytest.fixture
def handwriting() -> Path:
    if not HANDWRITING.is_dir():
        pytest.skip("real handwriting is measured beside the repository, in ../shared/handwriting")
    return HANDWRITING
