"""What every data set gives: items to read, and the ones that cannot be read with their reasons. Decodes no image."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from engines.contract import Point, Unit
from playground.probes import Rectangle, Trap
from translations import N_

if TYPE_CHECKING:
    from evaluation.datasets.findings import Findings
    from evaluation.datasets.readings import ReadingSet

ClusteredBy = Literal["writer", "document", "page"]
NOT_TRANSCRIBED = N_("is not transcribed")
"""The reason for a line that others of its file have a text beside, and it has none."""


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
class Planting:
    """What makes a canary page of a loaded page, in its pixels: `place` is painted over or shows what `picture` shows.

    `bait` are the words, casefolded, that an engine can only have from elsewhere; on blank paper it is any word.
    """

    trap: Trap
    cut: Rectangle
    place: Rectangle | None = None
    picture: Rectangle | None = None
    bait: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Locator:
    """Where the picture of an item is: a file of the data set, a PDF page or table row in it, a part of the picture."""

    file: str
    part: int | None = None
    crop: Crop | None = None
    planting: Planting | None = None


@dataclass(frozen=True, slots=True)
class LineCount:
    """The lines that a layout file has for an item, those without a text, and those in tables."""

    total: int = 0
    untranscribed: int = 0
    in_tables: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A page or line to be read. Errors of one `cluster` (a writer, a document) are not independent of each other.

    `reference` is None where nothing is transcribed; it is never empty.
    """

    id: str
    locator: Locator
    reference: str | None = None
    level: Unit = "page"
    cluster: str = ""
    clustered_by: ClusteredBy = "page"
    language: str = ""
    tags: tuple[str, ...] = ()
    lines: LineCount = LineCount()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something in the data set that will not be read, and why; never dropped in silence."""

    id: str
    reason: str
    untranscribed: bool = field(default=False, compare=False)
    """Whether it is for `NOT_TRANSCRIBED`, in whichever language."""


class Dataset(Protocol):
    """Opened once, walked often; items come in the same order every time. What is derived needs the first walk."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found, and what was done to the data that changes figures, in sentences for the report."""

    @property
    def findings(self) -> Findings:
        """What was found and what was not, counted."""

    @property
    def readings(self) -> Mapping[str, ReadingSet]:
        """The readings that the data set brings along, by the name of whoever read; none as a rule."""

    def items(self) -> Iterator[Item | Unreadable]:
        """Everything in the data set."""

    def image(self, locator: Locator) -> bytes:
        """The untrusted bytes of an item's picture, not yet cropped; raises `ItemUnreadable`."""
