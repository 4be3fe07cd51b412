"""What every data set gives: items to read, the ones that cannot be read with their reasons, and what was found.

Decodes no image. What a set held and what it did not is counted once and said in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from engines.contract import Point, Unit
from playground.probes import Rectangle, Trap
from translations import N_, _, ngettext
from translations.wording import listed

if TYPE_CHECKING:
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


MOST_REASONS = 4
LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Things that will not be read for one and the same reason."""

    reason: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The counts; `shortened` pages have a reference that lacks some of their lines."""

    pages: int
    single_lines: int
    referenced: int
    lines: LineCount
    shortened: int
    left_out: tuple[LeftOut, ...]
    remarks: tuple[str, ...] = ()
    """What else the reader of figures should know, a sentence each."""

    @property
    def items(self) -> int:
        """Everything that will be read."""
        return self.pages + self.single_lines

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        parts = [self._of_items(), *self._of_lines()]
        if total := sum(len(left.ids) for left in self.left_out):
            reasons = _reasons(self.left_out)
            parts.append(
                ngettext(
                    "left out {n} thing: {reasons}",
                    "left out {n} things: {reasons}",
                    total,
                    n=f"{total:,}",
                    reasons=reasons,
                )
            )
        return "; ".join(parts) + "."

    def _of_items(self) -> str:
        if not self.items:
            return _("Found nothing to read")
        things = []
        if self.pages:
            things.append(ngettext("{n} page", "{n} pages", self.pages, n=f"{self.pages:,}"))
        if self.single_lines:
            things.append(ngettext("{n} line", "{n} lines", self.single_lines, n=f"{self.single_lines:,}"))
        return _("Found {things}, {n} with a reference", things=listed(things), n=self.referenced)

    def _of_lines(self) -> Iterable[str]:
        lines = self.lines
        if lines.untranscribed:
            said = ngettext(
                "{untranscribed} of {n} line not transcribed",
                "{untranscribed} of {n} lines not transcribed",
                lines.total,
                n=f"{lines.total:,}",
                untranscribed=lines.untranscribed,
            )
            yield self._with_shortened(said) if self.shortened else said
        if lines.in_tables:
            yield ngettext("{n} line in tables", "{n} lines in tables", lines.in_tables, n=f"{lines.in_tables:,}")

    def _with_shortened(self, untranscribed: str) -> str:
        return ngettext(
            "{untranscribed}, so {n} reference shorter than the page",
            "{untranscribed}, so {n} references shorter than the page",
            self.shortened,
            n=f"{self.shortened:,}",
            untranscribed=untranscribed,
        )


def findings_of(found: Sequence[Item | Unreadable], remarks: Iterable[str] = ()) -> Findings:
    """Count what a walk over a data set came upon."""
    items = [one for one in found if isinstance(one, Item)]
    out = [one for one in found if isinstance(one, Unreadable)]
    bare = sum(one.untranscribed for one in out)
    reasons: dict[str, list[str]] = {}
    for one in out:
        if not one.untranscribed:
            reasons.setdefault(one.reason, []).append(one.id)
    return Findings(
        pages=sum(item.level == "page" for item in items),
        single_lines=sum(item.level == "line" for item in items),
        referenced=sum(item.reference is not None for item in items),
        lines=LineCount(
            sum(item.lines.total for item in items) + bare,
            sum(item.lines.untranscribed for item in items) + bare,
            sum(item.lines.in_tables for item in items),
        ),
        shortened=sum(bool(item.reference and item.level == "page" and item.lines.untranscribed) for item in items),
        left_out=tuple(LeftOut(reason, tuple(ids)) for reason, ids in reasons.items()),
        remarks=tuple(remarks),
    )


def _reasons(left_out: Sequence[LeftOut]) -> str:
    most = sorted(left_out, key=lambda left: -len(left.ids))
    said = []
    for left in most[:MOST_REASONS]:
        first, more = left.ids[0][:LONGEST_ID], len(left.ids) - 1
        named = _("{first} and {n} more", first=first, n=more) if more else first
        said.append(f"{named} ({left.reason})")
    if rest := sum(len(left.ids) for left in most[MOST_REASONS:]):
        said.append(_("{n} for other reasons", n=rest))
    return ", ".join(said)
