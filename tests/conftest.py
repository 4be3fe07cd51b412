"""For every test: the same examples, what takes longest first, one browser a process (it cannot be started twice)."""

import inspect
import os
import shutil
from pathlib import Path

import certifi
import httpx
import httpx2
import pytest
from hypothesis import settings

from tests.waiting import PATIENCE_SECONDS
from ui.quick_import import leave_out_stubs

leave_out_stubs()  # before any test imports Gradio
# A red run is the doing of a change, not of luck or of a busy machine. To look further: `--hypothesis-profile=wide`.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("wide", max_examples=2000, deadline=None)
settings.load_profile("same")

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--renderer-process-limit=1",
]  # fmt: skip
LONGEST_FIRST = (
    "ui/evaluate/test_evaluate_screen.py", "evaluation/test_run.py", "playground/test_uploads_hostile.py",
    "benchmarks/test_benchmarks_run.py", "ui", "evaluation", "security", "test_app.py", "benchmarks", "playground",
    "metrics", "engines",
)  # fmt: skip
"""Where tests wait for processes, a browser and engines. Of the four that begin one starts the app, whose four engines
read the sample: the others find it read."""


def pytest_collection_modifyitems(items):
    """What takes longest goes first, so that no worker is left alone with it at the end."""
    here = Path(__file__).parent
    place = {}
    for path in {item.path for item in items}:
        names = [path.relative_to(here).as_posix(), path.relative_to(here).parts[0]]
        place[path] = next((LONGEST_FIRST.index(name) for name in names if name in LONGEST_FIRST), len(LONGEST_FIRST))
    items.sort(key=lambda item: place[item.path])


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory):
    """Trust a single authority: no test asks over TLS, and SDKs load all of the bundle for every client they make."""
    end = "-----END CERTIFICATE-----\n"
    first, *_ = Path(certifi.where()).read_text().split(end)
    file = tmp_path_factory.mktemp("authorities") / "one.pem"
    file.write_text(first + end)
    os.environ["SSL_CERT_FILE"] = str(file)


@pytest.fixture(scope="session", autouse=True)
def patient():
    """Both would wait five seconds for an answer; functions and clients of each share one object with that default."""
    for library in (httpx, httpx2):  # Gradio's client asks by the first
        default = inspect.signature(library.get).parameters["timeout"].default
        default.connect = default.read = default.write = default.pool = PATIENCE_SECONDS


@pytest.fixture(scope="session")
def chromium():
    """Playwright's Chromium, and the options to start it with."""
    # The headless shell opens a page in three quarters of the time: it has no windows, tabs or menus to draw.
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("no Chromium here: sudo apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * PATIENCE_SECONDS)
    with sync_playwright() as playwright:
        yield playwright.chromium, {"executable_path": program, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser(chromium):
    chromium, options = chromium
    browser = chromium.launch(**options)
    browser.on("context", lambda context: context.set_default_timeout(1000 * PATIENCE_SECONDS))
    yield browser
    browser.close()
