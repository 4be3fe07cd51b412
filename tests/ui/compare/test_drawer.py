"""What belongs to a result opens beside it: the ranking and the page stay in sight."""

import pytest
from playwright.sync_api import expect

from tests.ui.compare.test_compare_screen import choose_sample, compare
from tests.ui.compare.test_first_minute import wait_in_sight, wait_until


@pytest.fixture(scope="module")
def compared(open_app):
    with open_app() as page:
        choose_sample(page, "line")
        compare(page)
        yield page


@pytest.fixture
def verdict(compared):
    yield compared.locator(".verdict")
    compared.keyboard.press("Escape")
    compared.set_viewport_size({"width": 1440, "height": 1000})


@pytest.mark.parametrize(
    ("name", "part", "inside"),
    [
        ("Can I trust it?", "#trust", "Ask all three"),
        ("What each was sent", "#parity", "Pixels"),
        ("Share or export", "#share", "Export files"),
        ("Settle the disputes", "#settling", "or type what it says"),
    ],
)
def test_a_part_opens_beside_the_ranking_and_goes_with_escape(compared, verdict, name, part, inside):
    opener = verdict.get_by_role("button", name=name)
    opener.click()
    expect(compared.locator(part).get_by_text(inside).first).to_be_visible()
    wait_until(compared, f"edges('{part}').top === 0 && edges('{part}').bottom === innerHeight")
    wait_until(compared, f"edges('.ranking').right <= edges('{part}').left")
    wait_in_sight(compared, ".ranking")
    compared.keyboard.press("Escape")
    wait_until(compared, f"edges('{part}').top !== 0")
    expect(opener).to_be_focused()


def test_one_part_at_a_time_which_its_own_button_closes(compared, verdict):
    verdict.get_by_role("button", name="Can I trust it?").click()
    verdict.get_by_role("button", name="Share or export").click()
    wait_until(compared, "edges('#share').top === 0 && edges('#trust').top !== 0")
    compared.locator("#share").get_by_role("button", name="Close", exact=True).click()
    wait_until(compared, "edges('#share').top !== 0")
    expect(compared.locator(".shut")).to_have_count(0)


def test_on_a_phone_a_part_fills_the_window(compared, verdict):
    compared.set_viewport_size({"width": 390, "height": 844})
    verdict.get_by_role("button", name="Share or export").click()
    wait_until(compared, "edges('#share').left === 0 && edges('#share').width === innerWidth")
    wait_in_sight(compared, "#make-export")


def test_a_desk_that_was_put_away_comes_back(compared, verdict):
    settle, desk = verdict.get_by_role("button", name="Settle the disputes"), compared.locator("#settling .settling")
    for _time in range(2):
        settle.click()
        expect(desk).to_be_visible()
        wait_until(compared, "edges('#settling').top === 0")
        compared.keyboard.press("Escape")
        expect(desk).to_be_hidden()
