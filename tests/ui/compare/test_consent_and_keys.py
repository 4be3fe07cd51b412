"""Before a page leaves the machine somebody is asked; a visitor's own key opens an engine for the visit."""

import re

import gradio as gr
import pytest
from playwright.sync_api import expect

from engines.catalogue import spec_by_id
from engines.pricing import Free
from playground.host.budget import Consents
from playground.host.guard import Visitor
from tests.ui.barriers import serious_findings
from tests.ui.compare.test_compare_screen import READ, choose_engine, choose_sample, pick
from tests.ui.streams import answered
from tests.vendor_answers import responses
from ui.compare.layout import ConsentSection

KEY = "sk-visitor-canary+0815"
SAID = ".panel[data-engine='gpt-5-mini'] .actions textarea"


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
    page.wait_for_selector(".panel[data-engine='gpt-5-mini'] .in-use")
    assert KEY not in page.content()
    assert KEY not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")

    page.wait_for_function("document.querySelector('#price').innerText.includes('$')")
    page.click("#run:not([disabled])")
    page.wait_for_selector("#agree", state="visible")
    expect(page.locator("#consent")).to_contain_text("OpenAI")
    expect(page.locator("#consent")).to_contain_text("at most $")
    assert vendor.requests == []
    page.wait_for_selector("section.consent:focus")
    page.wait_for_function("document.querySelector('#desk').inert")  # everything else waits for the answer
    assert serious_findings(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("section.consent", state="detached")
    page.wait_for_function("!document.querySelector('#desk').inert")

    page.click("#run:not([disabled])")
    page.wait_for_selector("#agree", state="visible")
    page.click("#agree")
    page.wait_for_function(f"document.querySelectorAll('{READ}').length === 4")
    [request] = vendor.reading_requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    expect(page.locator(SAID)).to_have_value(re.compile("thank you"))

    page.wait_for_selector("#run", state="visible")
    with answered(page):
        page.click("#run:not([disabled])")
    page.wait_for_selector("#run", state="visible")
    assert len(vendor.reading_requests) == 2, "nobody is asked twice in a session"

    engines = page.locator("#slots .panel").evaluate_all("all => all.map(one => one.dataset.engine)")
    pick(page, 3, "PP-OCRv6 small")
    page.wait_for_function("was => document.querySelector('#panel-3 .panel').dataset.engine !== was", arg=engines[3])
    page.click("#run:not([disabled])")
    page.wait_for_function(f"document.querySelectorAll('{READ}').length === 4")
    page.wait_for_selector("#run", state="visible")
    assert len(vendor.reading_requests) == 2, "what has read is not bought again when its neighbour changes"
    vendor.answers = {"/responses": responses("once more")}
    page.locator("[data-again='gpt-5-mini']").click()
    page.wait_for_function("said => document.querySelector(said)?.value === 'once more'", arg=SAID)
    assert len(vendor.reading_requests) == 3


FOUR = {
    "gpt-5-mini": "GPT-5 mini",
    "claude-haiku-5-5": "Claude Haiku 5.5",
    "gemini-3.8-flash": "Gemini 3.8 Flash",
    "openai-compatible": "compatible",
}


def test_four_companies_are_compared_in_three_clicks_and_an_exchange_is_one_call(visit, vendor):
    page = visit()
    for place, (engine_id, name) in enumerate(FOUR.items()):
        pick(page, place, name)
        page.wait_for_selector(f"#panel-{place} .panel[data-engine='{engine_id}']")
    for engine_id in list(FOUR)[:3]:
        form = page.locator(f".panel[data-engine='{engine_id}'] form.own-key")
        form.locator("input").fill(KEY)
        form.locator("button").click()
        page.wait_for_selector(f".panel[data-engine='{engine_id}'] .in-use")
    before = len(vendor.reading_requests)

    page.evaluate("clicks = 0; addEventListener('click', (event) => { clicks += event.isTrusted; }, true)")
    choose_sample(page, "line")
    page.wait_for_function("document.querySelector('#price').innerText.includes('$')")
    page.click("#run:not([disabled])")
    page.click("#agree")
    page.wait_for_function(f"document.querySelectorAll('{READ}').length === 4")
    assert page.evaluate("clicks") == 3
    assert len({request.path for request in vendor.reading_requests[before:]}) == 4
    assert len(vendor.reading_requests) == before + 4
    expect(page.locator(".ranking tbody tr")).to_have_count(4)

    page.wait_for_selector("#run", state="visible")
    pick(page, 1, "GPT-5")
    page.wait_for_selector("#panel-1 .panel[data-engine='gpt-5']")
    page.click("#run:not([disabled])")
    page.wait_for_function(f"document.querySelectorAll('{READ}').length === 4")
    page.wait_for_selector("#run", state="visible")
    assert len(vendor.reading_requests) == before + 5


def test_a_yes_is_for_the_companies_that_were_named():
    """Another engine beside it may wait for its key, or come while the question is open."""
    consents, named, beside = Consents(), spec_by_id("gpt-5"), spec_by_id("claude-opus-4-7")
    with gr.Blocks():
        section = ConsentSection(consents)
    shown = section.ask(section.asks_about("ann", [named]), Free(), Free(), "gpt-5")
    section.agreed(Visitor("ann"), shown[section.asked])
    assert [company.name for company in consents.missing("ann", [named, beside])] == [beside.vendor]
