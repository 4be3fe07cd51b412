"""The real `spaces` package, against a stand-in for ZeroGPU's device API on the loopback interface."""

import base64
import json
import os
import pickle
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlparse

import pytest

from engines.catalogue import LOCAL, spec_by_id
from engines.contract import Reading, ReadingTask
from engines.errors import WeightsMissing
from engines.registry import LoadedEngines, gpu_reader, gpu_seconds, wants_gpu
from tests.engines.local.tiny_trocr import save_tiny_trocr


@pytest.fixture
def device_api():
    """Grants every GPU that is asked for and keeps what was asked."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self):
            url = urlparse(self.path)
            asked.append((url.path, {name: values[0] for name, values in parse_qs(url.query).items()}))
            self.rfile.read(int(self.headers.get("content-length") or 0))
            granted = {"idle": False, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": str(len(asked))}
            body = json.dumps(granted).encode() if url.path == "/schedule" else b""
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_on_a_space_all_engines_share_one_call_on_the_visitors_quota(device_api, drawn, tmp_path, repository):
    url, asked = device_api
    (tmp_path / "page.png").write_bytes(drawn((80, 60, "one line"), (80, 180, "another line")).png)
    token = f"x.{base64.urlsafe_b64encode(json.dumps({'user': 'visitor'}).encode()).decode().rstrip('=')}.y"
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("zero_gpu_app.py")), str(tmp_path / "page.png"),
         str(save_tiny_trocr(tmp_path / "trocr")), token],
        cwd=repository, capture_output=True, text=True, timeout=200, check=False,
        env={**os.environ, "PYTHONPATH": str(repository), "SPACES_ZERO_GPU": "true", "HOME": str(tmp_path),
             "SPACES_ZERO_DEVICE_API_URL": url, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1",
             "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    answer = [line for line in run.stdout.splitlines() if line.startswith("ANSWER")]
    assert answer, run.stderr[-3000:]
    small, base, dtrocr = json.loads(answer[0].removeprefix("ANSWER "))
    assert len(small.splitlines()) == len(base.splitlines()) == 2
    assert dtrocr == "WeightsMissing"
    schedules = [query for path, query in asked if path == "/schedule"]
    assert len(schedules) == 1
    assert schedules[0]["token"] == token
    assert int(schedules[0]["durationSeconds"]) >= 5


def test_off_spaces_the_same_reader_reads_here(drawn):
    read = gpu_reader(LoadedEngines())
    specs = [spec_by_id("dtrocr"), spec_by_id("ppocr-v6-tiny")]
    missing, reading = read(specs, drawn((80, 60, "one line")), ReadingTask())
    assert isinstance(missing, WeightsMissing)
    assert isinstance(reading, Reading)
    assert reading.text == "one line"


def test_more_lines_and_more_engines_reserve_more_seconds(drawn):
    line, page = spec_by_id("trocr-base"), spec_by_id("got-ocr-2")
    seconds = [
        gpu_seconds(specs, drawn(), ReadingTask(), n) for specs, n in (([line], 1), ([line], 40), ([line, page], 40))
    ]
    assert seconds == sorted(set(seconds))
    assert gpu_seconds([page] * 9, drawn(), ReadingTask(timeout_seconds=60), 1) == 60


def test_engines_on_torch_want_a_gpu():
    assert {spec.id for spec in LOCAL if not wants_gpu(spec)} == {
        "ppocr-v6-small", "ppocr-v6-tiny", "ppocr-v5", "tesseract",
    }  # fmt: skip


def test_what_crosses_to_the_worker_and_back_can_be_pickled(drawn):
    error = WeightsMissing("Not here.", fix="Fetch them.")
    crossed = pickle.loads(pickle.dumps([*LOCAL, drawn(), ReadingTask(), Reading("text"), error]))
    assert crossed[:-1] == [*LOCAL, drawn(), ReadingTask(), Reading("text")]
    assert (str(crossed[-1]), crossed[-1].fix) == ("Not here.", "Fetch them.")
