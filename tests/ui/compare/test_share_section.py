"""Sharing as a person does it: choose, blur, make the link, open it, delete it. And files to take along."""

import json
import re
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import expect

from tests.ui.compare.test_compare_screen import choose_sample, compare


@pytest.fixture(scope="module")
def compared(open_app):
    with open_app() as page:
        choose_sample(page, "line")
        compare(page)
        page.locator("#share > button").click()
        yield page


def made_links(page):
    """The link to what is shared now and the one that deletes it, not those of the test before."""
    find = "[...document.querySelectorAll('#share-result a[data-absolute]')].map(link => link.href)"
    before = page.evaluate(find)
    page.click("#make-link")
    page.wait_for_function(f"before => {find}.some(link => !before.includes(link))", arg=before)
    return [urlsplit(link) for link in page.eval_on_selector_all("#share-result a", "all => all.map(a => a.href)")]


def test_a_link_shows_what_was_shared_until_it_is_deleted(compared, app_url):
    link, delete = made_links(compared)
    shown = httpx2.get(f"{app_url}{link.path}")
    assert shown.status_code == 200
    assert "PP-OCRv6 small" in shown.text
    assert "station clock" in shown.text
    assert httpx2.get(f"{app_url}{link.path}/page.jpg").headers["content-type"] == "image/jpeg"

    stranger = compared.context.new_page()
    stranger.goto(f"{app_url}/?run={link.path.rsplit('/', 1)[-1]}")
    stranger.wait_for_selector(".panel.best")
    stranger.wait_for_function("document.querySelector('.page-image')?.naturalWidth > 0")
    expect(stranger.locator("#run")).to_be_disabled()
    expect(stranger.locator("#reference textarea")).to_have_value(re.compile("station clock"))

    stranger.set_viewport_size({"width": 390, "height": 844})
    stranger.goto(f"{app_url}{link.path}")
    rates = stranger.locator("table >> nth=0").locator("tbody tr td:nth-of-type(1)")
    boxes = rates.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert len(boxes) == 5
    assert all(box["right"] <= 390 and box["bottom"] <= 844 for box in boxes), "every CER in sight on a phone"
    assert all("%" in rate for rate in rates.all_inner_texts())

    stranger.goto(delete.geturl())
    with stranger.expect_navigation():
        stranger.get_by_role("button").click()
    stranger.close()
    assert httpx2.get(f"{app_url}{link.path}").status_code == 404
    assert httpx2.get(f"{app_url}{link.path}/page.jpg").status_code == 404


def test_what_is_drawn_over_is_blurred_in_the_public_picture(compared, app_url):
    compared.click("[data-draw=blur]")
    compared.wait_for_selector("svg.blurs.on")
    box = compared.locator("svg.blurs").bounding_box()
    compared.mouse.move(box["x"] + 5, box["y"] + 5)
    compared.mouse.down()
    compared.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] - 5, steps=4)
    compared.mouse.up()
    [[left, top, right, bottom]] = json.loads(compared.locator("#blurred textarea, #blurred input").input_value())
    assert right - left > 500
    assert bottom - top > 50
    link, _ = made_links(compared)
    expect(compared.locator("#share-result")).to_contain_text("1 part of the page blurred")
    blurred = httpx2.get(f"{app_url}{link.path}/page.jpg").content
    plain = httpx2.get(compared.locator(".page-image").evaluate("image => image.src")).content
    assert len(blurred) < len(plain) / 3


def test_without_the_page_no_picture_is_public(compared, app_url):
    compared.get_by_label("Show the page itself").uncheck()
    link, _ = made_links(compared)
    assert httpx2.get(f"{app_url}{link.path}/page.jpg").status_code == 404


def test_files_can_be_taken_along(compared):
    compared.click("#make-export")
    compared.wait_for_selector("#export-result a[download]")
    expect(compared.locator("#share-result a[data-absolute]"), "the link to delete it all stays").to_have_count(2)
    for name, beginning in (("comparison.html", b"<!"), ("comparison.json", b"{"), ("panels.png", b"\x89PNG")):
        address = compared.get_by_role("link", name=name).evaluate("link => link.href")
        assert httpx2.get(address).content.lower().startswith(beginning.lower())
    expect(compared.locator(".reading-files")).to_contain_text("boxes")
    address = compared.locator(".reading-files a", has_text="ALTO").first.evaluate("link => link.href")
    assert b"ns-v4" in httpx2.get(address).content
