"""What PAGE XML and ALTO have in common: an image's name and size, and lines with their text and outline.

SECURITY: no entity is expanded, no DTD is read, nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from engines.contract import Point
from evaluation.datasets.contract import ItemUnreadable

MOST_XML_BYTES = 20_000_000
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """One line; `text` is None where nobody has transcribed it."""

    id: str
    text: str | None
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One page; width and height are 0 where the file does not say them."""

    image: str
    width: float
    height: float
    lines: tuple[LayoutLine, ...]

    @property
    def text(self) -> str | None:
        """The page's lines, or None if none of them is transcribed."""
        texts = [line.text for line in self.lines if line.text is not None]
        return "\n".join(texts) if texts else None


def parse_xml(data: bytes) -> Element:
    """The root element; raises `ItemUnreadable`."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ItemUnreadable("holds a DTD or entities, which no export needs; export it again") from None
    except (ParseError, ValueError, LookupError) as error:
        raise ItemUnreadable(f"is not well-formed XML ({error}); export it again") from None
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
    """ "x,y x,y" or "x y x y" as points; empty if there are fewer than three."""
    numbers = [float(number) for number in _NUMBER.findall(text)]
    pairs = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    return pairs if len(pairs) >= 3 else ()


def number(element: Element, name: str) -> float:
    """A numeric attribute, 0 if it is missing or no number."""
    match = _NUMBER.fullmatch(element.get(name, "").strip())
    return float(match.group()) if match else 0.0
