"""Nothing that is clicked is lost, however soon it follows, and nothing is paid for twice."""

import pytest
from playwright.sync_api import expect

from tests.ui.compare.test_compare_screen import choose_engine, choose_sample
from tests.ui.streams import answered, wait_for_rest
from tests.vendor_answers import chat

CLICK_AT_THE_FIRST_END = """() => {
    let running = false;
    window.ended = 0;
    new MutationObserver(() => {
        const was = running;
        running = document.querySelector('#slots .panel.running') !== null;
        if (was && !running && ++window.ended === 1) document.querySelector('#run').click();
    }).observe(document.querySelector('#slots'), { childList: true, subtree: true });
}"""

REMEMBER_WHAT_ENDED = """() => {
    const parse = JSON.parse;
    window.events = [];
    JSON.parse = (text, reviver) => {
        const read = parse(text, reviver);
        if (read?.msg === 'process_completed') window.events.push(read.event_id);
        return read;
    };
}"""


@pytest.fixture(scope="module")
def opened(open_app, vendor):
    with open_app() as page:
        choose_engine(page, "compatible", "openai-compatible")
        choose_sample(page, "line")
        will_answer(vendor, "at first")
        page.click("#run:not([disabled])")
        page.click("#agree")
        wait_for(page, "at first")
        yield page


@pytest.fixture
def page(opened):
    """A visit of whom the server has nothing left to tell: what is asked next opens a stream, and runs."""
    wait_for_rest(opened)
    return opened


def will_answer(vendor, text):
    """So that one comparison can be told from the next."""
    vendor.answers = {"/chat/completions": chat(text)}


def wait_for(page, text):
    """Until a comparison has ended in which the vendor answered this."""
    answered = """text => document.querySelectorAll('#slots .panel footer').length === 4
        && document.querySelector(".panel[data-engine='openai-compatible'] .actions textarea").value === text"""
    page.wait_for_function(answered, arg=text)


def test_a_click_while_the_stream_of_what_was_typed_ends(page, vendor):
    """The server has ended it and the browser has not heard of that when the click is taken."""
    streams = []

    def hold(route):
        streams.append((route, route.fetch()))

    page.route("**/queue/data*", hold, times=1)
    page.locator("#reference textarea").fill("somebody wrote this")
    while not streams:
        page.wait_for_timeout(20)
    will_answer(vendor, "after typing")
    with page.expect_response("**/queue/join*"):
        page.click("#run")
    (route, answer) = streams[0]
    route.fulfill(response=answer)
    wait_for(page, "after typing")


def test_a_click_before_the_browser_knows_that_the_last_comparison_has_ended(page, vendor):
    asked = len(vendor.requests)
    page.evaluate(CLICK_AT_THE_FIRST_END)
    page.click("#run")
    page.wait_for_function("window.ended === 2")
    assert len(vendor.requests) == asked + 2


def test_two_clicks_at_once_are_one_comparison(page, vendor):
    """The second is answered while the first still reads, however slow the machine is."""
    asked = len(vendor.requests)
    will_answer(vendor, "once")
    vendor.answering.clear()
    page.evaluate(REMEMBER_WHAT_ENDED)
    with answered(page):
        page.evaluate("run => { run.click(); run.click(); }", page.query_selector("#run"))
        page.wait_for_function("window.events.length")
        vendor.answering.set()
    wait_for(page, "once")
    assert len(vendor.requests) == asked + 1
    expect(page.locator("#run")).to_be_visible()


def hold_the_confirmation(page, vendor):
    """Of what is typed while a comparison runs, until its end has come through the comparison's stream."""
    confirmations = []
    page.evaluate(REMEMBER_WHAT_ENDED)
    vendor.answering.clear()
    page.click("#run")
    page.wait_for_selector("#stop", state="visible")
    page.route("**/queue/join*", lambda route: confirmations.append((route, route.fetch())), times=1)
    page.locator("#reference textarea").fill(f"nobody wrote this, {len(vendor.requests)}")
    while not confirmations:
        page.wait_for_timeout(20)
    (route, answer) = confirmations[0]
    page.wait_for_function("event => window.events.includes(event)", arg=answer.json()["event_id"])
    return lambda: route.fulfill(response=answer)


def test_no_stream_stays_open_for_an_event_whose_end_came_before_it_was_confirmed(page, vendor):
    confirm = hold_the_confirmation(page, vendor)
    confirm()
    will_answer(vendor, "at last")
    vendor.answering.set()
    wait_for(page, "at last")
    wait_for_rest(page)


def test_no_stream_is_opened_for_an_event_that_is_confirmed_after_the_last_has_ended(page, vendor):
    confirm = hold_the_confirmation(page, vendor)
    will_answer(vendor, "after all")
    vendor.answering.set()
    wait_for(page, "after all")
    wait_for_rest(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/queue/" in request.url else None)
    confirm()
    with page.expect_request("**/queue/data*"):  # which the next event opens, after it was taken
        page.locator("#reference textarea").fill("somebody wrote this after all")
    assert "/queue/join" in asked[0]
    wait_for_rest(page)
