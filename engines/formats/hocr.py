"""hOCR, as Tesseract, kraken, OCRopus and converters write it, to lines. Its tags have to be closed, void ones aside.

SECURITY: entities are replaced from a fixed list before the parser sees them, and the document type is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.entities import name2codepoint
from xml.etree.ElementTree import Element, SubElement

from engines.contract import Level, Point, Region
from engines.formats.layout import (
    CREATOR,
    LONGEST_OUTLINE,
    Layout,
    LayoutLine,
    UnreadableFormat,
    WrittenPage,
    block_outline,
    box,
    is_blank,
    local_name,
    numbered,
    parse_xml,
    points,
    share,
    to_xml,
    upright,
    xml_text,
)

LINES = frozenset({"ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"})
WORDS = frozenset({"ocrx_word", "ocr_word"})
PARAGRAPHS = frozenset({"ocr_par"})
BLOCKS = frozenset({"ocr_carea", "ocrx_block"})
_MARK = re.compile(rb"class\s{0,4}=\s{0,4}[\"']ocrx?_")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]{0,1000}>", re.IGNORECASE)
_VOID = re.compile(rb"<((?:meta|br|hr|img|link|input|wbr|col)\b[^<>]*)>", re.IGNORECASE)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,9});")
_BARE = re.compile(rb"&(?!#?[A-Za-z0-9]{1,10};)")
"""A character that HTML lets stand for itself."""
_XML_ENTITIES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_BOX = re.compile(r"\bbbox((?:\s{1,4}-?\d{1,7}(?:\.\d{1,9})?){4})")
_POLYGON = re.compile(r"\bpoly((?:\s{1,4}-?\d{1,7}(?:\.\d{1,9})?)+)")
_CONFIDENCE = re.compile(r"\bx_wconf\s{1,4}(\d{1,3}(?:\.\d{1,9})?)")
_IMAGE = re.compile(r"\bimage\s{1,4}(?:\"([^\"]{0,1000})\"|'([^']{0,1000})'|([^;\s]{1,1000}))")


def is_hocr(data: bytes) -> bool:
    """Whether any element is of one of hOCR's classes."""
    return _MARK.search(data) is not None


def read_hocr(data: bytes) -> tuple[Layout, ...]:
    """The file's pages in order; raises `UnreadableFormat`."""
    plain = _BARE.sub(b"&amp;", data)
    plain = _ENTITY.sub(_numbered, _DOCTYPE.sub(b"", plain.removeprefix(b"\xef\xbb\xbf"), count=1))
    try:
        root = parse_xml(plain)
    except UnreadableFormat:
        root = parse_xml(_VOID.sub(_closed, plain))
    pages = [element for element in root.iter() if "ocr_page" in _classes(element)]
    return tuple(_page(page) for page in pages or [root])


def _page(page: Element) -> Layout:
    corners = _outline(page)
    named = _IMAGE.search(_title(page))
    image = next(filter(None, named.groups()), "") if named else ""
    # Boxes count from the corner of the picture, which pages that were cut out do not begin at.
    width, height = (max((point[side] for point in corners), default=0.0) for side in (0, 1))
    lines = tuple(_line(element) for element in _outermost(page, LINES))
    for blocks in (_outermost(page, PARAGRAPHS), _outermost(page, BLOCKS), iter([page])):
        lines = lines or tuple(line for block in blocks if (line := _line(block, "paragraph")).text)
    return Layout(image, width, height, lines)


def _line(element: Element, level: Level = "line") -> LayoutLine:
    words = [(word, " ".join("".join(word.itertext()).split())) for word in _outermost(element, WORDS)]
    written = "".join("\n" if part is None else " ".join(part.split("\n")) for part in _texts(element))
    text = " ".join(text for _, text in words if text)
    text = text or "\n".join(filter(None, (" ".join(line.split()) for line in written.split("\n"))))
    regions = tuple(
        Region("word", text, outline, confidence=_confidence(word))
        for word, text in words
        if text and (outline := _outline(word))
    )
    return LayoutLine(
        element.get("id", ""),
        None if is_blank(text) else text,
        _outline(element),
        level,
        words=regions,
    )


def _texts(element: Element) -> Iterator[str | None]:
    """The pieces of text below, None where a line is broken."""
    yield None if local_name(element) == "br" else element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _outermost(element: Element, classes: frozenset[str]) -> Iterator[Element]:
    """The elements of these classes below, none of which lies in another of them."""
    for child in element:
        if classes & _classes(child):
            yield child
        else:
            yield from _outermost(child, classes)


def _classes(element: Element) -> set[str]:
    return set(element.get("class", "").split())


def _title(element: Element) -> str:
    return element.get("title", "")[:LONGEST_OUTLINE]


def _outline(element: Element) -> tuple[Point, ...]:
    title = _title(element)
    if (drawn := _POLYGON.search(title)) and (corners := points(drawn[1])):
        return corners
    sides = _BOX.search(title)
    return box(*map(float, sides[1].split())) if sides else ()


def _confidence(word: Element) -> float | None:
    found = _CONFIDENCE.search(_title(word))
    return share(found[1], 100) if found else None


def _closed(tag: re.Match[bytes]) -> bytes:
    return tag[0] if tag[1].endswith(b"/") else b"<" + tag[1] + b"/>"


def _numbered(entity: re.Match[bytes]) -> bytes:
    code = name2codepoint.get(entity[1].decode())
    if entity[1] in _XML_ENTITIES:
        return entity[0]
    return b"&amp;" + entity[0][1:] if code is None else f"&#{code};".encode()


def write_hocr(page: WrittenPage) -> bytes:
    """One page as hOCR 1.2 in XHTML, which browsers show as text; what has no known place has no box."""
    root = Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    head, body = SubElement(root, "head"), SubElement(root, "body")
    SubElement(head, "title").text = xml_text(page.image)
    SubElement(head, "meta", {"charset": "utf-8"})
    for name, said in (
        ("ocr-system", CREATOR),
        ("ocr-capabilities", "ocr_page ocr_carea ocr_par ocr_line ocrx_word"),
        ("description", xml_text(page.note)),
    ):
        SubElement(head, "meta", {"name": name, "content": said})
    image = xml_text(page.image).replace('"', "'")
    title = f'image "{image}"; bbox 0 0 {page.width} {page.height}; ppageno 0'
    sheet = SubElement(body, "div", {"class": "ocr_page", "id": "page", "title": title})
    line_ids, word_ids = numbered("line"), numbered("word")
    for block_id, lines in zip(numbered("block"), page.blocks, strict=False):
        area = SubElement(sheet, "div", {"class": "ocr_carea", "id": block_id} | _title_of(block_outline(lines)))
        paragraph = SubElement(area, "p", {"class": "ocr_par", "dir": "auto"})
        for line in lines:
            _write_line(SubElement(paragraph, "span", {"class": "ocr_line", "id": next(line_ids)}), line, word_ids)
    return to_xml(root, spaced=False)


def _write_line(element: Element, line: LayoutLine, word_ids: Iterator[str]) -> None:
    element.attrib.update(_title_of(line.polygon))
    element.tail = "\n"
    for word in line.words:
        title = _title_of(word.polygon, word.confidence)
        written = SubElement(element, "span", {"class": "ocrx_word", "id": next(word_ids)} | title)
        written.text, written.tail = xml_text(word.text), " "


def _title_of(outline: Sequence[Point], confidence: float | None = None) -> dict[str, str]:
    around = upright(outline)
    said = []
    if around:
        said.append(f"bbox {_numbers([around[0], around[2]])}")
    if tuple(outline) != around:
        said.append(f"poly {_numbers(outline)}")
    if confidence is not None:
        said.append(f"x_wconf {round(100 * confidence)}")
    return {"title": "; ".join(said)} if said else {}


def _numbers(corners: Sequence[Point]) -> str:
    return " ".join(f"{round(side)}" for corner in corners for side in corner)
