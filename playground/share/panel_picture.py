"""The panels of a comparison as one PNG, for slides and link previews. Draws what the shared page shows, no more."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from engines.contract import Reading
from metrics.normalising import Rules
from metrics.painting import painted_texts
from playground.comparison import Comparison, EngineRun
from playground.scoring import Scores, score_runs

COLUMN, GAP, MARGIN, LINE = 380, 24, 36, 30
MOST_LINES = 40
INK, QUIET, PAPER, GOOD = "#23201b", "#635d54", "#ffffff", "#17694a"
GROUNDS = {"replace": "#fde9bd", "insert": "#d6e7ff", "delete": "#ffdedb"}
CHUNK = re.compile(r"\n|[^\S\n]+|\S+")


def panel_picture(comparison: Comparison, rules: Rules, labels: Mapping[str, str]) -> bytes:
    """A PNG with one column per engine; `labels` names the engines, long readings are cut with a note."""
    has_reference = bool(comparison.reference.strip())
    scores = score_runs(comparison.runs, comparison.reference, rules)
    columns = [_column(run, scores, has_reference, labels) for run in comparison.runs]
    height = MARGIN * 2 + 110 + LINE * max((len(column.lines) for column in columns), default=1)
    width = MARGIN * 2 + len(columns) * (COLUMN + GAP) - GAP
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    for number, column in enumerate(columns):
        _draw(draw, column, MARGIN + number * (COLUMN + GAP))
    scored = rules.sentence() if has_reference else ""
    note = f"Inkquest, {comparison.created_at:%Y-%m-%d}. {comparison.task.conventions} {scored}"
    draw.text((MARGIN, height - MARGIN), note, QUIET, _font(13))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Chunk:
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Column:
    label: str
    figure: str
    is_best: bool
    lines: tuple[tuple[_Chunk, ...], ...]


def _column(run: EngineRun, scores: Scores, has_reference: bool, labels: Mapping[str, str]) -> _Column:
    label = labels.get(run.engine_id, run.engine_id)
    if not isinstance(run.outcome, Reading):
        return _Column(label, "did not read", False, tuple(_wrapped([_Chunk(run.outcome.message, "equal")])))
    score = scores.of(run.engine_id) if has_reference else None
    if score is None:
        figure = "refused" if run.outcome.refused else "read"
        return _Column(label, figure, False, tuple(_wrapped([_Chunk(run.outcome.text, "equal")])))
    parts = painted_texts(score.compared)
    chunks = (_Chunk(reference if kind == "delete" else hypothesis, kind) for kind, reference, hypothesis in parts)
    rate = "n/a" if score.cer.rate is None else f"CER {score.cer.rate:.1%}"
    return _Column(label, rate, score.best_cer, tuple(_wrapped(chunks)))


def _wrapped(chunks: Iterable[_Chunk]) -> Iterator[tuple[_Chunk, ...]]:
    """Lines no wider than a column; a word wider than that is cut."""
    font, line, used = _font(18), list[_Chunk](), 0.0
    lines = 0
    for part in (_Chunk(text, chunk.kind) for chunk in chunks for text in CHUNK.findall(chunk.text)):
        length = 0 if part.text == "\n" else font.getlength(part.text)
        if part.text == "\n" or (used + length > COLUMN and line):
            yield tuple(line)
            line, used, lines = [], 0.0, lines + 1
            if lines == MOST_LINES:
                yield (_Chunk("(cut here)", "equal"),)
                return
        if part.text != "\n":
            line.append(part)
            used += length
    yield tuple(line)


def _draw(draw: ImageDraw.ImageDraw, column: _Column, left: int) -> None:
    top, font = MARGIN, _font(18)
    draw.text((left, top), column.label, INK, _font(22))
    draw.text((left, top + 34), column.figure, GOOD if column.is_best else INK, _font(32))
    draw.line((left, top + 84, left + COLUMN, top + 84), GOOD if column.is_best else "#ded9d0", 3)
    for number, line in enumerate(column.lines):
        x, y = float(left), top + 98 + number * LINE
        for chunk in line:
            end = min(x + font.getlength(chunk.text), left + COLUMN)
            if chunk.kind in GROUNDS:
                draw.rectangle((x, y, end, y + 24), GROUNDS[chunk.kind])
            draw.text((x, y), chunk.text, INK, font)
            if chunk.kind == "delete":
                draw.line((x, y + 13, end, y + 13), "#96140d", 2)
            x = end


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)  # more scripts than Pillow's own, which is Latin only
    except OSError:
        return ImageFont.load_default(size)
