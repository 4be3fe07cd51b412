"""What the readers of documents of Azure and Google answer, as JSON in either spelling, to a reading.

Azure: Read 2 and 3 and Form Recognizer 2 list lines page by page, Image Analysis 4 in blocks, and the oldest OCR lists
words in regions; outlines are in the page's own unit, pixels or inches. Google's Cloud Vision and Document AI leave out
what is zero: a vertex without `x` lies on the left edge, a segment without `startIndex` begins the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engines.contract import Level, Point, Reading, Region, Usage
from engines.formats.layout import ForeignReading, UnreadableFormat, box, camel_case, camel_name, page_size, share
from engines.sdk_errors import placed
from translations import _

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
        if polygon := _outline(line):
            yield Region("line", _said(line, between), polygon, handwritten=handwritten)
        yield from _words(line, between, handwritten)
    yield from _words(page, between, None)


def _words(part: Part, between: str, handwritten: bool | None) -> Iterator[Region]:
    for word in part.get("words") or []:
        if polygon := _outline(word):
            yield Region("word", _said(word, between), polygon, share(word.get("confidence")), handwritten)


def _handwritten(line: Part) -> bool | None:
    """None where the answer says nothing of handwriting."""
    style = (line.get("appearance") or {}).get("style")
    name = style.get("name") if isinstance(style, Mapping) else style
    return None if name is None else name == "handwriting"


def _outline(part: Part) -> tuple[Point, ...]:
    """From four corners one after the other, from points, or from left, top, width and height in a text."""
    corners = part.get("boundingBox") or part.get("boundingPolygon") or ()
    if isinstance(corners, str):
        left, top, width, height = map(float, corners.split(","))
        return box(left, top, left + width, top + height)
    if corners and isinstance(corners[0], Mapping):
        return tuple((float(corner.get("x") or 0), float(corner.get("y") or 0)) for corner in corners)
    return tuple((float(x), float(y)) for x, y in zip(corners[::2], corners[1::2], strict=True))


Size = tuple[float, float]
LONGEST_QUOTE = 200
MOST_ANSWERS = 5000
TEXTS = frozenset({"fullTextAnnotation", "textAnnotations"})
"""Where Cloud Vision has a text; an answer about a blank page has neither and nothing else."""


def read_vision(answer: Part) -> ForeignReading:
    """`AnnotateImageResponse`s, alone or in a batch's list, one a page; raises `UnreadableFormat` for an error."""
    if len(answer.get("responses") or []) > MOST_ANSWERS:
        raise UnreadableFormat(
            _("holds more than {most} answers; give one file for each page", most=f"{MOST_ANSWERS:,}")
        )
    responses = list(_responses(camel_case(answer)))
    found = sorted({str(name) for response in responses for name in response.keys() - {"context", "error"}})
    if found and not TEXTS.intersection(found):
        only = ", ".join(found[:6])
        raise UnreadableFormat(
            _("is an answer of Google Cloud Vision without a text, only {found}; ask it for the text", found=only)
        )
    texts = [_full_text(response) for response in responses]
    annotation = responses[0].get("fullTextAnnotation") or {}
    pages = annotation.get("pages") or []
    several = len(responses) > 1 or len(pages) > 1
    if several:
        reading = Reading("\n".join(texts), usage=Usage(pages=max(len(responses), len(pages))))
        return ForeignReading(reading, "Google Cloud Vision answer", pages=max(len(responses), len(pages)))
    size = page_size(pages[0]) if pages else (0.0, 0.0)
    regions = placed(lambda: _vision_regions(pages[0], size) if pages else _annotated_words(responses[0]))
    return ForeignReading(Reading(texts[0], regions, usage=Usage(pages=1)), "Google Cloud Vision answer", *size)


def read_document_ai(answer: Part) -> ForeignReading:
    """A `Document`: its text, and lines and tokens whose places in that text it names."""
    document = camel_case(answer)
    text, pages = str(document.get("text", "")), document.get("pages") or []
    usage = Usage(pages=len(pages))
    if len(pages) != 1:
        return ForeignReading(Reading(text, usage=usage), "Google Document AI answer", pages=max(1, len(pages)))
    size = page_size(pages[0].get("dimension") or {})
    size = size if all(size) else (1.0, 1.0)
    levels: tuple[tuple[str, Level], ...] = (("paragraphs", "paragraph"), ("lines", "line"), ("tokens", "word"))
    regions = tuple(
        region
        for name, level in levels
        for part in pages[0].get(name) or []
        if (region := _layout_region(part, level, text, size))
    )
    return ForeignReading(Reading(text, regions, usage=usage), "Google Document AI answer", *size)


def _responses(answer: Part) -> Iterator[Part]:
    """Batches nest: files hold responses that hold one response for each page."""
    error = answer.get("error") or {}
    if any(error.values()) and "responses" not in answer:
        said = " ".join(str(error.get("message", "")).split())[:LONGEST_QUOTE]
        raise UnreadableFormat(_("is an error of Google Cloud Vision and no reading: {said}", said=said))
    if "responses" not in answer:
        yield answer
    for response in answer.get("responses") or []:
        yield from _responses(response)


def _full_text(response: Part) -> str:
    annotation = response.get("fullTextAnnotation") or {}
    words = response.get("textAnnotations") or [{}]
    text: str = annotation.get("text") or words[0].get("description") or _spelled_out(annotation)
    return text


def _spelled_out(annotation: Part) -> str:
    """The text of an answer that was asked for its pages alone."""
    return "".join(
        _spelled_with_break(word)
        for page in annotation.get("pages") or []
        for block in page.get("blocks") or []
        for paragraph in block.get("paragraphs") or []
        for word in paragraph.get("words") or []
    ).strip()


def _vision_regions(page: Part, size: Size) -> Iterator[Region]:
    for block in page.get("blocks") or []:
        for paragraph in block.get("paragraphs") or []:
            words = paragraph.get("words") or []
            yield from _region("paragraph", "".join(map(_spelled_with_break, words)).strip(), paragraph, size)
            for word in words:
                yield from _region("word", _spelled(word), word, size)
                for symbol in word.get("symbols") or []:
                    yield from _region("character", str(symbol.get("text") or ""), symbol, size)


def _spelled(word: Part) -> str:
    return "".join(str(symbol.get("text") or "") for symbol in word.get("symbols") or [])


BREAKS: Mapping[object, str] = {"EOL_SURE_SPACE": "\n", "LINE_BREAK": "\n", "HYPHEN": "-\n", 3: "\n", 5: "\n", 4: "-\n"}
"""What follows a word, by the name or number of the kind of break; any other is a space."""


def _spelled_with_break(word: Part) -> str:
    """The word and the break behind it; in scripts without spaces most words have none."""
    symbols = word.get("symbols") or [{}]
    ends = ((symbols[-1].get("property") or {}).get("detectedBreak")) or {}
    return _spelled(word) + (BREAKS.get(ends.get("type"), " ") if ends else "")


def _annotated_words(response: Part) -> Iterator[Region]:
    """The older list: the whole text first, then words without a confidence; it names no page size."""
    for word in (response.get("textAnnotations") or [])[1:]:
        placed_so = {"boundingBox": word.get("boundingPoly")}
        yield from _region("word", str(word.get("description") or ""), placed_so, (0, 0))


def _region(level: Level, text: str, part: Part, size: Size) -> Iterator[Region]:
    polygon = _polygon(part.get("boundingBox") or {}, size)
    if text and len(polygon) >= 3:
        yield Region(level, text, polygon, confidence=share(part.get("confidence")))


def _layout_region(part: Part, level: Level, text: str, size: Size) -> Region | None:
    layout = part.get("layout") or {}
    polygon = _polygon(layout.get("boundingPoly") or {}, size)
    segments = (layout.get("textAnchor") or {}).get("textSegments") or []
    said = "".join(text[int(one.get("startIndex") or 0) : int(one.get("endIndex") or 0)] for one in segments).strip()
    if not said or len(polygon) < 3:
        return None
    handwritten = (part.get("styleInfo") or {}).get("handwritten")
    return Region(level, said, polygon, share(layout.get("confidence")), handwritten)


def _polygon(poly: Part, size: Size) -> tuple[Point, ...]:
    """In pixels of the page, whether the file has those or shares of it."""
    if vertices := poly.get("vertices"):
        return tuple((float(point.get("x") or 0), float(point.get("y") or 0)) for point in vertices)
    across, down = (side or 1 for side in size)
    shares = poly.get("normalizedVertices") or []
    return tuple((float(point.get("x") or 0) * across, float(point.get("y") or 0) * down) for point in shares)
