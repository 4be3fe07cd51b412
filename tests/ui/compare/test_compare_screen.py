"""The Compare screen as a person uses it: the real app, the four embedded engines, a real browser."""

import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect

from samples import load_samples
from tests.ui.barriers import fits, paint, serious_findings
from tests.ui.streams import answered, wait_for_rest

READ = "#slots .panel footer"


def choose_engine(page, typed, engine_id):
    """In the first place, by typing what finds it."""
    pick(page, 0, typed)
    page.wait_for_selector(f".panel[data-engine='{engine_id}']")


def pick(page, place, typed):
    """What finds an engine is typed in the dialog of a place; Enter takes the engine of that name, else the first."""
    page.locator(".chip").nth(place).click()
    page.wait_for_selector("dialog.picker[open]")
    page.locator(".picker [name=words]").fill(typed)
    page.keyboard.press("Enter")


def choose_sample(page, sample_id):
    samples = [sample.id for sample in load_samples()]
    page.locator("#samples .thumbnail-item").nth(samples.index(sample_id)).click()
    page.wait_for_selector("#other-page", state="visible")


def choose_top(page, sample_id, share, folder):
    """The top of a sample and nothing else: where a whole page would show no more, engines need not read it."""
    sample = next(sample for sample in load_samples() if sample.id == sample_id)
    with Image.open(sample.image) as image:
        image.crop((0, 0, image.width, int(share * image.height))).save(folder / "top.png")
    page.set_input_files("#upload input[type=file]", folder / "top.png")
    page.wait_for_selector("#other-page", state="visible")
    return sample.reference


def compare(page):
    page.click("#run:not([disabled])")
    page.wait_for_function(f"document.querySelectorAll('{READ}').length === 4")
    page.wait_for_selector("#run", state="visible")
    page.wait_for_selector(".verdict .headline")
    page.wait_for_function(
        "!document.querySelector('#slots .text[data-paint]:not([data-plain])')"
    )  # the script has drawn it


FIGURES = "[...document.querySelectorAll('#slots .panel .figure')].map(figure => parseFloat(figure.innerText))"


def figures(page):
    return page.evaluate(FIGURES)


def wait_for_figures(page, condition, before):
    """Until all four satisfy what is said of the figure `now` and the figure `was`: panels change one by one."""
    page.wait_for_function(
        f"before => {{ const all = {FIGURES}; return all.length && all.every((now, at) => {{"
        f" const was = before[at]; return {condition}; }}); }}",
        arg=before,
    )


@pytest.fixture(scope="module")
def compared(open_app):
    """One comparison of the letter that the tests below look at."""
    with open_app() as page:
        choose_sample(page, "letter")
        compare(page)
        yield page


def test_the_first_click_shows_four_scored_readings(compared):
    assert len(figures(compared)) == 4
    best = compared.locator(".panel.best .figure").first.inner_text()
    assert float(best.split("%")[0]) == min(figures(compared))
    expect(compared.locator("#verdict")).to_contain_text("closest to your reference")
    expect(compared.locator(".panel :is(mark, ins, del)")).not_to_have_count(0)


def test_a_word_lights_its_twins_and_its_box(compared):
    word = compared.locator(".panel >> nth=0").locator(".w[data-t][data-b]").first
    word.hover()
    twin, box = word.get_attribute("data-t"), word.get_attribute("data-b")
    unlit = "rgba(0, 0, 0, 0)"
    first = compared.locator(f'.w[data-t="{twin}"]').first
    expect(first).not_to_have_css("background-color", unlit)
    colours = compared.locator(f'.w[data-t="{twin}"]').evaluate_all(
        "all => all.map(e => getComputedStyle(e).backgroundColor)"
    )
    assert len(colours) == 5  # four engines, and what they read together
    assert len(set(colours)) == 1
    lit = compared.locator(f'.boxes polygon[data-b="{box}"]').evaluate("e => getComputedStyle(e).stroke")
    assert lit not in {"none", unlit}
    compared.mouse.move(0, 0)
    expect(first).to_have_css("background-color", unlit)


def test_line_by_line_the_ink_stands_above_what_every_engine_read(compared):
    compared.get_by_role("button", name="By line").click()
    compared.wait_for_selector(".ink-line")
    letter = next(sample for sample in load_samples() if sample.id == "letter")
    assert abs(compared.locator(".ink-line").count() - len(letter.reference.splitlines())) <= 1
    crops = compared.locator(".ink-line .crop").evaluate_all("all => all.map(e => getComputedStyle(e).backgroundImage)")
    assert all("inkquest/page/" in crop for crop in crops)
    expect(compared.locator("#slots")).to_be_hidden()
    assert compared.locator(".ink-line mark i").count() > 0
    first = compared.locator(".ink-line").first
    assert first.locator(".variant b").all_inner_texts() != []
    said = " ".join(compared.locator(".ink-line").evaluate_all("all => all.map(e => e.innerText)"))
    assert "PP-OCRv6 small" in said
    assert "Tesseract 5" in said
    assert serious_findings(compared) == []
    compared.get_by_role("button", name="By engine").click()
    expect(compared.locator("#slots")).to_be_visible()


def test_what_comes_into_sight_moves_nothing(compared):
    compared.set_viewport_size({"width": 390, "height": 600})
    wait_for_rest(compared)
    height = compared.evaluate("document.documentElement.scrollHeight")
    compared.mouse.move(195, 300)
    while compared.evaluate("innerHeight + Math.ceil(scrollY) < document.documentElement.scrollHeight"):
        compared.mouse.wheel(0, 500)
        compared.wait_for_timeout(50)
    assert compared.evaluate("document.documentElement.scrollHeight") == height
    compared.set_viewport_size({"width": 1440, "height": 1000})
    compared.evaluate("scrollTo(0, 0)")


def test_who_asks_for_less_motion_has_none_made_for_them(compared):
    """A transition however short, on everything, would be one for each element whenever a colour changes."""
    motion = "[...document.querySelectorAll('*')].every(e => parseFloat(getComputedStyle(e).transitionDuration) === 0)"
    assert compared.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert compared.evaluate(motion)


def test_the_page_stays_in_sight_beside_the_readings(compared):
    compared.evaluate("document.querySelector('#panel-3').scrollIntoView({ block: 'end', behavior: 'instant' })")
    top = compared.locator(".page-image").evaluate("picture => picture.getBoundingClientRect().top")
    assert compared.evaluate("scrollY") > 0
    assert 0 <= top < 100


def test_scores_follow_the_reference_and_no_engine_runs_again(compared):
    before = figures(compared)
    times = compared.eval_on_selector_all("#slots .panel .meta", "all => all.map(e => e.innerText)")
    reference = compared.locator("#reference textarea")
    original = reference.input_value()
    reference.fill(original + "\nand one more line that nobody read")
    wait_for_figures(compared, "now > was", before)
    assert compared.eval_on_selector_all("#slots .panel .meta", "all => all.map(e => e.innerText)") == times

    reference.fill("")
    compared.wait_for_selector(".panel .differs")
    expect(compared.locator("#verdict")).to_contain_text("no reference")

    compared.locator(".panel [data-do=start]").first.click()
    compared.wait_for_selector(".panel.best")
    wait_for_figures(compared, "at || now === 0", before)
    reference.fill(original)
    wait_for_figures(compared, "now === was", before)


def test_rules_change_the_scores_and_say_so(compared):
    compared.get_by_text("What counts as an error").click()
    before = figures(compared)
    with answered(compared):
        compared.get_by_label("Ignore punctuation").check()
    compared.wait_for_selector("#verdict :text('do not'):text('punctuation,')")
    compared.wait_for_function(f"before => String({FIGURES}) !== String(before)", arg=before)
    compared.get_by_label("Ignore punctuation").uncheck()
    wait_for_figures(compared, "now === was", before)


def test_the_text_can_be_taken_along(compared):
    with compared.expect_download() as download:
        compared.locator(".panel [data-do=download]").first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    shown = compared.locator(".panel .actions textarea").first.input_value()
    assert text == shown
    assert len(text) > 100


@pytest.fixture(scope="module")
def page(open_app):
    """One for all that needs none of its own, each as the one before has left it."""
    with open_app() as page:
        yield page


def test_a_file_that_is_no_image_gets_a_sentence(page, tmp_path):
    (tmp_path / "notes.png").write_bytes(b"these are notes, not an image")
    page.set_input_files("#upload input[type=file]", tmp_path / "notes.png")
    page.wait_for_selector("#problem .notice")
    assert re.search(r"notes\.png .+\.", page.inner_text("#problem"))
    expect(page.locator("#run")).to_be_disabled()


def test_local_only_takes_cloud_engines_off_the_screen(page):
    choose_engine(page, "GPT-5 mini", "gpt-5-mini")
    assert "OPENAI_API_KEY" in page.locator(".panel").first.inner_text()
    page.get_by_label("Local only").check()
    page.wait_for_function("!document.querySelector(\".panel[data-engine^='gpt']\")")
    expect(page.locator("#slots .where:text-is('cloud')")).to_have_count(0)
    page.get_by_label("Local only").uncheck()


def test_an_uploaded_photo_is_turned_upright_and_read(page, tmp_path):
    image = Image.new("RGB", (900, 260), "white")
    ImageDraw.Draw(image).text((40, 80), "Lake Superior 1905", fill="black", font=ImageFont.load_default(72))
    turned = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[274] = 6
    turned.save(tmp_path / "turned.jpg", exif=exif)
    page.set_input_files("#upload input[type=file]", tmp_path / "turned.jpg")
    page.wait_for_selector("#other-page", state="visible")
    expect(page.locator("#page-stack img")).to_have_attribute("width", "900")
    compare(page)
    assert "1905" in page.locator(".panel .text").first.text_content()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nobody_is_shut_out(compared, colours):
    """No serious finding of axe on a large screen and on a phone, and nothing sticks out sideways."""
    paint(compared, colours)
    for width in (390, 1440):
        fits(compared, width)
        assert serious_findings(compared) == []
