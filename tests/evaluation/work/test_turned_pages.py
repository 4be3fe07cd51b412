"""Pages of a data set that lie wrong are turned, once for all engines, and everything that speaks of them says so."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from engines.catalogue import spec_by_id
from engines.contract import Reading
from engines.page_fitting import rgb_pixels
from engines.registry import LoadedEngines
from evaluation.datasets.opening import open_dataset
from evaluation.evidence import verify_pack, write_pack
from evaluation.findings.recommending import Requirements
from evaluation.findings.results import outcomes_of
from evaluation.findings.wording import turned_sentences
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, RunContents, RunSettings, create_run, find_run, pages_of
from evaluation.report.exporting import more_of, rows
from evaluation.report.memo import reproduce_command
from evaluation.watching import sealed
from evaluation.work.item_reading import PageLoader
from evaluation.work.planning import plan, plan_again
from evaluation.work.worker import Sources, Worker
from metrics.error_rate import Assumptions
from samples import load_samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same lines three times: upright, on their side, upside down."""
    folder: Path = tmp_path_factory.mktemp("pages")
    letter = next(sample for sample in load_samples() if sample.id == "letter")
    with Image.open(letter.image) as image:
        top = image.crop((0, 0, image.width, image.height * 2 // 5))
    top.save(folder / "a-upright.png")
    top.transpose(Image.Transpose.ROTATE_90).save(folder / "b-side.png")
    top.transpose(Image.Transpose.ROTATE_180).save(folder / "c-down.png")
    return folder


def run_over(folder: Path, ledger: Ledger, settings: RunSettings) -> str:
    dataset = open_dataset(folder)
    run_id = create_run(ledger, RunContents(str(folder), settings, list(dataset.items())))
    Worker(ledger, find_run(ledger, run_id), Sources(dataset, LoadedEngines(), lambda _: None)).work()
    return run_id


@pytest.fixture(scope="module")
def turned_run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, Run]:
    """All of them as one engine read them."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('turned') / 'l.db'}")
    return ledger, find_run(ledger, run_over(folder, ledger, RunSettings((spec_by_id("tesseract"),), turns=True)))


def test_all_engines_read_it_upright_and_every_surface_says_by_how_much_it_was_turned(
    turned_run: tuple[Ledger, Run],
) -> None:
    ledger, run = turned_run
    assert [page.turned for page in pages_of(ledger, run.id)] == [0, 90, 180]
    readings = [outcome.outcome for position in range(3) for outcome in outcomes_of(ledger, run.id, position)]
    texts, told = [], []
    for reading in readings:
        assert isinstance(reading, Reading)
        assert reading.sent
        texts.append(reading.text)
        told.append(dict(reading.sent.settings).get("page turned by"))
    assert len(set(texts)) == 1
    assert "Margaret" in texts[0]
    assert told == [None, "90 degrees", "180 degrees"]
    assert [row["page_turned"] for row in rows(ledger, run, more_of(ledger, run))] == [0, 90, 180]
    assert "--no-turn" not in reproduce_command(run)


def test_a_run_with_turned_pages_is_watched_and_its_pack_holds_them_as_they_were_read(
    turned_run: tuple[Ledger, Run], folder: Path, tmp_path: Path
) -> None:
    ledger, run = turned_run
    pages = pages_of(ledger, run.id)
    looked_at = sealed(run, pages)
    assert [page.sha256 for page in looked_at] == [page.sha256 for page in pages]
    again = create_run(ledger, plan_again(run, pages, looked_at).contents)
    assert [page.turned for page in pages_of(ledger, again)] == [0, 90, 180], "whatever this machine would have done"
    for loader in (PageLoader.of(run), PageLoader(open_dataset(folder))):
        path = tmp_path / "pack.zip"
        write_pack(ledger, run, Requirements(), Assumptions(30), path, loader=loader, with_pages=True)
        with ZipFile(path) as pack:
            assert {f"pages/{number}.png" for number in range(3)} <= set(pack.namelist())
            told = [json.loads(line)["page_turned"] for line in pack.read("readings.jsonl").splitlines()]
            assert told == [0, 90, 180]
            assert turned_sentences([("b-side.png", 90), ("c-down.png", 180)])[0] in pack.read("memo.html").decode()
        assert verify_pack(path).pages == 3


def test_a_pack_says_of_no_page_that_nobody_read_here_that_it_was_turned_for_an_engine(
    folder: Path, tmp_path: Path
) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'l.db'}")
    contents = RunContents(str(folder), RunSettings((), turns=True), list(open_dataset(folder).items()))
    run = find_run(ledger, create_run(ledger, contents))
    path = tmp_path / "pack.zip"
    write_pack(ledger, run, Requirements(), Assumptions(30), path, loader=PageLoader.of(run), with_pages=True)
    with ZipFile(path) as pack:
        assert set(pack.namelist()) >= {f"pages/{number}.png" for number in range(3)}
        assert "turned clockwise" not in pack.read("memo.html").decode()
    assert verify_pack(path).pages == 3


def test_who_reads_a_page_later_gets_it_as_those_before_did(folder: Path) -> None:
    dataset = open_dataset(folder)
    upright, side, _ = (item.locator for item in dataset.items())
    finding, not_finding = PageLoader(dataset, turns=True), PageLoader(dataset)
    found = finding.load(side)
    assert (finding.turned_by(side), finding.turned_by(upright)) == (90, 0)
    assert (rgb_pixels(found) == rgb_pixels(finding.load(upright))).all()
    assert finding.turned_by(upright) == 0, "the same pixels as the one that was turned"
    assert not_finding.load(side, 90) == found, "a machine without the networks"
    assert finding.load(side, 0).width == found.height, "read first where there were none"
    assert (not_finding.load(side).width, not_finding.turned_by(upright)) == (found.height, 0)


def test_a_run_that_turns_nothing_says_nothing(folder: Path, tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'l.db'}")
    run_id = create_run(ledger, RunContents(str(folder), RunSettings(()), list(open_dataset(folder).items())))
    assert PageLoader.of(find_run(ledger, run_id)).load(pages_of(ledger, run_id)[1].item.locator).width < 1200
    assert "--no-turn" in reproduce_command(find_run(ledger, run_id))


def test_people_are_told_which_pages_were_turned() -> None:
    assert turned_sentences(()) == []
    [one] = turned_sentences([("b.png", 90)])
    assert one == "1 page that certainly lay wrong was turned clockwise before any engine read: b.png by 90°."
    [many] = turned_sentences([(f"{number}.png", 180) for number in range(25)])
    assert many.startswith("25 pages ")
    assert many.endswith("19.png by 180° and 5 more.")


def test_the_plan_says_who_is_not_known_to_read_these_languages(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    Image.new("RGB", (40, 30)).save(tmp_path / "b.png")
    with (tmp_path / "manifest.csv").open("w", newline="") as table:
        csv.writer(table).writerows([["file", "text", "language"], ["a.png", "a", "jpn"], ["b.png", "b", "Arabic"]])
    engines = (spec_by_id("ppocr-v6-tiny"), spec_by_id("ppocr-v6-small"))
    planned = plan(tmp_path, open_dataset(tmp_path), RunSettings(engines))
    unread = [note for note in planned.contents.settings.notes if "not known to read" in note]
    assert unread == [
        "PP-OCRv6 tiny is not known to read Arabic and Japanese. It can run all the same; expect little.",
        "PP-OCRv6 small is not known to read Arabic. It can run all the same; expect little.",
    ]
