"""One page under other conditions: turned, blurred, shrunk, compressed, or once more as it is. Reads nothing itself."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from PIL import Image, ImageFilter

from engines.contract import PageImage
from metrics.agreement import disagreement_matrix
from metrics.normalising import DEFAULT_RULES, Rules


@dataclass(frozen=True, slots=True)
class Probe:
    """A page to read, and what was done to it in a word or two."""

    name: str
    page: PageImage


def conditions(page: PageImage) -> tuple[Probe, ...]:
    """The page as it is and as a careless scan might have it, mildest first."""
    image = opened(page)
    half = (max(1, image.width // 2), max(1, image.height // 2))
    return (
        Probe("as it is", page),
        Probe("turned 1°", page_of(_turned(image, 1))),
        Probe("turned 3°", page_of(_turned(image, 3))),
        Probe("blurred", page_of(image.filter(ImageFilter.GaussianBlur(max(image.size) / 900)))),
        Probe("half size", page_of(image.resize(half, Image.Resampling.LANCZOS))),
        Probe("JPEG 15", page_of(_compressed(image))),
    )


def spread(readings: Sequence[str], rules: Rules = DEFAULT_RULES) -> float:
    """How far readings of the same page by one engine lie apart: mean disagreement of all pairs, 0 for one reading."""
    if len(readings) < 2:
        return 0.0
    numbered = {str(number): text for number, text in enumerate(readings)}
    rates = [pair.rate for pair in disagreement_matrix(numbered, rules)]
    return fmean(rates)


def opened(page: PageImage) -> Image.Image:
    """The pixels of a page: our own PNG, never an upload."""
    with Image.open(io.BytesIO(page.png)) as image:
        return image.convert("RGB")


def page_of(image: Image.Image) -> PageImage:
    """Pixels as every engine gets them."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    png = out.getvalue()
    return PageImage(hashlib.sha256(png).hexdigest(), png, image.width, image.height)


def _turned(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))


def _compressed(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=15)
    with Image.open(out) as again:
        return again.convert("RGB")
