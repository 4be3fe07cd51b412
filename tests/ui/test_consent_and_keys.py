"""Before a page leaves the machine somebody is asked; a visitor's own key opens an engine for the visit."""

import pytest

from tests.live_app import serve
from tests.loopback_vendor import LoopbackVendor
from tests.ui.test_compare_screen import LONG, READ, choose_sample

KEY = "sk-visitor-canary+0815"


@pytest.fixture(scope="module")
def vendor():
    with LoopbackVendor() as vendor:
        yield vendor


@pytest.fixture(scope="module")
def page(browser, vendor, tmp_path_factory):
    process, url = serve(tmp_path_factory.mktemp("keys"), OPENAI_BASE_URL=f"{vendor.url}/v1")
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(url)
    page.wait_for_selector(".panel")
    page.locator("#picker-0 input").fill("GPT-5 mini")
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel[data-engine='gpt-5-mini']")
    choose_sample(page, "line")
    yield page
    page.context.close()
    process.terminate()
    process.wait(10)


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
