"""What a start says: one line where it can run, one sentence where it cannot."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
from gradio_client import Client, handle_file

from samples import load_samples
from tests.live_app import free_port, serve
from tests.loopback_vendor import LoopbackVendor
from tests.places import ROOT
from tests.waiting import until


def refused(**environment):
    """What a start says that fails; nothing else is said, and no stack trace."""
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "HOST": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    [sentence] = ended.stderr.splitlines()
    return sentence


def test_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        said = refused(PORT=str(other.getsockname()[1]))
    assert said.startswith("Inkquest cannot start: Address already in use")
    assert said.endswith("Say another address, such as `make run HOST=127.0.0.1 PORT=7861`.")


def test_a_folder_that_cannot_be():
    said = refused(PORT=str(free_port()), INKQUEST_DATA=f"{os.devnull}/data")
    assert said.startswith("Inkquest cannot keep its data: ")
    assert said.endswith("Name a folder it may write to, such as INKQUEST_DATA=data.")


def test_a_start_on_a_space_says_one_line(tmp_path):
    process, url = serve(
        tmp_path, SYSTEM="spaces", SPACE_ID="somebody/inkquest", SPACE_HOST="somebody-inkquest.hf.space"
    )
    process.terminate()
    process.wait()
    assert (tmp_path / "log.txt").read_text() == f"Inkquest opens on {url.replace('127.0.0.1', '0.0.0.0')}\n"


def test_everything_it_writes_lies_in_its_own_folder_which_nobody_else_opens(tmp_path):
    """A machine has one /tmp: who makes /tmp/gradio first reads the others' pages, or keeps them from starting."""
    shared, data = tmp_path / "tmp", tmp_path / "data"
    shared.mkdir()
    (shared / "gradio").write_text("somebody else's")
    left_over = data / "temporary"
    port = free_port()
    (left_over / str(port) / "uploads" / "from a crash").mkdir(parents=True)
    (left_over / "1").mkdir()  # another app with the same data
    process, url = serve(tmp_path, TMPDIR=str(shared), PORT=str(port))
    files = {"files": ("page.png", b"SHARED-MACHINE-CANARY")}
    [upload] = httpx2.post(f"{url}/gradio_api/upload", files=files).json()
    lies_in = sorted(path.name for path in left_over.iterdir())
    process.terminate()
    process.wait()
    assert Path(upload).is_relative_to(left_over / str(port))
    assert lies_in == sorted(["1", str(port)])
    assert not (left_over / str(port) / "uploads" / "from a crash").exists()
    assert [path.name for path in shared.rglob("*")] == ["gradio"]
    assert [oct(path.stat().st_mode & 0o077) for path in (data, Path(upload), data / "inkquest.db")] == ["0o0"] * 3


def test_who_waits_for_an_answer_is_told_before_the_app_ends(tmp_path):
    with LoopbackVendor() as vendor:
        vendor.answering.clear()
        process, url = serve(tmp_path, OPENAI_BASE_URL=f"{vendor.url}/v1", OPENAI_API_KEY="sk-x")
        client = Client(url, verbose=False)
        page = handle_file(load_samples()[0].image)
        asked = client.submit(page, ["gpt-5-mini"], api_name="/compare")
        until(lambda: vendor.requests or asked.done())
        process.terminate()
        [run] = asked.result()["runs"]
        vendor.answering.set()
    assert (run["failure"]["reason"], process.wait()) == ("cancelled", 0)
    assert (tmp_path / "log.txt").read_text().count("\n") == 1
