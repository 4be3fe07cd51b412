"""What strangers may start on a public host, who pays for it, how long it is kept, and what leads to a run."""

import os
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from evaluation.datasets.contract import DatasetUnusable
from evaluation.evaluations import Request
from evaluation.hosted_runs import EvaluationRuns, NotStarted
from evaluation.report.exporting import summary_json
from playground.host.admission import Apart
from playground.host.guard import Visitor
from playground.host.hosting import Hosting
from playground.offer import Offer
from playground.settings import Settings
from samples import load_samples
from tests.loopback_vendor import LoopbackVendor
from tests.vendor_answers import responses
from tests.waiting import until
from ui.evaluate.view import page_html, run_html

ANN = Visitor("ann", "ann's network")
CLOUD = Request(("gpt-5-mini",))
LOCAL = Request(("tesseract",))
PAGES = 6


def runs_of(tmp_path, **environment):
    environ = {"INKQUEST_DATA": str(tmp_path), "OPENAI_API_KEY": "sk-host", **environment}
    settings = Settings.from_env(environ)
    offer = Offer.from_settings(settings, environ)
    return EvaluationRuns(offer, Hosting.open(settings, offer.specs, offer.engines, offer.keys).guard, Apart())


@pytest.fixture
def vendor(monkeypatch):
    """It does not say what it used, so that every call costs what was reserved for it."""
    with LoopbackVendor(key="sk-host") as vendor:
        vendor.answers["/responses"] = responses() | {"usage": None}
        monkeypatch.setenv("OPENAI_BASE_URL", f"{vendor.url}/v1")
        yield vendor


@pytest.fixture
def upload(tmp_path, draw_png):
    """Six pages, as a visitor brings them; small, for nothing here depends on what is read."""

    def take(runs):
        path = tmp_path / "pages.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(PAGES):
                archive.writestr(f"{number}.png", draw_png())
                archive.writestr(f"{number}.txt", "hello")
        return runs.pages.take([path])

    return take


def ended(runs, ticket):
    run = runs.held(ticket).run_id
    return until(lambda: None if (seen := runs.evaluations.look(run)).running else seen)


def worst_usd(runs, pages):
    [estimate] = runs.plan(pages, CLOUD, ANN).estimates
    return estimate.worst.usd / PAGES


def test_nothing_leaves_a_public_host_without_a_yes(tmp_path, vendor, upload):
    runs = runs_of(tmp_path, INKQUEST_PUBLIC="1", INKQUEST_BUDGET_USD="5")
    planned = runs.plan(upload(runs), CLOUD, ANN)
    with pytest.raises(NotStarted, match="not agreed that OpenAI gets these pages"):
        runs.start(planned, ANN)
    runs.guard.consents.agree("bert", ["OpenAI"])
    with pytest.raises(NotStarted, match="not agreed"):
        runs.start(planned, ANN)
    assert vendor.requests == []


def test_the_host_s_budget_pays_for_so_many_calls_and_the_screen_says_why_no_more(tmp_path, vendor, upload):
    pages = upload(runs_of(tmp_path))
    calls = 4
    cap = f"{(calls + 0.5) * worst_usd(runs_of(tmp_path), pages):.9f}"
    runs = runs_of(tmp_path, INKQUEST_PUBLIC="1", INKQUEST_BUDGET_USD=cap, INKQUEST_BUDGET_VISITOR_USD="1000")
    runs.guard.consents.agree("ann", ["OpenAI"])
    ticket = runs.start(runs.plan(pages, CLOUD, ANN), ANN)
    seen = ended(runs, ticket)
    assert (len(vendor.reading_requests), seen.progress[0].done, seen.progress[0].left) == (calls, calls, PAGES - calls)
    assert "What this host pays for GPT-5 mini is used up for today. Give your own key" in run_html(seen)

    runs.guard.forget("ann")  # a new session after the page was loaded again, whose yes is still missing
    with pytest.raises(NotStarted, match="not agreed"):
        runs.resume(runs.held(ticket), Visitor("ann again", "ann's network"))


def test_without_a_budget_a_public_host_offers_no_engine_it_would_pay_for(tmp_path):
    runs = runs_of(tmp_path, INKQUEST_PUBLIC="1")
    assert "gpt-5-mini" not in {spec.id for spec in runs.engines("")}
    with pytest.raises(NotStarted, match="Choose at least one engine, or bring readings along"):
        runs.plan(load_samples()[0].image, CLOUD, Visitor(""))


def test_pages_that_strangers_bring_take_a_bounded_room_and_push_out_their_own(tmp_path, draw_png, monkeypatch):
    """Room for eight, of which one network has two; whoever runs the app for themselves has all there is."""
    (tmp_path / "page.png").write_bytes(page := draw_png())
    monkeypatch.setattr("evaluation.hosted_runs.MOST_PUBLIC_BYTES_KEPT", 8 * len(page))
    for public, left in (("1", [False, False, True, True, True]), ("", [True] * 5)):
        pages = runs_of(tmp_path / f"public{public}", **({"INKQUEST_PUBLIC": public} if public else {})).pages
        taken = [pages.take([tmp_path / "page.png"], payer) for payer in ("mallory",) * 4 + ("ann",)]
        assert [one.exists() for one in taken] == left


def test_pages_and_readings_of_strangers_are_gone_after_hours(tmp_path, vendor, upload):
    runs = runs_of(tmp_path, INKQUEST_PUBLIC="1", INKQUEST_BUDGET_USD="50", INKQUEST_BUDGET_VISITOR_USD="50")
    pages = upload(runs)
    runs.guard.consents.agree("ann", ["OpenAI"])
    ticket = runs.start(runs.plan(pages, CLOUD, ANN), ANN)
    assert ended(runs, ticket).finished
    calls = len(vendor.requests)
    opened = runs.evaluations.open_page(runs.held(ticket).run_id, 0)
    assert "thank you" in page_html(opened, "picture")
    assert len(vendor.requests) == calls == PAGES, "a page is opened from the ledger"
    taken_along = summary_json(runs.memo(runs.held(ticket))).decode()
    assert str(tmp_path) not in taken_along
    assert vendor.url not in taken_along
    kept = b"thank you"
    assert kept in on_disk(tmp_path)

    runs.sweep()
    assert runs.held(ticket)
    os.utime(pages.parent, (0, 0))
    runs.sweep()
    assert runs.held(ticket) is None
    assert not pages.exists()
    assert kept not in on_disk(tmp_path)


def test_who_looks_at_a_run_finds_it_again_after_a_restart_and_nobody_else_does(tmp_path, upload):
    before = runs_of(tmp_path, INKQUEST_PUBLIC="1")
    ticket = before.hold(before.evaluations.start(before.plan(upload(before), LOCAL, ANN)))
    before.evaluations.close()
    run_id, _, signature = ticket.rpartition(".")
    after = runs_of(tmp_path, INKQUEST_PUBLIC="1")
    assert after.held(ticket).run_id == run_id
    for forged in (
        "",
        run_id,
        f"{run_id}.",
        f"{run_id}.{signature[::-1]}",
        f"another.{signature}",
        f"\ud800.{signature}",
    ):
        assert after.held(forged) is None


def test_one_visitor_has_one_evaluation_at_a_time_and_a_paused_one_takes_no_place(tmp_path, vendor, upload):
    runs = runs_of(tmp_path, INKQUEST_PUBLIC="1", INKQUEST_BUDGET_USD="50", INKQUEST_BUDGET_VISITOR_USD="50")
    vendor.answering.clear()
    planned = runs.plan(upload(runs), replace(CLOUD, repeats=5), ANN)
    visitors = [ANN, *(Visitor(name, f"{name}'s network") for name in ("bert", "cyd", "dan", "eve"))]
    for visitor in visitors:
        runs.guard.consents.agree(visitor.session, ["OpenAI"])
    ticket = runs.start(planned, ANN)
    with pytest.raises(NotStarted, match="from your network is running"):
        runs.start(planned, ANN)
    tickets = [runs.start(planned, visitor) for visitor in visitors[1:4]]
    with pytest.raises(NotStarted, match="Other visitors' evaluations"):
        runs.start(planned, visitors[4])
    runs.evaluations.pause(runs.held(ticket).run_id)
    tickets.append(runs.start(planned, visitors[4]))
    with pytest.raises(NotStarted, match="Other visitors' evaluations"):
        runs.resume(runs.held(ticket), ANN)
    for started in tickets:
        runs.evaluations.pause(runs.held(started).run_id)
    runs.resume(runs.held(ticket), ANN)
    assert runs.evaluations.at_work() == [runs.held(ticket).run_id]
    runs.evaluations.cancel(runs.held(ticket).run_id)
    vendor.answering.set()
    runs.evaluations.close()


def test_plans_of_one_visitor_wait_for_each_other_and_not_for_them_the_others(tmp_path):
    runs = runs_of(tmp_path, INKQUEST_PUBLIC="1", INKQUEST_QUEUE_SIZE="4")  # of four places and the line a quarter each
    gone = Event()
    with runs._planning.turn(ANN.payer, Event()), ThreadPoolExecutor() as threads:
        waiting = threads.submit(lambda: runs._planning.turn(ANN.payer, gone).__enter__())
        until(lambda: len(runs._planning._line) == 1 or None)
        with pytest.raises(NotStarted, match="from your network are waiting"):
            runs.plan(load_samples()[0].image, LOCAL, ANN)
        assert len(runs.plan(load_samples()[0].image, LOCAL, Visitor("bert", "bert's network")).contents.items) == 1
        gone.set()
        assert waiting.result() is False


def test_a_host_that_is_alone_with_its_runs_keeps_them(tmp_path, upload):
    runs = runs_of(tmp_path)
    pages = upload(runs)
    os.utime(pages.parent, (0, 0))
    runs.sweep()
    assert pages.exists()


def on_disk(folder):
    """Every byte of the ledger, its write-ahead log included."""
    return b"".join(path.read_bytes() for path in folder.glob("evaluation.db*"))


def test_a_stranger_s_run_is_capped(tmp_path):
    public = runs_of(tmp_path, INKQUEST_PUBLIC="1")
    planned = public.plan(load_samples()[0].image, Request(("tesseract",), sample=400), Visitor(""))
    assert planned.contents.settings.sample == 50


def test_no_text_of_a_stranger_s_run_is_longer_than_a_page(tmp_path, draw_png):
    """Its scoring would take minutes, of which others notice each."""
    pages, read = tmp_path / "pages", tmp_path / "read"
    for folder in (pages, read):
        folder.mkdir()
    (pages / "1.png").write_bytes(draw_png())
    alone, public = runs_of(tmp_path), runs_of(tmp_path, INKQUEST_PUBLIC="1")
    asked = Request((), readings=(("Ann", read),))
    for reference, reading, whose in ((30_001, 10, "The reference"), (10, 30_001, "The reading of Ann")):
        (pages / "1.txt").write_text("x" * reference)
        (read / "1.txt").write_text("x" * reading)
        with pytest.raises(NotStarted, match=f"^{whose} for 1.png has 30,001 characters. Bring 30,000 at most"):
            public.plan(pages, asked, ANN)
    assert alone.plan(pages, asked, ANN).referenced == 1
    (read / "1.txt").write_text("x" * 30_000)
    assert public.plan(pages, asked, ANN).referenced == 1


def test_the_texts_of_a_stranger_s_run_are_not_too_many_together(tmp_path, draw_png):
    pages = tmp_path / "pages"
    for number in range(5):
        read = pages / "readings" / f"reader {number}"
        read.mkdir(parents=True)
    alone, public = runs_of(tmp_path), runs_of(tmp_path, INKQUEST_PUBLIC="1")
    for page in range(7):
        (pages / f"{page}.png").write_bytes(draw_png())
        (pages / f"{page}.txt").write_text("x" * 25_000)
        for read in (pages / "readings").iterdir():
            (read / f"{page}.txt").write_text("y" * 25_000)
    with pytest.raises(NotStarted, match=r"have 1,050,000 characters together\. Bring 1,000,000 at most: fewer pages"):
        public.plan(pages, Request(()), ANN)
    assert len(alone.plan(pages, Request(()), ANN).contents.brought) == 5


def test_strangers_bring_no_more_readers_than_twenty(tmp_path, draw_png):
    pages = tmp_path / "pages"
    for number in range(21):
        read = pages / "readings" / f"reader {number}"
        read.mkdir(parents=True)
        (read / "1.txt").write_text("some words")
    (pages / "1.png").write_bytes(draw_png())
    public = runs_of(tmp_path, INKQUEST_PUBLIC="1")
    with pytest.raises(NotStarted, match=r"These are readings of 21 readers\. Bring 20 at most\."):
        public.plan(pages, Request(()), ANN)
    shutil.rmtree(pages / "readings" / "reader 0")
    assert len(public.plan(pages, Request(()), ANN).contents.brought) == 20


def test_no_reference_is_corrected_to_more_than_a_page_by_a_stranger(tmp_path, draw_png):
    pages, read = tmp_path / "pages", tmp_path / "read"
    for folder in (pages, read):
        folder.mkdir()
        (folder / "1.txt").write_text("some words")
    (pages / "1.png").write_bytes(draw_png())
    public = runs_of(tmp_path, INKQUEST_PUBLIC="1")
    ticket = public.start(public.plan(pages, Request((), readings=(("Ann", read),)), ANN), ANN)
    held = public.held(ticket)
    with pytest.raises(DatasetUnusable, match="30,001 characters"):
        public.correct(held, 0, "x" * 30_001)
    public.correct(held, 0, "x" * 30_000)
    assert public.evaluations.open_page(held.run_id, 0).page


def test_a_guessed_name_leads_nowhere(tmp_path):
    runs = runs_of(tmp_path)
    ticket = runs.hold("20261123-120000-abcd")
    assert runs.held(ticket).run_id == "20261123-120000-abcd"
    assert runs.held("20261123-120000-abcd") is None
    assert len(ticket) >= 20


def test_engines_that_are_named_twice_or_not_on_offer_are_planned_once_or_not_at_all(tmp_path):
    asked = Request(("tesseract", "tesseract", "gpt-5", "no such engine"))
    planned = runs_of(tmp_path, INKQUEST_PUBLIC="1").plan(load_samples()[0].image, asked, Visitor(""))
    assert [estimate.engine_id for estimate in planned.estimates] == ["tesseract"]
