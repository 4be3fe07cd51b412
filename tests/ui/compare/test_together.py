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
    assert serious_findings(compared) == []
    assert compared.locator("#slots .panel").count() == 4
    assert "Together" not in compared.inner_text("#verdict")


def test_one_can_start_from_it(compared):
    read = compared.locator(f"{PANEL} .actions textarea").input_value()
    compared.locator(f"{PANEL} [data-do=start]").click()
    compared.wait_for_function(f"document.querySelector('{PANEL} .figure').innerText.startsWith('0.00')")
    assert compared.locator("#reference textarea").input_value() == read


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
