"""Each reading as ALTO, PAGE, hOCR and searchable PDF: its lines and words with its own boxes, or with borrowed ones.

The text is written as the engine gave it, line by line; white space inside a line becomes one space.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

from engines.contract import PageImage, Point, Reading, Region
from engines.formats.alto_xml import write_alto_xml
from engines.formats.hocr import write_hocr
from engines.formats.layout import LayoutLine, is_blank
from engines.formats.page_xml import write_page_xml
from engines.formats.searchable_pdf import write_searchable_pdf
from engines.formats.xml import WrittenPage, on_page, upright
from playground.boxes import PlacedRegion, lend_boxes, place_regions
from playground.engine_runs import Comparison, EngineRun
from playground.share.exporting import stems_of
from playground.share.pictures import public_picture
from translations import _

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LayoutFormat:
    """How a kind of file is called, served and written."""

    label: str
    suffix: str
    media_type: str
    write: Callable[[WrittenPage], bytes]
    needs_picture: bool = False


FORMATS: Mapping[str, LayoutFormat] = {
    "alto": LayoutFormat("ALTO", ".alto.xml", "application/xml", write_alto_xml),
    "page": LayoutFormat("PAGE", ".page.xml", "application/xml", write_page_xml),
    "hocr": LayoutFormat("hOCR", ".hocr", "application/xhtml+xml", write_hocr),
    "pdf": LayoutFormat("PDF", ".pdf", "application/pdf", write_searchable_pdf, needs_picture=True),
}
"""By the name that the command line takes."""


@dataclass(frozen=True, slots=True)
class PictureOfPage:
    """What was read, in `PageImage` pixels; `data` is a PNG or JPEG of the same proportions, or empty."""

    name: str
    width: int
    height: int
    data: bytes = b""

    @classmethod
    def of(cls, name: str, page: PageImage, formats: Iterable[str]) -> PictureOfPage:
        """With its pixels only where one of these formats shows them: encoding takes time."""
        shown = any(FORMATS[one].needs_picture for one in formats)
        return cls(name, page.width, page.height, public_picture(page) if shown else b"")


@dataclass(frozen=True, slots=True)
class WrittenReading:
    """One engine's page, ready to be written, and a sentence on whose boxes it has."""

    page: WrittenPage
    boxes: str


def written_readings(
    runs: Iterable[EngineRun], picture: PictureOfPage, labels: Mapping[str, str], created: datetime
) -> dict[str, WrittenReading]:
    """By engine, every reading of one page that is a transcription; others are no texts and give no file."""
    by_engine = {run.engine_id: run for run in runs}
    lending = lend_boxes(by_engine)
    written: dict[str, WrittenReading] = {}
    for engine_id, run in by_engine.items():
        reading, lent = run.transcription, lending.runs[engine_id].transcription
        if reading is None or lent is None:
            continue
        label, lender = labels.get(engine_id, engine_id), lending.lenders.get(engine_id, "")
        boxes = _whose(reading, labels.get(lender, lender))
        read_by = _("Read by {engine}.", engine=label)
        note = " ".join([read_by, boxes, *([_("The reading was cut off.")] if reading.truncated else [])])
        blocks = blocks_of(lent, picture.width, picture.height)
        page = WrittenPage(picture.name, picture.width, picture.height, blocks, note, created, picture.data)
        written[engine_id] = WrittenReading(page, boxes)
    return written


def readings_of_comparison(
    comparison: Comparison, picture: bytes | None, labels: Mapping[str, str], name: str = "page.jpg"
) -> dict[str, WrittenReading]:
    """The readings of a comparison; `picture` is what may be shown of its page, None if nothing may."""
    page = PictureOfPage(name, comparison.page_width, comparison.page_height, picture or b"")
    return written_readings(comparison.runs, page, labels, comparison.created_at)


def files_of(
    written: Mapping[str, WrittenReading], formats: Sequence[str] = tuple(FORMATS)
) -> list[tuple[str, str, LayoutFormat]]:
    """Name, engine and format of every file that can be made of these readings."""
    stems = stems_of(written)
    return [
        (f"{stems[engine_id]}{made.suffix}", engine_id, made)
        for engine_id, reading in written.items()
        for made in map(FORMATS.__getitem__, formats)
        if reading.page.picture or not made.needs_picture
    ]


def zipped(written: Mapping[str, WrittenReading]) -> bytes:
    """All files of one page, called after their engines."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, engine_id, made in files_of(written):
            archive.writestr(name, made.write(written[engine_id].page))
    return out.getvalue()


def _whose(reading: Reading, lender: str) -> str:
    own = {region.level for region in reading.regions if region.polygon} & {"word", "line"}
    if lender and "line" in own:
        return _(
            "Its line boxes are its own; its word boxes are borrowed from {engine}, and say where a word probably "
            "stands.",
            engine=lender,
        )
    if lender:
        return _("Its word boxes are borrowed from {engine}, and say where a word probably stands.", engine=lender)
    return _("Its boxes are its own.") if own else _("It has no boxes: none are known for its words.")


def blocks_of(reading: Reading, width: int, height: int) -> tuple[tuple[LayoutLine, ...], ...]:
    """The text's lines with the places of their words, block by block; blank lines lie between blocks."""
    regions = tuple(replace(region, polygon=on_page(region.polygon, width, height)) for region in reading.regions)
    placed = replace(reading, regions=tuple(region for region in regions if region.polygon))
    words, lines = _Placed(placed, place_regions(placed, "word")), _Placed(placed, place_regions(placed, "line"))
    blocks: list[list[LayoutLine]] = [[]]
    start = 0
    for written in reading.text.splitlines(keepends=True):
        if is_blank(written):
            blocks.append([])
        else:
            blocks[-1].append(_line(reading.text, (start, start + len(written)), words, lines))
        start += len(written)
    return tuple(tuple(block) for block in blocks if block)


class _Placed:
    """Regions of one level by where they stand in the text."""

    def __init__(self, reading: Reading, placed: Sequence[PlacedRegion]) -> None:
        self._regions = reading.regions
        self._placed = placed
        self._starts, self._ends = [one.start for one in placed], [one.end for one in placed]

    def spans(self, within: Span) -> list[Span]:
        """Where in the text its regions stand, cut to this part."""
        return [(max(one.start, within[0]), min(one.end, within[1])) for one in self._touched(within)]

    def region(self, text: str, within: Span) -> Region:
        """What stands in this part: the one region, or the upright rectangle around several, or no outline."""
        found = [self._regions[one.index] for one in self._touched(within)]
        polygon: tuple[Point, ...] = found[0].polygon if len(found) == 1 else ()
        if len(found) > 1:
            polygon = upright([point for region in found for point in region.polygon])
        sure = [min(1.0, max(0.0, region.confidence)) for region in found if region.confidence is not None]
        return Region("word", text, polygon, min(sure) if sure and len(sure) == len(found) else None)

    def _touched(self, within: Span) -> Sequence[PlacedRegion]:
        return self._placed[bisect_right(self._ends, within[0]) : bisect_left(self._starts, within[1])]


def _line(text: str, span: Span, words: _Placed, lines: _Placed) -> LayoutLine:
    pieces = [(span[0] + found.start(), span[0] + found.end()) for found in re.finditer(r"\S+", text[slice(*span)])]
    written = tuple(
        words.region(" ".join(text[slice(*piece)].split()), piece) for piece in _merged(pieces + words.spans(span))
    )
    whole = " ".join(word.text for word in written)
    line = lines.region(whole, span)
    outline = line.polygon or upright([point for word in written for point in word.polygon])
    return LayoutLine("", whole, outline, confidence=line.confidence, words=written)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that share a letter as one: a region may hold two words, and a word without spaces several regions."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
