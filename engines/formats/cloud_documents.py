"""Google's two readers of documents, Cloud Vision and Document AI, as JSON in either spelling, to a reading.

Both leave out what is zero: a vertex without `x` lies on the left edge, a segment without `startIndex` begins the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engines.contract import Level, Point, Reading, Region, Usage
from engines.formats.layout import ForeignReading, UnreadableFormat, camel_case, page_size, share
from engines.sdk_errors import placed
from translations import _

Part = Mapping[str, Any]
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
