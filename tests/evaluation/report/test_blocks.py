"""Every medium draws every block, and all of them the same words."""

import re
from io import StringIO

import pypdfium2
import pytest
from rich.console import Console

from engines.pricing import Usd
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.observations import Observation
from evaluation.report.leaderboard_table import leaderboard_table, results_blocks
from evaluation.report.media import PdfPages, blocks_html, in_latin_1
from evaluation.report.memo import Card, Cards, Heading, Points, Spread, Text, plain_table
from evaluation.report.plots import Picture
from evaluation.report.terminal import print_blocks
from metrics.error_rate import ErrorRate

HOSTILE = "<b>\x1b[31m&amp;\u202e"
EVERY_BLOCK = [
    Heading("The title", 1),
    Heading("A section"),
    Text("A paragraph.", lead="Mind:"),
    Text("In front.", "headline"),
    Text("Small print.", "quiet"),
    Text("python -m evaluation", "code"),
    Points(("First point", "Second point"), "A lead", folded=True),
    Cards((Card("One choice", (Points(("Cheap",), "Measured"),)), Card("Another choice", ()))),
    plain_table("A table", ("Engine", "CER"), [("GPT", "4 %"), ("Tesseract", "60 %")]),
]
WORDS = ("The title", "A section", "Mind:", "A paragraph.", "In front.", "Small print.", "python -m evaluation",
         "A lead", "Second point", "One choice", "Measured", "Cheap", "Another choice", "Engine", "60 %")  # fmt: skip
LABELS = {"a": "Engine A", "b": "Engine B"}


def html(blocks):
    return re.sub(r"<[^>]*>", "", str(blocks_html(blocks)))


def pdf(blocks):
    pages = PdfPages("A title")
    for block in blocks:
        pages.draw(block)
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pages.bytes()))


def terminal(blocks):
    out = StringIO()
    print_blocks(Console(file=out, width=250), blocks)
    return out.getvalue()


@pytest.fixture
def board():
    def reading(engine, page, errors):
        rates = {"cer": ErrorRate(errors, 0, 0, 100), "wer": ErrorRate(errors, 0, 0, 20)}
        return Observation(engine, page, f"{page}", 0, "read", 2.0, f"w{page}", cost=Usd(0.0042), **rates)

    return leaderboard([reading(engine, page, n + page % 3) for n, engine in enumerate("ab") for page in range(30)])


@pytest.mark.parametrize("medium", [html, pdf, terminal])
def test_a_medium_draws_every_block(medium):
    said = " ".join(medium(EVERY_BLOCK).split())
    assert [words for words in WORDS if words not in said] == []


@pytest.mark.parametrize("medium", [html, pdf, terminal])
def test_a_leaderboard_says_the_same_in_every_medium(board, medium):
    said = "".join(medium(results_blocks(board, LABELS)).split())
    table = leaderboard_table(board, LABELS)
    words = [head.name for head in table.heads] + [str(cell) for row in table.rows for cell in row]
    assert [one for one in words if "".join(one.split()) not in said] == []
    assert len(table.rows) == len(LABELS)


def test_the_interval_is_drawn_where_it_can_be(board):
    [spread] = [cell for cell in leaderboard_table(board, LABELS).rows[0] if isinstance(cell, Spread)]
    assert 0 <= spread.low < spread.middle < spread.high <= 1
    assert str(blocks_html([leaderboard_table(board, LABELS)])).count("<circle") == 2


def test_strangers_words_are_words():
    blocks = [
        Heading(HOSTILE),
        Text(HOSTILE, lead=HOSTILE),
        Points((HOSTILE,), HOSTILE, folded=True),
        Cards((Card(HOSTILE, (Points((HOSTILE,)),)),)),
        plain_table(HOSTILE, (HOSTILE, HOSTILE), [(HOSTILE, HOSTILE)]),
        Picture(HOSTILE, 10, ()),
    ]
    assert "<b>" not in str(blocks_html(blocks))
    assert not set("\x1b\u202e") & set(terminal(blocks))
    assert pdf(blocks)


def test_what_may_be_folded_stays_open_in_a_document_that_is_printed():
    points = [Points(tuple("abcd"), "Which?", folded=True)]
    assert "<details" in blocks_html(points)
    assert "<details" not in blocks_html(points, folds=False)


def test_without_letters_of_its_own_a_pdf_keeps_what_a_reader_needs():
    assert in_latin_1("1\N{EN DASH}2 by “the best reading” · é 字") == '1-2 by "the best reading" · é ?'
    assert in_latin_1("„Größe“ « ça\N{NARROW NO-BREAK SPACE}! »") == '"Größe" « ça\N{NO-BREAK SPACE}! »'


@pytest.mark.parametrize(
    "cell", ["x" * 30_000, "W " * 15_000, "\n" * 3_000 + "last", "a\n" * 3_000, "漢" * 9_000, "W" * 300]
)
def test_no_cell_is_too_high_for_a_page(cell):
    table = plain_table(
        "A table", ("Page", "CER", "Reference", "WER", "All engines"), [(cell, "2 %", cell, "7 %", cell)]
    )
    assert "7 %" in pdf([table])
