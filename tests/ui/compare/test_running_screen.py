"""The Compare screen while engines are at work: three that end, and a vendor that never would."""

import pytest

from tests.ui.compare.test_compare_screen import LONG, choose_engine, choose_sample
from tests.ui.streams import streams_of, wait_for_rest

NEVER = ".panel[data-engine='openai-compatible']"
CLOCK = f'parseFloat(document.querySelector("{NEVER} .elapsed").innerText)'


@pytest.fixture(scope="module")
def page(open_app, vendor):
    vendor.fault = "drip"
    with open_app() as page:
        choose_engine(page, "compatible", "openai-compatible")
        choose_sample(page, "line")
        page.click("#run:not([disabled])")
        page.click("#agree")
        page.wait_for_function("document.querySelectorAll('#slots .panel footer').length === 3", timeout=LONG)
        yield page


def test_one_can_stop_and_nothing_else_that_would_be_lost(page):
    assert page.locator("#stop").is_visible()
    assert page.locator("#run, #consent").evaluate_all("all => all.every(e => !e.checkVisibility())")
    page.wait_for_function("document.querySelector('#pickers').inert")


def test_the_clock_of_an_engine_at_work_runs(page):
    page.wait_for_function(f"was => {CLOCK} > was", arg=page.evaluate(CLOCK))


def test_what_is_typed_is_scored_at_once_and_stays(page):
    page.locator("#reference textarea").fill("nobody wrote this")
    page.wait_for_function("document.querySelectorAll('#slots .panel .wer').length === 3")
    # two ticks, at which the server sends the screen again
    page.wait_for_function(f"was => {CLOCK} > was + 2", arg=page.evaluate(CLOCK), timeout=LONG)
    assert page.locator("#slots .panel .wer").count() == 3
    assert page.locator(NEVER).get_attribute("aria-busy") == "true"


def test_stop_ends_it_and_the_choice_is_free_again(page):
    page.click("#stop")
    page.wait_for_selector("#run", state="visible", timeout=LONG)
    assert "was stopped" in page.inner_text(NEVER)
    assert page.locator(".panel[aria-busy]").count() == 0
    page.wait_for_function("!document.querySelector('#pickers').inert")


def test_a_page_that_goes_takes_its_comparison_along(page):
    streams = streams_of(page)
    page.click("#run:not([disabled])")
    page.wait_for_selector("#stop", state="visible")
    page.click("#other-page")
    page.wait_for_selector("#upload", state="visible")
    wait_for_rest(page, streams)  # the old comparison has ended and sent its last update
    assert page.locator(".panel[aria-busy]").count() == 0
    assert page.locator("#run").is_disabled()
    assert not page.locator("#stop").is_visible()
