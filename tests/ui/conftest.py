"""The app as on a fresh machine, visited; what it would ask four companies is answered here."""

from contextlib import ExitStack, contextmanager

import pytest

from tests.live_app import serve
from tests.loopback_vendor import LoopbackVendor
from tests.ui.streams import watch_streams
from tests.waiting import PATIENCE_SECONDS

DEADLINE_SECONDS = 600
"""On no machine, however slow, is an engine given up that a test keeps waiting."""


@pytest.fixture(scope="session")
def cloud():
    with LoopbackVendor() as vendor:
        yield vendor


@pytest.fixture(scope="module")
def vendor(cloud):
    """The vendor of the app's cloud engines, who knows of nothing before the module's first test."""

    def forget():
        cloud.fault, cloud.answers = "", {}
        cloud.answering.set()
        cloud.requests.clear()

    forget()
    yield cloud
    forget()


@pytest.fixture(scope="session")
def app_url(cloud, tmp_path_factory):
    """One app for all tests of a process: each would load its engines again."""
    folder, api = tmp_path_factory.mktemp("app"), f"{cloud.url}/v1"
    deadline = {"INKQUEST_DEADLINE_SECONDS": str(DEADLINE_SECONDS)}
    others = {"ANTHROPIC_BASE_URL": cloud.url, "GOOGLE_GEMINI_BASE_URL": cloud.url}
    process, url = serve(folder, OPENAI_BASE_URL=api, OPENAI_COMPATIBLE_BASE_URL=api, **others, **deadline)
    yield url
    process.terminate()
    process.wait(100)


@pytest.fixture(scope="session")
def profile(chromium, tmp_path_factory):
    """One on disk for all visits: each fresh one would fetch and compile Gradio's two hundred scripts again."""
    chromium, options = chromium
    context = chromium.launch_persistent_context(tmp_path_factory.mktemp("profile"), **options)
    context.set_default_timeout(1000 * PATIENCE_SECONDS)
    yield context
    context.close()


@pytest.fixture(scope="session")
def open_app(profile, app_url):
    """Open the app as somebody new, of whom nothing is left: `with open_app() as page:`."""

    @contextmanager
    def open_page():
        page = profile.new_page()
        watch_streams(page)
        page.set_viewport_size({"width": 1440, "height": 1000})
        # What moves smoothly would still move under the pointer.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        # Else another test's tab, open beside it, would lend it its desk.
        page.add_init_script("if (origin !== 'null') sessionStorage['inkquest:desk'] ??= 'of nobody'")
        page.goto(app_url)
        page.wait_for_selector("#run")
        page.wait_for_selector(".panel")
        page.wait_for_selector("#page-stack .page-image")
        yield page
        page.evaluate("localStorage.clear()")
        page.close()
        profile.clear_cookies()

    return open_page


@pytest.fixture
def visit(open_app):
    """Open the app until the test has ended."""
    with ExitStack() as visits:
        yield lambda: visits.enter_context(open_app())
