"""XML of layout files: untrusted XML to elements and what their readers ask of them, and what their writers share.

SECURITY: no entity is expanded, no DTD is read, nothing is fetched; size, number and depth of elements are bounded. A
file that is written says of itself who read the page and whose boxes it has (`WrittenPage.note`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from xml.etree.ElementTree import Element, ParseError, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from engines.contract import Point
from engines.formats.layout import LayoutLine, UnreadableFormat
from translations import _

MOST_XML_BYTES = 20_000_000
MOST_TAGS = 1_500_000
DEEPEST = 40
LONGEST_OUTLINE = 200_000
"""Characters; outlines of lines have a few hundred points."""
LARGEST_NUMBER = 1e7
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def parse_xml(data: bytes) -> Element:
    """The root element; raises `UnreadableFormat`."""
    if len(data) > MOST_XML_BYTES or data.count(b"<") > MOST_TAGS:
        size, tags = f"{MOST_XML_BYTES / 1e6:.0f}", f"{MOST_TAGS:,}"
        raise UnreadableFormat(_("is XML of more than {size} MB or {tags} tags; split it", size=size, tags=tags))
    try:
        root: Element = fromstring(data.lstrip(b" \t\r\n"), forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableFormat(_("holds a DTD or entities, which no export needs; export it again")) from None
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFormat(_("is not well-formed XML ({error}); export it again", error=error)) from None
    level, depth = list(root), 1
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > DEEPEST:
            raise UnreadableFormat(_("nests its elements more than {most} deep, which no export does", most=DEEPEST))
    return root


def local_name(element: Element) -> str:
    """The tag without its namespace: PAGE and ALTO change theirs with every version."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Every element of that local name below, in document order."""
    return (found for found in element.iter() if local_name(found) == name)


def children(element: Element, name: str) -> list[Element]:
    """The direct children of that local name."""
    return [child for child in element if local_name(child) == name]


def points(text: str) -> tuple[Point, ...]:
    """ "x,y x,y" or "x y x y" as points; empty if there are fewer than three or they lie off any page."""
    numbers = [float(number) for number in _NUMBER.findall(text)] if len(text) <= LONGEST_OUTLINE else []
    pairs = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    return pairs if len(pairs) >= 3 and all(abs(number) < LARGEST_NUMBER for number in numbers) else ()


def number(element: Element, name: str) -> float:
    """A numeric attribute, 0 if it is missing or no number that fits a page."""
    match = _NUMBER.fullmatch(element.get(name, "").strip())
    value = float(match.group()) if match else 0.0
    return value if abs(value) < LARGEST_NUMBER else 0.0


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
