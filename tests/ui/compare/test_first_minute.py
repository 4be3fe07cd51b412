"""What a first visitor sees: a comparison without a click, and that of an own page after one click and a file.

Positions and shifts are measured in the browser, on a screen and on a phone. Every shift counts, however soon it
follows a click, or how much would depend on how busy the machine is.
"""

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.ui.compare.test_compare_screen import LONG, compare

MOST_SHIFT = 0.02
WATCH_SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
}"""
EDGES = "e => { const { top, bottom } = e.getBoundingClientRect(); return [top, bottom]; }"


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["screen", "phone"])
def page(visit, request):
    page = visit()
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    page.reload()
    page.wait_for_selector(".verdict")
    page.evaluate(WATCH_SHIFTS)
    return page


def in_sight(page, selector):
    top, bottom = page.locator(selector).first.evaluate(EDGES)
    return top >= 0 and bottom <= page.viewport_size["height"]


def test_a_comparison_stands_there_and_an_own_page_follows_after_one_click_and_a_file(page, tmp_path):
    page.wait_for_function("document.querySelectorAll('#slots .panel footer').length === 4", timeout=LONG)
    assert page.inner_text(".verdict .headline").startswith("Four engines read this letter.")
    assert page.locator(".ranking tbody tr").count() == 4
    assert in_sight(page, ".ranking")
    assert in_sight(page, "[data-try]")
    assert "Harbour Cottage" in page.locator("#reference textarea").input_value()
    assert page.locator("#run").is_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]

    image = Image.new("RGB", (900, 260), "white")
    ImageDraw.Draw(image).text((40, 80), "Lake Superior 1905", fill="black", font=ImageFont.load_default(72))
    image.save(tmp_path / "own.png")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-try]").click()
    chooser.value.set_files(tmp_path / "own.png")
    page.wait_for_selector("#other-page", state="visible")
    assert page.locator("#reference textarea").input_value() == "", "the sample's words are not this page's"
    assert page.locator("#slots .panel footer").count() == 0

    compare(page)
    page.wait_for_timeout(700)  # milliseconds: the view moves smoothly
    assert in_sight(page, ".verdict .headline")
    assert in_sight(page, ".ranking")
    below = page.locator("#panel-0 .panel").evaluate(EDGES)[0] - page.locator("#verdict").evaluate(EDGES)[1]
    assert 0 <= below < 40, "the readings follow who is best"
    if page.viewport_size["width"] > 1000:
        assert in_sight(page, ".page-image")
        assert in_sight(page, "#panel-0 .score")
        assert page.locator("#top").evaluate(EDGES)[1] <= page.viewport_size["height"] / 3 + 8
    assert page.evaluate("window.shifted") < MOST_SHIFT
