"""PAGE XML to text and regions, in reading order. Coordinates stay those of the file; knows no vendor."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from engines.contract import Level, Point, Region


def read_page_xml(xml: bytes, width: int, height: int) -> tuple[str, tuple[Region, ...]]:
    """The text, a line each, and its lines and words, scaled to a page of that size; raises `ValueError`."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise ValueError("PAGE XML has no document type")
    try:
        root = fromstring(xml)  # noqa: S314  (no document type: nothing to expand)
    except ParseError as error:
        raise ValueError("not XML") from error
    page = next(_children(root, "Page"), None)
    if page is None:
        raise ValueError("not PAGE XML")
    across = width / float(page.get("imageWidth") or width)
    down = height / float(page.get("imageHeight") or height)
    lines = [line for region in _in_reading_order(page) for line in _children(region, "TextLine")]
    regions = []
    for line in lines:
        regions += _region("line", line, across, down)
        for word in _children(line, "Word"):
            regions += _region("word", word, across, down)
    return "\n".join(_text(line)[0] for line in lines), tuple(regions)


def _in_reading_order(page: Element) -> list[Element]:
    """Every text region, nested ones too: those that the file puts in order first, the others as they stand."""
    regions = [element for element in page.iter() if _name(element) == "TextRegion"]
    order = [element.get("regionRef") for element in page.iter() if _name(element).startswith("RegionRef")]
    places = {region_id: place for place, region_id in enumerate(order)}
    return sorted(regions, key=lambda region: places.get(region.get("id"), len(places)))


def _region(level: Level, element: Element, across: float, down: float) -> list[Region]:
    coords = next(_children(element, "Coords"), None)
    text, confidence = _text(element)
    if coords is None or not text:
        return []
    polygon = tuple(_points(coords.get("points", ""), across, down))
    return [Region(level, text, polygon, confidence=confidence)] if len(polygon) >= 3 else []


def _points(listed: str, across: float, down: float) -> Iterator[Point]:
    for pair in listed.split():
        x, _, y = pair.partition(",")
        yield float(x) * across, float(y) * down


def _text(element: Element) -> tuple[str, float | None]:
    """The element's own text and its confidence; of several alternatives the first."""
    equivalent = next(_children(element, "TextEquiv"), None)
    if equivalent is None:
        return "", None
    unicode = next(_children(equivalent, "Unicode"), None)
    confidence = equivalent.get("conf")
    return (unicode.text or "" if unicode is not None else ""), float(confidence) if confidence else None


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _name(element: Element) -> str:
    """The tag without its namespace: the versions of PAGE differ in nothing else that matters here."""
    return element.tag.rpartition("}")[2]
