"""One comparison as a file: JSON for programs, CSV for spreadsheets, each reading as ALTO, PAGE, hOCR, searchable PDF.

Scores are derived anew, by the rules stated. SECURITY: a name that a stranger chose leaves no folder, and holds nothing
that an address or another disk takes for a sign.

In layout files a reading's lines and words have its own boxes, or borrowed ones; the text is written as the engine gave
it, line by line; white space inside a line becomes one space.
"""

from __future__ import annotations

import csv
import io
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from unicodedata import category, normalize
from zipfile import ZIP_DEFLATED, ZipFile

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, Point, Reading, Region
from engines.formats.alto_xml import write_alto_xml
from engines.formats.hocr import write_hocr
from engines.formats.layout import LayoutLine, WrittenPage, is_blank, on_page, upright
from engines.formats.page_xml import write_page_xml
from engines.formats.searchable_pdf import write_searchable_pdf
from engines.pricing import Usd
from metrics.normalising import Rules
from playground.boxes import PlacedRegion, lend_boxes, place_regions
from playground.documents import plain, read_document
from playground.engine_runs import Comparison, EngineRun
from playground.panel import TogetherView, together_view
from playground.scoring import EngineScore, conventions_in_words, score_runs
from playground.share.pictures import public_picture
from playground.together import TOGETHER
from translations import _

FORMULA_STARTS = frozenset("=+-\N{MINUS SIGN}@")
COLUMNS = (
    "engine", "model_reported", "status", "cer", "wer", "substitutions", "deletions", "insertions", "reference_length",
    "seconds", "cost_usd", "cost_measured", "text", "failure",
)  # fmt: skip


def as_json(comparison: Comparison, rules: Rules) -> str:
    """The document of `read --json`, with when and by which version the page was read."""
    page = PageImage(comparison.page_sha256, b"", comparison.page_width, comparison.page_height)
    scores = score_runs(comparison.runs, comparison.reference, rules) if comparison.reference.strip() else None
    turned = comparison.page_turned
    document = plain(read_document("", page, comparison.task, comparison.runs, scores, turned=turned))
    origin = {"created_at": comparison.created_at.isoformat(), "app_version": comparison.app_version}
    return json.dumps(origin | document, indent=2) + "\n"


def as_csv(comparison: Comparison, rules: Rules) -> str:
    """One row per engine, one for what they read together, then reference, rules and conventions.

    SECURITY: through `spreadsheet_cell`.
    """
    has_reference = bool(comparison.reference.strip())
    scores = score_runs(comparison.runs, comparison.reference, rules)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for run in comparison.runs:
        writer.writerow(map(spreadsheet_cell, _row(run, scores.of(run.engine_id) if has_reference else None)))
    found = together_view(comparison.runs, scores, {spec.id: spec for spec in CATALOGUE})
    if not isinstance(found, str):
        writer.writerow(map(spreadsheet_cell, _together_row(found)))
    text_at = COLUMNS.index("text")
    notes = {
        "(reference)": comparison.reference,
        "(rules)": rules.sentence(),
        "(conventions)": conventions_in_words(comparison.task.conventions),
    }
    for name, text in notes.items():
        writer.writerow([name, *[""] * (text_at - 1), spreadsheet_cell(text), ""])
    return out.getvalue()


def spreadsheet_cell(value: object) -> object:
    """SECURITY: a text that a spreadsheet would take for a formula (or a DDE call) gets an apostrophe in front.

    Some look past blanks, line breaks, quotes and what cannot be seen, and take full-width signs for the plain ones.
    Where a semicolon or a tab parts cells, as in much of Europe, quotes hold nothing together: a cell may begin behind
    any of those and on any line. There a formula must call something to do harm; the items of a list do not.
    """
    if not isinstance(value, str):
        return value
    harmful = _begins_formula(value) or value.startswith(("\t", "\r", "\n"))
    first, *parts = _CELLS.split(value)
    others = (f"'{part}" if _CALLS.search(part) and _begins_formula(part) else part for part in parts)
    told = f"{first}{''.join(others)}" if parts else value
    return f"'{told}" if harmful else told


_CELLS = re.compile(r"(?<=[;\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029])")
_CALLS = re.compile(r"[(|（｜]")


def _begins_formula(text: str) -> bool:
    start = next((sign for sign in text if not _looked_past(sign)), "")
    return normalize("NFKC", start) in FORMULA_STARTS


def _looked_past(sign: str) -> bool:
    return sign.isspace() or sign in "\"'" or category(sign) in {"Cc", "Cf"}


def _row(run: EngineRun, score: EngineScore | None) -> tuple[object, ...]:
    if isinstance(run.outcome, Reading):
        reading = run.outcome
        status = "refused" if run.refused else "reading"
        model, text, failure = reading.model_reported, reading.text, ""
    else:
        model, status, text, failure = "", "failure", "", run.outcome.message
    cost = (run.cost.usd, run.cost.measured) if run.cost else (None, None)
    return (run.engine_id, model, status, *_figures(score), _rounded(run.seconds), *cost, text, failure)


def _together_row(panel: TogetherView) -> tuple[object, ...]:
    cost = panel.charge
    paid = (cost.usd, cost.measured) if isinstance(cost, Usd) else (None, None)
    found = panel.together
    text = found.consensus.text
    return (f"({TOGETHER})", found.mark, "reading", *_figures(panel.score), _rounded(found.seconds), *paid, text, "")


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _figures(score: EngineScore | None) -> tuple[object, ...]:
    if score is None:
        return (None,) * 6
    cer = score.cer
    return (cer.rate, score.wer.rate, cer.substitutions, cer.deletions, cer.insertions, cer.reference_length)


LONGEST_PART = 120


def file_name(item_id: str) -> str:
    """An item's name as a path that leaves no folder."""
    parts = map(_one_part, re.split(r"[/\\]", item_id))
    return "/".join(part for part in parts if part) or "page"


def stems_of(engine_ids: Iterable[str]) -> dict[str, str]:
    """How the files of each engine's readings begin, all different: who brought a reading chose its engine's name."""
    ids = list(engine_ids)
    return dict(zip(ids, different([_one_part(engine_id) or "reading" for engine_id in ids]), strict=True))


def different(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that would be the same file: nothing is written over."""
    taken: set[str] = set()
    kept = []
    for name in names:
        free = name
        number = 1
        while free.casefold() in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free.casefold())
        kept.append(free)
    return kept


def _one_part(name: str) -> str:
    return re.sub(r"[^\w.,()+ -]", "_", name).strip(" .")[:LONGEST_PART]


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
