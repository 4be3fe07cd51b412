"""The real app in a process of its own, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def serve(folder, **environment):
    """The app with nothing of this machine's environment but what it is given; its log is `folder / "log.txt"`."""
    port = free_port()
    log = (folder / "log.txt").open("w+")
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={
            **keep,
            "PORT": str(port),
            "HF_HUB_OFFLINE": "1",
            "INKQUEST_DATA": str(folder / "data"),
            "GRADIO_TEMP_DIR": str(folder / "gradio"),
            **environment,
        },
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{url}/config", timeout=1).close()
            return process, url
        except OSError:
            assert process.poll() is None, Path(log.name).read_text()
            time.sleep(0.25)
    raise AssertionError(Path(log.name).read_text())


@pytest.fixture(scope="session")
def app_url(tmp_path_factory):
    process, url = serve(tmp_path_factory.mktemp("app"))
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium here: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, app_url):
    """Open the app in a fresh context: `visit(width=390, dark=True)`."""
    contexts = []

    def open_page(width=1440, height=1000, dark=False, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(app_url)
        page.wait_for_selector("#run")
        page.wait_for_selector(".panel")
        return page

    yield open_page
    for context in contexts:
        context.close()
