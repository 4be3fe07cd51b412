"""An item of a data set -> the canonical page that engines get. Keeps the pages read last, for the next engine."""

from __future__ import annotations

from hashlib import sha256
from operator import attrgetter
from threading import Lock

from cachetools import Cache, LRUCache, cachedmethod
from PIL import Image, ImageDraw

from engines.contract import PageImage
from engines.pixels import page_from, rgb_image
from evaluation.datasets.contract import Crop, Dataset, ItemUnreadable, Locator, Planting
from playground.probes import PAINT
from playground.uploads import UploadRefused, accept

KEPT_BYTES = 200_000_000
SIDEWAYS = 0.02


class PageLoader:
    """Loads from any thread; one picture is decoded once even if many engines and repeats ask for it."""

    def __init__(self, dataset: Dataset, kept_bytes: int = KEPT_BYTES) -> None:
        self._dataset = dataset
        self._kept: Cache[tuple[bytes, Crop | None], PageImage] = LRUCache(kept_bytes, lambda page: len(page.png))
        self._lock = Lock()

    def load(self, locator: Locator) -> PageImage:
        """The page or line, upright, in RGB; raises `ItemUnreadable`."""
        page = self._decoded(self._dataset.image(locator), locator)
        return planted(page, locator.planting) if locator.planting else page

    @cachedmethod(
        attrgetter("_kept"), key=lambda _, data, at: (sha256(data).digest(), at.crop), lock=attrgetter("_lock")
    )
    def _decoded(self, data: bytes, locator: Locator) -> PageImage:
        try:
            page = accept(data, locator.file.rpartition("/")[2])
        except UploadRefused as refusal:
            raise ItemUnreadable(str(refusal)) from None
        return cropped(page, locator.crop) if locator.crop else page


def planted(page: PageImage, planting: Planting) -> PageImage:
    """The canary page."""
    image = rgb_image(page)
    if planting.place and planting.picture:
        left, top, right, bottom = planting.place
        image.paste(image.crop(planting.picture).resize((right - left, bottom - top)), (left, top))
    elif planting.place:
        ImageDraw.Draw(image).rectangle(planting.place, fill=PAINT)
    return page_from(image.crop(planting.cut))


def cropped(page: PageImage, crop: Crop) -> PageImage:
    """The polygon's bounding box on white paper, so that neighbouring lines are not read too.

    Raises `ItemUnreadable` when the file's page has another shape than the picture, as after a rotation.
    """
    width, height = crop.width or page.width, crop.height or page.height
    scale_x, scale_y = page.width / width, page.height / height
    if abs(scale_x / scale_y - 1) > SIDEWAYS:
        raise ItemUnreadable(
            f"was outlined on a page of {width:.0f} x {height:.0f}, but the image is {page.width} x {page.height}"
        )
    outline = [(x * scale_x, y * scale_y) for x, y in crop.polygon]
    left, top = (max(0, int(min(values))) for values in zip(*outline, strict=True))
    right = min(page.width, int(max(x for x, _ in outline)) + 1)
    bottom = min(page.height, int(max(y for _, y in outline)) + 1)
    if right - left < 2 or bottom - top < 2:
        raise ItemUnreadable("has an outline that lies outside its image")
    mask = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in outline], fill=255)
    paper = Image.new("RGB", mask.size, "white")
    paper.paste(rgb_image(page).crop((left, top, right, bottom)), mask=mask)
    return page_from(paper)
