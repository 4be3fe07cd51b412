"""`PageImage` to pixels and back, for engines that run here. Decodes only canonical PNGs, never an upload."""

from __future__ import annotations

import hashlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.contract import PageImage

Pixels = NDArray[np.uint8]


def rgb_image(page: PageImage) -> Image.Image:
    """The page as an RGB image."""
    return Image.open(BytesIO(page.png)).convert("RGB")


def rgb_pixels(page: PageImage) -> Pixels:
    """The page as an array of shape (height, width, 3), red first."""
    return np.asarray(rgb_image(page))


def page_from(image: Image.Image) -> PageImage:
    """The canonical page of an image made here: a crop, a rendered line."""
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "PNG", compress_level=1)
    png = buffer.getvalue()
    return PageImage(hashlib.sha256(png).hexdigest(), png, image.width, image.height)
