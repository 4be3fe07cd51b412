"""Whatever an engine answers is shown as text: nothing executed, nothing fetched, nothing lost."""

import pytest
from playwright.sync_api import expect

from tests.ui.compare.test_compare_screen import choose_engine, choose_sample
from tests.vendor_answers import chat
from tests.waiting import let_markup_run

PAYLOAD = (
    '<img src="https://evil.example/x.png" onerror="window.hacked=1"> <script>window.hacked=2</script> '
    "<svg onload=window.hacked=3> ${window.hacked=4} {{window.hacked=5}} "
    "<iframe srcdoc='<script>parent.hacked=6</script>'> "
    '"\' data-b="x" onmouseover="window.hacked=7" </textarea><b>bold</b> [link](javascript:window.hacked=8)'
)
LETTER = "Dear Sir, thank you for the parcel which arrived on Tuesday in the middle of the storm.\n"


@pytest.fixture(scope="module")
def page(open_app, app_url, vendor):
    with open_app() as page:
        page.foreign = []
        page.on("request", lambda asked: None if asked.url.startswith(app_url) else page.foreign.append(asked.url))
        choose_engine(page, "compatible", "openai-compatible")
        choose_sample(page, "line")
        page.click("#run:not([disabled])")
        page.click("#agree")
        page.wait_for_selector(".panel[data-engine='openai-compatible'] footer")
        page.wait_for_selector("#run", state="visible")
        yield page


def shown(page, vendor, text, reference=""):
    """Run the comparison with this answer, which is another than the last, and return what the panel shows."""
    vendor.answers = {"/chat/completions": chat(text)}
    page.locator("#reference textarea").fill(reference)
    page.click("#run:not([disabled])")
    arrived = """text => [...document.querySelectorAll(".panel[data-engine='openai-compatible'] .actions textarea")]
        .some(area => area.value === text)"""
    page.wait_for_function(arrived, arg=text)
    page.wait_for_selector("#run", state="visible")
    page.wait_for_selector(".panel[data-engine='openai-compatible'] .text[data-plain]")
    return page.locator(".panel[data-engine='openai-compatible']")


@pytest.mark.parametrize("reference", ["", "What the page says " + PAYLOAD[:80]], ids=["alone", "scored"])
def test_markup_is_text(page, vendor, reference):
    panel = shown(page, vendor, PAYLOAD + reference, reference)
    panel.locator(".text").hover()
    let_markup_run(page)
    assert page.evaluate("window.hacked") is None
    assert page.foreign == []
    expect(panel.locator(".text")).to_contain_text("evil.example")
    expect(panel.locator(".text").locator("img, script, svg, iframe, b, a")).to_have_count(0)


def test_fifty_thousand_characters(page, vendor):
    panel = shown(page, vendor, LETTER * 575, LETTER * 560)
    assert len(panel.locator(".text").text_content()) > 49_000
    lines = "document.querySelectorAll(\".panel[data-engine='openai-compatible'] .line\").length"
    page.wait_for_function(f"{lines} === 575")
    # innerText leaves out what is not laid out; a panel that is drawn again starts at its top
    page.wait_for_function("""() => {
        const last = [...document.querySelectorAll(".panel[data-engine='openai-compatible'] .line")].at(-1);
        last.scrollIntoView();
        return last.innerText.includes("storm.");
    }""")
    page.locator("#reference textarea").fill(LETTER * 575)
    page.wait_for_function("document.querySelector('.panel .figure').innerText.startsWith('0.00')")


def test_nothing_and_right_to_left(page, vendor):
    expect(shown(page, vendor, "")).to_contain_text("no text found")
    arabic = "السيد العزيز\nشكرا لك"
    text = shown(page, vendor, arabic, arabic).locator(".text")
    expect(text).to_have_attribute("dir", "auto")
    expect(text).to_have_css("direction", "rtl")
