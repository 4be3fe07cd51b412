"""What stands before every route: foreign pages, doors that nobody needs, bodies that lie about their length."""

import json

import gradio as gr
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.live_app import serve
from ui.blocks import LastingBlocks
from ui.routes.gate import DEEPEST, Doors, Gate

SHUT = {
    "/monitoring", "/monitoring/summary", "/monitoring/{key}",
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


def client(**doors):
    routes = [
        Route(path, told, methods=["GET", "POST"])
        for path in ("/inkquest/keys", "/gradio_api/queue/join", "/gradio_api/upload", "/monitoring")
    ]
    gate = Middleware(Gate, doors=Doors(1000, **doors))
    return TestClient(Starlette(routes=routes, middleware=[gate]), base_url="http://app.example.org")


def test_every_route_that_gradio_opens_is_known(monkeypatch):
    """A new Gradio may open another: then this fails, and somebody decides."""
    with LastingBlocks(analytics_enabled=False) as blocks:
        gr.HTML()
    app, url, _ = blocks.launch(doors=Doors(1000), prevent_thread_lock=True, quiet=True, ssr_mode=False)
    found = {route.path for route in app.routes if hasattr(route, "path")}
    for included in (route for route in app.routes if not hasattr(route, "path")):
        found |= {route.path for route in included.original_router.routes}
    gate = Gate(app, Doors(1000))
    shut = {
        path for path in found if gate._most_bytes({"path": path.replace("{path:path}", "x"), "root_path": ""}) is None
    }
    assert httpx2.get(f"{url}monitoring/summary").status_code == 404  # the gate stands where Gradio's CORS would
    blocks.close()
    assert shut == SHUT


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
    ("path", "most"), [("/inkquest/keys", 8), ("/gradio_api/queue/join", 4096), ("/gradio_api/upload", 64)]
)
def test_bytes_are_counted_while_they_are_read(path, most):
    lying = {"content-length": "10", "content-type": "text/plain"}
    assert client().post(path, content=chunks(most * 2), headers=lying).status_code == 413
    assert client().post(path, content=chunks(most // 2), headers={"content-type": "text/plain"}).status_code == 200


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":[', b'["]]]]",'])
def test_json_that_nests_without_end_is_not_read(opening):
    deep = opening * (DEEPEST + 1)
    answer = client().post("/inkquest/keys", content=deep, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    flat = json.dumps({"key": "[[[[" * DEEPEST, "list": [{}] * 100}).encode()
    answer = client().post("/inkquest/keys", content=flat, headers={"content-type": "application/json"})
    assert answer.text == str(len(flat))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 403), ("127.0.0.1.evil.example:7860", 403), ("localhost:7860", 200), ("127.0.0.1:7860", 200),
        ("[::1]:7860", 200), ("192.168.1.7", 200), ("desk", 200), ("desk.local:7860", 200),
    ],
)  # fmt: skip
def test_no_stranger_s_name_leads_to_a_private_app(host, status):
    answer = client(own_names_only=True).post("/inkquest/keys", json={}, headers={"host": host})
    assert answer.status_code == status


def test_the_real_app_works_behind_it(tmp_path):
    process, url = serve(tmp_path)
    foreign = {"origin": "https://evil.example"}
    try:
        page = httpx2.get(url, headers=foreign)
        assert page.status_code == 200
        assert not [name for name in page.headers if name.startswith("access-control")]
        assert httpx2.post(f"{url}/gradio_api/queue/join", json={}, headers=foreign).status_code == 403
        assert httpx2.post(f"{url}/gradio_api/process_recording").status_code == 404
        assert httpx2.get(url, headers={"host": "evil.example"}).status_code == 403
    finally:
        process.terminate()
        process.wait(60)
