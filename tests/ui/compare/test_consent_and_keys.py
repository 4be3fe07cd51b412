"""Before a page leaves the machine somebody is asked; a visitor's own key opens an engine for the visit."""

import pytest

from tests.ui.compare.test_compare_screen import LONG, READ, choose_engine, choose_sample

KEY = "sk-visitor-canary+0815"


@pytest.fixture
def page(visit):
    page = visit()
    choose_engine(page, "GPT-5 mini", "gpt-5-mini")
    choose_sample(page, "line")
    return page


def test_a_key_opens_the_engine_and_a_yes_sends_the_page(page, vendor):
    form = page.locator(".panel[data-engine='gpt-5-mini'] form.own-key")
    form.locator("input").fill(KEY)
    form.locator("button").click()
    form.wait_for(state="detached")
    assert KEY not in page.content()
    assert KEY not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")

    page.wait_for_function("document.querySelector('#price').innerText.includes('$')")
    page.click("#run:not([disabled])")
    page.wait_for_selector("#agree", state="visible")
    assert "OpenAI" in page.inner_text("#consent")
    assert vendor.requests == []

    page.click("#agree")
    page.wait_for_function(f"document.querySelectorAll('{READ}').length === 4", timeout=LONG)
    [request] = vendor.reading_requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert "thank you" in page.locator(".panel[data-engine='gpt-5-mini'] .actions textarea").input_value()

    page.wait_for_selector("#run", state="visible")
    page.click("#run:not([disabled])")
    page.wait_for_selector("#stop", state="visible")
    page.wait_for_selector("#run", state="visible", timeout=LONG)
    assert len(vendor.reading_requests) == 2, "nobody is asked twice in a session"
