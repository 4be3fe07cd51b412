"""The app on a fresh machine, visited."""

import pytest

from tests.live_app import serve


@pytest.fixture(scope="session")
def app_url(tmp_path_factory):
    process, url = serve(tmp_path_factory.mktemp("app"))
    yield url
    process.terminate()
    process.wait(10)


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
