"""The table of engines as somebody uses it who looks for one: sieve, sort, take it to Compare; on a phone, too."""

import pytest
from playwright.sync_api import expect

from tests.ui.barriers import fits, serious_findings

ROWS = ".catalogue tbody tr"


@pytest.fixture
def page(visit):
    page = visit()
    page.get_by_role("tab", name="Engines").click()
    page.wait_for_selector(ROWS)
    return page


def names(page):
    return page.locator(f"{ROWS}:visible").evaluate_all("all => all.map(row => row.dataset.name)")


def prices(page):
    return page.locator(f"{ROWS}:visible").evaluate_all("all => all.map(row => row.dataset.usd)")


def test_an_engine_is_found_by_words_and_ticks_put_in_order_and_taken_to_compare(page):
    everyone, sieve = names(page), page.locator(".sieve")
    assert f"{len(everyone)} engines" in page.inner_text(".sieve")
    sieve.get_by_label("Find").fill("microsoft 2230")
    assert names(page) == ["TrOCR large"]
    sieve.get_by_label("Find").fill("no such engine")
    assert names(page) == []
    assert "0 engines" in page.inner_text(".sieve")
    sieve.get_by_label("Find").fill("")
    sieve.get_by_label("stays on this server").check()
    sieve.get_by_label("says where each word stands").check()
    found = names(page)
    assert {"PP-OCRv6 small", "Tesseract 5"} <= set(found)
    assert not {"GPT-5", "TrOCR large"} & set(found)
    sieve.get_by_label("stays on this server").uncheck()
    sieve.get_by_label("says where each word stands").uncheck()

    for rising in (True, False):
        page.get_by_role("button", name="1,000 pages").click()
        known = [float(price) for price in prices(page) if price]
        assert known == sorted(known, reverse=not rising)
        assert not any(prices(page)[len(known) :]), "an unknown price is neither low nor high"
    assert sorted(names(page)) == sorted(everyone)

    page.locator("[data-use='trocr-large']").click()
    page.wait_for_selector("#panel-0 .panel[data-engine='trocr-large']", state="visible")
    expect(page.locator(".chip").first).to_contain_text("TrOCR large")
    page.wait_for_function(
        "new Set([...document.querySelectorAll('#slots .panel')].map(one => one.dataset.engine)).size === 4"
    )


def test_on_a_phone_nothing_sticks_out_and_nobody_is_shut_out(page):
    fits(page, 390)
    page.wait_for_function("""() => {
        const tables = [...document.querySelectorAll('.table-scroll')].filter(one => one.checkVisibility());
        return tables.length && tables.every(one => one.scrollWidth <= one.clientWidth);
    }""")
    assert serious_findings(page) == []
