"""What every file about a page comes to: lines with their text, or one reading; and the XML of layout files.

A plain text is the least of them. XML is elements and what their readers ask of them, and what their writers share.
SECURITY: no entity is expanded, no DTD is read, nothing is fetched; size, number and depth of elements are bounded. A
file that is written says of itself who read the page and whose boxes it has (`WrittenPage.note`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from xml.etree.ElementTree import Element, ParseError, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from engines.contract import Level, Point, Reading, Region
from translations import N_, _, ngettext

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*")


class UnreadableFormat(ValueError):
    """The file holds nothing that we can read; the message is worded to follow the file's name."""


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """One line, or a whole region where the file has a text for that only (`level` is "paragraph").

    `text` is None where nobody has transcribed it: such a line has no reference, least of all an empty one.
    """

    id: str
    text: str | None
    polygon: tuple[Point, ...] = ()
    level: Level = "line"
    confidence: float | None = None
    words: tuple[Region, ...] = ()
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One page, its lines in reading order; width and height are 0 where the file does not say them."""

    image: str
    width: float
    height: float
    lines: tuple[LayoutLine, ...]

    @property
    def text(self) -> str | None:
        """What is transcribed of the page, a line each, or None if nothing is."""
        texts = [line.text for line in self.lines if line.text is not None]
        return "\n".join(texts) if texts else None

    @property
    def untranscribed(self) -> int:
        """How many lines have no text, also where the text of their region is there instead."""
        return sum(line.text is None for line in self.lines)

    @property
    def regions(self) -> tuple[Region, ...]:
        """Lines and words that have both a text and an outline, in the file's own units."""
        found: list[Region] = []
        for line in self.lines:
            if line.text and line.polygon:
                found.append(Region(line.level, line.text, line.polygon, confidence=line.confidence))
            found += line.words
        return tuple(found)


@dataclass(frozen=True, slots=True)
class ForeignReading:
    """A reading that was made elsewhere; its regions are in units of a page of `width` x `height`, 0 if unknown.

    A file of several `pages` is read as one text without regions: there is no single picture to place them on.
    """

    reading: Reading
    format: str
    width: float = 0.0
    height: float = 0.0
    pages: int = 1

    def on_page(self, width: int, height: int, turn: int = 0) -> Reading:
        """The reading with its regions in pixels of our page; a file that names no size counts in those already.

        `turn` is by how many degrees clockwise our page was turned since it lay in its file. Whoever read it saw it as
        it lay there, unless the sides that they name are those of the page now.
        """
        lay = (height, width) if turn % 180 else (width, height)
        sides = self.width, self.height
        if turn % 180 and _shape(sides) == _shape((width, height)) != 0:
            return replace(self.reading, regions=scaled(self.reading.regions, sides, (width, height)))
        return replace(self.reading, regions=turned_regions(scaled(self.reading.regions, sides, lay), lay, turn))


def foreign_reading(layouts: tuple[Layout, ...], format_name: str) -> ForeignReading:
    """What a layout file says as one reading; raises `UnreadableFormat` if it has lines and none is transcribed."""
    texts = [layout.text for layout in layouts]
    lines = sum(len(layout.lines) for layout in layouts)
    if lines and not any(texts):
        raise UnreadableFormat(
            ngettext(
                "is {format} with {n} line and no text in it; export it with its texts",
                "is {format} with {n} lines and no text in any; export it with its texts",
                lines,
                format=format_name,
            )
        )
    text = "\n".join(text for text in texts if text)
    if len(layouts) != 1:
        return ForeignReading(Reading(text), format_name, pages=len(layouts))
    page = layouts[0]
    return ForeignReading(Reading(text, page.regions), format_name, page.width, page.height)


def scaled(regions: Iterable[Region], size: tuple[float, float], to_size: tuple[float, float]) -> tuple[Region, ...]:
    """The regions of a page of `size` on one of `to_size`; a side of 0 is unknown, and taken to be the same."""
    across, down = (new / old if old else 1.0 for old, new in zip(size, to_size, strict=True))
    return tuple(
        replace(region, polygon=tuple((x * across, y * down) for x, y in region.polygon)) for region in regions
    )


def turned_regions(regions: Iterable[Region], size: tuple[float, float], turn: int) -> tuple[Region, ...]:
    """The regions of a page of `size` once it is turned clockwise by a multiple of 90 degrees."""
    width, height = size
    turns: dict[int, Callable[[Point], Point]] = {
        90: lambda at: (height - at[1], at[0]),
        180: lambda at: (width - at[0], height - at[1]),
        270: lambda at: (at[1], width - at[0]),
    }
    move = turns.get(turn % 360)
    if move is None:
        return tuple(regions)
    return tuple(replace(region, polygon=_from_top_left(tuple(map(move, region.polygon)))) for region in regions)


def _shape(size: tuple[float, float]) -> int:
    """1 for a page that is wider than high, -1 for one that is higher, 0 where nobody can tell."""
    width, height = size
    return (width > height) - (width < height) if width and height else 0


def _from_top_left(polygon: tuple[Point, ...]) -> tuple[Point, ...]:
    """An upright box begins at its top left, however it was turned; all else where its text begins."""
    if not polygon:
        return polygon
    across, down = zip(*polygon, strict=True)
    corners = box(min(across), min(down), max(across), max(down))
    return corners if len(polygon) == len(corners) and set(polygon) == set(corners) else polygon


def box(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    """The four corners, clockwise from the top left; none if there is no area between them."""
    return ((left, top), (right, top), (right, bottom), (left, bottom)) if right > left and bottom > top else ()


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces, and marks of direction or width that editors leave behind."""
    return _UNSEEN.fullmatch(text) is not None


def share(value: object, whole: float = 1.0) -> float | None:
    """A confidence as a share of one, None for what is no such number."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value / whole if 0 <= value <= whole else None


def page_size(page: Mapping[str, Any]) -> tuple[float, float]:
    """Width and height as a vendor's answer names them; 0 for a side that is no number: then boxes count in pixels."""
    width, height = (side if isinstance(side := page.get(name), int | float) else 0 for name in ("width", "height"))
    return float(width), float(height)


def camel_case(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """The same JSON as interfaces spell its names; vendors' client libraries write them with underscores."""
    if isinstance(value, dict):
        return {camel_name(str(key)): camel_case(part) for key, part in value.items()}
    return [camel_case(part) for part in value] if isinstance(value, list) else value


def camel_name(name: str) -> str:
    """One name as interfaces spell it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BINARY = {
    b"\x89PNG": N_("an image"),
    b"\xff\xd8\xff": N_("an image"),
    b"GIF8": N_("an image"),
    b"II*\x00": N_("an image"),
    b"MM\x00*": N_("an image"),
    b"%PDF-": N_("a PDF"),
    b"PK\x03\x04": N_("a zip, or a document that is one"),
    b"\x1f\x8b": N_("a compressed file"),
    b"{\\rtf": N_("a formatted document (RTF)"),
    b"\xd0\xcf\x11\xe0": N_("a document of Word"),
}


def decoded(data: bytes) -> str:
    """The text without its byte order mark, otherwise unchanged; raises `UnreadableFormat`."""
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise UnreadableFormat(_("is {what} and no text; give the text itself", what=_(what)))
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFormat(_("is not UTF-8 text; save it as UTF-8")) from None
    if "\0" in text:
        raise UnreadableFormat(_("holds bytes that are no text; save it as plain UTF-8 text"))
    return text


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
