"""The memo as PDF, drawn with fpdf2: pure Python, where WeasyPrint wants system libraries.

Texts of strangers are drawn as text; no HTML is interpreted.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from engines.pricing import dollars
from evaluation.report.memo import Memo
from evaluation.report.plots import fill, svg
from evaluation.report.wording import between, change_sentence, correction_cells, pair_sentence, price_of
from metrics.wording import percent

if TYPE_CHECKING:
    from fpdf import FPDF


DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
"""Debian's fonts-dejavu-core. Without it letters that Latin-1 lacks become question marks, in Helvetica."""
BLUE = (42, 59, 143)
BODY, SMALL = 9.5, 8


def memo_pdf(memo: Memo) -> bytes:
    """The document."""
    pages = _Pages(f"Handwriting recognition: run {memo.run.id}")
    pages.title(memo.question)
    pages.small(f"{memo.made_at:%d %B %Y, %H:%M} UTC. Run {memo.run.id}. {memo.pages} pages, {memo.referenced} scored.")
    _advice(pages, memo)
    _results(pages, memo)
    _costs(pages, memo)
    _details(pages, memo)
    _published(pages, memo)
    _method(pages, memo)
    return pages.bytes()


class _Pages:
    """Headings, sentences, tables and pictures down the page."""

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

    def title(self, text: str) -> None:
        self._write(text, 15, bold=True, blue=True)

    def heading(self, text: str) -> None:
        self._pdf.ln(3)
        self._write(text, 11.5, bold=True, blue=True)

    def strong(self, text: str) -> None:
        self._write(text, BODY, bold=True)

    def text(self, text: str) -> None:
        self._write(text, BODY)

    def small(self, text: str) -> None:
        self._write(text, SMALL)

    def points(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            self._write(f"-  {sentence}", BODY)

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """The first row is the heading."""
        self._font(7.5)
        alignment = tuple("LEFT" if place == 0 or width > 3 else "RIGHT" for place, width in enumerate(widths))
        with self._pdf.table(
            col_widths=tuple(widths), text_align=alignment, borders_layout="HORIZONTAL_LINES", line_height=4.2
        ) as table:
            for row in rows:
                cells = table.row()
                for cell in row:
                    cells.cell(self._fit(cell))
        self._pdf.ln(2)

    def picture(self, drawn: str) -> None:
        self._pdf.ln(2)
        self._pdf.image(
            BytesIO(self._fit(drawn).replace("DejaVu Sans, Helvetica, Arial, sans-serif", self._family).encode()),
            w=self._pdf.epw,
        )
        self._pdf.ln(2)

    def _write(self, text: str, size: float, *, bold: bool = False, blue: bool = False) -> None:
        self._font(size, bold=bold)
        self._pdf.set_text_color(*(BLUE if blue else (28, 31, 43)))
        self._pdf.multi_cell(0, size * 0.5, self._fit(text), new_x="LMARGIN", new_y="NEXT", align="L")
        self._pdf.set_text_color(28, 31, 43)

    def _font(self, size: float, *, bold: bool = False) -> None:
        self._pdf.set_font(self._family, "B" if bold else "", size)

    def _fit(self, text: str) -> str:
        return (
            text if self._unicode else text.replace("\N{EN DASH}", "-").encode("latin-1", "replace").decode("latin-1")
        )


def _advice(pages: _Pages, memo: Memo) -> None:
    pages.heading("Advice")
    pages.text(f"For {memo.needs.pages_a_month:,} pages a month; the error that hurts: {memo.harm}.")
    for number, candidate in enumerate(memo.advice.shortlist, start=1):
        pages.strong(f"{number}. {memo.labels[candidate.engine_id]}")
        pages.points([f"Measured on these pages: {sentence}." for sentence in candidate.measured])
        pages.points([f"Published only: {sentence}." for sentence in candidate.published])
        pages.points([f"Risk: {sentence}." for sentence in candidate.risks])
    if not memo.advice.shortlist:
        pages.text("No engine of this run meets every requirement.")
    aside = memo.advice.worse + memo.advice.ruled_out
    if aside:
        pages.strong("Put aside")
        pages.points([f'{memo.labels[out.engine_id]}, by "{out.requirement}": {out.because}.' for out in aside])
    pages.points([f"Mind: {sentence}" for sentence in memo.advice.caveats])


def _results(pages: _Pages, memo: Memo) -> None:
    pages.heading("Results")
    rows: list[tuple[str, ...]] = [
        ("Place", "Engine", "CER", "95 %", "WER", "95 %", "Scored", "No reading", "Median s", "$ per 1,000")
    ]
    for row in memo.board.rows:
        seconds = "" if row.seconds_median is None else f"{row.seconds_median:.1f}"
        rates = percent(row.cer.rate), between(row.cer_interval), percent(row.wer.rate), between(row.wer_interval)
        missed = f"{row.failed + row.refused} of {row.pages}"
        place = f"{row.places} {row.letters}"
        rows.append((place, memo.labels[row.engine_id], *rates, str(row.scored), missed, seconds, price_of(row)))
    pages.table(rows, (2, 4, 2, 3, 2, 3, 2, 2, 2, 3))
    pages.small(memo.run.settings.rules.sentence())
    pages.points([pair_sentence(pair, memo.labels) for pair in memo.board.pairs])
    for picture in memo.pictures:
        pages.picture(str(svg(picture, titles=False)))
        pages.small(picture.title)


def _costs(pages: _Pages, memo: Memo) -> None:
    if not memo.corrections:
        return
    assumed = memo.assumed
    pages.heading("What a correct page costs")
    pages.small(
        f"Assumed: ${assumed.hourly_rate:g} an hour, {assumed.seconds_per_edit:g} s for each edit, "
        f"{assumed.characters_read_per_second:g} characters read a second."
    )
    rows: list[tuple[str, ...]] = [("Engine", "Minutes a page", "Labour", "Engine", "Together", "A month")]
    for engine_id, cost in memo.corrections:
        rows.append((memo.labels[engine_id], *correction_cells(cost, memo.needs.pages_a_month)))
    pages.table(rows, (4, 3, 3, 3, 3, 3))


def _details(pages: _Pages, memo: Memo) -> None:
    if memo.slices:
        pages.heading("Slices: CER")
        engines = [row.engine_id for row in memo.board.rows]
        rows = [["Pages", "Count", *(memo.labels[engine_id] for engine_id in engines)]]
        for part in memo.slices:
            rates = {row.engine_id: percent(row.cer.rate) for row in part.board.rows}
            own = (rates.get(engine_id, "") for engine_id in engines)
            rows.append([f"{part.by}: {part.name}", str(part.pages), *own])
        pages.table(rows, [4, 2, *[3] * len(engines)])
    if memo.changes:
        pages.heading(f"Against run {memo.compared_with}")
        pages.points([change_sentence(change, memo.labels) for change in memo.changes])
    if memo.failures or memo.unreadable:
        pages.heading("Not read")
        pages.points([f"{memo.labels[engine]}: {why} on {count} pages" for engine, why, count in memo.failures])
        pages.points([f"{item.id} {item.reason}" for item in memo.unreadable])


def _published(pages: _Pages, memo: Memo) -> None:
    pages.heading("Published, not measured here")
    pages.small(memo.caution)
    rows = [("Model", "CER on IAM", "Source")]
    for row in memo.published:
        found = row.cer_percent is not None
        source = f"{row.source}, read {row.read_on}. {row.note}" if found else ""
        rows.append((row.model, f"{row.cer_percent:.2f} %" if row.cer_percent is not None else "not found", source))
    pages.table(rows, (4, 2, 9))


def _method(pages: _Pages, memo: Memo) -> None:
    settings = memo.run.settings
    pages.heading("Method")
    for sentence in (*memo.method, *settings.notes):
        pages.text(sentence)
    pages.text(f"Prompt: {settings.task.prompt}")
    pages.text(f"Paid: {memo.bill.answered_calls} calls, {dollars(memo.bill.answered_usd)}.")
    pages.table([("Engine", "Model"), *((spec.label, spec.model) for spec in settings.engines)], (4, 8))
    pages.small(", ".join(f"{name} {version}" for name, version in settings.versions))
    pages.text(f"To do it again: {memo.command}")


def memo_html(memo: Memo) -> str:
    """The document."""
    return fill(
        "memo.html",
        memo=memo,
        svg=svg,
        percent=percent,
        between=between,
        dollars=dollars,
        correction_cells=correction_cells,
        price_of=price_of,
        pair_sentence=pair_sentence,
        change_sentence=change_sentence,
    )
