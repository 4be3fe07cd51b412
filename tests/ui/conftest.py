"""The app on a fresh machine, visited."""

import pytest

from tests.live_app import serve


@pytest.fixture(scope="session")
def app_url(tmp_path_factory):
    process, url = serve(tmp_path_factory.mktemp("app"))
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def profile(chromium, tmp_path_factory):
    """One on disk for all visits: each fresh one would fetch and compile Gradio's two hundred scripts again."""
    chromium, options = chromium
    context = chromium.launch_persistent_context(tmp_path_factory.mktemp("profile"), **options)
    context.set_default_timeout(60_000)  # milliseconds: several apps and browsers share two cores here
    yield context
    context.close()


@pytest.fixture(scope="session")
def open_app(profile, app_url):
    """Open the app in a page of its own: `open_app(width=390, dark=True)`; whoever opens it closes it."""

    def open_page(width=1440, height=1000, dark=False):
        page = profile.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.goto(app_url)
        page.wait_for_selector("#run")
        page.wait_for_selector(".panel")
        return page

    return open_page


@pytest.fixture
def visit(open_app, profile):
    """Open the app as somebody new, of whom nothing is left after the test."""
    pages = []

    def open_page(**options):
        pages.append(open_app(**options))
        return pages[-1]

    yield open_page
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    profile.clear_cookies()
