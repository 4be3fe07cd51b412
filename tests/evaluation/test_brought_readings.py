"""Readings that were made elsewhere, from the command line: rows like engines', no call, no money, gaps are gaps."""

import csv
import json
from zipfile import ZipFile

import pytest

from evaluation.findings.kept_scores import observations
from evaluation.findings.results import bill, progress
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import find_run
from tests.evaluation.vendor_process import slow_vendor


@pytest.fixture
def pages(tmp_path, draw_png):
    """Three pages with their texts beside them."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in (("a", "first page"), ("b", "second page"), ("c", "third page")):
        (folder / f"{name}.png").write_bytes(draw_png(text))
        (folder / f"{name}.txt").write_text(text)
    return folder


@pytest.fixture
def ledger(tmp_path):
    return lambda: Ledger(f"sqlite:///{tmp_path / 'home' / 'evaluation.db'}")


def brought(folder, **texts):
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def test_readings_alone_make_a_run_with_rows_memo_and_exports(pages, tmp_path, evaluate, ledger, loopback):
    good = brought(tmp_path / "good", a="first page", b="second page", c="third page")
    gaps = brought(tmp_path / "gaps", a="first pope", b="")
    table = tmp_path / "priced.csv"
    table.write_text("page,text,seconds,usd\na,first page,2.5,0.01\nb,second pag,3.5,0.03\nc,,,\n")
    readings = [f"good={good}", f"Vendor X={gaps}", f"priced={table}"]
    with loopback("") as vendor:
        status, said = evaluate(vendor, "run", pages, *(part for one in readings for part in ("--readings", one)))
        assert vendor.billed == 0
    assert status == 0, said
    assert "Vendor X: readings of 2 of 3 pages were brought along; 1 were not read." in said
    assert "Vendor X †" in said
    assert "Brought, not read here" in said
    found = find_run(ledger(), "")
    seen = {(one.engine_id, one.item_id): one for one in observations(ledger(), found)}
    assert len(seen) == 7
    assert ("brought:Vendor X", "c") not in {(engine, item.split(".")[0]) for engine, item in seen}
    by_row = {(engine.removeprefix("brought:"), item.split(".")[0]): one for (engine, item), one in seen.items()}
    assert by_row["good", "a"].cer.errors == 0
    assert (by_row["Vendor X", "b"].status, by_row["Vendor X", "b"].cer.rate) == ("empty", 1.0)
    assert (by_row["priced", "a"].seconds, by_row["priced", "a"].cost.usd) == (2.5, 0.01)
    assert (by_row["good", "a"].seconds, by_row["good", "a"].cost.usd) == (None, None)
    assert bill(ledger(), found.id).answered_calls == 0
    assert sorted((one.total, one.left) for one in progress(ledger(), found.id)) == [(2, 0), (2, 0), (3, 0)]

    status, said = evaluate(vendor, "resume")
    assert status == 0, said
    status, said = evaluate(vendor, "report", "--out", tmp_path / "out")
    assert status == 0, said
    memo = (tmp_path / "out" / "memo.html").read_text()
    assert "Vendor X †" in memo
    assert "brought, not read here" in memo
    assert "Found 3 pages, 3 with a reference." in memo
    assert f"--readings &#39;Vendor X={gaps}&#39;" in memo
    rows = [json.loads(line) for line in (tmp_path / "out" / "readings.jsonl").read_text().splitlines()]
    assert {row["engine"] for row in rows} == {"brought:good", "brought:Vendor X", "brought:priced", "together"}
    assert {(row["seconds"], row["usd"]) for row in rows if row["engine"] == "brought:good"} == {(None, None)}
    with (tmp_path / "out" / "readings.csv").open(encoding="utf-8-sig") as file:
        assert sum(row["engine"] == "brought:Vendor X" for row in csv.DictReader(file)) == 2


def test_confidences_that_were_brought_are_exported_and_can_be_brought_again(
    pages, tmp_path, evaluate, ledger, loopback
):
    hocr = '<p class="ocr_line"><span class="ocrx_word" title="bbox 0 0 9 9; x_wconf {}">first</span> page</p>'
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.hocr").write_text(hocr.format(87))
    for round_trip in ("one", "two"):
        with loopback("") as vendor:
            status, said = evaluate(vendor, "run", pages, "--readings", f"mine={mine}")
            assert status == 0, said
            status, said = evaluate(vendor, "report", "--out", tmp_path / round_trip)
        assert status == 0, said
        mine = tmp_path / round_trip / "readings.csv"
        with mine.open(encoding="utf-8-sig") as file:
            assert [json.loads(row["word_confidences"]) for row in csv.DictReader(file)] == [[["first", 0.87]]]
        rows = [json.loads(line) for line in mine.with_suffix(".jsonl").read_text().splitlines()]
        assert [json.loads(row["word_confidences"]) for row in rows] == [[["first", 0.87]]]


def test_readings_stand_beside_an_engine_that_is_paid(pages, tmp_path, evaluate, ledger):
    mine = brought(tmp_path / "mine", a="first page", b="second page")
    with slow_vendor() as vendor:
        status, said = evaluate(vendor, "run", pages, "--engines", "gpt-4o", "--yes", "--readings", f"mine={mine}")
        assert vendor.stats["billed"] == 3
    assert status == 0, said
    found = observations(ledger(), find_run(ledger(), ""))
    assert sorted({one.engine_id for one in found}) == ["brought:mine", "gpt-4o"]
    assert sum(one.engine_id == "brought:mine" for one in found) == 2


def test_a_data_set_may_bring_readings_along(pages, tmp_path, evaluate, ledger, loopback):
    archive = tmp_path / "all.zip"
    with ZipFile(archive, "w") as out:
        for file in pages.iterdir():
            out.write(file, f"all/{file.name}")
        out.writestr("all/readings/Trial/a.txt", "first page")
        out.writestr("all/readings/Trial/nobody.txt", "of no page")
    with loopback("") as vendor:
        status, said = evaluate(vendor, "run", archive)
    assert status == 0, said
    assert "Trial: readings of 1 of 3 pages were brought along; 2 were not read; not used: 1" in said
    assert {one.engine_id for one in observations(ledger(), find_run(ledger(), ""))} == {"brought:Trial"}


def test_a_sample_takes_only_its_own_readings(pages, tmp_path, evaluate, ledger, loopback):
    mine = brought(tmp_path / "mine", a="first page", b="second page", c="third page")
    with loopback("") as vendor:
        status, said = evaluate(vendor, "run", pages, "--sample", "2", "--readings", f"mine={mine}")
    assert status == 0, said
    assert "mine: readings of 2 of 2 pages were brought along." in said
    assert len(observations(ledger(), find_run(ledger(), ""))) == 2


def test_sets_of_the_same_texts_are_told(pages, tmp_path, evaluate, loopback):
    sets = {
        "one": brought(tmp_path / "one", a="first page", b="second page", c="third page"),
        "again": brought(tmp_path / "again", a="first page", b="second page", c="third page"),
        "less": brought(tmp_path / "less", a="first page", b="second page"),
        "other": brought(tmp_path / "other", a="first page", b="second page", c="thirty pages"),
    }
    with loopback("") as vendor:
        readings = [part for name, folder in sets.items() for part in ("--readings", f"{name}={folder}")]
        status, said = evaluate(vendor, "run", pages, *readings)
    assert status == 0, said
    assert " ".join(said.split()).count("one and again hold the same texts on every page.") >= 1
    assert "less hold" not in said
    assert "other hold" not in said


@pytest.mark.parametrize(
    ("readings", "sentence"),
    [
        (["nobody={folder}"], "nobody: readings of 0 of 3 pages were brought along"),
        (["a={good}", "a={good}"], "Two sets of readings are called a."),
        (["gone={folder}/nowhere"], "There is no"),
        (["{good}"], "is not of the form NAME=FILE"),
    ],
)
def test_readings_that_cannot_be_used_are_refused_in_a_sentence(
    pages, tmp_path, evaluate, loopback, readings, sentence
):
    folder = brought(tmp_path / "others", zzz="of another page")
    good = brought(tmp_path / "good", a="first page")
    options = [part for one in readings for part in ("--readings", one.format(folder=folder, good=good))]
    with loopback("") as vendor:
        status, said = evaluate(vendor, "run", pages, *options)
    assert status == 2
    assert sentence in said
    assert "Traceback" not in said
