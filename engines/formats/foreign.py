"""Readings that were made elsewhere: any file's bytes to one reading, whatever its format.

The content decides; the name is asked only where that leaves it open: a text may begin with "[" or "{" as JSON does. Of
JSON the keys tell which vendor it is; an answer of a vendor with an adapter is taken apart by that adapter, after the
vendor's own types have parsed it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from engines.adapters import anthropic_messages, azure_read, gemini_generate, mistral_ocr, openai_chat, openai_responses
from engines.adapters.textract import read_textract
from engines.contract import Reading, Region, Usage
from engines.errors import EngineError
from engines.formats import alto_xml, page_xml
from engines.formats.cloud_documents import is_azure_vision, read_azure_vision, read_document_ai, read_vision
from engines.formats.hocr import is_hocr, read_hocr
from engines.formats.layout import (
    LARGEST_NUMBER,
    ForeignReading,
    Layout,
    LayoutLine,
    UnreadableFormat,
    decoded,
    foreign_reading,
    local_name,
    parse_xml,
    points,
)
from translations import N_, _

if TYPE_CHECKING:
    from pydantic import ValidationError


MOST_BYTES = 20_000_000
LAYOUT_SUFFIXES = frozenset({".xml", ".hocr", ".html", ".htm", ".xhtml"})
"""What files that `read_layouts` reads are called."""
SUFFIXES = LAYOUT_SUFFIXES | {".txt", ".text", ".md", ".markdown", ".json"}
"""What files that `read_foreign` reads are called; it heeds the content alone."""

_JSON = re.compile(r"\{\s*\"|\[\s*\{\s*\"")
_NO_JSON = object()
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"
_ROOT_TAG = re.compile(rb"\s*(?:<\?xml|<(?:[\w.-]{1,40}:)?(?:PcGts|alto)[\s>])")


def read_foreign(name: str, content: bytes) -> ForeignReading:
    """Plain text, Markdown, PAGE, ALTO, hOCR or a vendor's JSON; raises `UnreadableFormat`, worded to follow `name`.

    An empty file is an empty text: the engine that wrote it has seen nothing.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFormat(
            _("has more than {size} MB; give one file for each page", size=f"{MOST_BYTES / 1e6:.0f}")
        )
    if is_hocr(content) or _ROOT_TAG.match(content[:1000].replace(b"\0", b"").lstrip(_BYTE_ORDER_MARKS)):
        layouts, format_name = read_layouts(content)
        return foreign_reading(layouts, format_name)
    text = decoded(content)
    document = _json(text, named_so=PurePosixPath(name).suffix.lower() == ".json")
    if document is _NO_JSON:
        return ForeignReading(Reading(text), "text")
    found = read_vendor_json(document)
    regions = tuple(filter(_lies_on_a_page, found.reading.regions))
    return replace(found, reading=replace(found.reading, regions=regions))


def read_layouts(data: bytes) -> tuple[tuple[Layout, ...], str]:
    """The pages of a PAGE, ALTO or hOCR file and the format's name; raises `UnreadableFormat`."""
    if is_hocr(data):
        return read_hocr(data), "hOCR"
    root = parse_xml(data)
    if local_name(root) == page_xml.ROOT:
        return page_xml.page_layouts(root), "PAGE XML"
    if local_name(root) == alto_xml.ROOT:
        return alto_xml.alto_layouts(root), "ALTO"
    raise UnreadableFormat(
        _("is XML with a root of {tag}, so neither PAGE XML nor ALTO nor hOCR", tag=f"<{local_name(root)[:40]}>")
    )


def _json(text: str, *, named_so: bool) -> object:
    """The document, or `_NO_JSON` for a text that is none; raises `UnreadableFormat` for one that is cut off."""
    stripped = text.strip()
    if not stripped.startswith(("{", "[")) and not named_so:
        return _NO_JSON
    try:
        document: object = json.loads(stripped, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        if named_so or _JSON.match(stripped):
            raise UnreadableFormat(_("is JSON that is cut off or damaged; save the whole answer again")) from None
        return _NO_JSON
    # "[1]" is what stands on a page; an answer is an object, or a list of them.
    first = document[0] if isinstance(document, list) and document else document
    return document if isinstance(first, dict) or named_so else _NO_JSON


def _lies_on_a_page(region: Region) -> bool:
    return all(abs(side) < LARGEST_NUMBER for corner in region.polygon for side in corner)


Answer = dict[str, Any]
GEMINI_SIDE = 1000
"""Gemini counts boxes in thousandths, whatever the page's size."""
LONGEST_QUOTE = 200
_WRAPPERS = ("body", "result", "response", "message", "document", "analyzeResult", "analyze_result")
_DEEPEST_WRAPPER = 5
_STATES = ("JobStatus", "status", "state", "type")
_SAYS = ("message", "Message", "code", "Code", "status", "type")


@dataclass(frozen=True, slots=True)
class Shape:
    """One vendor's answer: the keys it is known by, and who reads it."""

    vendor: str
    known_by: Callable[[Answer], bool]
    read: Callable[[Answer], ForeignReading]
    package: str = ""
    """The vendor's package whose types parse it, where one does."""


def read_vendor_json(document: object) -> ForeignReading:
    """One answer, or a list of the parts of one; raises `UnreadableFormat`."""
    answer = _unwrapped(document)
    shape = next((shape for shape in SHAPES if shape.known_by(answer)), None)
    if shape is None:
        raise UnreadableFormat(_stranger(answer))
    try:
        return shape.read(answer)
    except ImportError:
        raise UnreadableFormat(
            _(
                "is an answer of {vendor}; to read it, install {package}: {command}",
                vendor=shape.vendor,
                package=shape.package,
                command=f"pip install {shape.package}",
            )
        ) from None
    except UnreadableFormat:
        raise
    except EngineError as error:
        raise UnreadableFormat(
            _("is an answer of {vendor} without a reading: {error}", vendor=_(shape.vendor), error=error)
        ) from None
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableFormat(
            _(
                "looks like an answer of {vendor}, but is not whole ({why}); save the whole answer again",
                vendor=_(shape.vendor),
                why=type(error).__name__,
            )
        ) from None


def _unwrapped(document: object) -> Answer:
    """The answer itself, out of a list or of what SDKs and batches put around it."""
    for _wrapper in range(_DEEPEST_WRAPPER):
        if isinstance(document, list):
            parts = [part for part in document if isinstance(part, dict)]
            if parts and all("Blocks" in part for part in parts):
                return {**parts[-1], "Blocks": [block for part in parts for block in part["Blocks"]]}
            if len(parts) > 1 and all(map(_lists("candidates"), parts)):
                return _streamed(parts)
            document = parts[0] if len(parts) == 1 else {"list": parts}
        if not isinstance(document, dict) or any(shape.known_by(document) for shape in SHAPES):
            break
        inner = next((document[name] for name in _WRAPPERS if isinstance(document.get(name), dict | list)), None)
        if inner is None:
            break
        document = inner
    return document if isinstance(document, dict) else {}


def _streamed(parts: list[Answer]) -> Answer:
    """Gemini's answer as it comes in pieces: the last says how it ended."""
    pieces = [part["candidates"][0] for part in parts]
    texts = [text for piece in pieces for text in (piece.get("content") or {}).get("parts") or []]
    return {**parts[-1], "candidates": [{**pieces[-1], "content": {"role": "model", "parts": texts}}]}


def _stranger(answer: Answer) -> str:
    error = answer.get("error") or answer.get("Error")
    while isinstance(error, Mapping) and isinstance(error.get("error"), Mapping):
        error = error["error"]
    if error:
        said = next(filter(None, map(error.get, _SAYS)), "") if isinstance(error, Mapping) else error
        quoted = " ".join(str(said).split())[:LONGEST_QUOTE]
        return _("is a vendor's error and no reading: {said}", said=quoted)
    keys = ", ".join(repr(str(key)[:30]) for key in list(answer)[:6])
    states = ((name, answer.get(name)) for name in _STATES)
    if not keys:
        return _("is JSON of a kind that is not known; give the vendor's whole answer")
    for name, said in states:
        if isinstance(said, str):
            keys = _("{keys}; its {name} is {value}", keys=keys, name=repr(name), value=repr(said[:60]))
            break
    return _("is JSON of a kind that is not known (it has {keys}); give the vendor's whole answer", keys=keys)


def _openai_chat(answer: Answer) -> ForeignReading:
    from openai.types.chat import ChatCompletion

    choices = [{"finish_reason": "stop", **choice} for choice in answer["choices"]]
    parsed = ChatCompletion.construct(**{"model": "", **answer, "choices": choices})
    return ForeignReading(openai_chat.reading_of(parsed), "OpenAI chat completion")


def _openai_responses(answer: Answer) -> ForeignReading:
    from openai.types.responses import Response

    parsed = Response.construct(**{"model": "", "status": "completed", **answer})
    return ForeignReading(openai_responses.reading_of(parsed), "OpenAI response")


def _anthropic(answer: Answer) -> ForeignReading:
    from anthropic.types import Message

    usage = {"input_tokens": 0, "output_tokens": 0, **(answer.get("usage") or {})}
    parsed = Message.construct(**{"model": "", "stop_reason": None, **answer, "usage": usage})
    return ForeignReading(anthropic_messages.reading_of(parsed), "Anthropic message")


def _gemini(answer: Answer) -> ForeignReading:
    from google.genai.types import GenerateContentResponse
    from pydantic import ValidationError

    said = {key: value for key, value in answer.items() if value is not None}
    try:
        parsed = GenerateContentResponse.model_validate(said)
    except ValidationError as error:
        parsed = GenerateContentResponse.model_validate(_without(said, error))
    reading = gemini_generate.reading_of(parsed, GEMINI_SIDE, GEMINI_SIDE)
    return ForeignReading(reading, "Gemini answer", GEMINI_SIDE, GEMINI_SIDE)


def _without(answer: Answer, error: ValidationError) -> Answer:
    """A copy without the fields that are newer than the vendor's package."""
    older: Answer = deepcopy(answer)
    for fault in error.errors():
        if fault["type"] == "extra_forbidden":
            *path, field = fault["loc"]
            reduce(lambda part, step: part[step], path, cast("Any", older)).pop(field, None)
    return older


def _boxed_text(answer: Answer) -> ForeignReading:
    """What Gemini is asked to write by our own prompt, and what many scripts write: a `text`, and `words` perhaps."""
    from engines.adapters.gemini_generate import regions_of

    regions = regions_of(answer.get("words"), GEMINI_SIDE, GEMINI_SIDE)
    return ForeignReading(Reading(answer["text"], regions), "JSON with a text", GEMINI_SIDE, GEMINI_SIDE)


def _mistral(answer: Answer) -> ForeignReading:
    from mistralai.client.models import OCRResponse

    pages = [
        {"index": place, "images": [], **page, "dimensions": page.get("dimensions") or None}
        for place, page in enumerate(answer["pages"])
    ]
    usage = answer.get("usage_info") or {"pages_processed": len(pages)}
    parsed = OCRResponse.model_validate({"model": "", **answer, "pages": pages, "usage_info": usage})
    size = pages[0]["dimensions"] or {}
    return _whole(
        lambda width, height: mistral_ocr.reading_of(parsed, width, height),
        "Mistral OCR answer", size.get("width"), size.get("height"), len(pages),
    )  # fmt: skip


def _azure(answer: Answer) -> ForeignReading:
    from azure.ai.documentintelligence.models import AnalyzeResult

    parsed = AnalyzeResult({"apiVersion": "", "modelId": "", **answer})
    first = parsed.pages[0]
    return _whole(
        lambda width, height: azure_read.reading_of(parsed, width, height),
        "Azure Document Intelligence result", first.width, first.height, len(parsed.pages),
    )  # fmt: skip


def _whole(
    read: Callable[[float, float], Reading], format_name: str, width: float | None, height: float | None, pages: int
) -> ForeignReading:
    reading = read(width or 1, height or 1)
    if pages > 1 or not width or not height:
        return ForeignReading(_without_regions(reading), format_name, pages=pages)
    return ForeignReading(reading, format_name, width, height)


def _without_regions(reading: Reading) -> Reading:
    return Reading(reading.text, model_reported=reading.model_reported, usage=reading.usage)


def _transkribus(answer: Answer) -> ForeignReading:
    """The processing interface's answer; outlines are in pixels of the image that was sent."""
    status, content = str(answer.get("status", "FINISHED")).upper(), answer.get("content") or {}
    if status != "FINISHED" or not content:
        raise UnreadableFormat(
            _("is a Transkribus process that is {state} and holds no text yet", state=status.lower())
        )
    lines = tuple(
        LayoutLine(str(line.get("id", "")), (line.get("text") or "").strip() or None, _coords(line))
        for region in content.get("regions") or []
        for line in region.get("lines") or []
    )
    if not lines:
        return ForeignReading(Reading(content["text"] or "", usage=Usage(pages=1)), "Transkribus process")
    return foreign_reading((Layout("", 0, 0, lines),), "Transkribus process")


def _coords(line: Answer) -> tuple[tuple[float, float], ...]:
    coords = line.get("coords") or {}
    return points(str(coords.get("points", "") if isinstance(coords, Mapping) else coords))


def _lists(key: str, *more: str) -> Callable[[Answer], bool]:
    """Whether the answer has a list of objects under that key, not an empty one, and the other keys too."""

    def known(answer: Answer) -> bool:
        found = answer.get(key)
        first = found[0] if isinstance(found, list) and found else None
        return isinstance(first, dict) and all(name in answer for name in more)

    return known


def _is_message(answer: Answer) -> bool:
    """Items of OpenAI's responses call themselves messages too."""
    content = answer.get("content")
    return answer.get("type") == "message" and isinstance(content, list) and "output_text" not in str(content[:1])


def _is_response(answer: Answer) -> bool:
    return answer.get("object") == "response" or _lists("output")(answer)


def _is_gemini(answer: Answer) -> bool:
    blocked = any(name in answer for name in ("promptFeedback", "prompt_feedback"))
    return blocked or (_lists("candidates")(answer) and "responses" not in answer)


def _is_transkribus(answer: Answer) -> bool:
    content = answer.get("content")
    return "processId" in answer or (isinstance(content, dict) and "regions" in content)


def _is_vision(answer: Answer) -> bool:
    names = ("fullTextAnnotation", "full_text_annotation", "textAnnotations", "text_annotations")
    return _lists("responses")(answer) or any(name in answer for name in names)


def _is_mistral(answer: Answer) -> bool:
    return _lists("pages")(answer) and "markdown" in answer["pages"][0]


def _is_document_ai(answer: Answer) -> bool:
    pages = answer.get("pages")
    return isinstance(answer.get("text"), str) and isinstance(pages, list) and "content" not in answer


SHAPES = (
    Shape("Amazon Textract", lambda answer: isinstance(answer.get("Blocks"), list), read_textract),
    Shape("Mistral", _is_mistral, _mistral, "mistralai"),
    Shape("Azure Document Intelligence", _lists("pages", "content"), _azure, "azure-ai-documentintelligence"),
    Shape("Azure AI Vision", is_azure_vision, read_azure_vision),
    Shape("Google Cloud Vision", _is_vision, read_vision),
    Shape("Google Document AI", _is_document_ai, read_document_ai),
    Shape("Transkribus", _is_transkribus, _transkribus),
    Shape("OpenAI", _lists("choices"), _openai_chat, "openai"),
    Shape("OpenAI", _is_response, _openai_responses, "openai"),
    Shape("Anthropic", _is_message, _anthropic, "anthropic"),
    Shape("Gemini", _is_gemini, _gemini, "google-genai"),
    Shape(N_("a script"), lambda answer: isinstance(answer.get("text"), str), _boxed_text),
)  # fmt: skip
