"""What went wrong, in a real browser: opened at once, still open after re-scoring, confusions shown in place."""

import pytest
from playwright.sync_api import expect

from tests.ui.streams import answered


@pytest.fixture(scope="module")
def example(open_app):
    """Four engines have read it."""
    with open_app() as page:
        page.wait_for_selector(".panel.best")
        yield page


def test_details_tell_what_went_wrong_and_stay_open(example):
    panel = example.locator(".panel[data-engine=tesseract]")
    panel.get_by_text("What went wrong").click()
    panel.get_by_text("Taken for one another").wait_for()
    expect(panel.locator(".insight-body")).to_contain_text("right")
    reference, figure = example.locator("#reference textarea"), panel.locator(".figure").first
    before = figure.inner_text()
    with answered(example):
        reference.fill(reference.input_value() + " and more")
    expect(figure).not_to_have_text(before, use_inner_text=True)
    expect(panel.locator("details[open]")).to_have_count(1)
    expect(panel.locator(".insight-body")).to_contain_text("Taken")


def test_a_confusion_shows_where_it_happened(example):
    panel = example.locator(".panel[data-engine=tesseract]")
    button = panel.locator("[data-flash]").filter(has_not_text="∅").filter(has_not_text="␣").first
    read = button.locator("> span").nth(1).inner_text()
    # Looked at within the click: a moment later it fades.
    example.evaluate("""addEventListener('click', () => {
        window.flashed = [...(CSS.highlights.get('flash') ?? [])].map(range => range.toString());
    }, { once: true })""")
    button.click()
    shown = example.evaluate("window.flashed")
    assert shown
    assert all(read.endswith(text) for text in shown)
