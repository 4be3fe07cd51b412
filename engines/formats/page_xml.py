"""PAGE XML of any version, as Transkribus, eScriptorium, OCR-D and PRImA write it, to lines in reading order.

A text may stand at the line, its words or glyphs, or only at the region; regions of any kind may hold lines.

Written as PAGE 2019-07-15, which wants an outline everywhere: what has no known place gets that of the page, with a
confidence of 0, and is read back as having none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from engines.contract import Point, Region
from engines.formats.layout import (
    CREATOR,
    Layout,
    LayoutLine,
    UnreadableFormat,
    WrittenPage,
    block_outline,
    children,
    descendants,
    is_blank,
    local_name,
    number,
    numbered,
    parse_xml,
    points,
    share,
    to_xml,
    upright,
    xml_text,
)
from translations import _

ROOT = "PcGts"
NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
NOWHERE = "0"
"""The confidence of an outline that stands for none."""
Place = tuple[float, ...]
"""What lines are sorted by: the place that the file declares, or that of the parent and the one among its children."""

_TABLES = frozenset({"TableRegion", "TableCell"})
_CUSTOM_ORDER = re.compile(r"readingOrder\s{0,4}\{\s{0,4}index\s{0,4}:\s{0,4}(\d{1,9})")


def read_page_xml(data: bytes) -> tuple[Layout, ...]:
    """The file's pages, one as a rule; raises `UnreadableFormat`, which is a `ValueError`."""
    return page_layouts(parse_xml(data))


def page_layouts(root: Element) -> tuple[Layout, ...]:
    """The pages below a `PcGts` element; raises `UnreadableFormat`."""
    pages = tuple(_page(page) for page in descendants(root, "Page"))
    if local_name(root) != ROOT or not pages:
        raise UnreadableFormat(_("holds no Page element; export it again as PAGE XML"))
    return pages


def _page(page: Element) -> Layout:
    places = {region_id: place for place, region_id in reversed(list(enumerate(_declared(page))))}
    found: list[tuple[Place, LayoutLine]] = []
    _collect(page, (len(places),), places, found, in_table=False)
    lines = tuple(line for _, line in sorted(found, key=lambda entry: entry[0]))
    return Layout(page.get("imageFilename", ""), number(page, "imageWidth"), number(page, "imageHeight"), lines)


def _declared(page: Element) -> Iterator[str]:
    """The ids of regions in the order that the file declares, group by group."""
    for order in children(page, "ReadingOrder"):
        yield from _references(order)


def _references(group: Element) -> Iterator[str]:
    ordered = local_name(group).startswith("OrderedGroup")
    for member in sorted(group, key=_index) if ordered else group:
        if region_id := member.get("regionRef"):
            yield region_id
        yield from _references(member)


def _collect(
    element: Element, key: Place, places: Mapping[str, int], found: list[tuple[Place, LayoutLine]], *, in_table: bool
) -> bool:
    """Add to `found` what is below and has or wants a text, else the element's own; says whether there was a text."""
    in_table = in_table or local_name(element) in _TABLES or bool(children(element, "Roles"))
    lines = [_line(line, in_table=in_table) for line in _in_custom_order(children(element, "TextLine"))]
    found += (((*key, 1, 0, 0, position), line) for position, line in enumerate(lines))
    said = any(line.text for line in lines)
    for position, region in enumerate(_in_custom_order([child for child in element if _is_region(child)])):
        declared = places.get(region.get("id", ""))
        place = (*key, 0, *_cell(region), position) if declared is None else (declared,)
        said |= _collect(region, place, places, found, in_table=in_table)
    text, confidence = (None, None) if said else _own_text(element)
    if text:
        whole = LayoutLine(element.get("id", ""), text, _outline(element), "paragraph", confidence, in_table=in_table)
        found.append((key, whole))
    return said or bool(text)


def _is_region(element: Element) -> bool:
    return local_name(element).endswith("Region") or local_name(element) == "TableCell"


def _cell(region: Element) -> tuple[float, float]:
    """Row and column, as Transkribus and as the schema write them; nothing else has any."""
    for role in descendants(region, "TableCellRole"):
        return number(role, "rowIndex"), number(role, "columnIndex")
    return number(region, "row"), number(region, "col")


def _in_custom_order(siblings: list[Element]) -> list[Element]:
    """Transkribus numbers siblings in an attribute of its own; it counts where it numbers all of them."""
    numbers = [_CUSTOM_ORDER.search(sibling.get("custom", "")[:2000]) for sibling in siblings]
    if not all(numbers):
        return siblings
    ranked = sorted(range(len(siblings)), key=lambda place: int(found[1]) if (found := numbers[place]) else 0)
    return [siblings[place] for place in ranked]


def _line(line: Element, *, in_table: bool) -> LayoutLine:
    words = [(word, *_text_with_parts(word, "Glyph", "")) for word in children(line, "Word")]
    text, confidence = _text_with_parts(line, "Word", " ")
    regions = tuple(
        Region("word", found, outline, confidence=sure)
        for word, found, sure in words
        if found and (outline := _outline(word))
    )
    return LayoutLine(line.get("id", ""), text, _outline(line), "line", confidence, regions, in_table)


def _text_with_parts(element: Element, part: str, between: str) -> tuple[str | None, float | None]:
    """The element's own text, else that of its parts; None if neither has any."""
    text, confidence = _own_text(element)
    if text:
        return text, confidence
    parts = [_text_with_parts(child, "Glyph", "")[0] for child in children(element, part)]
    return between.join(text for text in parts if text) or None, None


def _own_text(element: Element) -> tuple[str | None, float | None]:
    """Of several alternatives the one with the lowest index that says anything: it is the one that was confirmed."""
    for alternative in sorted(children(element, "TextEquiv"), key=_index):
        for name in ("Unicode", "PlainText"):
            for found in children(alternative, name):
                if not is_blank(text := (found.text or "").strip()):
                    return text, share(alternative.get("conf"))
    return None, None


def _outline(element: Element) -> tuple[Point, ...]:
    """The points of the attribute, or the elements that PAGE had before 2013."""
    for coords in children(element, "Coords"):
        if coords.get("conf") == NOWHERE:
            return ()
        listed = " ".join(f"{point.get('x')},{point.get('y')}" for point in children(coords, "Point"))
        return points(coords.get("points", "") or listed)
    return ()


def _index(element: Element) -> float:
    return number(element, "index")


def write_page_xml(page: WrittenPage) -> bytes:
    """One page as PAGE 2019-07-15; outlines are rounded to pixels, as its schema wants."""
    root = Element(ROOT, {"xmlns": NAMESPACE})
    metadata = SubElement(root, "Metadata")
    for name, said in (
        ("Creator", CREATOR),
        ("Created", page.moment),
        ("LastChange", page.moment),
        ("Comments", xml_text(page.note)),
    ):
        SubElement(metadata, name).text = said
    size = {"imageWidth": str(page.width), "imageHeight": str(page.height)}
    sheet = SubElement(root, "Page", {"imageFilename": xml_text(page.image)} | size)
    region_ids = [region_id for region_id, _ in zip(numbered("region"), page.blocks, strict=False)]
    if region_ids:
        order = SubElement(SubElement(sheet, "ReadingOrder"), "OrderedGroup", {"id": "order"})
        for index, region_id in enumerate(region_ids):
            SubElement(order, "RegionRefIndexed", {"index": str(index), "regionRef": region_id})
    everywhere = upright(((0.0, 0.0), (float(page.width), float(page.height))))
    line_ids, word_ids = numbered("line"), numbered("word")
    for region_id, lines in zip(region_ids, page.blocks, strict=True):
        region = SubElement(sheet, "TextRegion", {"id": region_id, "type": "paragraph"})
        _draw(region, block_outline(lines), everywhere)
        for line in lines:
            _write_line(SubElement(region, "TextLine", {"id": next(line_ids)}), line, everywhere, word_ids)
    return to_xml(root)


def _write_line(element: Element, line: LayoutLine, everywhere: Sequence[Point], word_ids: Iterator[str]) -> None:
    _draw(element, line.polygon, everywhere)
    for word in line.words:
        if word.polygon:
            written = SubElement(element, "Word", {"id": next(word_ids)})
            _draw(written, word.polygon, everywhere)
            _say(written, word.text, word.confidence)
    _say(element, line.text or "", line.confidence)


def _draw(element: Element, outline: Sequence[Point], everywhere: Sequence[Point]) -> None:
    drawn = " ".join(f"{round(x)},{round(y)}" for x, y in outline or everywhere)
    SubElement(element, "Coords", {"points": drawn} | ({} if outline else {"conf": NOWHERE}))


def _say(element: Element, text: str, confidence: float | None) -> None:
    sure = {} if confidence is None else {"conf": f"{confidence:.3f}"}
    SubElement(SubElement(element, "TextEquiv", sure), "Unicode").text = xml_text(text)
