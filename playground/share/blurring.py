"""A page as strangers may see it: screen-sized, with regions made unreadable in the pixels themselves."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from engines.contract import PageImage

LONGEST_EDGE = 2200
SMALLEST_CELL = 24


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of the page in `PageImage` pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int


def public_picture(page: PageImage, blurred: Iterable[Rectangle] = ()) -> bytes:
    """A JPEG of the page without metadata, its blurred rectangles averaged before anything is scaled or encoded."""
    with Image.open(io.BytesIO(page.png)) as image:
        picture = image.convert("RGB")
    for rectangle in blurred:
        _average(picture, rectangle)
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _average(picture: Image.Image, rectangle: Rectangle) -> None:
    """Replace a rectangle by a few averages of itself, smoothed.

    A Gaussian blur can be undone and a fine mosaic guessed: one cell is as high as the rectangle is, so that nothing
    smaller than a line of writing is left.
    """
    left, top = max(0, rectangle.left), max(0, rectangle.top)
    right, bottom = min(picture.width, rectangle.right), min(picture.height, rectangle.bottom)
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    cell = max(SMALLEST_CELL, min(width, height))
    cells = (max(1, width // cell), max(1, height // cell))
    part = picture.crop((left, top, right, bottom))
    averages = part.resize(cells, Image.Resampling.BOX)
    picture.paste(averages.resize((width, height), Image.Resampling.BICUBIC), (left, top))
