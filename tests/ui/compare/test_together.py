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
