"""What Azure's readers before and beside Document Intelligence answer, as JSON in either spelling, to a reading.

Read 2 and 3 and Form Recognizer 2 list lines page by page, Image Analysis 4 in blocks, and the oldest OCR lists words
in regions. Outlines are in the page's own unit, pixels or inches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engines.contract import Point, Reading, Region, Usage
from engines.formats.layout import ForeignReading, box, camel_case, camel_name, page_size, share
from engines.sdk_errors import placed

Part = Mapping[str, Any]
FORMAT = "Azure AI Vision answer"
LISTS = ("readResults", "recognitionResults")
"""Of pages, in Read 3 and Read 2."""
PARTS = ("readResult", "recognitionResult")
"""One page: of Image Analysis 4, and of what came before Read."""
WITHOUT_SPACES = ("zh", "ja")
"""The oldest OCR calls each of their characters a word."""


def is_azure_vision(answer: Part) -> bool:
    """Whether it has the keys of one of these answers, a blank page's too."""
    found = {camel_name(str(name)): part for name, part in answer.items()}
    listed = any(isinstance(found.get(name), list) and found[name] for name in LISTS)
    one = any(isinstance(found.get(name), dict) for name in PARTS)
    return listed or one or (isinstance(found.get("regions"), list) and "orientation" in found)


def read_azure_vision(answer: Part) -> ForeignReading:
    """Lines as they are listed, page after page; raises what a part of another shape leads to."""
    found = camel_case(answer)
    pages = list(_pages(found))
    between = "" if str(found.get("language", "")).startswith(WITHOUT_SPACES) else " "
    reading = Reading(
        "\n".join(_said(line, between) for page in pages for line in _lines(page)),
        model_reported=str(found.get("modelVersion") or found.get("version") or ""),
        usage=Usage(pages=len(pages)),
    )
    if len(pages) != 1:
        return ForeignReading(reading, FORMAT, pages=len(pages))
    regions = placed(lambda: _regions(pages[0], between))
    return ForeignReading(replace(reading, regions=regions), FORMAT, *page_size(pages[0]))


def _pages(answer: Part) -> Iterator[Part]:
    """Each with its lines and, where the answer says it, its size."""
    for name in LISTS:
        yield from answer.get(name) or []
    for name in PARTS:
        if part := answer.get(name):
            yield from part.get("pages") or [{**(answer.get("metadata") or {}), **part}]
    if "regions" in answer:
        yield answer


def _lines(page: Part) -> Iterator[Part]:
    yield from page.get("lines") or []
    for block in page.get("blocks") or page.get("regions") or []:
        yield from block.get("lines") or []


def _said(part: Part, between: str) -> str:
    """A line's or word's text; the oldest answers have it in the words alone."""
    text = part.get("text", part.get("content"))
    return between.join(_said(word, between) for word in part.get("words") or []) if text is None else text


def _regions(page: Part, between: str) -> Iterator[Region]:
    for line in _lines(page):
        handwritten = _handwritten(line)
        if polygon := _polygon(line):
            yield Region("line", _said(line, between), polygon, handwritten=handwritten)
        yield from _words(line, between, handwritten)
    yield from _words(page, between, None)


def _words(part: Part, between: str, handwritten: bool | None) -> Iterator[Region]:
    for word in part.get("words") or []:
        if polygon := _polygon(word):
            yield Region("word", _said(word, between), polygon, share(word.get("confidence")), handwritten)


def _handwritten(line: Part) -> bool | None:
    """None where the answer says nothing of handwriting."""
    style = (line.get("appearance") or {}).get("style")
    name = style.get("name") if isinstance(style, Mapping) else style
    return None if name is None else name == "handwriting"


def _polygon(part: Part) -> tuple[Point, ...]:
    """From four corners one after the other, from points, or from left, top, width and height in a text."""
    corners = part.get("boundingBox") or part.get("boundingPolygon") or ()
    if isinstance(corners, str):
        left, top, width, height = map(float, corners.split(","))
        return box(left, top, left + width, top + height)
    if corners and isinstance(corners[0], Mapping):
        return tuple((float(corner.get("x") or 0), float(corner.get("y") or 0)) for corner in corners)
    return tuple((float(x), float(y)) for x, y in zip(corners[::2], corners[1::2], strict=True))
