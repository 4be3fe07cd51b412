"""Can I trust it? The traps, the same page again and careless scans, with real engines in a real browser."""

import pytest

from tests.ui.compare.test_compare_screen import LONG, choose_sample, choose_top, compare
from tests.ui.compare.test_kept_desk import KEPT


@pytest.fixture(scope="module")
def compared(open_app):
    with open_app() as page:
        choose_sample(page, "line")
        compare(page)
        page.locator(".verdict").get_by_role("button", name="Can I trust it?").click()
        yield page


def marks(page):
    return page.locator(".ranking .trusted").all_inner_texts()


def test_careless_scans_are_plotted(compared):
    compared.get_by_role("button", name="Does it need a perfect scan").click()
    compared.wait_for_selector("#trust svg", timeout=LONG)
    table = compared.locator("#trust table")
    assert table.locator("tbody tr").count() == 4
    assert "half size" in table.inner_text()
    assert "0.00 %" in table.inner_text()
    compared.wait_for_function("document.querySelector('.ranking.asked')")
    assert all("of 1" in mark for mark in marks(compared))


def test_traps_say_who_invents_and_what_was_asked_before_stays(compared):
    compared.get_by_role("button", name="Does it invent").click()
    compared.wait_for_selector(".answered:has-text('Does it invent')", timeout=LONG)
    assert "blank" in compared.inner_text("#trust").lower()
    assert compared.locator("#trust svg").count() == 1
    compared.wait_for_function(
        "[...document.querySelectorAll('.ranking .trusted')].every(mark => mark.innerText.includes('of 2'))"
    )
    field = compared.locator("#reference textarea")
    reference = field.input_value()
    field.fill("")
    compared.wait_for_selector(".ranking th:has-text('Agreement')")
    assert all("of 2" in mark for mark in marks(compared)), "they hold without a reference, too"
    field.fill(reference)
    compared.wait_for_selector(".ranking th:has-text('CER')")


def test_answers_come_back_with_the_desk(compared):
    before = marks(compared), compared.locator("#trust-answer").inner_text()
    compared.wait_for_function(KEPT)
    compared.reload()
    compared.wait_for_selector(".ranking.asked")
    compared.locator("#trust > button").click()
    compared.wait_for_selector("#trust svg")
    assert (marks(compared), compared.locator("#trust-answer").inner_text()) == before


def test_a_few_typed_lines_are_scored_where_they_stand(visit, tmp_path):
    page = visit()
    choose_top(page, "letter", 0.45, tmp_path)
    compare(page)
    page.locator("#reference textarea").fill("in the middle of the storm. The children have worn")
    page.get_by_text("Only some lines of the page?").click()
    page.wait_for_selector("#verdict .partial table", timeout=LONG)
    assert "PP-OCRv6 small" in page.locator("#verdict .partial table").inner_text()


def test_correction_has_a_price_that_follows_the_assumptions(compared):
    compared.get_by_text("What correction would cost").click()
    rate = compared.get_by_label("Hourly rate")
    table = "#verdict .correction table"
    before = compared.locator(table).inner_text()
    rate.fill("300")
    compared.wait_for_function(f"before => document.querySelector('{table}').innerText !== before", arg=before)
