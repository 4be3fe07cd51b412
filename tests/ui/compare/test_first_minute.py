"""What a first visitor sees: a comparison without a click, and that of an own page after one click and a file.

Positions and shifts are measured in the browser, on a screen and on a phone. Every shift counts, however soon it
follows a click, or how much would depend on how busy the machine is.
"""

import re

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect

from tests.ui.compare.test_compare_screen import compare

MOST_SHIFT = 0.02
WATCH_SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
}"""
EDGES = "const edges = (selector) => document.querySelector(selector).getBoundingClientRect();"


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["screen", "phone"])
def page(visit, request):
    page = visit()
    page.emulate_media(reduced_motion="no-preference")
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    page.reload()
    page.wait_for_selector(".verdict")
    page.evaluate(WATCH_SHIFTS)
    return page


def wait_until(page, condition):
    """Positions come to rest a moment after what they are of: views move smoothly, pictures come."""
    page.wait_for_function(f"() => {{ {EDGES} return {condition}; }}")


def wait_in_sight(page, selector):
    wait_until(page, f"edges('{selector}').top >= 0 && edges('{selector}').bottom <= innerHeight")


def test_a_comparison_stands_there_and_an_own_page_follows_after_one_click_and_a_file(page, tmp_path):
    page.wait_for_function("document.querySelectorAll('#slots .panel footer').length === 4")
    expect(page.locator(".verdict .headline")).to_have_text(re.compile("^Four engines read this letter."))
    expect(page.locator(".ranking tbody tr")).to_have_count(4)
    wait_in_sight(page, ".ranking")
    wait_in_sight(page, "[data-try]")
    expect(page.locator("#reference textarea")).to_have_value(re.compile("Harbour Cottage"))
    expect(page.locator("#run")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]

    image = Image.new("RGB", (900, 260), "white")
    ImageDraw.Draw(image).text((40, 80), "Lake Superior 1905", fill="black", font=ImageFont.load_default(72))
    image.save(tmp_path / "own.png")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-try]").click()
    chooser.value.set_files(tmp_path / "own.png")
    page.wait_for_selector("#other-page", state="visible")
    expect(page.locator("#reference textarea"), "the sample's words are not this page's").to_have_value("")
    expect(page.locator("#slots .panel footer")).to_have_count(0)

    compare(page)
    wait_in_sight(page, ".verdict .headline")
    wait_in_sight(page, ".ranking")
    below = "edges('#panel-0 .panel').top - edges('#verdict').bottom"
    wait_until(page, f"{below} >= 0 && {below} < 40")  # the readings follow who is best
    if page.viewport_size["width"] > 1000:
        wait_in_sight(page, ".page-image")
        wait_in_sight(page, "#panel-0 .score")
        wait_until(page, "edges('#top').bottom <= innerHeight / 3 + 8")
    assert page.evaluate("window.shifted") < MOST_SHIFT
