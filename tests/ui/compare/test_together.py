"""What four engines read together, on the screen: beside them and not among them, to start from, in either colour."""

import os

import pytest

from tests.ui.barriers import paint, serious_findings
from tests.ui.compare.test_compare_screen import choose_sample, compare

PANEL = "#together .panel"


@pytest.fixture(scope="module")
def compared(open_app):
    with open_app() as page:
        choose_sample(page, "letter")
        compare(page)
        page.wait_for_selector(f"{PANEL} .text[data-plain]")
        yield page


def look(page, name):
    """A picture for whoever asks for one."""
    if folder := os.environ.get("LOOK"):
        page.locator(PANEL).scroll_into_view_if_needed()
        page.locator(PANEL).screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_it_stands_below_the_engines_and_keeps_nobody_out(compared, width, colours):
    compared.set_viewport_size({"width": width, "height": 1000})
    paint(compared, colours)
    look(compared, f"together-{width}-{colours}")
    assert compared.evaluate("document.documentElement.scrollWidth") <= width
    panel = compared.locator(PANEL)
    assert "voted from 4 readings, no engine" in panel.inner_text()
    assert panel.locator(".figure").inner_text() != "–"
    assert panel.locator(".w.unsure, .w.doubtful").count() > 0
    assert "of 4" in panel.locator(".w.unsure, .w.doubtful").first.get_attribute("title")
    assert serious_findings(compared, PANEL) == []  # of the rest test_compare_screen asks the same
    assert compared.locator("#slots .panel").count() == 4
    assert "Together" not in compared.inner_text("#verdict")


def test_one_can_start_from_it(compared):
    read = compared.locator(f"{PANEL} .actions textarea").input_value()
    compared.locator(f"{PANEL} [data-do=start]").click()
    compared.wait_for_function(f"document.querySelector('{PANEL} .figure').innerText.startsWith('0.00')")
    assert compared.locator("#reference textarea").input_value() == read


def test_words_are_shaded_by_risk_and_the_figure_is_said_by_keyboard_and_by_pointer(compared):
    compared.set_viewport_size({"width": 1440, "height": 1000})
    paint(compared, "light")
    compared.click("[data-shade]")
    compared.wait_for_selector(f"{PANEL} .risk-said")
    assert compared.is_visible(".risk-legend")
    assert compared.locator("#slots .risk-said").count() == 4
    shaded = compared.locator("#slots .w:is(.r1, .r2, .r3)")
    assert shaded.count() > 0
    compared.locator("#slots .w[tabindex='0']").first.focus()
    compared.keyboard.press("ArrowRight")
    said = compared.evaluate("document.activeElement.closest('.panel').querySelector('.risk-said span').innerText")
    assert "% likely to be wrong" in said
    assert said == compared.evaluate("document.activeElement.title")
    assert "the engine says it is" in said
    assert serious_findings(compared) == []
    reference = compared.locator("#reference textarea").input_value()
    compared.fill("#reference textarea", f"{reference} one word more")
    compared.wait_for_function("document.querySelectorAll('#slots .w:is(.r1, .r2, .r3)').length > 0")
    compared.fill("#reference textarea", reference)
    compared.click("[data-shade]")
    compared.wait_for_selector(".risk-said", state="detached")
    assert shaded.count() == 0


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
    compared.click(".settling [data-settle=use]")
    assert compared.locator("#reference textarea").input_value() == checked
    compared.fill("#reference textarea", reference)
    compared.click("[data-shade]")


def test_where_all_agree_against_the_reference_one_key_takes_their_word(compared):
    compared.set_viewport_size({"width": 1440, "height": 1000})
    read = compared.locator(f"{PANEL} .actions textarea").input_value()
    wrong = read.replace("Margaret", "Margery").replace("Tuesday", "Thursday").replace("\n", "\n\n", 1)
    compared.fill("#reference textarea", wrong)
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
