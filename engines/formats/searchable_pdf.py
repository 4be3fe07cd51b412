"""A page's picture as a PDF whose text can be searched and copied: unseen words lie where their boxes are.

The font has no shapes and every letter of the page, so that no script lacks one and no system font is needed. Words
are drawn in the order of the text; what has no known place lies at the left edge, between what stands before and after
it. Marks of direction are left out: viewers keep them where no search expects one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import groupby
from math import atan2, degrees, hypot
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from engines.contract import Point, Region
from engines.formats.layout import CREATOR, LayoutLine, WrittenPage, upright, xml_text

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.bidi import BidiCharacter

LONG_EDGE_POINTS = 842.0
"""The long edge of A4: a picture does not say how large the paper was."""
ADVANCE, UNITS_PER_EM, DESCENT = 600, 1000, 200
FAMILY = "Unseen"
LEFTWARDS = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
MARKS_OF_DIRECTION = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
UNPLACED_HEIGHT = 6.0
MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def write_searchable_pdf(page: WrittenPage) -> bytes:
    """One page; `page.picture` must be there."""
    from fpdf import FPDF
    from fpdf.enums import TextMode

    scale = LONG_EDGE_POINTS / max(page.width, page.height)
    size = (page.width * scale, page.height * scale)
    pdf: FPDF = FPDF(unit="pt", format=size)
    pdf.set_title(xml_text(page.image))
    pdf.set_subject(xml_text(page.note))
    pdf.set_creator(CREATOR)
    pdf.set_creation_date(page.created)
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_page()
    pdf.set_image_filter("DCTDecode")
    pdf.image(BytesIO(page.picture), x=0, y=0, w=size[0], h=size[1])
    lines = [line for block in page.blocks for line in block]
    if lines:
        with TemporaryDirectory() as folder:  # fpdf2 reads fonts from files only
            pdf.add_font(FAMILY, "", _font({*" ", *_written("".join(line.text or "" for line in lines))}, folder))
        with pdf.local_context(text_mode=TextMode.INVISIBLE):
            for line, strip in zip(lines, _strips(lines, scale, size[1]), strict=True):
                _draw_line(pdf, line, scale, strip)
    return bytes(pdf.output())


def _font(letters: Iterable[str], folder: str) -> Path:
    """A font file in which each letter is a glyph of its own without a shape: shared ones would lose which it was."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    codes = sorted(map(ord, letters))
    names = [".notdef", *(f"u{code:05X}" for code in codes)]
    font = FontBuilder(UNITS_PER_EM, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap(dict(zip(codes, names[1:], strict=True)))
    font.setupGlyf({name: Glyph() for name in names})
    font.setupHorizontalMetrics(dict.fromkeys(names, (ADVANCE, 0)))
    font.setupHorizontalHeader(ascent=UNITS_PER_EM - DESCENT, descent=-DESCENT)
    font.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY})
    font.setupOS2(sTypoAscender=UNITS_PER_EM - DESCENT, sTypoDescender=-DESCENT)
    font.setupPost()
    path = Path(folder) / "unseen.ttf"
    font.save(path)
    return path


def _strips(lines: Sequence[LayoutLine], scale: float, height: float) -> list[tuple[float, float]]:
    """From where to where down the page each line is drawn, if it has no place: a viewer joins what shares a height."""
    sides = [[y * scale for _, y in line.polygon] for line in lines]
    strips: list[tuple[float, float]] = []
    for placed, run in groupby(range(len(lines)), lambda number: bool(sides[number])):
        numbers = list(run)
        if placed:
            strips += [(min(sides[number]), max(sides[number])) for number in numbers]
            continue
        start = strips[-1][1] if strips else 0.0
        end = min(sides[numbers[-1] + 1]) if numbers[-1] + 1 < len(lines) else height
        if end <= start:  # on to another column, say
            end = start + UNPLACED_HEIGHT * (len(numbers) + 1)
        step = (end - start) / (len(numbers) + 1)
        tops = [start + step * (place + 0.5) for place in range(len(numbers))]
        strips += [(top, top + min(UNPLACED_HEIGHT, step)) for top in tops]
    return strips


def _draw_line(pdf: FPDF, line: LayoutLine, scale: float, strip: tuple[float, float]) -> None:
    """Words at their boxes; a line with fewer boxes than words as a whole, so that its order is kept."""
    words = line.words
    if not all(word.polygon for word in words):
        words = (Region("line", line.text or "", line.polygon),)
    for text, polygon in _as_seen(words):
        corners = polygon if len(polygon) == 4 else upright(polygon)
        outline = [(x * scale, y * scale) for x, y in corners]
        _draw_text(pdf, text, outline or _at_the_edge(text, strip, pdf.w / 2))


def _at_the_edge(text: str, strip: tuple[float, float], widest: float) -> list[Point]:
    """Three corners at the left edge, no wider than the letters are: viewers tell lines apart by those."""
    top, bottom = strip
    right = min(widest, len(text) * (bottom - top) * ADVANCE / UNITS_PER_EM)
    return [(0.0, top), (right, top), (right, bottom)]


def _as_seen(words: Sequence[Region]) -> list[tuple[str, tuple[Point, ...]]]:
    """The words from left to right, the letters of each too: viewers turn what runs to the left round themselves."""
    from fpdf.bidi import BidiParagraph

    texts = [_written(word.text) for word in words]
    if not any(bidirectional(letter) in LEFTWARDS for text in texts for letter in text):
        return [(text, word.polygon) for text, word in zip(texts, words, strict=True)]
    owners = [number for number, text in enumerate(texts) for _ in f"{text} "]
    letters: dict[int, str] = {}
    joined = " ".join(texts)
    for seen in BidiParagraph(joined, preserve_bn_chars=True).get_reordered_characters():
        owner = owners[seen.character_index]
        between = seen.character_index + 1 < len(owners) and owners[seen.character_index + 1] != owner
        letters[owner] = letters.get(owner, "") + ("" if between else _drawn(seen))
    return [(text, words[owner].polygon) for owner, text in letters.items()]


def _written(text: str) -> str:
    return xml_text(text).translate(MARKS_OF_DIRECTION)


def _drawn(seen: BidiCharacter) -> str:
    """The letter as it is drawn: a bracket that opens to the left is the other one of its pair."""
    return seen.character.translate(MIRRORED) if seen.embedding_level % 2 else seen.character


def _draw_text(pdf: FPDF, text: str, outline: Sequence[Point]) -> None:
    """The text stretched along the upper edge of its outline, with a space after it."""
    (left, top), (right, slope) = outline[0], outline[1]
    width, angle = hypot(right - left, slope - top), atan2(slope - top, right - left)
    below = outline[2]
    height = max(1.0, hypot(below[0] - right, below[1] - slope))
    pdf.set_font(FAMILY, size=height)
    natural = pdf.get_string_width(text)
    pdf.set_stretching(max(1.0, 100 * width / natural) if natural else 100)
    with pdf.rotation(-degrees(angle), left, top):
        pdf.text(left, top + height * (1 - DESCENT / UNITS_PER_EM), f"{text} ")
