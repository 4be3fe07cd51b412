"""The front door for readings that were made elsewhere: any file's bytes to one reading, whatever its format.

The content decides; the name is asked only where that leaves it open: a text may begin with "[" or "{" as JSON does.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import PurePosixPath

from engines.contract import Reading, Region
from engines.formats import alto_xml, page_xml
from engines.formats.hocr import is_hocr, read_hocr
from engines.formats.layout import ForeignReading, Layout, UnreadableFormat, decoded, foreign_reading
from engines.formats.vendor_json import read_vendor_json
from engines.formats.xml import LARGEST_NUMBER, local_name, parse_xml
from translations import _

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
