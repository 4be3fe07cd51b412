"""An item of a data set -> the canonical page that engines get. Keeps the pages read last, for the next engine."""

from __future__ import annotations

from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from cachetools import Cache, LRUCache, cachedmethod
from PIL import Image, ImageDraw

from engines.contract import PageImage
from engines.page_orientation import OrientationFinder, Turn, turn_of, turned
from engines.pixels import page_from, rgb_image
from evaluation.datasets.contract import Crop, Dataset, ItemUnreadable, Locator, Planting
from evaluation.datasets.opening import open_dataset
from evaluation.ledger.runs import Run
from playground.probes import PAINT
from playground.uploads import UploadRefused, accept

KEPT_BYTES = 200_000_000
SIDEWAYS = 0.02


class _Laid(NamedTuple):
    page: PageImage
    turn: Turn = 0


class PageLoader:
    """Loads from any thread; one picture is decoded once even if many engines and repeats ask for it."""

    def __init__(self, dataset: Dataset, kept_bytes: int = KEPT_BYTES, *, turns: bool = False) -> None:
        """With `turns`, pages that certainly lie wrong are turned; lines are outlined on their page as it lies."""
        self._dataset = dataset
        self._kept: Cache[tuple[bytes, Crop | None, int | None], _Laid]
        self._kept = LRUCache(kept_bytes, lambda laid: len(laid.page.png))
        self._lock = Lock()
        self._orientation = OrientationFinder() if turns else None
        self._turned: dict[Locator, Turn] = {}

    @classmethod
    def of(cls, run: Run) -> PageLoader:
        """The pages of a run as its engines get them; raises `DatasetUnusable`."""
        return cls(open_dataset(Path(run.dataset), level=run.settings.level), turns=run.settings.turns)

    def load(self, locator: Locator, turned_before: int | None = None) -> PageImage:
        """The page or line, upright, in RGB; raises `ItemUnreadable`.

        Whoever reads a page after others gets it as they did: turned by what the ledger noted then.
        """
        laid = self._decoded(self._dataset.image(locator), locator, turned_before)
        if laid.turn:
            self._turned[locator] = laid.turn
        return planted(laid.page, locator.planting) if locator.planting else laid.page

    def turned_by(self, locator: Locator) -> Turn:
        """By how many degrees clockwise the page was turned that was loaded from there."""
        return self._turned.get(locator, 0)

    @cachedmethod(
        attrgetter("_kept"),
        key=lambda _, data, at, turned_before: (sha256(data).digest(), at.crop, turned_before),
        lock=attrgetter("_lock"),
    )
    def _decoded(self, data: bytes, locator: Locator, turned_before: int | None) -> _Laid:
        try:
            page = accept(data, locator.file.rpartition("/")[2])
        except UploadRefused as refusal:
            raise ItemUnreadable(str(refusal)) from None
        if locator.crop:
            return _Laid(cropped(page, locator.crop))
        turn = self._turn_of(page) if turned_before is None else turn_of(turned_before)
        return _Laid(turned(page, turn), turn)

    def _turn_of(self, page: PageImage) -> Turn:
        return self._orientation.find(page).done if self._orientation else 0


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
