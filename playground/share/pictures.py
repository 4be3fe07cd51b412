"""Pictures that leave the house: a page as strangers may see it, and a comparison's panels and preview as PNGs.

A page is screen-sized, with regions made unreadable in the pixels themselves; the panels and the preview show what the
shared page shows, no more.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageOps

from engines.contract import EngineSpec, PageImage
from engines.pricing import in_words
from metrics.normalising import Rules
from playground.engine_runs import Comparison, Failure
from playground.panel import PanelView, Piece, TogetherView, panels_of
from playground.scoring import conventions_in_words
from translations import _

COLUMN, GAP, MARGIN, HEAD = 380, 24, 36, 100
TEXT, LINE, SMALL, SMALL_LINE = 18, 30, 14, 20
MOST_LINES = 40
INK, QUIET, PAPER, GOOD = "#23201b", "#635d54", "#ffffff", "#17694a"
GROUNDS = {"replace": "#fde9bd", "insert": "#d6e7ff", "delete": "#ffdedb"}
STROKES = {
    "delete": ("#96140d", 13),
    "differs": ("#c98a10", 24),
    "unsure": ("#b1aaa0", 25),
    "doubtful": ("#635d54", 25),
}
CHUNK = re.compile(r"\n|[^\S\n]+|\S+")


def panel_picture(comparison: Comparison, rules: Rules, specs: Mapping[str, EngineSpec]) -> bytes:
    """A PNG with one column per engine and one for what they read together; long readings are cut with a note."""
    answers = panels_of(comparison.runs, comparison.reference, rules, specs)
    columns = [_column(panel) for panel in answers.drawn]
    top = MARGIN + HEAD + SMALL_LINE * max((len(column.figures) for column in columns), default=0)
    height = top + MARGIN + LINE * max((len(column.lines) for column in columns), default=1)
    width = MARGIN * 2 + len(columns) * (COLUMN + GAP) - GAP
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    for number, column in enumerate(columns):
        _draw(draw, column, MARGIN + number * (COLUMN + GAP), top)
    scored = rules.sentence() if answers.has_reference else ""
    note = f"Inkquest, {comparison.created_at:%Y-%m-%d}. {conventions_in_words(comparison.task.conventions)} {scored}"
    draw.text((MARGIN, height - MARGIN), note, QUIET, _font(13))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Chunk:
    text: str
    kind: str


Line = tuple[_Chunk, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    panel: PanelView
    figures: tuple[Line, ...]
    lines: tuple[Line, ...]


def _column(panel: PanelView) -> _Column:
    rates = (f"{_(figure.name)} {figure.text}" for figure in panel.rates[1:])
    efforts = (figure.text for figure in panel.effort if figure.text)
    mark = [panel.model] if isinstance(panel, TogetherView) else []
    figures = _wrapped([_Chunk(" · ".join((*rates, *efforts, *mark)), "equal")], SMALL)
    if isinstance(panel.run.outcome, Failure):
        chunks = [_Chunk(_(panel.run.outcome.message), "equal")]
    else:
        chunks = [_Chunk(p.reference if p.kind == "delete" else p.hypothesis, _kind(p)) for p in panel.pieces()]
    return _Column(panel, tuple(figures), tuple(_wrapped(chunks, TEXT)))


def _kind(piece: Piece) -> str:
    """An error before a doubt: a picture has one way to draw a stretch."""
    return piece.doubt.level if piece.doubt and piece.kind == "equal" else piece.kind


def _wrapped(chunks: Iterable[_Chunk], size: int) -> Iterator[Line]:
    """Lines no wider than a column; a word wider than that is cut."""
    font, line, used = _font(size), list[_Chunk](), 0.0
    lines = 0
    for part in (_Chunk(text, chunk.kind) for chunk in chunks for text in CHUNK.findall(chunk.text)):
        length = 0 if part.text == "\n" else font.getlength(part.text)
        if part.text == "\n" or (used + length > COLUMN and line):
            yield tuple(line)
            line, used, lines = [], 0.0, lines + 1
            if lines == MOST_LINES:
                yield (_Chunk(_("(cut here)"), "equal"),)
                return
        if part.text != "\n":
            line.append(part)
            used += length
    yield tuple(line)


def _draw(draw: ImageDraw.ImageDraw, column: _Column, left: int, top: int) -> None:
    font, colour = _font(TEXT), GOOD if column.panel.best else INK
    draw.text((left, MARGIN), column.panel.label, INK, _font(22))
    draw.text((left, MARGIN + 34), column.panel.result, colour, _font(32))
    for number, line in enumerate(column.figures):
        words = "".join(chunk.text for chunk in line)
        draw.text((left, MARGIN + 78 + number * SMALL_LINE), words, QUIET, _font(SMALL))
    draw.line((left, top - 14, left + COLUMN, top - 14), GOOD if column.panel.best else "#ded9d0", 3)
    for number, line in enumerate(column.lines):
        x, y = float(left), top + number * LINE
        for chunk in line:
            end = min(x + font.getlength(chunk.text), left + COLUMN)
            if chunk.kind in GROUNDS:
                draw.rectangle((x, y, end, y + 24), GROUNDS[chunk.kind])
            draw.text((x, y), chunk.text, INK, font)
            if chunk.kind in STROKES:
                colour, down = STROKES[chunk.kind]
                draw.line((x, y + down, end, y + down), colour, 2)
            x = end


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)  # more scripts than Pillow's own, which is Latin only
    except OSError:
        return ImageFont.load_default(size)


PREVIEW = (1200, 630)
"""What chats and networks show of a link, in pixels."""
STRIP = 400
"""How wide the part with the page is, in pixels."""
MOST_NAMED = 5


def preview_picture(headline: str, panels: Iterable[PanelView], page: bytes | None) -> bytes:
    """A PNG of 1200 x 630: the verdict, each engine's result and cost, and a strip of the page where it was shared."""
    image = Image.new("RGB", PREVIEW, "#f6f5f1")
    draw = ImageDraw.Draw(image)
    width, height = PREVIEW
    right = width - MARGIN
    if page is not None:
        image.paste(_strip_of(page), (width - STRIP, 0))
        right -= STRIP
    draw.text((MARGIN, MARGIN), "Inkquest", "#2a3b8f", _font(34))
    top = MARGIN + 70
    for line in _lines_of(headline, 40, right - MARGIN)[:3]:
        draw.text((MARGIN, top), line, INK, _font(40))
        top += 52
    top += 22
    for panel in sorted(panels, key=_place)[:MOST_NAMED]:
        draw.line((MARGIN, top, right, top), GOOD if panel.best else "#ded9d0", 3)
        said = f"{panel.result} · {in_words(panel.charge)}"
        left = right - draw.textlength(said, _font(26))
        draw.text((left, top + 14), said, GOOD if panel.best else INK, _font(26))
        draw.text((MARGIN, top + 14), _cut_to(panel.label, 26, left - MARGIN - GAP), INK, _font(26))
        top += 58
    draw.rectangle((0, height - 8, width, height), "#2a3b8f")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _place(panel: PanelView) -> tuple[bool, float]:
    rate = panel.score.cer.rate if panel.score else None
    return rate is None, rate or 0.0


def _strip_of(page: bytes) -> Image.Image:
    """The upper part of the page, as wide as the strip."""
    with Image.open(io.BytesIO(page)) as image:
        picture = image.convert("RGB")
    part = picture.crop((0, 0, picture.width, min(picture.height, picture.width * PREVIEW[1] // STRIP)))
    return ImageOps.pad(part, (STRIP, PREVIEW[1]), color="#f6f5f1", centering=(0.5, 0))


def _lines_of(text: str, size: int, width: float) -> list[str]:
    """The text in lines no wider than that; a word that is wider is cut."""
    font, lines = _font(size), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut_to(word, size, width))
    return [line for line in lines if line]


def _cut_to(text: str, size: int, width: float) -> str:
    font = _font(size)
    while text and font.getlength(text) > width:
        text = f"{text[:-2]}\N{HORIZONTAL ELLIPSIS}" if len(text) > 1 else ""
    return text


LONGEST_EDGE = 2200
SMALLEST_CELL = 24


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of the page in `PageImage` pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int


def public_picture(page: PageImage, blurred: Iterable[Rectangle] = ()) -> bytes:
    """A JPEG of the page without metadata, its blurred rectangles averaged before anything is scaled or encoded."""
    with Image.open(io.BytesIO(page.png)) as image:
        picture = image.convert("RGB")
    for rectangle in blurred:
        _average(picture, rectangle)
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _average(picture: Image.Image, rectangle: Rectangle) -> None:
    """Replace a rectangle by a few averages of itself, smoothed.

    A Gaussian blur can be undone and a fine mosaic guessed: one cell is as high as the rectangle is, so that nothing
    smaller than a line of writing is left.
    """
    left, top = max(0, rectangle.left), max(0, rectangle.top)
    right, bottom = min(picture.width, rectangle.right), min(picture.height, rectangle.bottom)
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    cell = max(SMALLEST_CELL, min(width, height))
    cells = (max(1, width // cell), max(1, height // cell))
    part = picture.crop((left, top, right, bottom))
    averages = part.resize(cells, Image.Resampling.BOX)
    picture.paste(averages.resize((width, height), Image.Resampling.BICUBIC), (left, top))
