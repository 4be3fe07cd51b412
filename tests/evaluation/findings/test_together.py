"""What a run's engines read together: a row beside theirs, and estimates where no page has a reference."""

import csv
import json
import random

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading
from engines.pricing import Usd
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.conclusion import conclude
from evaluation.findings.together import NO_ESTIMATE
from evaluation.kept_findings import KeptFindings, findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunContents, RunSettings, correct_reference, create_run, find_run, pages_of
from evaluation.ledger.work_items import claim, finish, register_worker
from evaluation.report.exporting import export_readings, summary_json
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.media import blocks_html, memo_html
from evaluation.report.memo import make_memo
from playground.engine_runs import EngineRun
from playground.host.admission import Apart

ENGINES = {"gpt-5": (0.04, 2.0, Usd(0.02)), "tesseract": (0.12, 0.5, None), "gemini-3-flash": (0.05, 3.0, Usd(0.01))}
SPECS = tuple(map(spec_by_id, ENGINES))
LETTER = "Dear Grandpa we received your affectionate letter on the twelfth and were very glad to hear from you"
REFUSAL = "I'm sorry, but I can't help with transcribing this image."


def misread(text, share, seed):
    rng = random.Random(seed)
    return "".join(rng.choice("aeinort") if c.isalpha() and rng.random() < share else c for c in text)


def run_of(folder, *, referenced=True, pages=12, specs=SPECS, answer=None, wrong_reference=False):
    """Every engine misreads by chance; on the first page GPT-5 gives `answer`."""
    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}")
    texts = [" ".join(random.Random(n).sample(LETTER.split(), len(LETTER.split()))) for n in range(pages)]
    references = [
        text.replace("Grandpa", "Grandma") if wrong_reference and n == 0 else text for n, text in enumerate(texts)
    ]
    items = [Item(f"{n}.png", Locator(f"{n}.png"), references[n] if referenced else None) for n in range(pages)]
    run_id = create_run(ledger, RunContents("/pages", RunSettings(specs), items))
    worker = register_worker(ledger)
    for spec in specs:
        share, seconds, cost = ENGINES[spec.id]
        for item in claim(ledger, run_id, spec.id, worker, pages):
            at = item.key.position
            text = misread(texts[at], 0 if wrong_reference else share, f"{spec.id}{at}")
            text = answer if answer and at == 0 and spec.id == "gpt-5" else text
            finish(ledger, item.key, EngineRun(spec.id, Reading(text), seconds, cost=cost), None)
    return ledger, find_run(ledger, run_id)


def test_a_row_beside_the_engines_takes_no_place_and_changes_none(tmp_path):
    ledger, run = run_of(tmp_path)
    found = findings_of(ledger, run)
    row, pair = found.board.together.row, found.board.together.against_best
    assert {one.engine_id for one in found.board.rows} == set(ENGINES)
    assert {one.engine_id for one in found.observations} == set(ENGINES)
    assert (row.scored, row.places, row.seconds_median, row.price_per_1000.usd) == (12, "", 3.0, pytest.approx(30))
    assert row.cer.errors < min(one.cer.errors for one in found.board.rows)
    assert {pair.better, pair.worse} == {"together", found.board.rows[0].engine_id}
    advice = conclude(found, SPECS).advice
    assert "together" not in {one.engine_id for one in (*advice.shortlist, *advice.worse, *advice.ruled_out)}


def test_screen_memo_and_files_have_the_row_and_say_what_it_is(tmp_path):
    ledger, run = run_of(tmp_path)
    found = findings_of(ledger, run)
    memo = make_memo(ledger, run, found, conclude(found, SPECS))
    for html in (memo_html(memo), blocks_html(results_blocks(found.board, run.settings.labels))):
        assert "Together (all engines, no one of them)" in html
        assert "voted from the readings of all 3 engines" in html
    assert json.loads(summary_json(memo))["board"]["together"]["row"]["scored"] == 12
    (table, *_) = export_readings(ledger, run, tmp_path / "out")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["engine"] == "together"]
    assert len(rows) == 12
    assert all(row["text"] and row["status"] == "read" for row in rows)


@pytest.mark.parametrize("answer", [REFUSAL, "the same line again and again " * 100])
def test_refusals_and_loops_do_not_vote(tmp_path, answer):
    ledger, run = run_of(tmp_path, answer=answer)
    assert findings_of(ledger, run).board.together.row.cer.rate < 0.1


def test_without_references_each_engine_has_an_estimate_in_their_order(tmp_path):
    ledger, run = run_of(tmp_path, referenced=False)
    board = findings_of(ledger, run).board
    assert [one.reader for one in board.estimates] == [row.engine_id for row in board.rows]
    assert board.rows[-1].engine_id == "tesseract"
    html = blocks_html(results_blocks(board, run.settings.labels))
    assert html.count("estimate ") >= 3
    assert "An estimate is no count" in html


@pytest.mark.parametrize(("pages", "specs"), [(9, SPECS), (12, SPECS[:2])], ids=["nine pages", "two families"])
def test_where_nothing_can_be_estimated_it_says_why(tmp_path, pages, specs):
    ledger, run = run_of(tmp_path, referenced=False, pages=pages, specs=specs)
    board = findings_of(ledger, run).board
    assert (board.estimates, board.no_estimate) == ((), NO_ESTIMATE)
    assert "estimate " not in "".join(str(row) for row in board.rows)


def test_one_engine_reads_nothing_together(tmp_path):
    ledger, run = run_of(tmp_path, specs=SPECS[:1])
    assert findings_of(ledger, run).board.together is None


def test_what_all_engines_read_against_the_reference_is_listed(tmp_path):
    ledger, run = run_of(tmp_path, wrong_reference=True)
    [page] = findings_of(ledger, run).against_reference
    memo = memo_html(make_memo(ledger, run, findings_of(ledger, run), conclude(findings_of(ledger, run), SPECS)))
    assert "on 1 words of 1 pages" in memo
    assert (page.item_id, [(one.written, one.read) for one in page.places]) == ("0.png", [("Grandma", "Grandpa")])


def test_a_board_that_was_looked_at_again_keeps_the_row(tmp_path):
    ledger, run = run_of(tmp_path)
    kept = KeptFindings(ledger, run, Apart())
    assert kept.board().together is None
    found = kept.findings()
    assert kept.board() is found.board
    assert kept.latest().board.together is not None


def test_a_corrected_reference_is_scored_by_and_noted(tmp_path):
    ledger, run = run_of(tmp_path, wrong_reference=True)
    before = findings_of(ledger, run)
    correct_reference(ledger, run.id, 0, pages_of(ledger, run.id)[0].item.reference.replace("Grandma", "Grandpa"))
    after, run = findings_of(ledger, run), find_run(ledger, run.id)
    assert (after.against_reference, len(before.against_reference)) == ((), 1)
    assert [row.cer.errors for row in before.board.rows] == [1, 1, 1]
    assert [row.cer.errors for row in (*after.board.rows, after.board.together.row)] == [0, 0, 0, 0]
    assert run.settings.notes == ("The reference of 0.png was corrected by hand after the engines had read.",)
