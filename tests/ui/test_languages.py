"""The app in the language that somebody picks."""

import httpx2
import pytest
from playwright.sync_api import expect

from tests.ui.barriers import fits
from tests.ui.compare.test_compare_screen import choose_sample, compare
from tests.ui.compare.test_kept_desk import KEPT
from translations import LANGUAGES

READ = "JSON.stringify([...document.querySelectorAll('#slots .text')].map(text => text.dataset.plain))"


@pytest.mark.parametrize(("asked", "said"), [("de-AT", "de"), ("fr;q=0.9, es;q=0.8", "fr"), ("ja", "en")])
def test_what_is_served_speaks_as_the_browser_asks(app_url, asked, said):
    answer = httpx2.get(app_url, headers={"accept-language": asked}).text
    assert f'lang="{said}"' in answer.partition("<head>")[0]
    assert f'<option value="{said}" lang="{said}" selected>' in answer
    gone = httpx2.get(f"{app_url}/r/nobody-shared-this", headers={"accept-language": asked}).text
    assert f'<html lang="{said}">' in gone


def test_the_picked_language_stays_and_so_does_what_was_read(visit):
    page = visit()
    page.select_option("#interface-language", "de")
    expect(page.get_by_role("tab", name="Vergleichen")).to_be_visible()
    expect(page.locator("#slots .panel")).to_have_count(4)
    choose_sample(page, "line")
    compare(page)
    read = page.evaluate(READ)
    assert "station" in read
    page.wait_for_function(KEPT)
    page.reload()
    expect(page.get_by_role("tab", name="Vergleichen")).to_be_visible()
    page.wait_for_function(f"read => {READ} === read", arg=read)
    page.wait_for_function(KEPT)
    page.select_option("#interface-language", "en")
    expect(page.get_by_role("tab", name="Compare")).to_be_visible()
    page.wait_for_function(f"read => {READ} === read", arg=read)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_room_on_a_phone(visit, code):
    page = visit()
    page.context.add_cookies([{"name": "inkquest_language", "value": code, "url": page.url}])
    page.reload()
    expect(page.locator(f"html[lang={code}] #slots .panel")).to_have_count(4)
    for width in (390, 320):
        fits(page, width)
        expect(page.get_by_role("tab")).to_have_count(3)
        tabs, picked = page.get_by_role("tab").last.bounding_box(), page.locator("#interface-language").bounding_box()
        assert tabs["x"] + tabs["width"] <= picked["x"]
        assert picked["x"] + picked["width"] <= width
        assert min(picked["width"], picked["height"]) >= 44
