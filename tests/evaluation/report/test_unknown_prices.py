"""An engine of the cloud whose price nobody knows: no place says that it is free, or counts it as cheap."""

import csv
import re
from dataclasses import replace
from io import StringIO

import pypdfium2
import pytest
from rich.console import Console

from engines.catalogue import spec_by_id
from engines.contract import PageImage, Reading, ReadingTask
from engines.pricing import Unknown, Usd
from evaluation.datasets.contract import Item, Locator
from evaluation.datasets.opening import open_dataset
from evaluation.evaluations import Snapshot
from evaluation.findings.conclusion import conclude
from evaluation.findings.kept_scores import observations
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.results import bill, progress
from evaluation.kept_findings import findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunContents, RunSettings, create_run, find_run
from evaluation.ledger.work_items import claim, finish, register_worker
from evaluation.report.exporting import export_readings
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.media import memo_html, memo_pdf
from evaluation.report.memo import make_memo
from evaluation.report.memo_blocks import advice_blocks
from evaluation.report.plots import Dot, Label, cost_against_cer
from evaluation.report.terminal import print_blocks, print_plan
from evaluation.work.planning import BudgetCannotHold, plan
from metrics.error_rate import Assumptions
from playground.engine_runs import EngineRun
from playground.offer import Offer
from playground.settings import Settings
from playground.trust import price
from playground.verdict import Uncorrected
from samples import load_samples
from ui.evaluate.view import plan_html, run_html
from ui.html import render
from ui.layout import engines_html
from ui.routes.insights import CorrectionRequest, correction_html

PRICED, LOCAL, UNPRICED = spec_by_id("azure-read"), spec_by_id("tesseract"), spec_by_id("transkribus")
LABELS = {spec.id: spec.label for spec in (PRICED, LOCAL, UNPRICED)}
ERRORS = {PRICED.id: 2, LOCAL.id: 9, UNPRICED.id: 1}
REFERENCE = "the quick brown fox jumps"


@pytest.fixture
def ledger(tmp_path):
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


@pytest.fixture
def run(ledger):
    items = [Item(f"{n}.png", Locator(f"{n}.png"), REFERENCE, cluster=f"w{n}") for n in range(8)]
    run_id = create_run(ledger, RunContents("/pages", RunSettings((PRICED, LOCAL, UNPRICED)), items))
    worker = register_worker(ledger)
    for engine_id, errors in ERRORS.items():
        for item in claim(ledger, run_id, engine_id, worker, len(items)):
            reading = Reading("x" * errors + REFERENCE[errors:])
            cost = Usd(0.002, measured=True) if engine_id == PRICED.id else None
            finish(ledger, item.key, EngineRun(engine_id, reading, 1.0, cost=cost), None)
    return find_run(ledger, run_id)


@pytest.fixture
def memo(ledger, run):
    found = findings_of(ledger, run)
    return make_memo(ledger, run, found, conclude(found, run.settings.engines))


def printed(write, *values):
    out = StringIO()
    write(Console(file=out, width=200), *values)
    return out.getvalue()


def html_row(html, label):
    return next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if label in row)


def screen(ledger, run, memo):
    seen = Snapshot(
        run,
        False,
        tuple(progress(ledger, run.id)),
        memo.conclusion.board,
        bill(ledger, run.id),
        unreadable=(),
        over_budget={},
    )
    return html_row(run_html(seen), UNPRICED.label)


def terminal(ledger, run, memo):
    return next(
        line
        for line in printed(print_blocks, results_blocks(memo.conclusion.board, LABELS)).splitlines()
        if "price" in line
    )


def results_of_the_memo(ledger, run, memo):
    return html_row(memo_html(memo).split("<h2>Results")[1], UNPRICED.label)


def corrections_of_the_memo(ledger, run, memo):
    return html_row(memo_html(memo).split("<h2>What a correct page costs")[1], UNPRICED.label)


def estimate_on_the_screen(ledger, run, memo):
    return html_row(plan_html(planned(UNPRICED)), UNPRICED.label)


def estimate_in_the_terminal(ledger, run, memo):
    return printed(print_plan, planned(UNPRICED), LABELS).splitlines()[-1]


def table_of_engines(ledger, run, memo):
    return html_row(engines_html(offer()), UNPRICED.label).split("<td")[1]


def panel(ledger, run, memo):
    return render("panel.html", state="idle", spec=UNPRICED, panel=None, missing=None, fields=(), session="",
                  price=offer().price(UNPRICED, None, ReadingTask()), unread="", ending="")  # fmt: skip


def price_of_a_comparison(ledger, run, memo):
    return render("price.html", prices={UNPRICED.label: Unknown()}, total=Unknown(), left=None, asides=())


def cost_of_correcting_one_page(ledger, run, memo):
    asked = CorrectionRequest(100, (Uncorrected(UNPRICED.label, 1, None),), Assumptions())
    return html_row(correction_html(asked), UNPRICED.label)


def offer():
    return Offer.from_settings(Settings.from_env({}), {})


def planned(*specs):
    sample = load_samples()[0]
    return plan(sample.image, open_dataset(sample.image), RunSettings(specs))


@pytest.mark.parametrize(
    "place",
    [
        screen,
        terminal,
        results_of_the_memo,
        corrections_of_the_memo,
        estimate_on_the_screen,
        estimate_in_the_terminal,
        table_of_engines,
        panel,
        price_of_a_comparison,
        cost_of_correcting_one_page,
    ],
    ids=lambda place: place.__name__,
)
def test_its_price_is_said_to_be_unknown(ledger, run, memo, place):
    said = place(ledger, run, memo)
    assert "price unknown" in said
    assert not re.search(r"\bfree\b|\$0(?![.\d])|\$0\.00\b", said, re.IGNORECASE)


def test_the_pdf_says_so_too(memo):
    document = pypdfium2.PdfDocument(memo_pdf(memo))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert " ".join(text.split()).count("price unknown") >= 3  # the table, the sum of all engines, the committees


def test_a_plot_names_it_and_gives_it_no_place(memo):
    shapes = cost_against_cer(memo.conclusion.board, LABELS).shapes
    assert [shape.words for shape in shapes if isinstance(shape, Label) and UNPRICED.label in shape.words] == [
        f"Price unknown: {UNPRICED.label}"
    ]
    assert len([shape for shape in shapes if isinstance(shape, Dot)]) == 2


def test_it_hides_no_best_buy_behind_a_price_nobody_knows(ledger, run):
    """It reads best; counted as free it would be the only one worth buying."""
    board = leaderboard(observations(ledger, run))
    best = [shape for shape in cost_against_cer(board, LABELS).shapes if isinstance(shape, Dot) and shape.radius == 6]
    assert len(best) == 2


def test_the_advice_puts_it_behind_what_has_a_price_and_says_why(memo):
    [spoken] = [one for one in memo.conclusion.advice.shortlist if one.engine_id == UNPRICED.id]
    assert spoken.a_month == Unknown()
    assert memo.conclusion.advice.shortlist[-1] == spoken
    assert "its price is not known" in printed(print_blocks, advice_blocks(memo.conclusion))


def test_correcting_its_page_costs_more_than_the_labour_and_it_is_never_the_cheapest(memo):
    assert "more than $" in memo_html(memo)
    assert [cost.page.total for cost in memo.conclusion.costs if cost.engine_id == UNPRICED.id] == [None]


def test_programs_get_a_kind_and_no_zero(ledger, run, tmp_path):
    table = export_readings(ledger, run, tmp_path)[0].read_text(encoding="utf-8-sig")
    rows = csv.DictReader(table.splitlines())
    found = {row["engine"]: (row["usd"], row["cost"]) for row in rows}
    assert found == {
        PRICED.id: ("0.002", "usd"),
        LOCAL.id: ("0.0", "free"),
        UNPRICED.id: ("", "unknown"),
        "together": ("", "unknown"),
    }


def test_no_budget_holds_over_it_however_few_pages_could_be_looked_at():
    with pytest.raises(BudgetCannotHold, match=f"No price is known for {UNPRICED.label}"):
        planned(PRICED, UNPRICED).within(1.0)
    assert planned(UNPRICED).within(None).contents.budget_usd is None
    nothing_looked_at = replace(planned(PRICED), estimates=())
    assert nothing_looked_at.within(1.0).contents.budget_usd == 1.0


def test_trying_it_asks_first():
    page = PageImage("", b"", 100, 100)
    assert price([LOCAL, UNPRICED], [page], ReadingTask()) == Unknown()
    assert "no price is published" in render(
        "trust_plan.html", doing="", refusal="", calls=3, engines=1, cost=Unknown()
    )
