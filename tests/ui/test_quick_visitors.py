"""Nothing that is clicked is lost, however soon it follows, and nothing is paid for twice."""

import pytest

from tests.ui.test_compare_screen import LONG, choose_engine, choose_sample

READING = ".panel[data-engine='openai-compatible'] footer"
AT_THE_LAST_STROKE = """() => {
    const watch = new MutationObserver(() => {
        if (document.querySelector('#slots .panel.running')) return;
        watch.disconnect();
        document.querySelector('#run').click();
    });
    watch.observe(document.querySelector('#slots'), { childList: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def page(open_app, vendor):
    with open_app() as page:
        choose_engine(page, "compatible", "openai-compatible")
        choose_sample(page, "line")
        page.click("#run:not([disabled])")
        page.click("#agree")
        ended(page)
        yield page


def ended(page):
    page.wait_for_selector("#stop", state="visible")
    page.wait_for_selector("#run", state="visible", timeout=LONG)
    page.wait_for_function("document.querySelectorAll('.panel footer').length === 4", timeout=LONG)


def test_a_click_while_the_stream_of_what_was_typed_ends(page):
    """The server has ended it and the browser has not heard of that when the click is taken."""
    streams = []

    def hold(route):
        streams.append((route, route.fetch()))

    page.route("**/queue/data*", hold, times=1)
    page.locator("#reference textarea").fill("somebody wrote this")
    while not streams:
        page.wait_for_timeout(20)
    with page.expect_response("**/queue/join*"):
        page.click("#run")
    (route, answer) = streams[0]
    route.fulfill(response=answer)
    ended(page)


def test_a_click_before_the_browser_knows_that_the_last_comparison_has_ended(page, vendor):
    asked = len(vendor.requests)
    page.click("#run")
    page.wait_for_selector("#stop", state="visible")
    page.evaluate(AT_THE_LAST_STROKE)
    page.wait_for_function("document.querySelectorAll('#slots .panel.running').length === 0", timeout=LONG)
    ended(page)
    assert len(vendor.requests) == asked + 2


def test_two_clicks_at_once_are_one_comparison(page, vendor):
    asked = len(vendor.requests)
    page.evaluate("run => { run.click(); run.click(); }", page.query_selector("#run"))
    ended(page)
    page.wait_for_timeout(1000)
    assert len(vendor.requests) == asked + 1
    assert page.locator("#run").is_visible()
