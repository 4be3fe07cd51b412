"""Blocks as HTML and as PDF: one loop for each. Knows nothing of what they say.

The PDF is drawn with fpdf2: pure Python, where WeasyPrint wants system libraries. Texts of strangers are drawn as
text; no HTML is interpreted.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from evaluation.report.memo import Block, Card, Cards, Cut, Cuts, Heading, Memo, Points, Table, Text
from evaluation.report.memo_blocks import memo_blocks
from evaluation.report.plots import Picture, fill, svg
from translations import _, language

if TYPE_CHECKING:
    from fpdf import FPDF


DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
"""Debian's fonts-dejavu-core. Without it letters that Latin-1 lacks become question marks, in Helvetica."""
PLAINER = str.maketrans(
    {"\N{EN DASH}": "-", **dict.fromkeys("“”„", '"'), "’": "'", "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}"}
)
BLUE = (42, 59, 143)
BODY, SMALL = 9.5, 8
WIDEST_COLUMN = 90
"""Letters; a longer cell is broken into lines, and so is a heading between its words."""
LETTERS_ACROSS = 110
NARROWEST = 20
"""A column takes at least such a part of the table's width; where no letter fits nothing can be drawn."""
LONGEST_CELL = 300
"""Letters; a row that is higher than a page cannot be drawn at all."""
CUT_WIDTH, CUT_HEIGHT = 80, 14
"""Millimetres that a piece of a page may take."""


def memo_html(memo: Memo) -> str:
    """The document as one file that needs nothing else: no script, no fetch, nothing folded away on paper."""
    return fill(
        "memo.html",
        language=language(),
        title=_title(memo),
        content=blocks_html(memo_blocks(memo), heading=3, folds=False),
    )


def blocks_html(blocks: Sequence[Block], *, heading: int = 4, folds: bool = True) -> Markup:
    """A piece of a page; `heading` is the level of what stands on a card."""
    kinds = [(type(block).__name__, block) for block in blocks]
    drawn = fill("blocks.html", blocks=kinds, heading=heading, folds=folds, svg=svg)
    return Markup(drawn)  # noqa: S704  (made by autoescape)


def memo_pdf(memo: Memo) -> bytes:
    """The document."""
    pages = PdfPages(_title(memo))
    for block in memo_blocks(memo):
        pages.draw(block)
    return pages.bytes()


def _title(memo: Memo) -> str:
    return _("Handwriting recognition: run {run}", run=memo.run.id)


class PdfPages:
    """Blocks down the page."""

    def __init__(self, title: str) -> None:
        from fpdf import FPDF

        self._pdf: FPDF = FPDF(format="A4")
        self._pdf.set_title(title)
        self._unicode = (DEJAVU / "DejaVuSans.ttf").exists()
        self._family = "DejaVu" if self._unicode else "Helvetica"
        if self._unicode:
            self._pdf.add_font("DejaVu", "", DEJAVU / "DejaVuSans.ttf")
            self._pdf.add_font("DejaVu", "B", DEJAVU / "DejaVuSans-Bold.ttf")
        self._pdf.set_auto_page_break(auto=True, margin=16)
        self._pdf.set_margin(16)
        self._pdf.add_page()

    def bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def draw(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Text():
                size = SMALL if block.tone == "quiet" else BODY
                self._write(f"{block.lead} {block.words}".strip(), size, bold=block.tone == "headline")
            case Points():
                self._points(block)
            case Cards():
                for number, card in enumerate(block.cards, start=1):
                    self._card(number, card)
            case Table():
                self._table(block)
            case Picture():
                self._picture(block)
            case Cuts():
                for cut in block.cuts:
                    self._cut(cut)

    def _heading(self, heading: Heading) -> None:
        self._pdf.ln(0 if heading.level == 1 else 3)
        self._write(heading.words, 15 if heading.level == 1 else 11.5, bold=True, blue=True)

    def _points(self, points: Points) -> None:
        if points.lead:
            self._write(points.lead, SMALL, bold=True)
        for sentence in points.items:
            self._write(f"-  {sentence}", BODY)

    def _card(self, number: int, card: Card) -> None:
        self._write(f"{number}. {card.heading}", BODY, bold=True)
        for part in card.parts:
            self._points(part)

    def _table(self, table: Table) -> None:
        if table.folded:
            self._write(table.title, SMALL, bold=True)
        rows = [[head.name for head in table.heads], *([_cut(str(cell)) for cell in row] for row in table.rows)]
        letters = [_letters(name, cells) for name, *cells in zip(*rows, strict=True)]
        widths = [max(one, sum(letters) / NARROWEST) for one in letters]
        alignment = tuple("RIGHT" if head.kind == "number" else "LEFT" for head in table.heads)
        self._font(7.5 if sum(widths) < LETTERS_ACROSS else 6)
        with self._pdf.table(
            col_widths=tuple(widths), text_align=alignment, borders_layout="HORIZONTAL_LINES", line_height=4.2
        ) as drawn:
            for row in rows:
                cells = drawn.row()
                for cell in row:
                    cells.cell(self._fit(cell))
        self._pdf.ln(2)

    def _picture(self, picture: Picture) -> None:
        self._pdf.ln(2)
        drawn = self._fit(str(svg(picture, titles=False)))
        self._pdf.image(
            BytesIO(drawn.replace("DejaVu Sans, Helvetica, Arial, sans-serif", self._family).encode()),
            w=self._pdf.epw,
        )
        self._write(picture.title, SMALL)
        self._pdf.ln(2)

    def _cut(self, cut: Cut) -> None:
        self._pdf.image(BytesIO(cut.jpeg), w=CUT_WIDTH, h=CUT_HEIGHT, keep_aspect_ratio=True)
        self._write(cut.words, SMALL)

    def _write(self, text: str, size: float, *, bold: bool = False, blue: bool = False) -> None:
        self._font(size, bold=bold)
        self._pdf.set_text_color(*(BLUE if blue else (28, 31, 43)))
        self._pdf.multi_cell(0, size * 0.5, self._fit(text), new_x="LMARGIN", new_y="NEXT", align="L")
        self._pdf.set_text_color(28, 31, 43)

    def _font(self, size: float, *, bold: bool = False) -> None:
        self._pdf.set_font(self._family, "B" if bold else "", size)

    def _fit(self, text: str) -> str:
        return text if self._unicode else in_latin_1(text)


def in_latin_1(text: str) -> str:
    """For Helvetica, which has no other letters: dashes and quotes become plain ones, the rest question marks."""
    return text.translate(PLAINER).encode("latin-1", "replace").decode("latin-1")


def _cut(cell: str) -> str:
    """On as few lines as it needs."""
    words = " ".join(cell.split())
    return words if len(words) <= LONGEST_CELL else f"{words[:LONGEST_CELL]} \N{HORIZONTAL ELLIPSIS}"


def _letters(name: str, cells: Sequence[str]) -> float:
    """How wide a column should be: its widest cell, and every word of its heading, which is set bold, in one piece."""
    words = (1.4 * len(word) for word in name.split())
    return min(WIDEST_COLUMN, 2 + max(*words, *map(len, cells), 1))
