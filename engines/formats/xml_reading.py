"""Untrusted XML to elements, and what the readers of layout files ask of them.

SECURITY: no entity is expanded, no DTD is read, nothing is fetched; size, number and depth of elements are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from engines.contract import Point
from engines.formats.layout import UnreadableFormat

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
        raise UnreadableFormat(f"is XML of more than {MOST_XML_BYTES / 1e6:.0f} MB or {MOST_TAGS:,} tags; split it")
    try:
        root: Element = fromstring(data.lstrip(b" \t\r\n"), forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableFormat("holds a DTD or entities, which no export needs; export it again") from None
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFormat(f"is not well-formed XML ({error}); export it again") from None
    level, depth = list(root), 1
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > DEEPEST:
            raise UnreadableFormat(f"nests its elements more than {DEEPEST} deep, which no export does")
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
