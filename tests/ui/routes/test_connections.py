"""Connections on which nothing comes, requests that never end: they go, and nobody else is refused for them."""

import asyncio
import socket
import threading
from contextlib import contextmanager, suppress

import httpx2
import pytest
from uvicorn import Config, Server

from playground.host.budget import Payers
from tests.live_app import free_port
from tests.own_thread import run_async
from tests.waiting import PATIENCE_SECONDS, until
from ui.routes import gate
from ui.routes.connections import BURST_SECONDS, OpenRequests, TimelyConnection
from ui.routes.gate import Doors, Gate


async def answer(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


class Hasty(TimelyConnection):
    idle_seconds = 0.2


class Few(TimelyConnection):
    idle_seconds = 600
    most_waiting = 3


@contextmanager
def served(app=answer, connection=Hasty):
    server = Server(Config(Gate(app, Doors(1000, 1000)), port=free_port(), http=connection, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.config.port}", server
    finally:
        server.should_exit = server.force_exit = True
        thread.join()


def connected(server):
    return socket.create_connection(("127.0.0.1", server.config.port), PATIENCE_SECONDS)


def test_a_connection_on_which_nothing_comes_is_closed():
    with served() as (_, server), connected(server) as idle:
        assert idle.recv(1) == b""


def test_a_header_that_drips_is_closed():
    def drip():
        while not closed.is_set():
            try:
                slow.sendall(b"x")
            except OSError:
                return
            closed.wait(0.02)

    closed = threading.Event()
    with served() as (_, server), connected(server) as slow:
        slow.sendall(b"GET /robots.txt HTTP/1.1\r\nX-Long: ")
        thread = threading.Thread(target=drip)
        thread.start()
        with slow, suppress(ConnectionResetError):
            assert slow.recv(1) == b""
        closed.set()
        thread.join()


def test_who_has_many_waiting_connections_gets_no_more_and_a_request_comes_through():
    """Three wait and are let, a fourth is not; when they are gone others may come."""
    with served(connection=Few) as (url, server):
        idle = [connected(server) for _ in range(3)]
        until(lambda: len(server.server_state.connections) == 3)
        with connected(server) as one_more, suppress(ConnectionResetError):
            assert one_more.recv(1) == b""
        for waiting in idle:
            waiting.close()
        until(lambda: not server.server_state.connections)
        assert httpx2.get(f"{url}/robots.txt").text == "ok"


def test_a_request_may_take_longer_than_a_connection_may_wait():
    servers = []

    async def late(scope, receive, send):
        if scope["type"] == "http":
            [connection] = servers[0].server_state.connections
            for _ in range(3):
                connection._look()
            await answer(scope, receive, send)

    with served(late, Few) as (url, server):
        servers.append(server)
        assert httpx2.get(f"{url}/robots.txt").text == "ok"


@pytest.mark.parametrize(("name", "files"), [("BODY_SECONDS", False), ("PIECE_SECONDS", True)])
def test_a_body_that_does_not_come_is_waited_for_no_longer(name, files, monkeypatch):
    monkeypatch.setattr(gate, name, 0.1)
    kind = b"multipart/form-data; boundary=x" if files else b"application/json"
    path = b"/gradio_api/upload" if files else b"/inkquest/keys"
    with served(connection=Few) as (_, server), connected(server) as slow:
        slow.sendall(
            b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\nContent-Type: %s\r\n\r\n{" % (path, kind)
        )
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


def test_who_keeps_many_requests_open_is_refused_and_nobody_else():
    statuses, ending = [], asyncio.Event()

    async def stream(scope, receive, send):
        await ending.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def visit():
        door = Gate(stream, Doors(1000, 1000, open_requests=OpenRequests(Payers(), 2, 1000, 1000)))

        async def ask(address):
            async def send(message):
                if message["type"] == "http.response.start":
                    statuses.append((address, message["status"]))

            scope = {"type": "http", "method": "GET", "path": "/gradio_api/heartbeat/x", "headers": []}
            await door({**scope, "client": (address, 1)}, asyncio.Event().wait, send)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(2):
                tasks.create_task(ask("1.1.1.1"))
            await asyncio.sleep(0)
            tasks.create_task(ask("1.1.1.9"))  # the same network
            await asyncio.sleep(0)
            assert statuses == [("1.1.1.9", 503)]
            tasks.create_task(ask("2.2.2.2"))
            ending.set()
        await ask("1.1.1.1")
        assert sorted(statuses[1:]) == [("1.1.1.1", 200)] * 3 + [("2.2.2.2", 200)]

    run_async(visit())


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/queue/join"])
def test_what_one_network_sends_at_once_has_an_end(path):
    statuses, ending = [], asyncio.Event()

    async def visit():
        door = Gate(answer, Doors(1000, 1000, open_requests=OpenRequests(Payers(), 9, 1000, 1000)))

        async def ask(address):
            pieces = [{"type": "http.request", "body": b" " * 600, "more_body": True}]

            async def receive():
                if not pieces:
                    await ending.wait()
                return pieces.pop() if pieces else {"type": "http.request", "body": b"", "more_body": False}

            async def send(message):
                if message["type"] == "http.response.start":
                    statuses.append((address, message["status"]))

            scope = {"type": "http", "method": "POST", "path": path, "headers": []}
            await door({**scope, "client": (address, 1)}, receive, send)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ask("1.1.1.1"))
            await asyncio.sleep(0)
            tasks.create_task(ask("1.1.1.9"))  # the same network
            await asyncio.sleep(0)
            assert statuses == [("1.1.1.9", 503)]
            tasks.create_task(ask("2.2.2.2"))
            ending.set()
        await ask("1.1.1.1")
        assert sorted(statuses[1:]) == [("1.1.1.1", 200)] * 2 + [("2.2.2.2", 200)]

    run_async(visit())


def test_what_one_network_sends_without_end_comes_at_a_pace_and_delays_nobody_else():
    now = [0.0]
    requests = OpenRequests(Payers(), 9, 10**9, 100, clock=lambda: now[0])

    def sent(address, number):
        with requests.one({"client": (address, 1), "headers": []}) as came:
            return came(number)

    assert sent("1.1.1.1", int(100 * BURST_SECONDS)) == 0
    assert sent("1.1.1.9", 200) == 2  # the same network
    assert sent("2.2.2.2", 200) == 0
    now[0] = 1.0
    assert sent("1.1.1.1", 0) == 1
    now[0] = 100.0
    assert sent("1.1.1.1", 200) == 0
    assert len(requests._taken_in_at) == 1, "nothing is kept of who sends no more"


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/queue/join"])
def test_what_comes_too_fast_waits_outside(path, monkeypatch):
    waited, pieces = [], [b"", b" " * 600]

    async def sleep(seconds):
        waited.append(round(seconds, 3))

    async def visit():
        pace = OpenRequests(Payers(), 9, 10**9, 100, clock=lambda: 0.0)
        door = Gate(answer, Doors(1000, 1000, open_requests=pace))

        async def receive():
            return {"type": "http.request", "body": pieces.pop(), "more_body": bool(pieces)}

        async def send(_message):
            pass

        scope = {"type": "http", "method": "POST", "path": path, "headers": [], "client": ("1.1.1.1", 1)}
        monkeypatch.setattr(gate.asyncio, "sleep", sleep)
        await door(scope, receive, send)

    run_async(visit())
    assert waited == [600 / 100 - BURST_SECONDS] * 2
