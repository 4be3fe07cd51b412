"""`PageImage` to pixels and back, and the page as a vendor takes it: within its limits on pixels and bytes, with a
record of what was done to it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.contract import EngineSpec, PageImage, Sent, Setting
from engines.pricing import seen_size

Pixels = NDArray[np.uint8]
"""Of shape (height, width, 3): RGB."""


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


JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class FittedPage:
    """Encoded pixels; `width` and `height` are those of `data`."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def base64(self) -> str:
        """The bytes as a base64 string."""
        return base64.b64encode(self.data).decode()

    @property
    def data_url(self) -> str:
        """The bytes as a `data:` URL."""
        return f"data:{self.media_type};base64,{self.base64}"

    def sent(self, spec: EngineSpec, prompt: str | None = None, **settings: Setting) -> Sent:
        """The record of a request: the pixels the model sees, which may be fewer than were uploaded."""
        width, height = seen_size(spec, self.width, self.height)
        if self.media_type != "image/png":
            settings["encoding"] = f"JPEG quality {JPEG_QUALITY}"
        return Sent(width, height, prompt, tuple((name, str(value)) for name, value in settings.items()))


def fitted(page: PageImage, spec: EngineSpec) -> FittedPage:
    """The page unchanged if the vendor takes it so; else scaled to its long edge, then as JPEG, then smaller still."""
    width, height = page.width, page.height
    if spec.image_limit.long_edge:
        # Where the vendor would silently shrink the page, we do: then its pixels are known, and so are its boxes.
        width, height = seen_size(spec, width, height)
    most_bytes = (spec.image_limit.megabytes or float("inf")) * 1_000_000
    if (width, height) == (page.width, page.height) and len(page.png) <= most_bytes:
        return FittedPage(page.png, "image/png", width, height)
    return _encoded(rgb_image(page), width, height, most_bytes)


def _encoded(image: Image.Image, width: int, height: int, most_bytes: float) -> FittedPage:
    if (width, height) != image.size:
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    data = _bytes(image, "PNG")
    if len(data) <= most_bytes:
        return FittedPage(data, "image/png", width, height)
    # Full resolution with faint JPEG noise reads better than fewer pixels.
    data = _bytes(image, "JPEG")
    if len(data) <= most_bytes:
        return FittedPage(data, "image/jpeg", width, height)
    return _encoded(image, max(1, width * 4 // 5), max(1, height * 4 // 5), most_bytes)


def _bytes(image: Image.Image, file_format: str) -> bytes:
    buffer = BytesIO()
    image.save(buffer, file_format, quality=JPEG_QUALITY)
    return buffer.getvalue()
