"""An engine is found, given what it needs and put in a place, with a mouse, with keys alone and on a phone."""

import pytest

from engines.catalogue import spec_by_id
from playground.offer import Offer
from playground.settings import Settings
from tests.ui.barriers import serious_findings
from ui.compare.desk import Desk
from ui.compare.picker import picker_html

PASSWORD = "a phrase of the visitor 0815"
FORM = ".picker form.own-key[data-engine='transkribus']"


def engines(page):
    return page.locator(".chip").evaluate_all("all => all.map(one => one.dataset.engine)")


def test_a_chip_opens_the_engines_and_the_one_chosen_changes_places(visit):
    page = visit()
    before = engines(page)
    page.locator(".chip").nth(1).click()
    page.wait_for_selector("dialog.picker[open]")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=scheme == "dark")
        assert serious_findings(page) == [], scheme
    heads = page.locator(".picker thead th").all_inner_texts()
    assert heads == ["Engine", "1,000 pages", "A page took", "Boxes", "Your page", "Ends on"]
    page.locator(".picker [name=local]").check()
    assert page.locator(".picker tr[data-name]:visible", has_text="goes to").count() == 0
    assert page.locator(".picker tr.vendor:visible", has_text="OpenAI").count() == 0
    page.locator(f".picker [data-choose='{before[3]}']").click()
    page.wait_for_selector(f"#panel-1 .panel[data-engine='{before[3]}']")
    assert engines(page) == [before[0], before[3], before[2], before[1]]
    assert not page.locator("dialog.picker").evaluate("e => e.open")


def test_with_keys_alone_on_a_phone_an_account_is_given_used_and_taken_back(visit):
    page = visit()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".chip").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.picker[open]")
    page.keyboard.type("transkribus")
    assert page.locator(".picker tr[data-name]:visible").count() == 1
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
    assert "no model number" in page.inner_text(f"{FORM} [role=status]")
    assert serious_findings(page) == []
    page.keyboard.press("Control+a")
    page.keyboard.type("51170")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{FORM} [data-remove]")
    assert page.locator(".picker [name=words]").input_value() == "transkribus", "what was sought is still sought"
    assert PASSWORD not in page.content()
    assert PASSWORD not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-0 .panel[data-engine='transkribus']", state="attached")
    page.wait_for_selector(".chip[data-engine='transkribus']:focus")
    assert "needs" not in page.locator(".chip").first.inner_text()

    page.keyboard.press("Enter")
    page.locator(f"{FORM} [data-remove]").press("Enter")
    page.wait_for_selector(f"{FORM} [type=password]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".chip.missing[data-engine='transkribus']:focus")


def test_local_only_leaves_no_company_to_choose(visit):
    page = visit()
    page.locator("#local-only input").check()
    page.locator(".chip").first.click()
    page.wait_for_selector(".picker .why:has-text('Local only')")
    assert page.locator(".picker tr[data-name]", has_text="goes to").count() == 0
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Engines").click()
    page.locator("[data-use='gpt-5']").click()
    page.wait_for_selector("#verdict .notice:has-text('Local only')")
    assert "gpt-5" not in engines(page)


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
