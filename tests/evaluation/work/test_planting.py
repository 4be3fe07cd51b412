"""Canary pages come from the run's own pages, are read like them, and count as none of them."""

import json
from hashlib import sha256
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import get_args
from zipfile import ZipFile

import pytest
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console

from engines.catalogue import spec_by_id
from engines.contract import Reading, ReadingTask, Region
from evaluation.datasets.contract import Item, Locator
from evaluation.datasets.opening import open_dataset
from evaluation.evidence import PackRefused, verify_pack, write_pack
from evaluation.findings.kept_scores import observations
from evaluation.findings.leaderboard import canary_answers, leaderboard, with_canaries
from evaluation.findings.recommending import Requirements
from evaluation.findings.results import canary_outcomes, outcomes
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunContents, RunSettings, create_run, find_run, pages_of
from evaluation.ledger.work_items import claim, finish, register_worker
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.media import blocks_html
from evaluation.report.terminal import print_plan
from evaluation.work.item_reading import PageLoader
from evaluation.work.planning import (
    MOST_OF_EACH,
    MOST_PLANTED,
    NO_WORDS,
    plan,
    plan_again,
    plant,
    reader_here,
    with_planted,
)
from metrics.error_rate import Assumptions
from playground.engine_runs import EngineRun
from playground.probes import Trap, opened

LINES = ("Dearest Margaret, thank you", "kindly for remembering mother", "when winter came, and write again")
REFERENCE = "\n".join(LINES)
FONT = ImageFont.load_default(28)


def written():
    """A page with three lines on its upper half, and where each word stands."""
    image = Image.new("RGB", (900, 1200), "white")
    drawing, regions = ImageDraw.Draw(image), []
    for row, line in enumerate(LINES):
        x = 60.0
        for word in line.split():
            box = drawing.textbbox((x, 80 + 120 * row), word, FONT)
            drawing.text((x, 80 + 120 * row), word, "black", FONT)
            left, top, right, bottom = box
            regions.append(Region("word", word, ((left, top), (right, top), (right, bottom), (left, bottom))))
            x = right + 16
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue(), Reading(REFERENCE, regions=tuple(regions))


@pytest.fixture
def pages(tmp_path):
    data, _ = written()
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(data)
        (tmp_path / f"{number}.txt").write_text(REFERENCE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def read():
    _, reading = written()
    return lambda page, task: reading


def planted_by_trap(pages, read):
    dataset = open_dataset(pages)
    loader = PageLoader(dataset)
    items = [item for item in dataset.items() if isinstance(item, Item)]
    found = plant(items, loader.load, read, lambda item: ReadingTask())
    by_trap = {trap: [one for one in found if one.locator.planting.trap == trap] for trap in get_args(Trap)}
    return loader, by_trap


def test_blank_paper_holds_no_ink_and_a_masked_word_is_gone(pages, read):
    loader, found = planted_by_trap(pages, read)
    assert {trap: len(items) for trap, items in found.items()} == dict.fromkeys(found, MOST_OF_EACH)
    assert all(item.reference is None for items in found.values() for item in items)
    blank = opened(loader.load(found["blank"][0].locator)).convert("L")
    assert blank.getextrema() == (255, 255)
    masked = found["masked"][0].locator.planting
    assert masked.bait == ("remembering",)
    whole = opened(loader.load(Locator(found["masked"][0].locator.file)))
    left, top, right, bottom = masked.place
    assert whole.crop(masked.place).convert("L").getextrema() == (0, 255)
    cut = opened(loader.load(found["masked"][0].locator))
    inside = (left, top - masked.cut[1], right, bottom - masked.cut[1])
    assert cut.crop(inside).getcolors() == [((right - left) * (bottom - top), (20, 20, 20))]


def test_a_replaced_word_shows_another_word_of_the_page(pages, read):
    loader, found = planted_by_trap(pages, read)
    planting = found["altered"][0].locator.planting
    assert planting.bait[0] in REFERENCE.casefold()
    left, top, right, bottom = planting.place
    cut = opened(loader.load(found["altered"][0].locator))
    now = cut.crop((left, top - planting.cut[1], right, bottom - planting.cut[1]))
    other = opened(loader.load(Locator(found["altered"][0].locator.file))).crop(planting.picture)
    assert now.tobytes() == other.resize(now.size).tobytes()


@pytest.mark.parametrize(
    "reading", [None, Reading("nothing alike"), Reading(REFERENCE)], ids=["none", "misread", "bare"]
)
def test_no_word_is_painted_over_unless_it_is_sure_which(pages, reading):
    _, found = planted_by_trap(pages, lambda page, task: reading)
    assert {trap: len(items) for trap, items in found.items()} == {"blank": 3, "masked": 0, "altered": 0}


def test_pages_are_looked_at_in_their_own_language(pages):
    """As engines read them later: the data set's language where it names one, else the run's."""
    asked = []
    items = [Item(str(number), Locator("0.png"), REFERENCE, language=said) for number, said in enumerate(SAID)]
    settings = RunSettings((spec_by_id("gpt-5"),), task=ReadingTask(language="fr"), canaries=True)
    load = PageLoader(open_dataset(pages)).load
    plant(items, load, lambda page, task: asked.append(task.language), settings.task_for)
    assert asked == ["fr", "de", "grc", "pt"]


SAID = ("", "German", "grc", "pt")


def test_a_reader_that_knows_the_language_comes_first(pages):
    asked = []

    class Asking:
        def __init__(self, spec):
            self.spec = spec

        def read(self, page, task):
            asked.append((self.spec.id, task.language))
            return Reading(REFERENCE)

    class Engines:
        def get(self, spec, key=None):
            return Asking(spec)

    offer = SimpleNamespace(spec=spec_by_id, ready_without_keys=lambda: ["ppocr-v5", "ppocr-v6-small"])
    page = PageLoader(open_dataset(pages)).load(Locator("0.png"))
    read = reader_here(offer, Engines())
    for language in ("en", "de", "th"):
        assert read(page, ReadingTask(language=language)).text == REFERENCE
    assert asked == [("ppocr-v5", "en"), ("ppocr-v6-small", "de"), ("ppocr-v5", "th")]


def run_of(ledger, contents):
    """A run that is done: its first engine says what would stand on canary pages, its second reads what is there."""
    run = find_run(ledger, create_run(ledger, contents))
    worker = register_worker(ledger)
    for spec, inventive in zip(contents.settings.engines, (True, False), strict=True):
        for item in claim(ledger, run.id, spec.id, worker, 50):
            planting = item.item.locator.planting
            text = REFERENCE if planting is None else " ".join(planting.bait) or "Dear Sir"
            honest = REFERENCE if planting is None else "" if planting.trap == "blank" else "some other words"
            finish(ledger, item.key, EngineRun(spec.id, Reading(text if inventive else honest), 1.0), None)
    return run


def test_a_pack_holds_the_canary_pages_and_verifies_only_with_what_was_answered_there(pages, read, tmp_path):
    specs, dataset = (spec_by_id("gpt-5"), spec_by_id("azure-read")), open_dataset(pages)
    planned = with_planted(plan(pages, dataset, RunSettings(specs, canaries=True)), dataset, read)
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    run, path = run_of(ledger, planned.contents), tmp_path / "evidence.zip"
    mark = write_pack(ledger, run, Requirements(), Assumptions(40), path, loader=PageLoader(dataset), with_pages=True)
    found = verify_pack(path, mark)
    assert (found.readings, found.pages) == (2 * 5, 5 + MOST_PLANTED)
    with ZipFile(path) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    assert b"caught on 9 of 9" in members["memo.html"]
    assert f"pages/{5 + MOST_PLANTED - 1}.png" in members
    honest = {name: data.replace(b"Dear Sir", b"") for name, data in members.items() if name.startswith("ledger/work")}
    assert members | honest != members
    digests = {name: sha256(data).hexdigest() for name, data in honest.items()}
    manifest = json.loads(members["manifest.json"])
    manifest["members"] |= digests
    changed = members | honest | {"manifest.json": json.dumps(manifest, indent=1, ensure_ascii=False).encode()}
    with ZipFile(tmp_path / "changed.zip", "w") as zipped:
        for name, data in changed.items():
            zipped.writestr(name, data)
    with pytest.raises(PackRefused):
        verify_pack(tmp_path / "changed.zip")


def test_the_plan_says_the_price_and_the_run_counts_no_canary_page(pages, read, tmp_path_factory):
    specs = spec_by_id("gpt-5"), spec_by_id("azure-read")
    dataset = open_dataset(pages)
    plain, planned = (plan(pages, dataset, RunSettings(specs, canaries=tick)) for tick in (False, True))
    assert planned.cost.usd == pytest.approx(plain.cost.usd * (5 + MOST_PLANTED) / 5)
    assert with_planted(plain, dataset, read) == plain
    assert NO_WORDS in with_planted(planned, dataset, lambda page, task: None).contents.settings.notes
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.db'}")
    run = run_of(ledger, with_planted(planned, dataset, read).contents)
    again = plan_again(run, pages_of(ledger, run.id), [])
    assert again.estimates[0].items == planned.estimates[0].items, "they are among the pages that are read again"
    shown = Console(file=StringIO(), width=200)
    for one, said in ((planned, True), (again, False)):
        with shown.capture() as told:
            print_plan(shown, one, one.contents.settings.labels)
        assert ("canary pages made from them" in told.get()) == said
    seen = observations(ledger, run)
    assert len(seen) == len(list(outcomes(ledger, run))) == 10
    board = with_canaries(leaderboard(seen), canary_answers(canary_outcomes(ledger, run)))
    caught = {row.engine_id: [one.caught for one in row.canaries] for row in board.rows}
    assert caught == {"gpt-5": [True] * 9, "azure-read": [False] * 9}
    html = blocks_html(results_blocks(board, run.settings.labels))
    assert "caught on 9 of 9" in html
    assert "wrote where nothing is written: “dear sir”" in html


def test_runs_of_before_have_no_canary_pages(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    contents = RunContents("/pages", RunSettings((spec_by_id("gpt-5"),)), [Item("a", Locator("a.png"), "one")])
    assert list(canary_outcomes(ledger, find_run(ledger, create_run(ledger, contents)))) == []
