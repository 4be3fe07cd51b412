"""T1, T8, T11 at the real app over HTTP and in a real browser: keys, deep links, run history, files, foreign pages."""

from __future__ import annotations

import io
import json
import re
import socket
import sys
import tempfile
import threading
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from samples import load_samples
from tests.live_app import serve
from tests.places import ROOT
from tests.security.conftest import HOST_KEY, VISITOR_KEY
from tests.ui.routes.test_mcp import HEADERS, INITIALIZE
from tests.waiting import until

METRICS_TOKEN = "metrics-token-canary"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("public")


@pytest.fixture(scope="module")
def app(folder):
    """The address of a public app whose every file lies under `folder`."""
    budget = {"INKQUEST_BUDGET_USD": "1", "OPENAI_API_KEY": HOST_KEY}
    process, url = serve(
        folder, INKQUEST_PUBLIC="1", TMPDIR=str(folder), INKQUEST_METRICS_TOKEN=METRICS_TOKEN, **budget
    )
    yield url
    process.terminate()
    process.wait(100)


def post_key(app, origin=None, **fields):
    body = {"session_hash": "session1", "engine": "gpt-5", "values": {"OPENAI_API_KEY": VISITOR_KEY}} | fields
    return httpx2.post(f"{app}/inkquest/keys", json=body, headers={"Origin": origin or app})


def test_a_key_is_taken_and_never_given_back(app):
    answer = post_key(app)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"engine": "PATH"}, 400), ({"session_hash": ""}, 400), ({"session_hash": "x" * 65}, 400),
        ({"values": 7}, 400), ({"values": {"OPENAI_API_KEY": 7}}, 400), ({"engine": "tesseract"}, 400),
        ({"values": {"PATH": VISITOR_KEY}}, 422), ({"values": {}}, 422),
        *(({"values": {"OPENAI_API_KEY": key}}, 422) for key in ("two words", "", "k" * 5000)),
        ({"values": {"OPENAI_API_KEY": "k" * 9000}}, 413),
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_without_repeating_it(app, change, status):
    answer = post_key(app, **change)
    assert answer.status_code == status
    assert VISITOR_KEY not in answer.text


def test_a_key_is_taken_back_by_our_own_page_only(app):
    asked = {"session_hash": "session1", "engine": "gpt-5"}
    for origin, status in (("https://evil.example", 403), (app, 204)):
        headers = {"Origin": origin}
        assert httpx2.request("DELETE", f"{app}/inkquest/keys", json=asked, headers=headers).status_code == status


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"]
)
def test_another_site_cannot_post_a_key(app, origin):
    assert post_key(app, origin=origin).status_code == 403


def test_a_form_cannot_post_a_key(app):
    fields = json.dumps({"session_hash": "s", "engine": "gpt-5", "values": {"OPENAI_API_KEY": "k"}})
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        headers = {"Origin": app, "Content-Type": content_type}
        assert httpx2.post(f"{app}/inkquest/keys", content=fields, headers=headers).status_code == 415
    assert (
        httpx2.post(f"{app}/inkquest/keys", content=fields, headers={"Content-Type": "application/json"}).status_code
        == 403
    )
    assert httpx2.get(f"{app}/inkquest/keys").status_code != 204


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["deep_link?session_hash=session1", "runs", "runs/", "runs/bucket/load"])
def test_gradio_s_deep_links_and_run_history_are_shut(app, method, path):
    answer = httpx2.request(method, f"{app}/gradio_api/{path}")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not found."})


def test_the_tools_are_off_until_they_are_switched_on(app):
    assert httpx2.post(f"{app}/inkquest/mcp", json=INITIALIZE, headers=HEADERS).status_code in {404, 405}


def test_health_says_only_that(app):
    assert httpx2.get(f"{app}/inkquest/health").json() == {"healthy": True}


def test_counters_are_for_the_host(app):
    assert httpx2.get(f"{app}/inkquest/metrics").status_code == 404
    assert httpx2.get(f"{app}/inkquest/metrics", headers={"Authorization": "Bearer no"}).status_code == 404
    shown = httpx2.get(f"{app}/inkquest/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert "inkquest_runs" in shown.text


@pytest.mark.parametrize(
    "path",
    [
        "data/inkquest.db",
        "data/inkquest.db-wal",
        "data/blobs/",
        "log",
        "../../etc/passwd",
        "/etc/passwd",
        "%2fetc%2fpasswd",
    ],
)
def test_no_file_of_ours_is_served(app, folder, path):
    target = path if path.startswith(("/", "%", "..")) else str(folder / path)
    for route in ("gradio_api/file=", "file=", "r/", "inkquest/page/", "static/"):
        answer = httpx2.get(f"{app}/{route}{target}")
        assert answer.status_code >= 400 or "<gradio-app" in answer.text  # or Gradio's own page: never a file
        assert b"SQLite" not in answer.content
        assert "root:" not in answer.text


def test_in_a_browser_a_key_stays_in_no_place(app, browser, folder):
    context = browser.new_context()
    page = context.new_page()
    bodies = []
    page.on("requestfinished", lambda request: bodies.append(request.response().body()))
    page.goto(app)
    page.wait_for_selector("#run")
    session = page.evaluate("window.gradio_config?.session_hash ?? 'session2'")
    status = page.evaluate(
        """async ([session, key]) => (await fetch('inkquest/keys', {method: 'POST',
           headers: {'Content-Type': 'application/json'},
           body: JSON.stringify({session_hash: session, engine: 'gpt-5',
             values: {OPENAI_API_KEY: key}})})).status""",
        [session, VISITOR_KEY],
    )
    assert status == 204
    page.reload()
    page.wait_for_selector("#run")
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, window.gradio_config])"
    )
    places = [stored.encode(), page.content().encode(), *bodies]
    context.close()
    assert len(places) > 20
    places += [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not [place[:200] for place in places if VISITOR_KEY.encode() in place or HOST_KEY.encode() in place]
    assert list(folder.rglob("deep_links")) == []


def test_an_upload_that_nobody_read_is_gone_once_its_tab_is_closed(app, browser, folder):
    context = browser.new_context()
    page = context.new_page()
    page.goto(app)
    page.wait_for_selector(".panel")
    [path] = page.evaluate(
        """async () => { const form = new FormData(); form.append('files', new Blob(['UNREAD-CANARY']), 'page.png');
           return (await fetch('gradio_api/upload', {method: 'POST', body: form})).json() }"""
    )
    assert Path(path).read_bytes() == b"UNREAD-CANARY"
    context.close()
    until(lambda: not Path(path).parents[1].exists())
    assert [path for path in folder.rglob("*") if path.is_file() and b"UNREAD-CANARY" in path.read_bytes()] == []


def test_equal_uploads_of_two_visitors_do_not_meet(app):
    photo = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(photo, "PNG")
    files = {"files": ("x.png", photo.getvalue(), "image/png")}
    sent = [httpx2.post(f"{app}/gradio_api/upload", files=files).json()[0] for _ in range(2)]
    for path in sent:
        assert "complete" in compared(app, {"path": path, "orig_name": "x.png", "meta": {"_type": "gradio.FileData"}})


def test_an_upload_is_no_larger_than_allowed(app):
    answer = httpx2.post(f"{app}/gradio_api/upload", files={"files": ("x.png", bytes(26 * 2**20), "image/png")})
    assert answer.status_code == 413


class CountingServer:
    """A service on this machine that no visitor should be able to make the app talk to."""

    def __init__(self):
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        self.asked = asked = []

        class Handler(BaseHTTPRequestHandler):
            def parse_request(self):
                asked.append(self.raw_requestline)
                return False

            def log_message(self, *_arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port


@pytest.fixture(scope="module")
def inner():
    counting = CountingServer()
    threading.Thread(target=counting.server.serve_forever, daemon=True).start()
    yield counting
    counting.server.shutdown()


HOSTS = (
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "0", "0.0.0.0", "127.1", "127.0.1",
    "127.000.000.001", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.8.8.8",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "me@127.0.0.1", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "127\u30020\u30020\u30021",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("field", ["path", "url"])
def test_no_address_makes_the_app_ask_this_machine(app, inner, host, field):
    address = f"http://{host}:{inner.port}/{host}"
    assert "passwd" not in compared(app, {"path": "x", field: address, "meta": {"_type": "gradio.FileData"}})
    assert inner.asked == []


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "{folder}/data/inkquest.db", "{folder}/log.txt", "app.py", "../../etc/passwd"]
)
def test_no_path_makes_the_app_read_a_file(app, folder, path):
    given = path.format(folder=folder)
    said = compared(app, {"path": given, "meta": {"_type": "gradio.FileData"}})
    assert "root:" not in said
    assert '"status": "reading"' not in said


@pytest.mark.parametrize(
    "said", [{}, {"meta": {}}, {"meta": {"_type": "gradio.FileData"}}, {"orig_name": "x.png"}, {"url": "x"}]
)
def test_no_file_of_this_machine_is_read_or_deleted_whatever_it_says_of_itself(app, tmp_path, said):
    photo = tmp_path / "not-yours.png"
    Image.new("RGB", (64, 64), "white").save(photo)
    assert "never uploaded" in compared(app, {"path": str(photo), **said})
    assert photo.exists()


@pytest.mark.parametrize("path", ["http://192.0.2.7/p.txt", "HTTPS://example.org/x.png", "//192.0.2.7/x", "data:,x"])
def test_no_address_of_the_internet_is_fetched(app, path):
    assert "addresses are not fetched" in compared(app, {"path": path, "meta": {"_type": "gradio.FileData"}})


def test_nobody_is_told_where_anything_lies_on_this_machine(app, folder):
    places = [folder, ROOT, Path.home(), sys.prefix, tempfile.gettempdir()]
    for address in ("", "config", "gradio_api/info", "gradio_api/openapi.json"):
        answer = httpx2.get(f"{app}/{address}")
        assert [place for place in places if f"{place}/" in answer.raise_for_status().text] == [], address
    thumbnails = re.findall(r'"url":"(inkquest/[^"]+)"', httpx2.get(f"{app}/config").text)
    assert len(thumbnails) == len(load_samples())
    assert {httpx2.get(f"{app}/{one}").headers["content-type"] for one in thumbnails} == {"image/webp"}
    assert httpx2.get(f"{app}/inkquest/sample/thumbnails/..%2Fmanifest.json").status_code == 404


@pytest.mark.parametrize(("whose", "is_read"), [("ann", True), ("", True), ("ben", False)])
def test_an_upload_is_read_in_its_own_session_only(app, whose, is_read):
    photo = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(photo, "PNG")
    files = {"files": ("x.png", photo.getvalue(), "image/png")}
    [path] = httpx2.post(f"{app}/gradio_api/upload", files=files, headers={"x-inkquest-session": whose}).json()
    said = compared(app, {"path": path, "meta": {"_type": "gradio.FileData"}}, session_hash="ann")
    assert ("complete" in said, "never uploaded" in said) == (is_read, not is_read)
    climbing = f"{Path(path).parents[1]}/../{Path(path).parents[1].name}/../../log.txt"
    assert "complete" not in compared(app, {"path": climbing, "meta": {"_type": "gradio.FileData"}})
    for folder in (f"{Path(path).parents[1]}/../..", f"{Path(path).parent}/.."):
        assert "never uploaded" in compared(app, {"path": folder, "meta": {"_type": "gradio.FileData"}})


def test_an_upload_that_breaks_off_leaves_nothing(app, folder):
    port = int(app.rpartition(":")[2])
    head = (
        "POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        'Content-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nABORTED-CANARY'
    )
    uploads = folder / "data" / "temporary" / str(port) / "uploads"
    before = set(uploads.iterdir())
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(head.encode() + bytes(300_000))
        until(lambda: list(uploads.glob("*/tmp*")))
    until(lambda: set(uploads.iterdir()) == before)


def compared(app, image, **more):
    """What `/compare` answers to a hand-made call."""
    asked = [image, ["tesseract"], "", "en", [], [], [], None]
    call = httpx2.post(f"{app}/gradio_api/call/compare", json={"data": asked, **more}, timeout=100)
    if call.status_code != 200:
        return call.text
    stream = httpx2.get(f"{app}/gradio_api/call/compare/{call.json()['event_id']}", timeout=100)
    return stream.text


def test_no_text_is_longer_than_some_pages(app):
    """Nothing is done with it, neither by a program's question nor by one of the screens'."""
    call = httpx2.post(f"{app}/gradio_api/call/score", json={"data": ["x" * 100_001, "x", [], ""]})
    stream = httpx2.get(f"{app}/gradio_api/call/score/{call.json()['event_id']}", timeout=100)
    assert "100,000 characters" in stream.text
    listeners = httpx2.get(f"{app}/config").json()["dependencies"]
    typed = next(one for one in listeners if any(event == "change" for _, event in one["targets"]) and one["inputs"])
    body = {"data": ["x" * 100_001] * len(typed["inputs"]), "fn_index": typed["id"], "session_hash": "long"}
    answer = httpx2.post(f"{app}/gradio_api/run/predict", json=body, timeout=100)
    assert "100,000 characters" in answer.text


def test_only_what_is_meant_for_programs_is_named(app):
    named = httpx2.get(f"{app}/gradio_api/info").json()["named_endpoints"]
    assert set(named) == {"/compare", "/score", "/engines", "/languages"}
    assert {parameter["parameter_name"] for parameter in named["/compare"]["parameters"]} == {
        "image", "engines", "reference", "language", "conventions", "rules", "readings", "page",
    }  # fmt: skip


def test_an_upload_is_gone_from_disk_once_it_was_read(app, folder):
    photo = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(photo, "JPEG", comment=b"UPLOAD-CANARY")
    sent = httpx2.post(f"{app}/gradio_api/upload", files={"files": ("x.jpg", photo.getvalue(), "image/jpeg")}).json()
    assert b"UPLOAD-CANARY" in Path(sent[0]).read_bytes()
    said = compared(app, {"path": sent[0], "orig_name": "x.jpg", "meta": {"_type": "gradio.FileData"}})
    assert "complete" in said
    assert [path for path in folder.rglob("*") if path.is_file() and b"UPLOAD-CANARY" in path.read_bytes()] == []
