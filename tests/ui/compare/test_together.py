"""What four engines read together, on the screen: beside them and not among them, to start from, in either colour."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.ui.barriers import fits, paint, serious_findings
from tests.ui.streams import answered

PANEL = "#together .panel"


@pytest.fixture(scope="module")
def compared(open_app):
    """The example, which four engines have read."""
    with open_app() as page:
        page.wait_for_selector(f"{PANEL} .text[data-plain]")
        yield page


def type_reference(page, text):
    """Until every panel has been scored against it."""
    with answered(page):
        page.fill("#reference textarea", text)


def look(page, name):
    """A picture for whoever asks for one."""
    if folder := os.environ.get("LOOK"):
        page.locator(PANEL).scroll_into_view_if_needed()
        page.locator(PANEL).screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_it_stands_below_the_engines_and_keeps_nobody_out(compared, width, colours):
    fits(compared, width)
    paint(compared, colours)
    look(compared, f"together-{width}-{colours}")
    panel = compared.locator(PANEL)
    expect(panel).to_contain_text("voted from 4 readings, no engine")
    expect(panel.locator(".figure")).not_to_have_text("–")
    expect(panel.locator(".w:is(.unsure, .doubtful)").first).to_have_attribute("title", re.compile("of 4"))
    assert serious_findings(compared, PANEL) == []  # of the rest test_compare_screen asks the same
    expect(compared.locator("#slots .panel")).to_have_count(4)
    expect(compared.locator("#verdict")).not_to_contain_text("Together")


def test_one_can_start_from_it(compared):
    read = compared.locator(f"{PANEL} .actions textarea").input_value()
    with answered(compared):
        compared.locator(f"{PANEL} [data-do=start]").click()
    expect(compared.locator(f"{PANEL} .figure")).to_have_text(re.compile("^0.00"), use_inner_text=True)
    expect(compared.locator("#reference textarea")).to_have_value(read)


def test_words_are_shaded_by_risk_and_the_figure_is_said_by_keyboard_and_by_pointer(compared):
    compared.set_viewport_size({"width": 1440, "height": 1000})
    paint(compared, "light")
    with answered(compared):
        compared.click("[data-shade]")
    compared.wait_for_selector(f"{PANEL} .risk-said")
    expect(compared.locator(".risk-legend")).to_be_visible()
    expect(compared.locator("#slots .risk-said")).to_have_count(4)
    shaded = compared.locator("#slots .w:is(.r1, .r2, .r3)")
    expect(shaded).not_to_have_count(0)
    compared.locator("#slots .w[tabindex='0']").first.focus()
    compared.keyboard.press("ArrowRight")
    said = compared.evaluate("document.activeElement.closest('.panel').querySelector('.risk-said span').innerText")
    assert "% likely to be wrong" in said
    assert said == compared.evaluate("document.activeElement.title")
    assert "the engine says it is" in said
    assert serious_findings(compared) == []
    reference = compared.locator("#reference textarea").input_value()
    type_reference(compared, f"{reference} one word more")
    expect(compared.locator("#slots .risk-said")).to_have_count(4)
    expect(shaded).not_to_have_count(0)
    type_reference(compared, reference)
    compared.click("[data-shade]")
    compared.wait_for_selector(".risk-said", state="detached")
    expect(shaded).to_have_count(0)


def test_the_words_likeliest_wrong_are_checked_by_keyboard_and_lose_nothing(compared):
    reference = compared.locator("#reference textarea").input_value()
    compared.click("[data-shade]")
    button = compared.locator(".risk-said button:enabled").first
    engine = button.get_attribute("data-reader")
    read = compared.locator(f".panel[data-engine='{engine}'] .actions textarea").input_value()
    button.click()
    compared.wait_for_selector(".settling[data-kind=words]:focus")
    if folder := os.environ.get("LOOK"):
        compared.locator(".settling").screenshot(path=f"{folder}/words.png")
    words = compared.locator(".slot-word").count()
    first = float(compared.inner_text(".settling .where").split("about ")[1].split("%")[0])
    assert compared.inner_text(".settling .where").startswith(f"Word 1 of {words}")
    assert compared.locator(".settling .actions textarea").input_value() == read
    compared.keyboard.type("bytyping")
    compared.keyboard.press("Enter")
    for _ in range(words - 1):
        assert float(compared.inner_text(".settling .where").split("about ")[1].split("%")[0]) <= first
        compared.keyboard.press("1")
    assert compared.inner_text(".settling .where") == "All checked."
    checked = compared.locator(".settling .actions textarea").input_value()
    assert "bytyping" in checked
    assert len(checked.split()) == len(read.split())
    assert compared.locator("#reference textarea").input_value() == reference
    with answered(compared):
        compared.click(".settling [data-settle=use]")
    expect(compared.locator("#reference textarea")).to_have_value(checked)
    type_reference(compared, reference)
    compared.click("[data-shade]")


def test_where_all_agree_against_the_reference_one_key_takes_their_word(compared):
    compared.set_viewport_size({"width": 1440, "height": 1000})
    read = compared.locator(f"{PANEL} .actions textarea").input_value()
    wrong = read.replace("Margaret", "Margery").replace("Tuesday", "Thursday").replace("\n", "\n\n", 1)
    type_reference(compared, wrong)
    compared.wait_for_selector(".verdict .settle")
    compared.click(".verdict .settle")
    compared.wait_for_selector(".settling[data-kind=against]:focus")
    if folder := os.environ.get("LOOK"):
        compared.locator(".settling").screenshot(path=f"{folder}/against.png")
    assert compared.inner_text(".settling .where") == "Place 1 of 2"
    assert "url(" in compared.locator(".settling .crop").evaluate("e => getComputedStyle(e).backgroundImage")
    before = compared.inner_text(f"{PANEL} .figure")
    compared.keyboard.press("2")
    assert compared.locator("#reference textarea").input_value() == wrong.replace("Margery", "Margaret")
    compared.keyboard.press("1")
    assert compared.inner_text(".settling .where").startswith("All settled")
    assert compared.locator("#reference textarea").input_value() == wrong.replace("Margery", "Margaret")
    compared.wait_for_function(f"text => document.querySelector('{PANEL} .figure').innerText !== text", arg=before)
