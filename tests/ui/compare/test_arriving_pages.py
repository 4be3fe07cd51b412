"""How a page comes: out of a PDF or TIFF, lying wrong, dropped or pasted anywhere; and in which language it is."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from samples import load_samples
from tests.ui.barriers import serious_findings
from tests.ui.compare.test_own_reading import add, choose_own

LETTER = next(sample for sample in load_samples() if sample.id == "letter").image
OTHER = "#other-page"
"""Is there once a page of one's own lies on the desk; before that, the example does."""
NOTE = "document.querySelector('#page-note').innerText"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    # The pixels alone, without what a JPEG says of itself; at a third of the size it is as easy to see how a page lies.
    letter = Image.fromarray(np.asarray(Image.open(LETTER).reduce(3)))
    turned = letter.transpose(Image.Transpose.ROTATE_180)
    letter.save(folder / "two.tif", save_all=True, append_images=[turned])
    letter.save(folder / "three.pdf", save_all=True, append_images=[turned, Image.new("RGB", letter.size, "white")])
    letter.transpose(Image.Transpose.ROTATE_90).save(folder / "side.jpg")
    return folder


@pytest.fixture(scope="module")
def tab(open_app):
    with open_app() as page:
        yield page


@pytest.fixture
def visit(tab):
    """The desk without a page of one's own, as it is before the next one comes: a tab for each costs seconds."""
    yield tab
    tab.get_by_role("tab", name="Compare").click()
    if tab.is_visible(OTHER):
        tab.click(OTHER)
        tab.wait_for_selector(OTHER, state="hidden")


def bring(page, file):
    page.set_input_files("#page-actions input[type=file]", file)
    page.wait_for_selector(OTHER, state="visible")


def arrive(page, event, file, *, at="document.body", text=""):
    """A file that is dropped or pasted, as the browser tells of it; whether anybody took it, and the target shows."""
    return page.evaluate(
        """async ({event, at, data, name, text}) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], name));
            if (text) carried.setData('text/plain', text);
            const common = {bubbles: true, cancelable: true};
            const of = event === 'paste'
              ? new ClipboardEvent('paste', {...common, clipboardData: carried})
              : new DragEvent(event, {...common, dataTransfer: carried});
            const taken = !eval(at).dispatchEvent(of);
            return {taken, target: document.querySelector('#drop-target')?.checkVisibility() ?? false};
        }""",
        {
            "event": event,
            "at": at,
            "data": base64.b64encode(file.read_bytes()).decode(),
            "name": file.name,
            "text": text,
        },
    )


@pytest.mark.parametrize(("name", "pages"), [("three.pdf", 3), ("two.tif", 2)])
def test_a_page_is_chosen_by_its_picture(visit, files, name, pages):
    bring(visit, files / name)
    visit.wait_for_function(f"document.querySelectorAll('.thumbnails img').length === {pages}")
    first = visit.get_attribute("#page-stack img", "src")
    visit.locator(".thumbnails button").nth(1).focus()
    visit.keyboard.press("Enter")
    visit.wait_for_function(f"{NOTE}.includes('upside down')")
    expect(visit.locator("#page-stack img")).not_to_have_attribute("src", first)
    expect(visit.locator(".thumbnails [aria-current]")).to_have_attribute("data-page", "2")
    assert not serious_findings(visit)


def test_a_page_on_its_side_is_turned_and_turned_back(visit, files):
    bring(visit, files / "side.jpg")
    visit.wait_for_function(f"{NOTE}.includes('lay on its side: turned by 90 degrees')")
    picture = "document.querySelector('#page-stack img')"
    upright = f"Number({picture}?.getAttribute('width')) < Number({picture}?.getAttribute('height'))"
    on_its_side = upright.replace("<", ">")
    visit.wait_for_function(upright)
    visit.click("#straighten-page")
    visit.wait_for_function(f"{NOTE}.includes('As it lay in the file.')")
    visit.wait_for_function(on_its_side)
    visit.click("#turn-page")
    visit.wait_for_function(upright)
    expect(visit.locator("#page-note")).to_contain_text("turned by 90 degrees")

    # A reading of the file, which lies on its side, turns with the page: when it is added, and once more by hand.
    width, height = (int(visit.locator("#page-stack img").get_attribute(side)) for side in ("width", "height"))
    choose_own(visit, 0)
    word = '<span class="ocrx_word" title="bbox 10 20 30 60">Dear</span>'
    page = f'<div class="ocr_page" title="bbox 0 0 {height} {width}">{word}</div>'
    (files / "own.hocr").write_text(f"<html>{page}</html>")
    visit.set_input_files("#own-file input[type=file]", files / "own.hocr")
    visit.wait_for_selector("#own-reading .found")
    add(visit, "Elsewhere")
    outline = visit.locator(".boxes g[data-level=word] polygon")
    expect(outline).to_have_attribute("points", corners(width - 60, 10, width - 20, 30))
    visit.click("#turn-page")
    expect(outline).to_have_attribute("points", corners(height - 30, width - 60, height - 10, width - 20))
    expect(visit.locator(".panel[aria-label=Elsewhere] .text")).to_contain_text("Dear")


def corners(left, top, right, bottom):
    return " ".join(f"{x},{y}" for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)))


def test_what_is_no_page_is_refused_in_a_sentence(visit, files):
    (files / "cut.pdf").write_bytes((files / "three.pdf").read_bytes()[:200])
    visit.set_input_files("#page-actions input[type=file]", files / "cut.pdf")
    visit.wait_for_selector("#problem >> text=cut.pdf is a PDF that is damaged")


def test_a_page_is_dropped_anywhere(visit, files):
    # Asked at once: it hides itself a moment after the last of what a browser tells again and again.
    assert arrive(visit, "dragover", files / "side.jpg", at="document.querySelector('#slots')")["target"]
    arrive(visit, "drop", files / "three.pdf", at="document.querySelector('#slots')")
    visit.wait_for_selector(OTHER, state="visible")
    expect(visit.locator("#drop-target")).to_be_hidden()
    expect(visit.locator("#page-file")).to_be_hidden()
    arrive(visit, "drop", files / "side.jpg", at="document.querySelector('#page-stack')")
    visit.wait_for_function(f"{NOTE}.includes('lay on its side')")
    visit.wait_for_selector(".thumbnails", state="detached")


def test_pages_are_dropped_anywhere_in_evaluate(visit, files):
    visit.get_by_role("tab", name="Evaluate").click()
    visit.wait_for_selector("#evaluate-start", state="visible")
    arrive(visit, "drop", files / "side.jpg", at="document.querySelector('#evaluate-pickers')")
    visit.wait_for_selector(".evaluate-plan >> text=1 item")
    expect(visit.locator(OTHER)).to_have_count(0)


def test_a_page_is_pasted_anywhere_and_text_stays_text(visit, files):
    visit.fill("#reference textarea", "as it was")
    uploads = []
    visit.on("request", lambda asked: uploads.append(asked.url) if asked.url.endswith("/upload") else None)
    field = "document.querySelector('#reference textarea')"
    assert not arrive(visit, "paste", files / "side.jpg", at=field, text="words")["taken"]
    assert arrive(visit, "paste", files / "side.jpg")["taken"]
    visit.wait_for_selector(OTHER, state="visible")
    assert len(uploads) == 1


def test_a_sample_s_language_goes_with_it(visit, files):
    french = [sample.language for sample in load_samples()].index("fr")
    visit.locator("#samples .thumbnail-item").nth(french).click()
    visit.wait_for_function("document.querySelector('#language input').value === 'French'")
    bring(visit, files / "side.jpg")
    visit.wait_for_function("document.querySelector('#language input').value === 'Tell from the text'")


def test_who_cannot_read_the_language_says_so_before(visit):
    visit.locator("#language input").fill("Japanese")
    visit.keyboard.press("Enter")
    visit.wait_for_selector(".panel[data-engine='ppocr-v6-tiny'] >> text=Not known to read Japanese")
    visit.locator("#language input").fill("Tell from the text")
    visit.keyboard.press("Enter")
    visit.wait_for_selector("text=Not known to read Japanese", state="detached")
