"""A whole run as ALTO, PAGE, hOCR and PDF: every reading, under names that leave no folder."""

from zipfile import ZipFile

from engines.catalogue import spec_by_id
from engines.contract import Reading, Region
from engines.formats.foreign import read_foreign
from evaluation.datasets.opening import open_dataset
from evaluation.findings.results import outcomes, outcomes_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run, erase_run, find_run
from evaluation.ledger.work_items import claim, finish
from evaluation.report.exporting import export_layouts
from evaluation.work.item_reading import PageLoader
from evaluation.work.planning import plan
from playground.engine_runs import EngineRun
from tests.evaluation.vendor_process import slow_vendor


def test_every_reading_of_a_run_is_in_the_zip(lines, evaluate, tmp_path):
    with slow_vendor() as vendor:
        evaluate(vendor, "run", lines, "--engines", "gpt-4o", "--yes", "--repeats", "2")
        status, said = evaluate(vendor, "report", "--out", tmp_path / "out", "--write", "alto,pdf")
    assert status == 0, said
    archive = ZipFile(tmp_path / "out" / "layouts.zip")
    files = {
        f"gpt-4o/{page}.png{again}{suffix}"
        for page in "abc"
        for again in ("", ".reading-2")
        for suffix in (".alto.xml", ".pdf")
    }
    assert set(archive.namelist()) == {*files, "boxes.csv"}
    assert read_foreign("a", archive.read("gpt-4o/a.png.alto.xml")).reading.text == "first line"
    assert archive.read("gpt-4o/a.png.pdf").startswith(b"%PDF")
    assert archive.read("boxes.csv").decode().count("It has no boxes") == 6


def test_a_page_that_is_gone_is_said_and_the_others_are_written(lines, evaluate, tmp_path):
    with slow_vendor() as vendor:
        evaluate(vendor, "run", lines, "--engines", "gpt-4o", "--yes")
    ledger = Ledger(f"sqlite:///{tmp_path / 'home' / 'evaluation.db'}")
    (lines / "b.png").write_bytes(b"no image any more")
    export_layouts(ledger, find_run(ledger, ""), PageLoader(open_dataset(lines)), ("hocr",), tmp_path / "some.zip")
    archive = ZipFile(tmp_path / "some.zip")
    assert set(archive.namelist()) == {"gpt-4o/a.png.hocr", "gpt-4o/c.png.hocr", "boxes.csv"}
    assert "left out: b.png is not a readable image" in archive.read("boxes.csv").decode()


def test_where_to_write_is_asked(lines, evaluate):
    with slow_vendor() as vendor:
        evaluate(vendor, "run", lines, "--engines", "gpt-4o", "--yes")
        status, said = evaluate(vendor, "report", "--write", "alto")
    assert status == 2
    assert "--out FOLDER" in said


def test_a_reader_s_name_leaves_no_folder(lines, tmp_path, evaluate):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.txt").write_text("first line")
    with slow_vendor() as vendor:
        done = evaluate(vendor, "run", lines, "--engines", "", "--readings", f"../../us={tmp_path / 'own'}", "--yes")
        assert done[0] == 0, done
        assert evaluate(vendor, "report", "--out", tmp_path / "out", "--write", "hocr")[0] == 0
    archive = ZipFile(tmp_path / "out" / "layouts.zip")
    assert set(archive.namelist()) == {"brought_.._.._us/a.png.hocr", "boxes.csv"}


def test_a_run_keeps_boxes_and_lends_them(lines, tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    specs = (spec_by_id("tesseract"), spec_by_id("gpt-4o"))
    dataset = open_dataset(lines)
    run_id = create_run(ledger, plan(lines, dataset, RunSettings(specs)).contents)
    box = ((2.4, 3.0), (40.0, 3.0), (40.0, 21.6), (2.4, 21.6))
    regions = (Region("word", "first", box, 0.5), Region("character", "f", box), Region("line", "first line", box))
    for spec, found in zip(specs, (regions, ()), strict=True):
        for item in claim(ledger, run_id, spec.id, "w", 3):
            finish(ledger, item.key, EngineRun(spec.id, Reading("first line", found), 1.0), None)
    kept = outcomes_of(ledger, run_id, 0)[1].outcome.regions
    assert [(region.level, region.text, region.confidence) for region in kept] == [
        ("word", "first", 0.5), ("line", "first line", None),
    ]  # fmt: skip
    assert kept[0].polygon == ((2, 3), (40, 3), (40, 22), (2, 22))
    assert [outcome.run.outcome.regions for outcome in outcomes(ledger, find_run(ledger, run_id))] == [()] * 6
    export_layouts(ledger, find_run(ledger, run_id), PageLoader(dataset), ("alto",), tmp_path / "some.zip")
    archive = ZipFile(tmp_path / "some.zip")
    told = archive.read("boxes.csv").decode()
    assert told.count("borrowed from Tesseract 5") == 3
    assert told.count("Its boxes are its own.") == 3
    assert b"HPOS" in archive.read("gpt-4o/a.png.alto.xml")
    erase_run(ledger, run_id)
    with ledger.transaction() as transaction:
        assert transaction.rows("select * from boxes") == []
