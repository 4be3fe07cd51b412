"""The memo and the exports of a small run, with texts in it that would like to be HTML or a formula."""

import csv
import json
import re
from dataclasses import replace
from html import unescape
from io import BytesIO, StringIO

import pyarrow.parquet as pq
import pypdfium2
import pytest
from PIL import Image
from rich.console import Console

from engines.catalogue import spec_by_id
from engines.contract import Reading, Region
from engines.pricing import Usd
from evaluation.datasets.contract import Item, Locator, Unreadable
from evaluation.findings.analysis import Slice
from evaluation.findings.conclusion import conclude
from evaluation.findings.data_requirements import DataNeeds
from evaluation.findings.leaderboard import CanaryAnswer, with_canaries
from evaluation.findings.recommending import Requirements
from evaluation.findings.total_cost import Machine
from evaluation.findings.wording import in_units
from evaluation.kept_findings import findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunContents, RunSettings, create_run, find_run
from evaluation.ledger.work_items import claim, finish, register_worker
from evaluation.report.checking_blocks import cut_missed
from evaluation.report.exporting import export_readings, summary_json
from evaluation.report.media import memo_html, memo_pdf
from evaluation.report.memo import make_memo
from evaluation.report.memo_blocks import conclusion_blocks
from evaluation.report.terminal import print_blocks
from evaluation.run_command import write_report
from playground.engine_runs import EngineRun, Failure
from tests.formulas import FORMULAS
from translations import LANGUAGES, _, spoken_in
from ui.evaluate.view import advice_html

HOSTILE = "<script>alert(1)</script>"
SPECS = (spec_by_id("gpt-5"), spec_by_id("azure-read"))


def make_run(ledger, worsened=0, **facts):
    facts = {"language": "en", **facts}
    items = [
        Item(f"{HOSTILE if n == 3 else n}.png", Locator(f"{n}.png"), "=1+1 is two", cluster=f"w{n % 25}", **facts)
        for n in range(30)
    ]
    contents = RunContents("/pages", RunSettings(SPECS), items, [Unreadable("x.doc", f"is {HOSTILE}")])
    run = create_run(ledger, contents)
    worker = register_worker(ledger)
    for spec in SPECS:
        for item in claim(ledger, run, spec.id, worker, 30):
            place = item.key.position
            outcome = Reading("=1+1 is t" + "x" * (place % 3 + worsened), model_reported="m")
            if place == 7:
                outcome = Failure("timed-out", f"No reading. {HOSTILE}")
            finish(
                ledger, item.key, EngineRun(spec.id, outcome, 1.0 + place / 10, cost=Usd(0.002, measured=True)), None
            )
    return find_run(ledger, run)


def memo_of(ledger, run, needs=None, against=None):
    found = findings_of(ledger, run)
    return make_memo(ledger, run, found, conclude(found, run.settings.engines, needs), against)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


def test_the_memo_says_everything_and_runs_nothing(ledger, tmp_path):
    earlier, run = make_run(ledger), make_run(ledger, worsened=2)
    memo = memo_of(ledger, run, Requirements(pages_a_month=2000, boxes="word"), against=earlier)
    html = memo_html(memo)
    assert "<script" not in html.replace("&lt;script", "")
    assert "&lt;script&gt;alert(1)" in html
    for said in (
        "$4.00 a month for 2,000 pages",
        "python -m evaluation run /pages",
        "2.89 %",
        "Against run",
        "timed-out on 1",
    ):
        assert said in html
    assert "gives no boxes" in html
    assert memo.changes[0].changed
    assert "src=" not in html
    assert "http-equiv" in html
    document = pypdfium2.PdfDocument(memo_pdf(memo))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Which of 2 engines" in text
    assert "alert(1)" in text
    paths = write_report(memo, tmp_path / "out")
    summary = json.loads(paths[2].read_text())
    assert summary["board"]["rows"][0]["scored"] == 29
    assert "NaN" not in paths[2].read_text()


@pytest.mark.parametrize("attack", FORMULAS)
def test_no_cell_of_the_readings_is_a_formula(ledger, tmp_path, attack):
    item = Item(attack, Locator("a.png"), attack, cluster=attack, tags=(attack,))
    run = create_run(ledger, RunContents("/pages", RunSettings(SPECS), [item]))
    for spec, outcome in zip(SPECS, (Reading(attack, model_reported=attack), Failure("bug", attack)), strict=True):
        [claimed] = claim(ledger, run, spec.id, register_worker(ledger), 1)
        finish(ledger, claimed.key, EngineRun(spec.id, outcome, 1.0), None)
    [path, *_] = export_readings(ledger, find_run(ledger, run), tmp_path / "out")
    cells = [
        cell
        for row in csv.DictReader(path.open(encoding="utf-8-sig", newline=""))
        for cell in row.values()
        if attack in cell
    ]
    assert cells == [f"'{attack}"] * 11


def test_screen_terminal_memo_and_programs_conclude_the_same(ledger):
    """They draw one object; whatever one of them says the others say as well."""
    run = make_run(ledger)
    memo = memo_of(ledger, run, Requirements(boxes="word", usd_a_month=1000, harm="extra"))
    advice, printed = memo.conclusion.advice, StringIO()
    print_blocks(Console(file=printed, width=400), conclusion_blocks(memo))
    html = unescape(memo_html(memo)), unescape(advice_html(memo.conclusion))
    assert "at most $1,000 for the engine alone, correction not counted" in html[0]
    said = [*(s for one in advice.shortlist for s in (*one.measured, *one.published, *one.risks)), *advice.caveats]
    said += [out.because for out in (*advice.worse, *advice.ruled_out)]
    said += memo.conclusion.decision.sentences
    assert len(said) > 5
    for place in (*html, printed.getvalue()):
        assert [sentence for sentence in said if sentence not in place] == []
    assert json.loads(summary_json(memo))["decision"]["best"] == memo.conclusion.decision.best
    program = json.loads(summary_json(memo))["advice"]
    assert [tuple(one["measured"]) for one in program["shortlist"]] == [one.measured for one in advice.shortlist]


def test_every_reading_is_exported_and_no_cell_is_a_formula(ledger, tmp_path):
    run = make_run(ledger)
    paths = export_readings(ledger, run, tmp_path / "out")
    rows = list(csv.DictReader(paths[0].open(encoding="utf-8-sig")))
    assert len(rows) == 90  # the third of three is what the two engines read together
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
    lines = [json.loads(line) for line in paths[1].read_text().splitlines()]
    assert lines[0]["reference"] == "=1+1 is two"
    table = pq.read_table(paths[2])
    assert (table.num_rows, sum(table["character_errors"].drop_null().to_pylist())) == (
        90,
        sum(line["character_errors"] or 0 for line in lines),
    )


def test_a_run_without_references_or_results_still_gives_a_memo(ledger):
    contents = RunContents("/pages", RunSettings(SPECS), [Item("a.png", Locator("a.png"))])
    run = find_run(ledger, create_run(ledger, contents))
    assert "0 pages, 0 of them scored" in memo_html(memo_of(ledger, run))
    assert memo_pdf(memo_of(ledger, run)).startswith(b"%PDF")


def test_lines_are_called_lines_and_items_keep_their_names(ledger):
    """Everywhere but in the prompt and in what vendors publish."""
    earlier, run = make_run(ledger, level="line"), make_run(ledger, worsened=2, level="line")
    memo = memo_of(ledger, run, Requirements(most_seconds=1.0), against=earlier)
    prompt, published = run.settings.task.prompt, [row.note for row in memo.published]
    for said in (unescape(memo_html(memo)), unescape(advice_html(memo.conclusion))):
        ours = said.partition("<h2>What vendors say")[0] + said.partition("<h2>Method")[2].replace(prompt, "").replace(
            "/pages", ""
        )
        for sentence in (*published, *(s for one in memo.conclusion.advice.shortlist for s in one.published)):
            ours = ours.replace(sentence, "")
        left = ours.partition("</style>")[2] or ours
        assert [left[at.start() - 60 : at.end() + 20] for at in re.finditer(r"[Pp]ages?\b", left)] == []
    assert in_units("Pages: page-7.png, page 12.jpg, my/page, the page. A page", "line") == (
        "Lines: page-7.png, page 12.jpg, my/page, the line. A line"
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_memo_is_drawn_in_every_language(ledger, code):
    earlier, run = make_run(ledger, level="line"), make_run(ledger, worsened=2, level="line")
    needs = Requirements(
        usd_a_month=1.0,
        harm="digit",
        data=DataNeeds("EU", ("ISO 27001",), True, True, 30),
        boxes="word",
        languages=("de",),
        most_seconds=1.0,
        least_right=(("number", 0.99),),
        machine=Machine(1.0),
    )
    with spoken_in(code):
        for asked in (None, needs):
            memo = replace(memo_of(ledger, run, asked, against=earlier), turned=(("a.png", 90),))
            html = memo_html(memo)
            assert f'<html lang="{code}">' in html
            assert re.findall(r"[{}]", re.sub(r"<style>.*</style>", "", html, flags=re.S)) == []
        document = pypdfium2.PdfDocument(memo_pdf(memo))
        assert (
            memo.question.split() == document[0].get_textpage().get_text_range().split()[: len(memo.question.split())]
        )
        page, line, item = _("page|line|item").split("|")
        assert in_units(f"{page.capitalize()} 7, {page}-7.png. {page.capitalize()}!", "line") == (
            f"{page.capitalize()} 7, {page}-7.png. {line.capitalize()}!"
        )
        assert in_units(page, "item") == item


def test_a_run_that_is_read_is_finished_and_one_that_is_not_as_it_was_told(ledger):
    run = make_run(ledger)
    assert json.loads(summary_json(memo_of(ledger, run)))["run"]["state"] == "finished"
    item = Item("a", Locator("a.png"), "one")
    open_run = find_run(ledger, create_run(ledger, RunContents("/pages", RunSettings(SPECS), [item])))
    assert json.loads(summary_json(memo_of(ledger, open_run)))["run"]["state"] == "running"


def test_a_public_link_names_no_file_and_quotes_no_word_unless_that_is_wanted(ledger):
    earlier, needs = make_run(ledger, worsened=2), Requirements(least_right=(("number", 0.99),))
    memo = memo_of(ledger, make_run(ledger), needs, against=earlier)
    caught = CanaryAnswer("gpt-5", 30, "9.png", "blank", "invented", ("is two",))
    board = with_canaries(memo.conclusion.board, [caught])
    memo = replace(memo, conclusion=replace(memo.conclusion, board=board))
    quiet, quoting = (memo_html(memo.for_strangers(quoting=quoting)) for quoting in (False, True))
    for said in ("Which of 2 engines", "Advice", "Leaderboard", "timed-out on 1", "Microsoft"):
        assert said in quiet
        assert said in quoting
    for secret in (".png", "x.doc", "alert(1)", "is two", "/pages"):
        assert secret not in quiet
    assert ".png" in quoting
    assert "/pages" not in quoting


def test_a_public_link_tells_no_page_that_was_turned_and_no_tag_unless_that_is_wanted(ledger):
    memo = memo_of(ledger, make_run(ledger))
    kinds, pages = (("length", "up to 200"), ("tag", "ward Z")), frozenset(range(5))
    memo = replace(
        memo,
        run=replace(memo.run, settings=replace(memo.run.settings, only_tag="ward Z")),
        slices=tuple(Slice(by, name, pages, memo.conclusion.board) for by, name in kinds),
        turned=(("Ann Lee.png", 90), ("Bo.png", 180)),
    )
    quiet, quoting = (memo_html(memo.for_strangers(quoting=quoting)) for quoting in (False, True))
    for secret in ("Ann Lee", "ward Z"):
        assert secret in quoting
        assert secret not in quiet
    assert "one by 90° and one by 180°" in quiet
    assert "length: up to 200" in quiet


def test_a_name_that_had_to_be_right_is_cut_out_of_its_page_for_the_buyer_and_for_no_stranger(ledger, tmp_path):
    """Where another engine has boxes; GPT-5 gives none, and the name that Azure misread lies between its neighbours."""
    folder = tmp_path / "pages"
    folder.mkdir()
    paper = Image.new("RGB", (500, 200), "white")
    paper.paste("red", (210, 60, 290, 90))
    paper.save(folder / "0.png")
    words = [("Paid", 100), ("to", 160), ("Hxxxx", 210), ("on", 310), ("Monday", 360)]
    boxes = [Region("word", word, ((x, 60), (x + 80, 60), (x + 80, 90), (x, 90))) for word, x in words]
    item = Item("0.png", Locator("0.png"), "Paid to Harriet on Monday", cluster="w", language="en")
    run = create_run(ledger, RunContents(str(folder), RunSettings(SPECS), [item], []))
    worker = register_worker(ledger)
    readings = Reading("Paid to Harry on Monday"), Reading(" ".join(word for word, _ in words), tuple(boxes))
    for spec, reading in zip(SPECS, readings, strict=True):
        [claimed] = claim(ledger, run, spec.id, worker, 1)
        finish(ledger, claimed.key, EngineRun(spec.id, reading, 1.0), None)
    found, run = findings_of(ledger, find_run(ledger, run)), find_run(ledger, run)
    conclusion = conclude(found, SPECS, Requirements(least_right=(("name", 0.99),)))
    [cut] = cut_missed(ledger, run, conclusion)
    assert cut.words.startswith("0.png, “Harriet”. ")
    assert "GPT-5: “Harry”" in cut.words
    shown = Image.open(BytesIO(cut.jpeg)).convert("RGB")
    assert shown.width < 400
    red, green, _ = shown.getpixel((shown.width // 2, shown.height // 2))
    assert red > 200
    assert green < 60
    memo = replace(make_memo(ledger, run, found, conclusion), cuts=(cut,))
    assert memo_html(memo).count("data:image/jpeg;base64,") == 1
    assert memo_pdf(memo)
    assert b"jpeg" not in summary_json(memo)
    for quoting in (True, False):
        assert "data:image/jpeg" not in memo_html(memo.for_strangers(quoting=quoting))
    (folder / "0.png").unlink()
    assert cut_missed(ledger, run, conclusion) == ()
