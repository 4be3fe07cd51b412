"""The Compare screen while engines are at work: three that end, and a vendor that never would."""

import pytest
from playwright.sync_api import expect

from tests.ui.compare.test_compare_screen import choose_engine, choose_sample
from tests.ui.streams import wait_for_rest

NEVER = ".panel[data-engine='openai-compatible']"
CLOCK = f'parseFloat(document.querySelector("{NEVER} .elapsed").innerText)'


@pytest.fixture(scope="module")
def page(open_app, vendor):
    vendor.answering.clear()
    with open_app() as page:
        choose_engine(page, "compatible", "openai-compatible")
        choose_sample(page, "line")
        page.click("#run:not([disabled])")
        page.click("#agree")
        page.wait_for_function("document.querySelectorAll('#slots .panel footer').length === 3")
        yield page


def test_one_can_stop_and_nothing_else_that_would_be_lost(page):
    expect(page.locator("#stop")).to_be_visible()
    for gone in ("#run", "#consent"):
        expect(page.locator(gone)).to_be_hidden()
    page.wait_for_function("document.querySelector('#pickers').inert")


def test_the_clock_of_an_engine_at_work_runs(page):
    page.wait_for_function(f"was => {CLOCK} > was", arg=page.evaluate(CLOCK))


def test_what_is_typed_is_scored_at_once_and_stays(page):
    page.locator("#reference textarea").fill("nobody wrote this")
    page.wait_for_function("document.querySelectorAll('#slots .panel .wer').length === 3")
    # two ticks, at which the server sends the screen again
    page.wait_for_function(f"was => {CLOCK} > was + 2", arg=page.evaluate(CLOCK))
    expect(page.locator("#slots .panel .wer")).to_have_count(3)
    expect(page.locator(NEVER)).to_have_attribute("aria-busy", "true")


def test_stop_ends_it_and_the_choice_is_free_again(page):
    page.click("#stop")
    page.wait_for_selector("#run", state="visible")
    expect(page.locator(NEVER)).to_contain_text("was stopped")
    expect(page.locator(".panel[aria-busy]")).to_have_count(0)
    page.wait_for_function("!document.querySelector('#pickers').inert")


def test_a_page_that_goes_takes_its_comparison_along(page):
    wait_for_rest(page)
    page.click("#run:not([disabled])")
    page.wait_for_selector("#stop", state="visible")
    page.click("#other-page")
    page.wait_for_selector("#upload", state="visible")
    wait_for_rest(page)  # the old comparison has ended and sent its last update
    expect(page.locator(".panel[aria-busy]")).to_have_count(0)
    expect(page.locator("#run")).to_be_disabled()
    expect(page.locator("#stop")).to_be_hidden()
