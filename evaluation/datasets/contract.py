"""What every data set gives: items to read, and the ones that cannot be read with their reasons. Decodes no image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from engines.contract import Point

Level = Literal["page", "line"]
ClusteredBy = Literal["writer", "document", "page"]


class DatasetUnusable(Exception):
    """The data set as a whole cannot be opened; the message is one sentence that says what to do."""


class ItemUnreadable(Exception):
    """One item cannot be read; the message is worded to follow its name."""


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of an image that one item is: a polygon in an image of `width` x `height`, whatever those count."""

    polygon: tuple[Point, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Locator:
    """Where the picture of an item is: a file of the data set, a PDF page or table row in it, a part of the picture."""

    file: str
    part: int | None = None
    crop: Crop | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A page or line to be read. Errors of one `cluster` (a writer, a document) are not independent of each other."""

    id: str
    locator: Locator
    reference: str | None = None
    level: Level = "page"
    cluster: str = ""
    clustered_by: ClusteredBy = "page"
    language: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something in the data set that will not be read, and why; never dropped in silence."""

    id: str
    reason: str


class Dataset(Protocol):
    """Opened once, walked often; items come in the same order every time."""

    notes: tuple[str, ...]
    """What was done to the data that changes figures, in sentences for the report."""

    def items(self) -> Iterator[Item | Unreadable]:
        """Everything in the data set."""

    def image(self, locator: Locator) -> bytes:
        """The untrusted bytes of an item's picture, not yet cropped; raises `ItemUnreadable`."""
