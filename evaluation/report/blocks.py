"""What documents are made of. Each medium (HTML, PDF, terminal) is one loop over these; none knows what they say."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evaluation.findings.wording import in_units
from evaluation.report.plots import Picture

Tone = Literal["plain", "quiet", "headline", "code"]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the document's title."""

    words: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `lead` stands before it and stands out."""

    words: str
    tone: Tone = "plain"
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences below each other; where a screen can fold them away, `folded` says that it may."""

    items: tuple[str, ...]
    lead: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One of several things to choose from."""

    heading: str
    parts: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """Things to choose from, the first one first."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a column; `tooltip` explains it where a mouse can rest. A table's names are its rows' headings."""

    name: str
    kind: Literal["name", "number", "words"] = "number"
    tooltip: str = ""
    main: bool = False
    """Whether this is the figure to look at first."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A cell with an interval and its middle as shares of a common scale, for media that can draw it."""

    words: str
    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return self.words


Cell = str | Spread


@dataclass(frozen=True, slots=True)
class Table:
    """`best` says that the first row stands out; where a screen can fold it away, `folded` says that it may."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    best: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a page, and what is to be said of it."""

    words: str
    jpeg: bytes

    @property
    def address(self) -> str:
        """The picture itself, for a document that fetches nothing."""
        return f"data:image/jpeg;base64,{b64encode(self.jpeg).decode()}"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Pieces of pages beside each other; a terminal leaves them out."""

    cuts: tuple[Cut, ...]


Block = Heading | Text | Points | Cards | Table | Picture | Cuts


def of_units(blocks: Sequence[Block], unit: str) -> list[Block]:
    """The same blocks, their sentences and headings said of lines where lines were read; cells and cards stay."""
    return [_of_units(block, unit) for block in blocks]


def _of_units(block: Block, unit: str) -> Block:
    match block:
        case Heading():
            return replace(block, words=in_units(block.words, unit))
        case Text() if block.tone != "code":
            return replace(block, words=in_units(block.words, unit), lead=in_units(block.lead, unit))
        case Points():
            items = tuple(in_units(item, unit) for item in block.items)
            return replace(block, items=items, lead=in_units(block.lead, unit))
        case Table():
            said = (
                replace(head, name=in_units(head.name, unit), tooltip=in_units(head.tooltip, unit))
                for head in block.heads
            )
            return replace(block, title=in_units(block.title, unit), heads=tuple(said))
        case Picture():
            return replace(block, title=in_units(block.title, unit))
        case _:
            return block


def plain_table(title: str, names: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True) -> Table:
    """A table whose first column names its rows."""
    kind: Literal["number", "words"] = "number" if numbers else "words"
    first, *others = names
    heads = (Head(first, "name"), *(Head(name, kind) for name in others))
    return Table(title, heads, tuple(tuple(row) for row in rows))
