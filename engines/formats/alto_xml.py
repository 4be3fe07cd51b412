"""ALTO 2 to 4, as eScriptorium, Transkribus, ABBYY and libraries' digitisation write it, to lines in reading order.

Written as ALTO 4.4, where a line without a known place is one without coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from xml.etree.ElementTree import Element, SubElement

from engines.contract import Point, Region
from engines.formats.layout import (
    CREATOR,
    Layout,
    LayoutLine,
    UnreadableFormat,
    WrittenPage,
    block_outline,
    box,
    children,
    descendants,
    is_blank,
    local_name,
    number,
    numbered,
    points,
    share,
    to_xml,
    upright,
    xml_text,
)
from translations import _

ROOT = "alto"
NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
Place = tuple[int, ...]
PARTS_OF_PAGE = ("TopMargin", "LeftMargin", "PrintSpace", "RightMargin", "BottomMargin")
"""In the order in which a page is read; the schema writes both side margins and the foot before the text."""
MOST_REFERENCES, LONGEST_REFERENCE = 200_000, 100_000
SOFT_HYPHEN = "\u00ad"


def alto_layouts(root: Element) -> tuple[Layout, ...]:
    """The pages below an `alto` element; raises `UnreadableFormat`. Coordinates stay in the file's unit."""
    pages = list(descendants(root, "Page"))
    if not pages:
        raise UnreadableFormat(_("holds no Page element; export it again as ALTO"))
    image = next((name.text or "" for name in descendants(root, "fileName")), "").strip()
    unit = next((name.text or "" for name in descendants(root, "MeasurementUnit")), "pixel").strip()
    declared = list(islice(_references(root), MOST_REFERENCES)) or [name for page in pages for name in _chained(page)]
    places = {name: place for place, name in reversed(list(enumerate(declared)))}
    return tuple(_page(page, image, unit, places) for page in pages)


def _page(page: Element, image: str, unit: str, places: Mapping[str, int]) -> Layout:
    width, height = number(page, "WIDTH"), number(page, "HEIGHT")
    # Tenths of millimetres and 1200ths of an inch can only be placed on a page whose size is in them too.
    placed = unit == "pixel" or bool(width and height)
    found = sorted(_lines(page, (len(places),), places, placed=placed, in_table=False), key=lambda entry: entry[0])
    return Layout(image, width, height, tuple(line for _, line in found))


def _references(root: Element) -> Iterator[str]:
    """The ids of blocks and lines in the order of the `ReadingOrder` element, group by group."""
    for order in children(root, "ReadingOrder"):
        for element in order.iter():
            yield from element.get("REF", "")[:LONGEST_REFERENCE].split()


def _chained(page: Element) -> Iterator[str]:
    """The ids of blocks that name the one after them, as ALTO did before it had a reading order."""
    following = {block.get("ID", ""): block.get("IDNEXT", "") for block in page.iter() if block.get("IDNEXT")}
    seen, followed = set[str](), set(following.values())
    for name in [name for name in following if name not in followed]:
        while name and name not in seen:
            seen.add(name)
            yield name
            name = following.get(name, "")  # noqa: PLW2901  (the chain is followed)


def _lines(
    element: Element, key: Place, places: Mapping[str, int], *, placed: bool, in_table: bool
) -> Iterator[tuple[Place, LayoutLine]]:
    for position, child in enumerate(element):
        name = local_name(child)
        part = PARTS_OF_PAGE.index(name) if name in PARTS_OF_PAGE else 0
        declared = places.get(child.get("ID", ""))
        place = (*key, part, position) if declared is None else (declared,)
        table = in_table or "table" in child.get("TYPE", "").lower()
        if name == "TextLine":
            yield place, _line(child, placed=placed, in_table=table)
        else:
            yield from _lines(child, place, places, placed=placed, in_table=table)


def _line(line: Element, *, placed: bool, in_table: bool) -> LayoutLine:
    words = tuple(
        Region("word", word.get("CONTENT", ""), outline, confidence=share(word.get("WC")))
        for word in children(line, "String")
        if placed and word.get("CONTENT", "").strip() and (outline := _outline(word))
    )
    return LayoutLine(line.get("ID", ""), _text(line), _outline(line) if placed else (), words=words, in_table=in_table)


def _text(line: Element) -> str | None:
    """Words with the spaces of the file, or one between all where it writes none; a hyphen stands at its word."""
    between = "" if children(line, "SP") else " "
    text: list[str] = []
    for piece in line:
        name, content = local_name(piece), piece.get("CONTENT", "")
        if name == "String" and content:
            text += [between, content] if text else [content]
        elif name == "SP":
            text.append(" ")
        elif name == "HYP" and text:
            hyphen = content.replace(SOFT_HYPHEN, "-") or "-"
            while text and not text[-1].strip():
                text.pop()
            text += [] if text and text[-1].endswith(hyphen) else [hyphen]
    said = "".join(text).strip()
    return None if is_blank(said) else said


def _outline(element: Element) -> tuple[Point, ...]:
    for shape in children(element, "Shape"):
        for polygon in children(shape, "Polygon"):
            if drawn := points(polygon.get("POINTS", "")):
                return drawn
    left, top = number(element, "HPOS"), number(element, "VPOS")
    return box(left, top, left + number(element, "WIDTH"), top + number(element, "HEIGHT"))


def write_alto_xml(page: WrittenPage) -> bytes:
    """One page as ALTO 4.4, in pixels; a polygon is written where the outline is no upright rectangle."""
    root = Element(ROOT, {"xmlns": NAMESPACE, "SCHEMAVERSION": "4.4"})
    _describe(SubElement(root, "Description"), page)
    size = {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    sheet = SubElement(SubElement(root, "Layout"), "Page", {"ID": "page", "PHYSICAL_IMG_NR": "1"} | size)
    space = SubElement(sheet, "PrintSpace", {"HPOS": "0", "VPOS": "0"} | size)
    line_ids = numbered("line")
    for block_id, lines in zip(numbered("block"), page.blocks, strict=False):
        block = SubElement(space, "TextBlock", {"ID": block_id})
        _place(block, block_outline(lines))
        for line in lines:
            _write_line(SubElement(block, "TextLine", {"ID": next(line_ids)}), line)
    return to_xml(root)


def _describe(description: Element, page: WrittenPage) -> None:
    SubElement(description, "MeasurementUnit").text = "pixel"
    SubElement(SubElement(description, "sourceImageInformation"), "fileName").text = xml_text(page.image)
    step = SubElement(description, "Processing", {"ID": "reading"})
    SubElement(step, "processingCategory").text = "contentGeneration"
    SubElement(step, "processingDateTime").text = page.moment
    SubElement(step, "processingStepDescription").text = xml_text(page.note)
    SubElement(SubElement(step, "processingSoftware"), "softwareName").text = CREATOR


def _write_line(element: Element, line: LayoutLine) -> None:
    _place(element, line.polygon)
    for position, word in enumerate(line.words):
        if position:
            SubElement(element, "SP")
        sure = {} if word.confidence is None else {"WC": f"{word.confidence:.3f}"}
        _place(SubElement(element, "String", {"CONTENT": xml_text(word.text)} | sure), word.polygon)


def _place(element: Element, outline: Sequence[Point]) -> None:
    if not outline:
        return
    (left, top), _, (right, bottom), _ = around = upright(outline)
    sides = {"HPOS": left, "VPOS": top, "WIDTH": right - left, "HEIGHT": bottom - top}
    element.attrib.update({name: f"{side:.1f}" for name, side in sides.items()})
    if tuple(outline) != around:
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in outline)
        SubElement(SubElement(element, "Shape"), "Polygon", {"POINTS": drawn})
