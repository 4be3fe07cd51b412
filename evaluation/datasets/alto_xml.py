"""ALTO 2 to 4, as exported by eScriptorium, Transkribus and libraries' digitisation, to a `Layout`."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from engines.contract import Point
from evaluation.datasets.contract import ItemUnreadable
from evaluation.datasets.layout_xml import Layout, LayoutLine, children, descendants, local_name, number, points


def read_alto_xml(root: Element) -> Layout:
    """The page's lines in document order; raises `ItemUnreadable`. Coordinates stay in the file's unit."""
    page = next(descendants(root, "Page"), None)
    if page is None:
        raise ItemUnreadable("holds no Page element; export it again as ALTO")
    image = next((name.text or "" for name in descendants(root, "fileName")), "")
    lines = tuple(_line(line) for line in descendants(page, "TextLine"))
    return Layout(image.strip(), number(page, "WIDTH"), number(page, "HEIGHT"), lines)


def _line(line: Element) -> LayoutLine:
    text = (
        "".join(_piece(piece) for piece in line) if children(line, "SP") else " ".join(filter(None, map(_piece, line)))
    )
    return LayoutLine(line.get("ID", ""), text if children(line, "String") else None, _outline(line))


def _piece(piece: Element) -> str:
    """The text of one element of a line; some exports leave out the SP elements between words."""
    if local_name(piece) == "SP":
        return " "
    if local_name(piece) == "HYP":
        return piece.get("CONTENT", "-")
    return piece.get("CONTENT", "") if local_name(piece) == "String" else ""


def _outline(line: Element) -> tuple[Point, ...]:
    drawn = next((polygon.get("POINTS", "") for polygon in descendants(line, "Polygon")), "")
    left, top = number(line, "HPOS"), number(line, "VPOS")
    right, bottom = left + number(line, "WIDTH"), top + number(line, "HEIGHT")
    box = ((left, top), (right, top), (right, bottom), (left, bottom)) if right > left and bottom > top else ()
    return points(drawn) or box
