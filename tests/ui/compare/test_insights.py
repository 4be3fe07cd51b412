"""What went wrong, in a real browser: opened at once, still open after re-scoring, confusions shown in place."""

import pytest

from tests.ui.compare.test_compare_screen import choose_top, compare


@pytest.fixture(scope="module")
def accounts(open_app, tmp_path_factory):
    with open_app() as page:
        reference = choose_top(page, "accounts", 0.5, tmp_path_factory.mktemp("page"))
        compare(page)
        page.locator("#reference textarea").fill(reference)
        page.wait_for_selector(".panel.best")
        yield page


def test_details_tell_what_went_wrong_and_stay_open(accounts):
    panel = accounts.locator(".panel[data-engine=tesseract]")
    panel.get_by_text("What went wrong").click()
    panel.get_by_text("Taken for one another").wait_for()
    assert "right" in panel.locator(".insight-body").inner_text()
    reference = accounts.locator("#reference textarea")
    reference.fill(reference.input_value() + " and more")
    accounts.wait_for_function(
        "document.querySelector('.panel[data-engine=tesseract] .insight-body').innerText.includes('Taken')"
    )
    assert panel.locator("details[open]").count() == 1


def test_a_confusion_shows_where_it_happened(accounts):
    panel = accounts.locator(".panel[data-engine=tesseract]")
    button = panel.locator("[data-flash]").filter(has_not_text="∅").filter(has_not_text="␣").first
    button.click()
    read = button.locator("> span").nth(1).inner_text()
    shown = accounts.evaluate("[...CSS.highlights.get('flash')].map(range => range.toString())")
    assert shown
    assert all(read.endswith(text) for text in shown)
