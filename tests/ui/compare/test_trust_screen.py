"""Can I trust it? The traps, the same page again and careless scans, with real engines in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.ui.compare.test_compare_screen import choose_sample, compare
from tests.ui.compare.test_kept_desk import KEPT
from tests.ui.streams import answered


@pytest.fixture(scope="module")
def compared(open_app):
    with open_app() as page:
        choose_sample(page, "line")
        compare(page)
        page.locator(".verdict").get_by_role("button", name="Can I trust it?").click()
        yield page


def expect_marks(page, text):
    """Each engine's says so."""
    expect(page.locator(f".ranking .trusted:has-text('{text}')")).to_have_count(4)
    expect(page.locator(".ranking .trusted")).to_have_count(4)


def test_careless_scans_are_plotted(compared):
    compared.get_by_role("button", name="Does it need a perfect scan").click()
    compared.wait_for_selector("#trust svg")
    table = compared.locator("#trust table")
    expect(table.locator("tbody tr")).to_have_count(4)
    expect(table).to_contain_text("half size")
    expect(table).to_contain_text("0.00 %")
    compared.wait_for_selector(".ranking.asked")
    expect_marks(compared, "of 1")


def test_traps_say_who_invents_and_what_was_asked_before_stays(compared):
    compared.get_by_role("button", name="Does it invent").click()
    compared.wait_for_selector(".answered:has-text('Does it invent')")
    expect(compared.locator("#trust")).to_contain_text("blank", ignore_case=True)
    expect(compared.locator("#trust svg")).to_have_count(1)
    expect_marks(compared, "of 2")
    field = compared.locator("#reference textarea")
    reference = field.input_value()
    field.fill("")
    compared.wait_for_selector(".ranking th:has-text('Agreement')")
    expect_marks(compared, "of 2")  # they hold without a reference, too
    field.fill(reference)
    compared.wait_for_selector(".ranking th:has-text('CER')")


def test_answers_come_back_with_the_desk(compared):
    marks = compared.locator(".ranking .trusted")
    before = marks.all_inner_texts(), compared.locator("#trust-answer").inner_text()
    compared.wait_for_function(KEPT)
    compared.reload()
    compared.wait_for_selector(".ranking.asked")
    compared.locator("#trust > button").click()
    compared.wait_for_selector("#trust svg")
    expect(marks).to_have_text(before[0], use_inner_text=True)
    expect(compared.locator("#trust-answer")).to_have_text(before[1], use_inner_text=True)


def test_a_few_typed_lines_are_scored_where_they_stand(visit):
    page = visit()
    page.wait_for_selector(".verdict .headline")
    with answered(page):
        page.locator("#reference textarea").fill("in the middle of the storm. The children have worn")
    page.get_by_text("Only some lines of the page?").click()
    page.wait_for_selector("#verdict .partial table")
    expect(page.locator("#verdict .partial table")).to_contain_text("PP-OCRv6 small")


def test_correction_has_a_price_that_follows_the_assumptions(compared):
    compared.get_by_text("What correction would cost").click()
    rate = compared.get_by_label("Hourly rate")
    table = "#verdict .correction table"
    before = compared.locator(table).inner_text()
    rate.fill("300")
    compared.wait_for_function(f"before => document.querySelector('{table}').innerText !== before", arg=before)


def test_a_phone_shows_what_a_corrected_page_costs_beside_whom_to_trust(compared):
    heads = compared.locator(".verdict .ranking thead th")
    before = compared.viewport_size
    compared.set_viewport_size({"width": 390, "height": 844})
    for trust in ([], ["Trust"]):
        compared.locator(".ranking").evaluate("(e, asked) => e.classList.toggle('asked', asked)", bool(trust))
        heads.filter(has_text="Time").wait_for(state="hidden")
        shown = [head.inner_text() for head in heads.all() if head.is_visible()]
        assert shown[-1 - len(trust) :] == ["Corrected page", *trust]
        assert compared.evaluate("document.documentElement.scrollWidth") <= 390
    compared.set_viewport_size(before)
