"""A reading of one's own on the Compare screen: pasted or dropped, scored, boxed, shared and exported with its mark."""

from json import loads
from urllib.parse import urlsplit

import gradio as gr
import httpx2
import pytest
from playwright.sync_api import expect

from engines.catalogue import CATALOGUE, MARK, brought_spec
from engines.contract import PageImage, Reading, Region
from engines.formats.layout import ForeignReading
from playground.engine_runs import EngineRun
from playground.uploads import UploadRefused
from samples import load_samples
from tests.ui.barriers import fits, paint, serious_findings
from tests.ui.compare.test_compare_screen import choose_sample, pick
from tests.ui.compare.test_readings_on_screen import desk_with, shared_of
from ui.compare.desk import Desk
from ui.compare.picker import OwnReadingForm
from ui.layout import REGION_BYTES, kept_bytes
from ui.programs import MOST_OWN
from ui.routes.downloads import as_html

LINE = next(sample for sample in load_samples() if sample.id == "line")
HOCR = """<html><head><meta name="ocr-system" content="other 1.0"/></head><body>
<div class="ocr_page" title="bbox 0 0 1000 200"><span class="ocr_line" title="bbox 100 50 900 150">
<span class="ocrx_word" title="bbox 100 50 500 150; x_wconf 90">The</span>
<span class="ocrx_word" title="bbox 500 50 900 150; x_wconf 80">station</span></span></div></body></html>"""
CUNNING = '<img src=x onerror=alert(1)> "quoted"'


def choose_own(page, slot):
    pick(page, slot, "A reading of your own")
    page.wait_for_selector("#own-reading", state="visible")


def add(page, name, *, text="", usd=""):
    if text:
        page.locator("#own-text textarea").fill(text)
    page.locator("#own-name input, #own-name textarea").fill(name)
    page.locator("#own-usd input, #own-usd textarea").fill(usd)
    page.click("#own-add")


@pytest.fixture(scope="module")
def page(open_app):
    """One for all that needs none of its own, each as the one before has left it."""
    with open_app() as page:
        yield page


NEIGHBOURS = """() => {
  const above = [...document.querySelectorAll('.panel:is([aria-label=Short], article) mark i')];
  const boxes = above.map(one => one.getBoundingClientRect());
  const touch = (one, next) => Math.abs(one.top - next.top) < 6 && next.left - one.right < 2;
  const close = boxes.slice(1).filter((box, at) => touch(boxes[at], box));
  return [boxes.length, close.length];
}"""


def panel(page, name):
    return page.locator(f".panel[aria-label='{name}']")


def test_read_elsewhere_is_found_by_that_name_and_its_form_is_in_sight_to_be_filled(page):
    choose_sample(page, "line")
    for place, (width, height) in enumerate(((1440, 900), (390, 844))):
        page.set_viewport_size({"width": width, "height": height})
        pick(page, place, "read elsewhere")
        page.wait_for_function("document.activeElement.matches('#own-text textarea')")
        page.wait_for_function(
            "(({top, bottom}) => top >= 0 && bottom <= innerHeight)(document.activeElement.getBoundingClientRect())"
        )


def expect_apart(page):
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        errors, close = page.evaluate(NEIGHBOURS)
        assert errors > 1
        assert close == 0


def test_what_stands_above_neighbouring_errors_does_not_touch(page):
    choose_own(page, 0)
    add(page, "Short", text=" ".join("o" for _ in LINE.reference.split()))
    page.wait_for_selector("#slots .panel[aria-label=Short] .text[data-plain] mark i", state="attached")
    expect_apart(page)


@pytest.mark.parametrize("reference", [LINE.reference, "incomprehensibilities tempestuousness \u6771\u4eac \u591c y"])
def test_nor_does_it_in_a_file_to_keep_or_on_a_shared_page(profile, reference):
    """No script draws these, and a shared page takes no style but that of files."""
    read = EngineRun("short", Reading(" ".join("x" for _ in reference.split())), 1.0)
    kept = profile.new_page()
    kept.set_content(as_html(shared_of(desk_with(read), reference), None, CATALOGUE).decode())
    expect_apart(kept)
    kept.close()


def test_it_stands_beside_engines_and_stays_when_they_run(page):
    page.set_viewport_size({"width": 1440, "height": 1000})
    choose_own(page, 3)
    add(page, "by hand", text=LINE.reference)
    panel(page, "by hand").locator(".figure").wait_for()
    page.click("#run:not([disabled])")
    page.wait_for_function("document.querySelectorAll('#slots .panel footer').length === 4")
    expect(panel(page, "by hand")).to_have_attribute("data-edits", "0")
    expect(page.locator("#verdict .headline")).to_contain_text("by hand")
    page.click("#other-page")
    page.wait_for_selector(".panel.own")
    expect(page.locator("#own-reading")).to_be_visible()


def test_what_cannot_be_used_is_said_and_nobody_is_shut_out(page, tmp_path):
    choose_own(page, 0)
    add(page, "early", text="too early")
    page.wait_for_selector("#own-reading .notice")
    expect(page.locator("#own-reading .notice")).to_contain_text("Choose a page first")
    expect(page.locator("#own-text textarea")).to_have_value("too early")
    choose_sample(page, "line")
    for name, content, sentence in (
        ("cut.json", b'{"Blocks": [{"BlockType": "LI', "cut off"),
        ("bytes.txt", b"\x00\x01\x02\xff" * 50, "bytes.txt"),
        ("long.txt", b"word " * 40_000, "more than a page"),
    ):
        (tmp_path / name).write_bytes(content)
        page.set_input_files("#own-file input[type=file]", tmp_path / name)
        page.wait_for_selector(f"#own-reading .notice:has-text('{sentence}')")
    page.locator("#own-usd input, #own-usd textarea").fill("cheap")
    page.click("#own-add")
    page.wait_for_selector("#own-reading .notice:has-text('type a number')")
    for colours in ("light", "dark"):
        paint(page, colours)
        for width in (390, 1440):
            fits(page, width)
            assert serious_findings(page) == []


def test_pasted_and_dropped_readings_are_scored_boxed_shared_and_exported(visit, app_url, tmp_path, tmp_path_factory):
    page = visit()
    choose_sample(page, "line")
    choose_own(page, 0)
    add(page, "Trial page", text=LINE.reference[:-1] + "#", usd="0.02")
    panel(page, "Trial page").locator(".figure").wait_for()
    shown = panel(page, "Trial page").inner_text()
    assert MARK in shown
    assert "$0.02" in shown
    assert " s ·" not in shown
    assert panel(page, "Trial page").get_attribute("data-edits") == "1"
    expect(page.locator("#own-reading")).to_be_hidden()

    choose_own(page, 1)
    (tmp_path / "other tool.hocr").write_text(HOCR)
    page.set_input_files("#own-file input[type=file]", tmp_path / "other tool.hocr")
    page.wait_for_selector("#own-reading .found")
    expect(page.locator("#own-reading .found")).to_contain_text("hOCR")
    expect(page.locator("#own-text textarea")).to_have_value("The station")
    expect(page.locator("#own-name input, #own-name textarea")).to_have_value("other tool")
    add(page, CUNNING)
    page.wait_for_selector(".boxes g[data-level=word] polygon", state="attached")
    width = int(page.locator("#page-stack img").get_attribute("width"))
    points = page.locator(".boxes g[data-level=word] polygon").first.get_attribute("points")
    assert float(points.split(",")[0]) == round(0.1 * width)
    expect(page.locator(".panel").nth(1)).to_have_attribute("aria-label", CUNNING)
    expect(page.locator(".panel img")).to_have_count(0)
    assert "$" not in page.locator(".panel").nth(1).inner_text().split("CER")[0]
    expect(page.locator("#own-reading")).to_be_hidden()
    assert list(tmp_path_factory.getbasetemp().rglob("other*tool.hocr")) == [tmp_path / "other tool.hocr"]

    page.locator("#share > button").click()
    page.click("#make-link")
    page.wait_for_selector("#share-result a[data-absolute]")
    link = urlsplit(page.eval_on_selector("#share-result a", "a => a.href"))
    shared = httpx2.get(f"{app_url}{link.path}").text
    assert MARK in shared
    assert "Trial page" in shared
    assert "<img src=x" not in shared
    document = loads(httpx2.get(f"{app_url}{link.path}/comparison.json").text)
    runs = {run["engine"]: run for run in document["runs"]}
    assert list(runs) == ["brought:Trial page", f"brought:{CUNNING}"]
    assert (runs["brought:Trial page"]["seconds"], runs["brought:Trial page"]["cost_usd"]) == (None, 0.02)
    assert "brought:Trial page" in httpx2.get(f"{app_url}{link.path}/comparison.csv").text
    assert httpx2.get(f"{app_url}{link.path}/panels.png").headers["content-type"] == "image/png"

    stranger = page.context.new_page()
    stranger.goto(f"{app_url}/?run={link.path.rsplit('/', 1)[-1]}")
    panel(stranger, "Trial page").locator(".figure").wait_for()
    expect(panel(stranger, "Trial page")).to_contain_text(MARK)
    stranger.close()


BOXES = Reading("word " * 100, (Region("word", "word", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))),) * 100)


def test_nobody_brings_readings_without_end():
    with gr.Blocks():
        form = OwnReadingForm(None)
    desk = Desk(())
    for number in range(MOST_OWN):
        own = form.taken(desk, "what was read", "", "", None)
        desk = desk.with_own(EngineRun(brought_spec(f"reader {number}").id, own.foreign.reading, None))
    with pytest.raises(UploadRefused, match="20 readings from elsewhere"):
        form.taken(desk, "what was read", "", "", None)


def test_what_was_brought_counts_among_what_a_session_keeps():
    desk = Desk((), PageImage("a", b"p" * 1000, 9, 9))
    most = kept_bytes(desk.with_own(EngineRun(brought_spec("me").id, BOXES, None)))
    assert kept_bytes(desk) == 1000
    assert most == 1000 + kept_bytes(ForeignReading(BOXES, "hOCR")) >= 1000 + 100 * REGION_BYTES
