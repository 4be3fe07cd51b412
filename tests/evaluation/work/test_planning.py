"""What is said before a run: lines are no pages, engines of one machine share it, and two digits are enough."""

from dataclasses import replace
from datetime import date

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading, ReadingTask
from engines.languages import language_name
from engines.pricing import Free, Unknown, Usd, about
from evaluation.datasets.contract import Item, Locator
from evaluation.datasets.opening import open_dataset
from evaluation.findings.results import measured_seconds
from evaluation.findings.wording import duration
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunContents, RunSettings, create_run
from evaluation.ledger.work_items import claim, finish, register_worker
from evaluation.work.planning import Estimate, Plan, plan
from playground.engine_runs import EngineRun
from playground.scoring import in_language
from samples import load_samples

LOCAL = spec_by_id("tesseract"), spec_by_id("ppocr-v6-small")
CLOUD = spec_by_id("gpt-5"), spec_by_id("azure-read")


@pytest.fixture
def ledger(tmp_path):
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


def read(ledger, level, seconds):
    items = [Item(f"{n}.png", Locator(f"{n}.png"), "a", level) for n in range(3)]
    run_id = create_run(ledger, RunContents("/pages", RunSettings(LOCAL[:1], level=level), items))
    for item in claim(ledger, run_id, LOCAL[0].id, register_worker(ledger), 3):
        finish(ledger, item.key, EngineRun(LOCAL[0].id, Reading("a"), seconds), None)


def test_the_time_of_lines_says_nothing_of_pages(ledger):
    read(ledger, "line", 0.1)
    assert measured_seconds(ledger, "page") == {}
    read(ledger, "page", 26.0)
    assert measured_seconds(ledger, "page") == {LOCAL[0].id: 26.0}
    assert measured_seconds(ledger, "line") == {LOCAL[0].id: pytest.approx(0.1)}


def test_an_engine_that_reads_lines_is_expected_to_take_a_page_line_by_line():
    sample = load_samples()[0]
    [estimate] = plan(sample.image, open_dataset(sample.image), RunSettings((spec_by_id("trocr-small"),))).estimates
    assert estimate.seconds > 10
    assert not estimate.seconds_measured


def test_engines_of_this_machine_wait_for_each_other_and_vendors_do_not():
    contents = RunContents("/pages", RunSettings((*LOCAL, *CLOUD)), [])
    seconds = dict(zip((spec.id for spec in (*LOCAL, *CLOUD)), (100, 30, 120, 90), strict=True))
    estimates = tuple(Estimate(engine_id, 1, Free(), Free(), each, True) for engine_id, each in seconds.items())
    planned = Plan(contents, estimates, 0)
    assert planned.seconds == 130
    assert replace(planned, estimates=estimates[2:]).seconds == 120
    assert replace(planned, estimates=()).seconds == 0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.42, "0.4 s"), (4.23, "4.2 s"), (22.4, "22 s"), (289, "4.8 min"), (1234, "21 min"), (5399, "90 min"),
     (7000, "1.9 h"), (41_000, "11 h"), (250_000, "69 h"), (450_000, "5.2 days")],
)  # fmt: skip
def test_times_have_two_digits(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("cost", "said"),
    [(Usd(0.4928), "$0.49"), (Usd(0.01654), "$0.017"), (Usd(12.34), "$12"), (Free(), "free"),
     (Unknown(), "price unknown")],
)  # fmt: skip
def test_prices_that_are_only_expected_have_two_digits(cost, said):
    assert about(cost) == said


@pytest.mark.parametrize(
    ("language", "used"),
    [("fr", "fr"), ("de-AT", "de"), ("eng+fra", "en+fr"), ("", "es"), ("French", "fr"), ("not known", "es")],
)
def test_a_page_is_read_in_its_own_language_where_a_code_names_one(language, used):
    item = Item("1.png", Locator("1.png"), language=language)
    task = RunSettings(LOCAL, in_language(ReadingTask(), "es")).task_for(item)
    assert task == in_language(ReadingTask(), used)
    assert task.prompt.endswith(f" The page is written in {language_name(used)}.")


@pytest.mark.parametrize(
    ("day", "engine_id", "told"),
    [
        (date(2026, 11, 28), "gpt-5", ["ends on 2026-12-11; successor gpt-6.1-sol"]),
        (date(2026, 10, 11), "gpt-5", []),
        (date(2026, 12, 31), "gemini-3.8-flash", ["$0.75 until 2026-12-31, then $1.50", "$3.75 until 2026-12-31"]),
        (date(2027, 1, 1), "gemini-3.8-flash", []),
        (date(2026, 11, 28), "tesseract", []),
    ],
)
def test_the_plan_says_when_a_model_ends_and_its_price_changes(day, engine_id, told):
    samples = load_samples()[0].image.parent
    planned = plan(samples, open_dataset(samples), RunSettings((spec_by_id(engine_id),), sample=1), day=day)
    notes = [note for note in planned.contents.settings.notes if "known to read" not in note]
    assert len(notes) == bool(told)
    assert all(one in notes[0] for one in told)
