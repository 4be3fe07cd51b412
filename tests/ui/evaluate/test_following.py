"""Who follows a run, while others' runs take long."""

import asyncio
from threading import Event

import gradio as gr
import pytest
from PIL import Image
from starlette.requests import Request as Asked

from evaluation.evaluations import Request
from playground.host.guard import Visitor
from playground.settings import Settings
from tests.own_thread import run_async
from ui.evaluate.following import Findings, Following
from ui.evaluate.layout import lay_out
from ui.house import House, visitor_of

MANY = 60
"""More than the threads that asyncio shares out, and than the line of one payer holds."""


@pytest.fixture
def house(tmp_path):
    environ = {"INKQUEST_DATA": str(tmp_path / "data"), "INKQUEST_PUBLIC": "1"}
    return House.open(Settings.from_env(environ), environ)


@pytest.fixture
def ticket(house, tmp_path):
    """A run that is finished when it begins, as its readings were brought along."""
    pages, read = tmp_path / "pages", tmp_path / "read"
    for folder in (pages, read):
        folder.mkdir()
        (folder / "1.txt").write_text("some words")
    Image.new("RGB", (60, 40), "white").save(pages / "1.png")
    visitor = Visitor("ann", "ann")
    return house.evaluation.start(
        house.evaluation.plan(pages, Request((), readings=(("Ann", read),)), visitor), visitor
    )


def asked_from(address):
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [], "client": (address, 1)}
    return gr.Request(Asked(scope), session_hash=address)


def test_whoever_looks_long_at_their_runs_keeps_nobody_waiting(house, ticket):
    with gr.Blocks():
        parts = lay_out(house)
        following = Following(house, parts, Findings(house, parts))
    ann, bert = asked_from("192.0.2.1"), asked_from("198.51.100.1")

    async def seen(request):
        return [update async for update in following.follow(ticket, request)]

    async def while_ann_s_place_is_taken():
        with house.hosting.answering.turn(visitor_of(ann, house.hosting).payer, Event()):
            waiting = [asyncio.create_task(seen(ann)) for _ in range(MANY)]
            [*_, last] = await seen(bert)
            assert not any(one.done() for one in waiting)
        for told in await asyncio.gather(*waiting):
            assert len(told) == 3
        return last

    assert "Finished" in run_async(while_ann_s_place_is_taken())[parts.run.board]
