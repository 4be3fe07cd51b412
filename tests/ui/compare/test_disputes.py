"""Disputes settled on a real page, end to end, by keyboard only: walk, pick, type, accept, check, scores follow."""

import pytest
from playwright.sync_api import expect

from tests.places import SHARED
from tests.ui.compare.test_compare_screen import READ, choose_top
from tests.ui.streams import wait_for_rest
from ui.html import render

REAL_PAGE = SHARED / "handwriting" / "pages" / "azure_handwritten_text.jpg"
TYPED = "typed-by-hand"


def tab_to(page, selector):
    """Press Tab until what is wanted has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => Boolean(document.activeElement?.matches(s))", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def put_page(page, real, folder):
    if real:
        if not REAL_PAGE.exists():
            pytest.skip("no real pages here")
        page.set_input_files("#upload input[type=file]", REAL_PAGE)
        page.wait_for_selector("#other-page", state="visible")
    else:
        choose_top(page, "misspellings", 0.5, folder)


@pytest.mark.parametrize("real", [True, False], ids=["real page", "sample"])
def test_disputes_are_settled_by_keyboard(visit, tmp_path, real):
    page = visit()
    put_page(page, real, tmp_path)
    page.wait_for_selector("#run:not([disabled])")
    wait_for_rest(page)
    tab_to(page, "#run")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('{READ}').length === 4")
    page.wait_for_selector(".agreement .settle")
    wait_for_rest(page)
    tab_to(page, ".agreement .settle")
    page.keyboard.press("Enter")
    page.wait_for_selector(".settling:focus")

    disputes = page.locator(".slot-word").count()
    first = page.inner_text(".settling .where")
    assert first.startswith(f"Dispute 1 of {disputes} · 0 done, ")
    assert first.endswith(" left")
    now = page.locator(".slot-word.now").get_attribute("data-n")
    page.keyboard.press("j")
    assert page.inner_text(".settling .where").startswith(f"Dispute 2 of {disputes}")
    page.keyboard.press("ArrowUp")
    assert page.inner_text(".settling .where") == first
    assert "url(" in page.locator(".settling .crop").evaluate("e => getComputedStyle(e).backgroundImage")

    page.keyboard.press("2")
    second = page.locator(".settling [aria-pressed=true] b").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.type(TYPED)
    page.keyboard.press("Enter")
    assert "2 done" in page.inner_text(".settling .where")
    page.keyboard.press("0")
    page.wait_for_selector(".settling .rest", state="hidden")
    for _ in range(disputes + 10):
        if page.locator(".settling.finished").count():
            break
        page.keyboard.press("Enter")

    assert "All settled" in page.inner_text(".settling .where")
    word = page.locator(f".slot-word[data-n='{now}']").inner_text()
    assert word == ("∅" if second == "nothing" else second)
    reference = page.locator("#reference textarea").input_value()
    assert TYPED in reference
    page.wait_for_selector(".panel.best")
    expect(page.locator("#slots .panel .score:has-text('CER')")).to_have_count(4)
    expect(page.locator(".settling footer")).to_contain_text("lower bound")
    expect(page.locator("#verdict")).to_contain_text("closest to your reference")


@pytest.mark.parametrize("places", [0, 3])
@pytest.mark.parametrize(
    ("left", "said", "unsaid"), [(0.036, "3.60 %", "too few words"), (None, "too few words", " %")]
)
def test_what_is_left_is_promised_only_where_the_engines_agree_enough(places, left, said, unsaid):
    page = {"target": "#r", "address": "/page.png", "width": 9, "height": 9, "items": "[]", "lines": [], "text": ""}
    walk = render("settling.html", kind="words", label="One", places=places, words=10, left=left, **page)
    assert said in walk
    assert unsaid not in walk
