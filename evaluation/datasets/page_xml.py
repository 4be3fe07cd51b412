"""PAGE XML of any version, as exported by Transkribus, eScriptorium and others, to a `Layout`."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from evaluation.datasets.contract import ItemUnreadable
from evaluation.datasets.layout_xml import Layout, LayoutLine, children, descendants, number, points


def read_page_xml(root: Element) -> Layout:
    """The page's lines in reading order; raises `ItemUnreadable`."""
    page = next(descendants(root, "Page"), None)
    if page is None:
        raise ItemUnreadable("holds no Page element; export it again as PAGE XML")
    lines = [_line(line) for region in _regions(page) for line in children(region, "TextLine")]
    return Layout(page.get("imageFilename", ""), number(page, "imageWidth"), number(page, "imageHeight"), tuple(lines))


def _regions(page: Element) -> list[Element]:
    """Text regions in the order the file declares, regions it does not mention after them."""
    regions = list(descendants(page, "TextRegion"))
    declared = [ref.get("regionRef", "") for ref in sorted(descendants(page, "RegionRefIndexed"), key=_index)]
    place = {region_id: position for position, region_id in enumerate(declared)}
    return sorted(regions, key=lambda region: place.get(region.get("id", ""), len(place)))


def _line(line: Element) -> LayoutLine:
    # Several readings of one line are numbered; the lowest number is the one that was confirmed.
    readings = sorted(children(line, "TextEquiv"), key=_index)
    text = next((found.text or "" for reading in readings for found in children(reading, "Unicode")), None)
    outline = next((coords.get("points", "") for coords in children(line, "Coords")), "")
    return LayoutLine(line.get("id", ""), text, points(outline))


def _index(element: Element) -> float:
    return number(element, "index")
