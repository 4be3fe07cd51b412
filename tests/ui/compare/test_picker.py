"""An engine is found, given what it needs and put in a place, with a mouse, with keys alone and on a phone."""

import pytest
from playwright.sync_api import expect

from engines.catalogue import spec_by_id
from playground.offer import Offer
from playground.settings import Settings
from tests.ui.barriers import paint, serious_findings
from tests.ui.streams import answered, wait_for_rest
from ui.compare.desk import Desk
from ui.compare.picker import picker_html

PASSWORD = "a phrase of the visitor 0815"
FORM = ".picker form.own-key[data-engine='transkribus']"


ENGINES = "[...document.querySelectorAll('.chip')].map(chip => chip.dataset.engine)"


def open_picker(page, press):
    """As the server lists it: what is open before it answers is drawn once more when it does."""
    with answered(page):
        press()
    page.wait_for_selector("dialog.picker[open]")


@pytest.fixture(scope="module")
def page(open_app):
    """One for all that needs none of its own, each as the one before has left it."""
    with open_app() as page:
        yield page


def test_a_chip_opens_the_engines_and_the_one_chosen_changes_places(page):
    before = page.evaluate(ENGINES)
    open_picker(page, page.locator(".chip").nth(1).click)
    for scheme in ("dark", "light"):
        paint(page, scheme)
        assert serious_findings(page) == [], scheme
    heads = page.locator(".picker thead th").all_inner_texts()
    assert heads == ["Engine", "1,000 pages", "A page took", "Boxes", "Your page", "Ends on"]
    page.locator(".picker [name=local]").check()
    expect(page.locator(".picker tr[data-name]:visible", has_text="goes to")).to_have_count(0)
    expect(page.locator(".picker tr.vendor:visible", has_text="OpenAI")).to_have_count(0)
    page.locator(f".picker [data-choose='{before[3]}']").click()
    page.wait_for_selector(f"#panel-1 .panel[data-engine='{before[3]}']")
    after = [before[0], before[3], before[2], before[1]]
    page.wait_for_function(f"after => JSON.stringify({ENGINES}) === JSON.stringify(after)", arg=after)
    expect(page.locator("dialog.picker[open]")).to_have_count(0)


def test_local_only_leaves_no_company_to_choose(page):
    page.locator("#local-only input").check()
    page.locator(".chip").first.click()
    page.wait_for_selector(".picker .why:has-text('Local only')")
    expect(page.locator(".picker tr[data-name]", has_text="goes to")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Engines").click()
    page.locator("[data-use='gpt-5']").click()
    page.wait_for_selector("#verdict .notice:has-text('Local only')")
    expect(page.locator("#verdict .headline"), "the verdict stays").to_be_visible()
    assert "gpt-5" not in page.evaluate(ENGINES)


def test_with_keys_alone_on_a_phone_an_account_is_given_used_and_taken_back(visit):
    page = visit()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".chip").first.focus()
    open_picker(page, lambda: page.keyboard.press("Enter"))
    page.keyboard.type("transkribus")
    expect(page.locator(".picker tr[data-name]:visible")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    fields = page.locator(f"{FORM} input")
    assert fields.evaluate_all("all => all.map(one => one.type)") == ["text", "text", "password"]
    for typed in ("ann@example.org", "no number", PASSWORD):
        while not page.evaluate(f"document.activeElement.matches({f'{FORM} input'!r})"):
            page.keyboard.press("Tab")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{FORM} [aria-invalid=true]:focus")
    expect(page.locator(f"{FORM} [role=status]")).to_contain_text("no model number")
    assert serious_findings(page) == []
    page.keyboard.press("Control+a")
    page.keyboard.type("51170")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{FORM} [data-remove]")
    wait_for_rest(page)
    expect(page.locator(".picker [name=words]"), "what was sought is still sought").to_have_value("transkribus")
    assert PASSWORD not in page.content()
    assert PASSWORD not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-0 .panel[data-engine='transkribus']", state="attached")
    page.wait_for_selector(".chip[data-engine='transkribus']:focus")
    expect(page.locator(".chip").first).not_to_contain_text("needs")

    open_picker(page, lambda: page.keyboard.press("Enter"))
    page.locator(f"{FORM} [data-remove]").press("Enter")
    page.wait_for_selector(f"{FORM} [type=password]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".chip.missing[data-engine='transkribus']:focus")


def test_a_brought_reading_of_any_name_can_be_picked_again():
    desk = Desk(("a", "b", "c", "d")).with_engine("brought:Trial  page 2", 2)
    assert desk.slots == ("a", "b", "brought:Trial  page 2", "d")
    assert desk.with_engine("d", 0).slots == ("d", "b", "brought:Trial  page 2", "a")
    assert desk.with_engine("e", None).slots == ("e", "a", "b", "brought:Trial  page 2")


@pytest.mark.parametrize("public", ["0", "1"])
def test_who_cannot_run_has_every_field_beside_it_and_a_stranger_is_told_of_no_variable(public):
    environ = {"INKQUEST_PUBLIC": public}
    offer = Offer.from_settings(Settings.from_env(environ), environ)
    html = picker_html(Desk(offer.default_slots()), offer, "ann", timed={})
    for spec in (spec_by_id(one) for one in ("gpt-5", "azure-read", "textract", "transkribus")):
        for variable in (spec.key_env, *spec.other_env):
            assert f'name="{variable}"' in html
    assert ("OPENAI_COMPATIBLE_BASE_URL" in html) == (public == "0")
    assert ("export " in html) == (public == "0")
