"""Uploads lie apart, leave nothing behind when they are cut off, and whoever fills the disk loses their own."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from gradio.routes import file_upload_statuses
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from playground.host.budget import Payers
from tests.own_thread import run_async
from tests.waiting import until
from ui.routes.uploads import LONGEST_ID, MOST_WATCHED, WHOSE, SessionUploads


@contextmanager
def taking(**options):
    uploads = SessionUploads(100_000, Payers(trusted_proxies=1), most_bytes_kept=100_000, **options)
    with TestClient(Starlette(routes=[uploads.route()]), raise_server_exceptions=False) as client:
        client.uploads = uploads
        yield client


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with taking() as client:
        yield client


def send(client, size=1000, address="10.0.0.1", session="ann"):
    files = {"files": ("page.png", bytes(size))}
    return client.post("/gradio_api/upload", files=files, headers={"x-forwarded-for": address, WHOSE: session})


def test_whoever_fills_the_disk_pushes_out_only_their_own(client):
    [ann] = send(client).json()
    sent = [send(client, 10_000, "172.16.0.1", f"mallory {number}").json()[0] for number in range(8)]
    assert [Path(path).exists() for path in (ann, *sent)] == [True, *[False] * 7, True]
    client.uploads.forget("ann")
    assert not Path(ann).exists()


def test_what_nobody_reads_goes_however_many_come_meanwhile(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with taking(unread_seconds=0.05) as client:
        for number in range(30):
            assert send(client, session="" if number % 2 else "ann").status_code == 200
        until(lambda: not list(tmp_path.iterdir()))
        assert client.uploads._names == {}


@pytest.mark.parametrize("size", [30_000, 200_000])
def test_more_than_one_visitor_may_keep_is_refused_and_gone(client, tmp_path, size):
    assert send(client, size).status_code == 413
    assert list(tmp_path.iterdir()) == []


def test_an_upload_that_breaks_off_leaves_nothing(client, tmp_path):
    begun = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n' + bytes(5000)
    messages = [{"type": "http.request", "body": begun, "more_body": True}, {"type": "http.disconnect"}]
    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b"", "client": ("10.0.0.1", 1)}
    seen = []

    async def receive():
        seen.append([path for path in tmp_path.rglob("*") if path.is_file()])
        return messages.pop(0)

    assert run_async(client.uploads.route().endpoint(Request(scope, receive))).status_code == 400
    assert seen[-1] != []
    assert list(tmp_path.iterdir()) == []


def test_no_name_under_which_anybody_asks_after_an_upload_is_kept_for_good(client):
    for number in range(2 * MOST_WATCHED):
        assert not file_upload_statuses._signals[f"never sent {number}"].is_set()
    for name in ("page", "x" * (LONGEST_ID + 1)):
        client.post(f"/gradio_api/upload?upload_id={name}", files={"files": ("page.png", b"x")})
    assert len(file_upload_statuses._signals) <= MOST_WATCHED
    assert list(file_upload_statuses._statuses) == ["page"]


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=" + "x" * 5000])
def test_a_form_that_cannot_be_read_is_refused_and_leaves_nothing(client, tmp_path, boundary):
    headers = {"content-type": f"multipart/form-data{boundary}"}
    assert client.post("/gradio_api/upload", content=b"--x", headers=headers).status_code == 400
    assert list(tmp_path.iterdir()) == []
