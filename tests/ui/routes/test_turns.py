"""Answers that take work: one visitor's wait for each other, the others' do not, and a full line says so."""

from datetime import date
from threading import Event, Thread

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.host.admission import Admission, Room
from playground.host.consent import Payers
from tests.waiting import until
from ui.routes.turns import Turns

DAY = date(2026, 11, 28)


@pytest.fixture
def turns():
    return Turns(Payers(trusted_proxies=1, today=lambda: DAY), Admission(Room.shared(4, 4)))


def test_a_visitor_who_asks_for_much_work_keeps_nobody_else_waiting(turns):
    begun, go_on = [], Event()

    async def look(request):
        def work():
            begun.append(request.headers["x-forwarded-for"])
            if request.headers["x-forwarded-for"].startswith("10."):
                go_on.wait()
            return PlainTextResponse("done")

        return await turns.answer(request, work, {"X-Own": "yes"})

    with TestClient(Starlette(routes=[Route("/look", look)])) as client:

        def ask(address):
            return client.get("/look", headers={"x-forwarded-for": address})

        threads = [Thread(target=ask, args=(f"10.0.0.{number}",)) for number in range(2)]
        for thread in threads:
            thread.start()
        until(lambda: len(turns.admission._line) == 1 or None)
        refused = ask("10.0.0.9")  # a quarter of four places is one, and so much of the line
        assert (refused.status_code, refused.headers["x-own"]) == (503, "yes")
        assert "from your network are waiting" in refused.text
        assert ask("172.16.0.1").text == "done"
        go_on.set()
        for thread in threads:
            thread.join()
    assert len(begun) == 3


def test_several_lines_of_a_forwarding_header_count_as_one(turns):
    async def whose(request):
        return PlainTextResponse(turns.payer(request))

    with TestClient(Starlette(routes=[Route("/", whose)])) as client:
        joined = client.get("/", headers=[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "10.0.0.1")])
        plain = client.get("/", headers={"x-forwarded-for": "10.0.0.1"})
    assert joined.text == plain.text
