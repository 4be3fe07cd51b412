"""What the writers of layout files share: a page as it is to be written, and values as XML holds them.

A file says of itself who read the page and whose boxes it has (`WrittenPage.note`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from xml.etree.ElementTree import Element, indent, tostring

from engines.contract import Point
from engines.formats.layout import LayoutLine

CREATOR = "Inkquest"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """One reading of one picture, block by block; an empty line of the text is where a block ends.

    The words of a line, with a space between them, are its text; what has no outline stands nobody knows where.
    """

    image: str
    width: int
    height: int
    blocks: tuple[tuple[LayoutLine, ...], ...]
    note: str
    created: datetime
    picture: bytes = field(default=b"", repr=False)
    """PNG or JPEG, of any size but these proportions; only a PDF holds it."""

    @property
    def moment(self) -> str:
        """When it was read, in whole seconds of UTC, as XML Schema writes them."""
        return self.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def block_outline(lines: Sequence[LayoutLine]) -> tuple[Point, ...]:
    """The upright rectangle around all lines of a block that have an outline."""
    return upright([point for line in lines for point in line.polygon])


def upright(polygon: Sequence[Point]) -> tuple[Point, ...]:
    """The upright rectangle around a polygon, clockwise from the top left; nothing around nothing."""
    if not polygon:
        return ()
    across, down = [x for x, _ in polygon], [y for _, y in polygon]
    left, top, right, bottom = min(across), min(down), max(across), max(down)
    return (left, top), (right, top), (right, bottom), (left, bottom)


def on_page(polygon: Sequence[Point], width: int, height: int) -> tuple[Point, ...]:
    """The polygon with what lies off the page moved to its edge; nothing for what encloses no area."""
    if len(polygon) < 3 or not all(isfinite(side) for point in polygon for side in point):
        return ()
    kept = tuple((min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))) for x, y in polygon)
    (left, top), _, (right, bottom), _ = upright(kept)
    return kept if round(right) > round(left) and round(bottom) > round(top) else ()


def xml_text(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot hold, such as a control character or half a pair."""
    return _NOT_IN_XML.sub("\ufffd", text)


def numbered(prefix: str) -> Iterator[str]:
    """Ids that are unique in their file."""
    number = 0
    while True:
        number += 1
        yield f"{prefix}{number}"


def to_xml(root: Element, *, spaced: bool = True) -> bytes:
    """The document in UTF-8; `spaced` where white space between its elements means nothing."""
    if spaced:
        indent(root, " ")
    written: bytes = tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"
