"""The real huggingface_hub, against a small hub on the loopback interface."""

import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlparse

import pytest

from engines.catalogue import CATALOGUE

COMMIT = "0123456789012345678901234567890123456789"
FETCH = """
import sys
from engines.errors import EngineError
from engines.weights import weights_folder
from engines.contract import listener
listener.set(lambda doing, share: print("TOLD", doing, share))
try:
    folder = weights_folder("someone/model", sys.argv[1], pickled=bool(sys.argv[2:]))
    print("FETCHED", *sorted(path.name for path in folder.iterdir()))
except EngineError as error:
    print("ERROR", type(error).__name__, error, error.fix)
"""


class Hub:
    """Serves the files of one repository at one commit; keeps the paths it was asked for."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = urlparse(self.path).path
                hub.asked.append(path)
                name = path.rsplit("/", 1)[1]
                if not hub.files:
                    self.send_response(404)
                    self.send_header("x-error-code", "RepoNotFound")
                    self.end_headers()
                elif path == f"/api/models/someone/model/tree/{COMMIT}":
                    listed = [
                        {"type": "file", "path": name, "size": len(body), "oid": f"{place:040}"}
                        for place, (name, body) in enumerate(hub.files.items())
                    ]
                    self._answer(json.dumps(listed).encode(), "application/json")
                elif path == f"/someone/model/resolve/{COMMIT}/{name}" and name in hub.files:
                    self._answer(hub.files[name], "application/octet-stream")
                else:
                    self.send_error(404)

            def do_HEAD(self):
                self.do_GET()

            def _answer(self, body, kind):
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.send_header("etag", f'"{hash(body):x}"')
                self.send_header("x-repo-commit", COMMIT)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def hub():
    small = Hub()
    yield small
    small.server.shutdown()


@pytest.fixture
def fetch(hub, tmp_path, repository):
    """What a fresh process prints that wants the weights."""

    def run(*arguments: str) -> list[str]:
        environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path), "PYTHONPATH": str(repository)}
        done = subprocess.run(
            [sys.executable, "-c", FETCH, COMMIT, *arguments],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert not done.returncode, done.stderr
        return done.stdout.splitlines()

    return run


def test_weights_are_fetched_once_with_their_progress_told(hub, fetch):
    hub.files = {"config.json": b"{}", "model.safetensors": b"w" * 3_000_000, "flax_model.msgpack": b"x"}
    told = fetch()
    assert told[0] == "TOLD fetching someone/model None"
    assert "TOLD downloading someone/model 1.0" in told
    assert told[-1] == "FETCHED config.json model.safetensors"
    asked = len(hub.asked)
    assert fetch() == ["FETCHED config.json model.safetensors"]
    assert len(hub.asked) == asked


def test_a_repository_without_safetensors_is_refused(hub, fetch):
    hub.files = {"config.json": b"{}", "pytorch_model.bin": b"w"}
    assert fetch()[-1].startswith("ERROR EngineUnavailable someone/model holds no safetensors")


def test_pickled_weights_are_fetched_where_they_are_allowed_and_all_there_is(hub, fetch):
    hub.files = {"config.json": b"{}", "pytorch_model.bin": b"w"}
    assert fetch("pickled")[-1] == "FETCHED config.json pytorch_model.bin"


def test_safetensors_are_preferred_to_pickled_weights(hub, fetch):
    hub.files = {"config.json": b"{}", "pytorch_model.bin": b"w", "model.safetensors": b"w"}
    assert fetch("pickled")[-1] == "FETCHED config.json model.safetensors"


def test_a_repository_that_is_not_there_is_told(hub, fetch):
    hub.files = {}
    assert fetch()[-1].startswith("ERROR WeightsMissing The hub has no repository someone/model at revision 0123")


def test_every_row_names_the_commit_of_its_weights():
    rows = [spec for spec in CATALOGUE if spec.weights and spec.weights.origin == "hub"]
    assert {"got-ocr-2", "paddleocr-vl"} <= {spec.id for spec in rows}
    assert [spec.id for spec in rows if not re.fullmatch("[0-9a-f]{40}", spec.weights.revision)] == []
