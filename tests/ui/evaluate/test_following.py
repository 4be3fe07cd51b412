"""Who follows a run, while others' runs take long."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import anyio.to_thread
import gradio as gr
import pytest
from PIL import Image
from starlette.requests import Request as Asked
from starlette.testclient import TestClient

from evaluation.evaluations import Request
from metrics.normalising import normalise
from playground.host.admission import LONG
from playground.host.guard import Visitor
from playground.settings import Settings
from tests.own_thread import run_async
from ui.evaluate.following import Findings, Following
from ui.evaluate.layout import lay_out
from ui.evaluate.tab import EvaluationShare
from ui.house import House, visitor_of
from ui.layout import build_app
from ui.routes.downloads import RUN_FILES, addresses, evaluation_route

LONG_TEXT = " ".join(f"word{number}" for number in range(LONG // 20))
MANY = 60
"""More than the threads that asyncio shares out, and than the line of one payer holds."""


@pytest.fixture
def house(tmp_path):
    environ = {"INKQUEST_DATA": str(tmp_path / "data"), "INKQUEST_PUBLIC": "1"}
    return House.open(Settings.from_env(environ), environ)


def begun(house, folder, text):
    """A run that is finished when it begins, as its readings were brought along."""
    pages, read = folder / "pages", folder / "read"
    for place in (pages, read):
        place.mkdir()
        (place / "1.txt").write_text(text)
    Image.new("RGB", (60, 40), "white").save(pages / "1.png")
    visitor = Visitor("ann", "ann")
    readings = (("Annabel Smith", read), ("Bea's model", read))
    return house.evaluation.start(house.evaluation.plan(pages, Request((), readings=readings), visitor), visitor)


def asked_from(address):
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [], "client": (address, 1)}
    return gr.Request(Asked(scope), session_hash=address)


class Screen:
    """What a visitor may ask of a run, each as a coroutine that gives what is shown."""

    def __init__(self, house):
        with gr.Blocks():
            self.parts = lay_out(house)
            self.findings = Findings(house, self.parts)
            self.following = Following(house, self.parts, self.findings)
            self.share = EvaluationShare(house)
        needs = self.parts.needs
        self._given = {field: field.value for field in needs.fields}

    async def followed(self, ticket, request):
        return [update async for update in self.following.follow(ticket, request)]

    async def resumed(self, ticket, request):
        return [update async for update in self.following._resume(ticket, request)]

    def page(self, ticket, request):
        return self.findings._open_page(ticket, "0", request)

    def corrected(self, ticket, request):
        return self.findings._correct(ticket, "0", LONG_TEXT[::-1], request)

    def advised(self, ticket, request):
        return self.findings._advise({**self._given, self.parts.ticket: ticket}, request)

    def shared(self, ticket, request, quoting=False):
        return self.share._share(ticket, quoting, "in 30 days", request)


EVERYTHING = ["followed", "resumed", "page", "corrected", "advised", "shared"]


class Unused(ThreadPoolExecutor):
    """In place of asyncio's threads: they are few, and whoever waits in one keeps others' screens waiting."""

    def submit(self, *_asked, **_more):
        raise AssertionError


async def ended(waiting):
    """What it gives; at once an error where it stands in a thread that others need."""
    while not waiting.done():
        assert anyio.to_thread.current_default_thread_limiter().borrowed_tokens == 0
        await asyncio.sleep(0.01)
    return waiting.result()


def test_whoever_looks_long_at_their_runs_keeps_nobody_waiting(house, tmp_path):
    ticket, screen = begun(house, tmp_path, "some words"), Screen(house)
    ann, bert = asked_from("192.0.2.1"), asked_from("198.51.100.1")
    evaluations, run_id = house.evaluation.evaluations, house.evaluation.held(ticket).run_id
    evaluations.pause(run_id)

    async def while_ann_s_place_is_taken():
        asyncio.get_running_loop().set_default_executor(Unused())
        with house.hosting.answering.turn(visitor_of(ann, house.hosting).payer, Event()):
            waiting = [asyncio.create_task(getattr(screen, what)(ticket, ann)) for what in EVERYTHING]
            while len(house.hosting.answering._line) < len(EVERYTHING):
                assert not any(one.done() for one in waiting)
                await asyncio.sleep(0.01)
            waiting += [asyncio.create_task(screen.followed(ticket, ann)) for _ in range(MANY)]
            [*_, last] = await ended(asyncio.create_task(screen.followed(ticket, bert)))
            assert not any(one.done() for one in waiting)
            assert evaluations.look(run_id).state == "paused"
        return last, [await ended(one) for one in waiting]

    last, answers = run_async(while_ann_s_place_is_taken())
    assert "Finished" in last[screen.parts.run.board]
    assert all(answers)
    assert evaluations.look(run_id).state == "running"


def counted_here(text):
    return any(key[0] in {text, text[::-1]} for key in list(normalise.cache))


def test_no_long_text_is_looked_at_where_everybody_is_served(house, tmp_path):
    ticket, screen = begun(house, tmp_path, LONG_TEXT), Screen(house)
    ann, files = asked_from("192.0.2.1"), TestClient(gr.routes.App(routes=[evaluation_route(house.evaluation)]))
    held = house.evaluation.held(ticket)
    normalise.cache.clear()
    for what in EVERYTHING:
        assert run_async(getattr(screen, what)(ticket, ann))
        assert not counted_here(LONG_TEXT), what
    for name, address in addresses(ticket):
        answer = files.get(address)
        assert (answer.status_code, bool(answer.content)) == (200, True), name
        assert not counted_here(LONG_TEXT), name
    assert len(addresses(ticket)) == len(RUN_FILES)
    assert house.evaluation.evaluations.findings(held.run_id).board.rows


def test_whoever_closes_their_tab_gives_up_their_turn(house, tmp_path):
    ticket, screen, app = begun(house, tmp_path, "some words"), Screen(house), build_app(house)
    leave = [fn.fn for fn in app.fns.values() if fn.targets[0][1] == "unload"]
    ann = asked_from("192.0.2.1")

    async def while_ann_s_place_is_taken():
        with house.hosting.answering.turn(visitor_of(ann, house.hosting).payer, Event()):
            waiting = asyncio.create_task(screen.followed(ticket, ann))
            while not house.hosting.visits._waiting:
                await asyncio.sleep(0.01)
            for one in leave:
                left = one(ann)
                await left if asyncio.iscoroutine(left) else left
            assert all(gone.is_set() for own in house.hosting.visits._waiting.values() for gone in own)
            [*_, last] = await waiting
            assert not house.hosting.visits._waiting
            return last

    assert "could not be counted" in str(run_async(while_ann_s_place_is_taken()))


def test_a_link_names_nobody_who_was_brought_along_unless_that_is_wanted(house, tmp_path):
    ticket, screen, sharing = begun(house, tmp_path, "some words on 12 May 1902"), Screen(house), house.hosting.sharing
    told = {}
    for quoting in (False, True):
        result = run_async(screen.shared(ticket, asked_from("192.0.2.1"), quoting))
        told[quoting] = sharing.open_memo(re.search(r"r/([\w-]+)", result)[1]).body
    for name in ("Annabel", "Bea"):
        assert name in told[True]
        assert name not in told[False]
    for number in ("Reader 1", "Reader 2"):
        assert number in told[False]
