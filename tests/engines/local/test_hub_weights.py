"""The real huggingface_hub, against a small hub on the loopback interface."""

import json
import os
import re
import subprocess
import sys
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlparse

import pytest

from engines.catalogue import CATALOGUE, spec_by_id
from tests.engines.local.tiny_trocr import save_tiny_trocr
from tests.engines.local.tiny_vlms import save_tiny_got, save_tiny_paddle, save_tiny_qwen

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


READ = """
import sys
from dataclasses import replace
from engines.catalogue import spec_by_id
from engines.contract import ReadingTask, listener
from engines.errors import EngineError
from engines.page_fitting import page_from
from engines.registry import build_engine
from PIL import Image, ImageDraw
listener.set(lambda doing, share: print("TOLD", doing))
image = Image.new("RGB", (300, 60), "white")
ImageDraw.Draw(image).text((20, 20), "some words", "black")
page, task = page_from(image), ReadingTask(max_output_tokens=4, timeout_seconds=100)
for row in sys.argv[1:]:
    spec = spec_by_id(row)
    engine = build_engine(replace(spec, options={**spec.options, "precision": "fp32"}))
    try:
        print("READ", engine.read(page, task).model_reported)
    except EngineError as error:
        print("ERROR", row, type(error).__name__, error, error.fix)
"""


class Hub:
    """Serves the files of repositories, each at one commit; keeps the paths it was asked for.

    Weights are as large files are there: what says their SHA-256 and their size stands in fields of its own.
    """

    def __init__(self):
        self.commits = {"someone/model": COMMIT}
        self.files: dict[str, bytes] = {}
        """Of someone/model."""
        self.others: dict[str, dict[str, bytes]] = {}
        self.asked: list[str] = []
        self.ranges: list[str] = []
        """Which parts of files were asked for."""
        self.cuts: list[int] = []
        """After how many bytes each of the next answers with weights breaks off."""
        self.damages = False
        """Whether the last byte of weights arrives wrong."""
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.hub = self
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def files_of(self, repository):
        return self.files if repository == "someone/model" else self.others.get(repository, {})

    def sent(self, name, body):
        """What arrives of a file."""
        if not name.endswith(".safetensors"):
            return body
        if self.damages:
            body = body[:-1] + bytes([body[-1] ^ 1])
        return body[: self.cuts.pop(0)] if self.cuts else body


class _Server(ThreadingHTTPServer):
    hub: Hub


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self):
        hub, path = self.server.hub, urlparse(self.path).path
        hub.asked.append(path)
        asked = re.fullmatch(r"(?:/api/models)?/([^/]+/[^/]+)/(tree|resolve)/(\w+)(?:/(.+))?", path)
        repository, doing, commit, name = asked.groups() if asked else ("", "", "", "")
        files = hub.files_of(repository)
        if not files:
            self.send_response(404)
            self.send_header("x-error-code", "RepoNotFound")
            self.end_headers()
        elif commit == hub.commits[repository] and doing == "tree":
            listed = [listing(place, *file) for place, file in enumerate(files.items())]
            self._answer(json.dumps(listed).encode(), "application/json", commit)
        elif commit == hub.commits[repository] and name in files:
            self._answer(files[name], "application/octet-stream", commit, name)
        else:
            self.send_error(404)

    def do_HEAD(self):
        self.do_GET()

    def _answer(self, body, kind, commit, name=""):
        hub, start = self.server.hub, int(self.headers.get("range", "bytes=0-")[6:].partition("-")[0])
        self.send_response(206 if start else 200)
        if start:
            hub.ranges.append(self.headers["range"])
            self.send_header("content-range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) - start))
        for field in ("etag", "x-linked-etag"):
            self.send_header(field, f'"{sha256(body).hexdigest()}"')
        self.send_header("x-linked-size", str(len(body)))
        self.send_header("x-repo-commit", commit)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(hub.sent(name, body[start:]))

    def log_message(self, *_):
        pass


def listing(place, name, body):
    """A file as the hub lists it."""
    large = {"lfs": {"oid": sha256(body).hexdigest(), "size": len(body), "pointerSize": 130}}
    kept = large if name.endswith(".safetensors") else {}
    return {"type": "file", "path": name, "size": len(body), "oid": f"{place:040}", **kept}


@pytest.fixture
def hub():
    small = Hub()
    yield small
    small.server.shutdown()


@pytest.fixture
def fetch(hub, tmp_path, repository):
    """What a fresh process prints that wants the weights."""
    return lambda *arguments: printed(hub, tmp_path, repository, FETCH, COMMIT, *arguments)


def printed(hub, home, repository, program, *arguments):
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(home), "PYTHONPATH": str(repository)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert not done.returncode, done.stderr
    return done.stdout.splitlines()


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


def test_a_download_that_breaks_off_goes_on_where_it_was(hub, fetch):
    hub.files, hub.cuts = {"config.json": b"{}", "model.safetensors": b"w" * 30_000_000}, [25_000_000]
    assert fetch()[-1] == "FETCHED config.json model.safetensors"
    (part,) = hub.ranges
    assert 0 < int(part.removeprefix("bytes=").removesuffix("-")) <= 25_000_000


def test_a_download_that_ended_with_its_process_is_no_whole_model(hub, fetch):
    """What has come is kept; the next time only the rest is asked for."""
    hub.files = {"config.json": b"{}", "model.safetensors": b"w" * 3_000_000}
    hub.cuts = [1000] * 100
    assert fetch()[-1].startswith("ERROR WeightsMissing The weights of someone/model are not on this machine")
    hub.cuts = []
    asked = len(hub.asked)
    assert fetch()[-1] == "FETCHED config.json model.safetensors"
    assert not [path for path in hub.asked[asked:] if path.endswith("config.json")]


def test_weights_that_arrive_damaged_are_not_loaded_and_fetched_anew(hub, fetch):
    hub.files, hub.damages = {"config.json": b"{}", "model.safetensors": b"w" * 30_000}, True
    assert fetch()[-1].startswith("ERROR WeightsMissing The weights of someone/model arrived damaged")
    hub.damages = False
    assert fetch()[-1] == "FETCHED config.json model.safetensors"
    assert fetch() == ["FETCHED config.json model.safetensors"]


def test_a_model_without_its_description_is_told_and_may_come_whole_later(hub, fetch):
    hub.files = {"tokenizer.json": b"{}", "model.safetensors": b"w"}
    assert fetch()[-1].startswith("ERROR EngineUnavailable someone/model holds no config.json")


def test_whoever_fetches_them_elsewhere_is_told_which_ones(hub, fetch):
    hub.files, hub.cuts = {"config.json": b"{}", "model.safetensors": b"w" * 3000}, [10] * 100
    assert fetch()[-1].endswith(f"hf download someone/model --revision {COMMIT}")


SAVED = {
    "trocr-small": save_tiny_trocr, "got-ocr-2": save_tiny_got, "paddleocr-vl": save_tiny_paddle,
    "qwen2.5-vl-3b": save_tiny_qwen,
}  # fmt: skip


def test_rows_fetch_their_weights_at_their_commit_and_read(hub, tmp_path, repository):
    """From nothing on this machine to a reading: the real rows, their repositories and commits, the real libraries."""
    specs = {row: spec_by_id(row) for row in SAVED}
    hub.commits = {spec.model: spec.weights.revision for spec in specs.values()}
    for row, save in SAVED.items():
        saved = save(tmp_path / row)
        hub.others[specs[row].model] = {path.name: path.read_bytes() for path in saved.iterdir()}
    said = printed(hub, tmp_path / "home", repository, READ, *SAVED)
    reported = {line.split()[1].split("@")[0] for line in said if line.startswith("READ")}
    assert reported == set(hub.commits), said
    for model, commit in hub.commits.items():
        assert f"TOLD downloading {model}" in said
        assert f"/{model}/resolve/{commit}/model.safetensors" in hub.asked
    assert {path.split("/")[4] for path in hub.asked if "/resolve/" in path} == {*hub.commits.values()}


def test_every_row_names_the_commit_of_its_weights():
    rows = [spec for spec in CATALOGUE if spec.weights and spec.weights.origin == "hub"]
    assert {"got-ocr-2", "paddleocr-vl"} <= {spec.id for spec in rows}
    assert [spec.id for spec in rows if not re.fullmatch("[0-9a-f]{40}", spec.weights.revision)] == []
