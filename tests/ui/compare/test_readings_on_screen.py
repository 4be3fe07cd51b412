"""Screen, API and shared page say the same of runs that were refused, failed, or read nothing."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import gradio as gr
import pytest
from starlette.requests import Request

from engines.contract import PageImage, ReadingTask
from metrics.normalising import DEFAULT_RULES
from playground.documents import plain, read_document
from playground.engine_runs import readings_of, texts_of
from playground.host.guard import Visitor
from playground.offer import Offer
from playground.scoring import score_runs
from playground.settings import Settings
from playground.share.exporting import as_json
from playground.share.sharing import SharedComparison
from samples import load_samples
from tests.own_thread import run_async
from tests.playground.test_readings import EMPTY, FAILED, OTHER, READ, REFUSED
from tests.waiting import PATIENCE_SECONDS
from ui.compare.desk import Desk, PageSource
from ui.compare.disputes import Disputes, agreement_html
from ui.compare.layout import lay_out
from ui.compare.panels import NOBODY_READ, view_of
from ui.compare.screen import LONG, CompareScreen
from ui.house import House
from ui.routes.downloads import view_of_share

OFFER = Offer.from_settings(Settings.from_env({}), {})
PAGE = PageImage("ab" * 32, b"png", 200, 100)
REFERENCE = READ.outcome.text


def desk_with(*runs):
    return Desk(tuple(run.engine_id for run in runs), PAGE, runs={run.engine_id: run for run in runs})


def panels(view):
    return {re.search(r'data-engine="([^"]+)"', html)[1]: html for html in view.panels}


@pytest.mark.parametrize("runs", [(READ, OTHER, REFUSED, FAILED), (READ, EMPTY, REFUSED), (REFUSED, FAILED), (EMPTY,)])
def test_the_same_engines_are_scored_everywhere(runs):
    desk, read = desk_with(*runs), set(readings_of(runs))
    shown = panels(view_of(desk, REFERENCE, DEFAULT_RULES, OFFER))
    document = plain(read_document("", PAGE, ReadingTask(), runs, score_runs(runs, REFERENCE)))
    shared = view_of_share(shared_of(desk, REFERENCE), OFFER.specs)
    assert {engine for engine, html in shown.items() if "data-edits" in html} == read
    assert {run["engine"] for run in document["runs"] if run["cer"]} == read
    assert {panel.run.engine_id for panel in shared.answers.panels if panel.score} == read
    assert {engine for engine, html in shown.items() if re.search(r'class="panel read[ "]', html)} == read


@pytest.mark.parametrize("runs", [(READ, OTHER, REFUSED, FAILED), (READ, EMPTY, OTHER, REFUSED), (READ, EMPTY)])
def test_the_same_engines_have_a_say_without_a_reference(runs):
    desk, talking = desk_with(*runs), texts_of(runs)
    together = set(talking) if len(talking) > 1 else set()
    shown = panels(view_of(desk, "", DEFAULT_RULES, OFFER))
    agreement = plain(read_document("", PAGE, ReadingTask(), runs))["agreement"]
    shared = view_of_share(shared_of(desk, ""), OFFER.specs)
    labels = {spec.id: spec.label for spec in OFFER.specs}
    matrix = agreement_html(talking, {spec.id: spec for spec in OFFER.specs}, DEFAULT_RULES)
    assert {engine for engine, html in shown.items() if "differs in" in html} == together
    assert {pair[side] for pair in (agreement or {}).get("disagreements", ()) for side in ("one", "other")} == together
    assert {p.run.engine_id for p in shared.answers.panels if any(i.kind == "differs" for i in p.pieces())} == together
    assert {engine for engine, label in labels.items() if f">{label}</th>" in matrix} == together


def test_a_kept_file_says_by_how_much_the_page_was_turned_on_the_desk():
    desk = replace(desk_with(READ), source=PageSource(turned=90))
    kept = as_json(shared_of(desk, "").comparison, DEFAULT_RULES)
    assert json.loads(kept)["page"]["turned"] == 90


def test_a_refusal_is_no_reading_in_the_verdict():
    assert "One reading, no reference yet." in view_of(desk_with(READ, REFUSED), "", DEFAULT_RULES, OFFER).verdict
    nobody = view_of(desk_with(REFUSED, FAILED), "", DEFAULT_RULES, OFFER).verdict
    assert NOBODY_READ in nobody
    assert "<table" not in nobody


def shared_of(desk, reference):
    comparison = desk.comparison(reference, datetime(2026, 1, 1, tzinfo=UTC))
    return SharedComparison("x", comparison, DEFAULT_RULES, comparison.created_at, None, False, False)


def test_who_brings_texts_of_many_pages_waits_for_their_own_turn(tmp_path):
    environ = {"INKQUEST_PUBLIC": "1", "INKQUEST_DATA": str(tmp_path)}
    house = House.open(Settings.from_env(environ), environ)
    with gr.Blocks():
        screen = CompareScreen(house, lay_out(house, load_samples(), gr.HTML()))
    house.hosting.answering.close(0)
    assert screen._view(desk_with(READ), "a line", [], Visitor("ann")).panels
    with pytest.raises(gr.Error, match="try again in a minute"):
        screen._view(desk_with(READ), "a line " * LONG, [], Visitor("ann"))


def test_whoever_asks_again_and_again_for_what_takes_long_keeps_nobody_waiting(tmp_path, monkeypatch):
    """Risks, disputes and places of long readings."""
    environ = {"INKQUEST_DATA": str(tmp_path / "data"), "INKQUEST_PUBLIC": "1"}
    house, begun, go_on = House.open(Settings.from_env(environ), environ), [], Event()
    with gr.Blocks() as blocks:
        Disputes(house).connect(gr.State(), gr.Textbox(), gr.CheckboxGroup(), {})
    listener = next(one.fn for one in blocks.fns.values() if one.name == "show_risks")

    def counted(*_asked):
        begun.append(1)
        go_on.wait(PATIENCE_SECONDS)
        return "counted"

    monkeypatch.setattr("ui.compare.disputes.risks_html", counted)
    desk = Desk(house.offer.default_slots())

    def ask(address):
        scope = {"type": "http", "query_string": b"", "headers": [], "client": (address, 1)}
        return asyncio.ensure_future(listener(desk, [], gr.Request(Request(scope), session_hash=address)))

    async def many():
        asked = [ask("10.0.0.1") for _ in range(200)]
        other = ask("10.0.9.1")
        while len(begun) < 2 or sum(one.done() for one in asked) == 0:
            await asyncio.sleep(0.01)
        at_once = len(begun)
        go_on.set()
        return at_once, await other, await asyncio.gather(*asked, return_exceptions=True)

    at_once, of_the_other, answers = run_async(many())
    assert at_once < 8
    assert of_the_other == "counted"
    assert {type(one) for one in answers} == {str, gr.Error}
