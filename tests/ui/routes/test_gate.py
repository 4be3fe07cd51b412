"""What stands before every route: foreign pages, doors that nobody needs, bodies that lie about their length."""

import asyncio
import json

import gradio as gr
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.host.admission import GIVEN_UP, Admission, Room
from playground.host.budget import Payers
from tests.live_app import serve
from tests.own_thread import run_async
from ui.blocks import LastingBlocks
from ui.first_paint import first_paint_routes
from ui.routes.connections import Turns, payer_of
from ui.routes.gate import DEEPEST, MOST_SIGNS, Doors, Gate

SHUT = {
    "/login", "/login/", "/openapi.json",
    "/gradio_api/api/{api_name}", "/gradio_api/api/{api_name}/",
    "/gradio_api/proxy={url_path:path}", "/monitoring", "/monitoring/summary", "/monitoring/{key}",
    "/gradio_api/process_recording", "/gradio_api/component_server", "/gradio_api/component_server/",
    "/gradio_api/custom_component/{id}/{environment}/{type}/{file_name}", "/gradio_api/file/{path:path}",
    "/gradio_api/queue/status", "/gradio_api/stream/{event_id}", "/gradio_api/stream/{event_id}/close",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file",
    "/gradio_api/vibe-edit", "/gradio_api/vibe-edit/", "/gradio_api/undo-vibe-edit", "/gradio_api/undo-vibe-edit/",
    "/gradio_api/vibe-code", "/gradio_api/vibe-code/", "/gradio_api/vibe-starter-queries",
    "/gradio_api/vibe-starter-queries/", "/gradio_api/deep_link", "/gradio_api/runs", "/gradio_api/runs/",
    "/gradio_api/app_id", "/gradio_api/app_id/", "/gradio_api/dev/reload", "/gradio_api/login_check",
    "/gradio_api/login_check/", "/gradio_api/run-history/buckets", "/gradio_api/run-history/connect",
    "/gradio_api/run-history/records", "/gradio_api/token", "/gradio_api/token/", "/gradio_api/user",
    "/gradio_api/run-history/records/{endpoint}/{record_id}/assets/{asset_id}", "/gradio_api/user/",
}  # fmt: skip


async def told(request):
    return PlainTextResponse(str(len(await request.body())))


def client(route=told, **doors):
    paths = (
        "/inkquest/keys",
        "/inkquest/insight",
        "/gradio_api/queue/join",
        "/gradio_api/upload",
        "/monitoring",
        "/r/x",
    )
    routes = [Route(path, route, methods=["GET", "POST"]) for path in paths]
    gate = Middleware(Gate, doors=Doors(1000, 1000, **doors))
    return TestClient(Starlette(routes=routes, middleware=[gate]), base_url="http://app.example.org")


def test_every_route_that_gradio_opens_is_known(monkeypatch):
    """A new Gradio may open another: then this fails, and somebody decides."""
    with LastingBlocks(analytics_enabled=False) as blocks:
        gr.HTML()
    app, url, _ = blocks.launch(doors=Doors(1000, 1000), prevent_thread_lock=True, quiet=True, ssr_mode=False)
    found = {route.path for route in app.routes if hasattr(route, "path")}
    for included in (route for route in app.routes if not hasattr(route, "path")):
        found |= {route.path for route in included.original_router.routes}
    gate = Gate(app, Doors(1000, 1000))
    shut = {path for path in found if gate._door({"path": path.replace("{path:path}", "x"), "root_path": ""}) is None}
    assert httpx2.get(f"{url}monitoring/summary").status_code == 404  # the gate stands where Gradio's CORS would
    blocks.close()
    assert shut == SHUT


def test_what_the_first_paint_shows_is_open():
    gate = Gate(told, Doors(1000, 1000))
    assert [route.path for route in first_paint_routes() if gate._door({"path": route.path}) is None] == []


@pytest.mark.parametrize("origin", ["https://evil.example", "http://[", "null", "http://app.example.org.evil.example"])
@pytest.mark.parametrize("path", ["/inkquest/keys", "/gradio_api/queue/join", "/gradio_api/upload"])
@pytest.mark.parametrize("method", ["POST", "OPTIONS", "DELETE"])
def test_another_site_s_page_can_send_nothing(origin, path, method):
    answer = client().request(method, path, headers={"origin": origin})
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_our_own_page_and_programs_can():
    assert client().post("/gradio_api/queue/join", json={}, headers={"origin": "http://app.example.org"}).text == "2"
    assert client().post("/gradio_api/queue/join", json={}).text == "2"


def chunks(most):
    for _ in range(most):
        yield b"x" * 1000


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/inkquest/keys", 8),
        ("/r/x", 4),
        ("/inkquest/insight", 400),
        ("/gradio_api/queue/join", 4096),
        ("/gradio_api/upload", 64),
    ],
)  # fmt: skip
def test_bytes_are_counted_while_they_are_read(path, most):
    lying = {"content-length": "10", "content-type": "text/plain"}
    assert client().post(path, content=chunks(most * 2), headers=lying).status_code == 413
    assert client().post(path, content=chunks(most // 2), headers={"content-type": "text/plain"}).status_code == 200


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":[', b'["]]]]",'])
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x+json", "text/plain", "multipart/form-data; boundary=x", ""]
)
def test_json_that_nests_without_end_is_not_read(opening, kind):
    headers = {"content-type": kind} if kind else {}
    answer = client().post("/inkquest/keys", content=opening * (DEEPEST + 1), headers=headers)
    assert answer.status_code == 400
    flat = json.dumps({"key": "[[[[" * DEEPEST, "list": [{}] * 100}).encode()
    assert client().post("/inkquest/keys", content=flat, headers=headers).text == str(len(flat))


@pytest.mark.parametrize("sign", [b"{},", b"1,", b'"",', b"[]"])
def test_json_of_countless_values_is_not_read(sign):
    answer = client().post("/gradio_api/queue/join", content=b"[" + sign * MOST_SIGNS + b"0]")
    assert answer.status_code == 400
    page = json.dumps({"text": "Dear Sir, thank you, and so on.\n" * 3000})
    assert client().post("/gradio_api/queue/join", content=page).status_code == 200


LOCAL = (
    "localhost:7860", "127.0.0.1:7860", "[::1]:7860", "192.168.1.7", "desk", "desk.local:7860", "LOCALHOST",
    "localhost.", "nas.home", "10.0.0.2:80",
)  # fmt: skip
FOREIGN = (
    "evil.example",
    "127.0.0.1.evil.example:7860",
    "desk.local.evil.example",
    "[",
    "[::1",
    "",
    "localhost@evil.example",
)


@pytest.mark.parametrize(("hosts", "status"), [(LOCAL, 200), (FOREIGN, 403)])
@pytest.mark.parametrize("names", [frozenset(), frozenset({"ocr.example.org"})])
def test_no_stranger_s_name_leads_to_an_app_whose_names_are_known(hosts, status, names):
    for host in hosts:
        headers = {"host": host, "origin": f"http://{host}"} if status == 403 else {"host": host}
        answer = client(names=names).post("/inkquest/keys", json={}, headers=headers)
        assert answer.status_code == status, host


def test_the_names_that_were_said_lead_to_it():
    named = client(names=frozenset({"u-s.hf.space"}))
    for host in ("u-s.hf.space", "U-S.hf.space:443", "10.1.2.3:7860"):
        headers = {"host": host, "origin": "https://u-s.hf.space"}
        assert named.post("/inkquest/keys", json={}, headers=headers).status_code == 200, host
    foreign = {"host": "u-s.hf.space", "origin": "https://evil-u-s.hf.space"}
    assert named.post("/inkquest/keys", json={}, headers=foreign).status_code == 403


def test_a_trusted_proxy_says_which_name_was_asked_for():
    headers = {"host": "127.0.0.1:7860", "origin": "https://ocr.example.org", "x-forwarded-host": "ocr.example.org"}
    assert client(trusted_proxies=1).post("/inkquest/keys", json={}, headers=headers).status_code == 200
    assert client().post("/inkquest/keys", json={}, headers=headers).status_code == 403


LINES = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "7.7.7.7, 8.8.8.8")]


@pytest.mark.parametrize(("trusted", "told_of"), [(0, None), (1, "6.6.6.6, 7.7.7.7, 8.8.8.8")])
def test_one_line_tells_of_the_way_and_none_where_nobody_is_trusted(trusted, told_of):
    async def forwarded(request):
        payer = payer_of(payers, request.client, request.headers)
        return JSONResponse([request.headers.getlist("x-forwarded-for"), payer])

    payers = Payers(trusted)
    lines, payer = client(forwarded, trusted_proxies=trusted).get("/r/x", headers=LINES).json()
    assert lines == ([told_of] if told_of else [])
    assert payer == (payers.of("8.8.8.8") if trusted else payers.of("testclient"))


@pytest.mark.parametrize("framed_by", ["'self'", "'self' https://huggingface.co"])
def test_no_stranger_s_page_shows_the_app_in_a_frame(framed_by):
    answer = client(framed_by=framed_by).get("/r/x")
    assert answer.headers["content-security-policy"] == f"frame-ancestors {framed_by}"


def test_a_page_with_rules_of_its_own_keeps_them():
    async def ruled(_request):
        return PlainTextResponse("", headers={"content-security-policy": "default-src 'none'"})

    assert client(ruled).get("/r/x").headers["content-security-policy"] == "default-src 'none'"


class Desk:
    """Requests to a gate whose app answers when it is told to; with a quarter of four places for each payer."""

    def __init__(self, line=16):
        self.admission, self.answering, self.begun = Admission(Room.shared(4, line)), asyncio.Event(), []
        turns = Turns(self.admission, Payers())
        self.gate = Gate(self.app, Doors(1000, 1000, turns={"drawing": turns}))

    async def app(self, scope, receive, send):
        await receive()
        self.begun.append(scope["client"][0])
        await self.answering.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def ask(self, address, *, hangs_up=False, hung_up=None, never_reads=False):
        body, answer = [{"type": "http.request", "body": b"{}"}], []

        async def receive():
            if not body and not hangs_up:
                await (hung_up or asyncio.Event()).wait()
            return body.pop() if body else {"type": "http.disconnect"}

        async def send(message):
            answer.append(message)
            if never_reads:
                await asyncio.Event().wait()

        scope = {"type": "http", "method": "POST", "path": "/inkquest/insight", "headers": [], "client": (address, 1)}
        return asyncio.create_task(self.gate(scope, receive, send)), answer

    async def until(self, holds):
        while not holds():
            await asyncio.sleep(0.01)

    def waiting(self):
        with self.admission._changed:  # whoever is let in at once stands in the line for a moment
            return len(self.admission._line)


def test_who_asks_often_waits_for_their_own():
    async def visit():
        desk = Desk()
        often = [desk.ask("1.1.1.1")[0] for _ in range(3)]
        once, _ = desk.ask("2.2.2.2")
        await desk.until(lambda: len(desk.begun) + desk.waiting() == 4)
        assert sorted(desk.begun) == ["1.1.1.1", "2.2.2.2"]
        desk.answering.set()
        await asyncio.gather(once, *often)
        assert len(desk.begun) == 4

    run_async(visit())


def test_nothing_is_done_for_who_hung_up_while_waiting():
    async def visit():
        desk = Desk()
        first, _ = desk.ask("1.1.1.1")
        await desk.until(lambda: desk.begun)
        gone, answer = desk.ask("1.1.1.1", hangs_up=True)
        await desk.until(lambda: gone.done() or len(desk.begun) > 1)
        assert (desk.begun, answer, desk.waiting()) == (["1.1.1.1"], [], 0)
        desk.answering.set()
        await first

    run_async(visit())


def test_what_is_answered_for_who_hung_up_is_given_up():
    async def visit():
        desk, given_up, hung_up = Desk(), [], asyncio.Event()

        async def app(_scope, receive, _send):
            await receive()
            given_up.append(await run_in_threadpool(GIVEN_UP.get))
            await desk.answering.wait()

        desk.gate = Gate(app, Doors(1000, 1000, turns={"drawing": Turns(desk.admission, Payers())}))
        stays, _ = desk.ask("1.1.1.1")
        await desk.until(lambda: given_up)
        goes, _ = desk.ask("2.2.2.2", hung_up=hung_up)
        await desk.until(lambda: len(given_up) == 2)
        hung_up.set()
        await desk.until(given_up[1].is_set)
        assert not given_up[0].is_set()
        desk.answering.set()
        await asyncio.gather(stays, goes)

    run_async(visit())


def test_who_never_reads_an_answer_keeps_no_place():
    async def visit():
        desk = Desk()
        desk.answering.set()
        deaf, answer = desk.ask("1.1.1.1", never_reads=True)
        await desk.until(lambda: answer)
        again, _ = desk.ask("1.1.1.1")
        await desk.until(lambda: again.done() or desk.waiting())
        assert desk.begun == ["1.1.1.1"] * 2
        deaf.cancel()

    run_async(visit())


def test_a_line_has_an_end():
    async def visit():
        desk = Desk(line=4)
        asked = [desk.ask("1.1.1.1") for _ in range(2)]
        await desk.until(lambda: desk.begun and desk.admission._line)
        late, answer = desk.ask("1.1.1.1")
        await late
        assert answer[0]["status"] == 503
        desk.answering.set()
        await asyncio.gather(*(task for task, _ in asked))

    run_async(visit())


def test_the_real_app_works_behind_it(tmp_path):
    process, url = serve(tmp_path)
    pages = [("files", (f"{number}.png", bytes(9 * 2**20), "image/png")) for number in range(3)]
    foreign = {"origin": "https://evil.example"}
    try:
        page = httpx2.get(url, headers=foreign)
        assert page.status_code == 200
        assert not [name for name in page.headers if name.startswith("access-control")]
        assert page.headers["content-security-policy"] == "frame-ancestors 'self'"
        assert len(httpx2.post(f"{url}/gradio_api/upload", files=pages).json()) == 3
        assert httpx2.post(f"{url}/gradio_api/upload", data={"field": "x"}, files=pages[:1]).status_code == 400
        assert httpx2.post(f"{url}/gradio_api/queue/join", json={}, headers=foreign).status_code == 403
        assert httpx2.post(f"{url}/gradio_api/process_recording").status_code == 404
        assert httpx2.get(url, headers={"host": "evil.example"}).status_code == 403
    finally:
        process.terminate()
        process.wait(200)
