"""Amazon Textract's blocks (`DetectDocumentText`, `AnalyzeDocument` and their asynchronous twins) to a reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engines.contract import Level, Point, Reading, Region, Usage
from engines.formats.layout import ForeignReading, UnreadableFormat, box, share

LEVELS: Mapping[str, Level] = {"LINE": "line", "WORD": "word"}
VERSIONS = ("DetectDocumentTextModelVersion", "AnalyzeDocumentModelVersion")
SIDE = 1
"""Textract counts in shares of the page, whatever its size."""


def read_textract(answer: Mapping[str, Any]) -> ForeignReading:
    """Lines as they are listed, page after page, on a page of 1 x 1; raises `UnreadableFormat` for a failed job."""
    if answer.get("JobStatus", "SUCCEEDED") not in {"SUCCEEDED", "PARTIAL_SUCCESS"}:
        raise UnreadableFormat(f"is a Textract job that is {str(answer['JobStatus']).lower()} and holds no text")
    blocks = [block for block in answer["Blocks"] if block.get("BlockType") in LEVELS]
    pages = max([1, *(int(block.get("Page") or 1) for block in blocks)])
    reading = Reading(
        text="\n".join(str(block.get("Text", "")) for block in blocks if block["BlockType"] == "LINE"),
        regions=tuple(region for block in blocks if (region := _region(block)).polygon) if pages == 1 else (),
        truncated=bool(answer.get("NextToken")),
        model_reported=str(next((answer[name] for name in VERSIONS if answer.get(name)), "")),
        usage=Usage(pages=int((answer.get("DocumentMetadata") or {}).get("Pages") or pages)),
    )
    return ForeignReading(reading, "Amazon Textract answer", SIDE, SIDE, pages)


def _region(block: Mapping[str, Any]) -> Region:
    kind = block.get("TextType")
    return Region(
        LEVELS[block["BlockType"]],
        str(block.get("Text", "")),
        _polygon(block.get("Geometry") or {}),
        confidence=share(block.get("Confidence"), 100),
        handwritten=None if kind is None else kind == "HANDWRITING",
    )


def _polygon(geometry: Mapping[str, Any]) -> tuple[Point, ...]:
    if corners := geometry.get("Polygon"):
        return tuple((float(corner["X"]), float(corner["Y"])) for corner in corners)
    sides = geometry.get("BoundingBox") or {}
    left, top = float(sides.get("Left", 0)), float(sides.get("Top", 0))
    return box(left, top, left + float(sides.get("Width", 0)), top + float(sides.get("Height", 0)))
