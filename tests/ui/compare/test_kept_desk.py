"""Nothing is lost: a reload, a new tab, the way back; and what a browser brings back is this host's own or nobody's.

One app with a vendor that counts what it is asked: whatever comes back comes back without a paid call.
"""

import signal
import zlib
from base64 import b64decode, b64encode
from dataclasses import replace
from urllib.parse import urlsplit

import gradio as gr
import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect
from starlette.datastructures import Address

from engines.catalogue import brought_spec
from engines.contract import PageImage, Reading, Region
from engines.page_orientation import Orientation, turn_of, turned
from playground.engine_runs import EngineRun
from playground.offer import Offer
from playground.settings import Settings
from playground.storage.blobs import open_blobs
from playground.trust import Mark
from playground.uploads import accept_page
from tests.live_app import serve
from tests.loopback_vendor import LoopbackVendor
from tests.own_thread import run_async
from tests.ui.compare.test_compare_screen import choose_engine
from ui.compare.desk import Answered, Desk, PageSource, Running, Seal, account_html, brought_back
from ui.compare.tab import CompareTab
from ui.house import House

PAID = "openai-compatible"
CLOUD = f".panel[data-engine='{PAID}']"
INTERRUPTED = f"{CLOUD} >> text=was started again, while this engine was reading"
REFERENCE = "#reference textarea"
KEPT = """async () => {
    const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const database = await done(indexedDB.open('inkquest', 1));
    const store = database.transaction('desks').objectStore('desks');
    const id = sessionStorage['inkquest:desk'];
    const parts = ['typed', 'account', 'answers'].map((part) => done(store.get([id, part])));
    const [typed, account, answers] = await Promise.all(parts);
    database.close();
    return answers === (document.querySelector('#trust-answer data')?.value ?? '')
        && account === document.querySelector('#account data')?.value
        && typed?.values?.[0] === document.querySelector('#reference textarea').value;
}"""


@pytest.fixture(scope="module")
def vendor():
    with LoopbackVendor() as vendor:
        yield vendor


@pytest.fixture(scope="module")
def app(vendor, tmp_path_factory):
    """Its address, and how to kill it and start it anew at the same place."""
    folder, processes = tmp_path_factory.mktemp("kept"), []

    def start(**environment):
        api = f"{vendor.url}/v1"
        process, url = serve(folder, OPENAI_COMPATIBLE_BASE_URL=api, OPENAI_COMPATIBLE_API_KEY="sk-x", **environment)
        processes.append(process)
        return url

    def kill():
        processes[-1].send_signal(signal.SIGKILL)
        processes[-1].wait()

    url = start()
    yield url, kill, lambda: start(PORT=str(urlsplit(url).port))
    processes[-1].terminate()
    processes[-1].wait(100)


@pytest.fixture(scope="module")
def context(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module")
def letter(tmp_path_factory):
    """Two pages of a PDF."""
    folder = tmp_path_factory.mktemp("letter")
    pages = [Image.new("RGB", (900, 260), "white") for _ in range(2)]
    for page, text in zip(pages, ("Lake Superior 1905", "Duluth 14 March"), strict=True):
        ImageDraw.Draw(page).text((40, 80), text, fill="black", font=ImageFont.load_default(72))
    pages[0].save(folder / "letter.pdf", save_all=True, append_images=pages[1:])
    return folder / "letter.pdf"


@pytest.fixture(scope="module")
def tab(app, context, letter):
    """The second page of a letter, compared against a reference by four engines, one of which is paid."""
    page = context.new_page()
    page.goto(app[0])
    page.wait_for_selector(".verdict")
    choose_engine(page, "compatible", "openai-compatible")
    page.set_input_files("#page-actions input[type=file]", letter)
    page.wait_for_selector("#other-page", state="visible")
    page.locator("#page-number input").fill("2")
    page.wait_for_selector("#page-thumbnails [data-page='2'][aria-current]")
    page.locator(REFERENCE).fill("Duluth 14 March")
    page.click("#run:not([disabled])")
    page.click("#agree")
    page.wait_for_function("document.querySelectorAll('#slots .panel footer').length === 4")
    page.wait_for_selector("#run", state="visible")
    return page


def texts(page):
    return page.locator("#slots .actions textarea").evaluate_all("all => all.map(e => e.value)")


def picked(page):
    return page.locator("#pickers .chip").all_inner_texts()


def wait_for_texts(page, wanted, engines=None):
    """Until the panels hold these texts and, where they are said, the chips these engines: they come one by one."""
    page.wait_for_function(
        """([texts, engines]) => {
            const all = (selector, part) => JSON.stringify([...document.querySelectorAll(selector)].map(part));
            return all('#slots .actions textarea', (one) => one.value) === JSON.stringify(texts)
                && (!engines || all('#pickers .chip', (one) => one.innerText) === JSON.stringify(engines));
        }""",
        arg=[wanted, engines],
    )


def wait_for_desk(page, panels=4):
    page.wait_for_function(f"document.querySelectorAll('#slots .panel footer').length === {panels}")
    page.wait_for_selector("#other-page", state="visible")


def expect_typed(page, text):
    expect(page.locator(REFERENCE)).to_have_value(text)


def test_a_reload_brings_everything_back_and_pays_nothing(tab, vendor):
    before, engines, asked = texts(tab), picked(tab), len(vendor.requests)
    tab.wait_for_function(KEPT)
    tab.reload()
    wait_for_desk(tab)
    wait_for_texts(tab, before, engines)
    expect_typed(tab, "Duluth 14 March")
    expect(tab.locator("#page-number input")).to_have_value("2")
    tab.wait_for_selector("#page-thumbnails [data-page='2'][aria-current]")
    tab.wait_for_function("document.querySelector('.page-image')?.naturalWidth > 0")
    expect(tab.locator("#run")).to_be_enabled()
    assert len(vendor.requests) == asked


def test_a_new_tab_begins_with_the_same_desk_and_disturbs_nobody(tab, app, context):
    tab.wait_for_function(KEPT)
    other = context.new_page()
    other.goto(app[0])
    wait_for_desk(other)
    wait_for_texts(other, texts(tab))
    expect_typed(other, "Duluth 14 March")
    other.locator(REFERENCE).fill("Duluth 14 May")
    other.locator("#page-number input").fill("1")
    other.wait_for_selector("#page-thumbnails [data-page='1'][aria-current]")
    other.wait_for_function(KEPT)
    tab.reload()
    wait_for_desk(tab)
    expect_typed(tab, "Duluth 14 March")
    expect(tab.locator("#page-number input")).to_have_value("2")
    other.reload()
    other.wait_for_selector("#page-thumbnails [data-page='1'][aria-current]")
    expect_typed(other, "Duluth 14 May")
    expect(other.locator("#slots .panel footer"), "nobody has read that page").to_have_count(0)
    other.close()


def test_the_way_back_leads_to_the_desk_without_a_shift(tab, app):
    tab.wait_for_function(KEPT)
    tab.goto(f"{app[0]}/r/{'x' * 22}")
    tab.go_back()
    tab.wait_for_selector(".verdict")
    wait_for_desk(tab)
    expect_typed(tab, "Duluth 14 March")


def test_a_server_that_is_killed_while_engines_read_loses_nothing(tab, app, vendor):
    """Killed the moment something is seen: whatever was seen is kept."""
    _, kill, start_anew = app
    before = texts(tab)
    engines = tab.locator("#slots .panel").evaluate_all("all => all.map(one => one.dataset.engine)")
    tab.reload()  # a new visit has agreed to nothing yet
    wait_for_desk(tab)
    wait_for_texts(tab, before)
    vendor.answering.clear()
    asked = len(vendor.requests)
    tab.locator("[data-again='openai-compatible']").click()
    tab.click("#agree")
    tab.wait_for_selector(f"{CLOUD}[aria-busy]")
    expect(tab.locator(".panel[aria-busy]"), "a yes is for what had asked").to_have_count(1)
    kill()
    tab.wait_for_selector("#desk-notice >> text=The server does not answer.")
    expect_typed(tab, "Duluth 14 March")
    start_anew()
    tab.wait_for_selector(INTERRUPTED)
    wait_for_desk(tab, panels=3)
    expect(tab.locator(CLOUD)).to_contain_text("may have charged")
    wait_for_texts(tab, [text for text, engine in zip(before, engines, strict=True) if engine != PAID])
    expect_typed(tab, "Duluth 14 March")
    assert len(vendor.requests) <= asked + 1, "nothing is read again by itself"
    expect(tab.locator("#desk-notice")).to_be_hidden()

    tab.locator("#page-number input").fill("1")
    tab.wait_for_selector("#page-thumbnails [data-page='1'][aria-current]")
    tab.click("#run:not([disabled])")
    tab.click("#agree")
    tab.wait_for_function("document.querySelectorAll('#slots .panel footer').length === 3")
    kill()
    ended = texts(tab)
    tab.wait_for_selector("#desk-notice >> text=The server does not answer.")
    vendor.answering.set()
    start_anew()
    tab.wait_for_selector(INTERRUPTED)
    wait_for_desk(tab, panels=3)
    wait_for_texts(tab, ended)
    expect(tab.locator(CLOUD)).to_contain_text("may have charged")


def test_a_desk_that_is_cleared_leaves_nothing_behind(tab):
    tab.wait_for_function(KEPT)
    with tab.expect_navigation():
        tab.get_by_role("button", name="Clear this desk").click()
    tab.wait_for_function("document.querySelector('.headline')?.innerText.startsWith('Four engines read')")
    left = """async () => {
        const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
        const database = await done(indexedDB.open('inkquest', 1));
        const keys = await done(database.transaction('desks').objectStore('desks').getAllKeys());
        database.close();
        return [keys.length, Object.keys(localStorage).join(), Object.keys(sessionStorage).join()];
    }"""
    keys, local, of_session = tab.evaluate(left)
    assert keys == 0
    assert "inkquest:desk" not in local + of_session


PAGE = PageImage("a" * 64, b"pixels", 900, 260)
LINE = Region("line", "Duluth", ((1.0, 2.0), (3.0, 2.0), (3.0, 4.0), (1.0, 4.0)), 0.5)
DESK = Desk(
    ("tesseract", "ppocr-v6-small", "gpt-5", brought_spec("mine").id),
    PAGE,
    "inkquest/page/x",
    PageSource(2, 3, Orientation(90, True), 90, file="a.pdf", file_bytes=7),
    "de",
    runs={"tesseract": EngineRun("tesseract", Reading("Duluth", (LINE,)), 0.5)},
)
ANSWERED = Answered(PAGE.sha256, {"invent": ("<p>As it was drawn", {"tesseract": Mark(False, "invents")})})


@pytest.fixture
def seal(tmp_path):
    return Seal.kept_in(open_blobs(str(tmp_path)))


@pytest.fixture(scope="module")
def offer(tmp_path_factory):
    environ = {"INKQUEST_DATA": str(tmp_path_factory.mktemp("data"))}
    return Offer.from_settings(Settings.from_env(environ), environ)


def test_all_but_the_pixels_comes_back_sealed_also_after_a_restart(seal, tmp_path):
    sealed = seal.put_on(DESK).encode()
    kept = Seal.kept_in(open_blobs(str(tmp_path))).opened(sealed, Desk)
    assert kept == replace(DESK, page=replace(PAGE, png=b""), page_address="")
    assert b"pixels" not in zlib.decompress(b64decode(sealed)[32:])
    assert seal.opened(seal.put_on(ANSWERED).encode(), Answered) == ANSWERED


def test_half_a_character_keeps_no_desk_from_being_kept(seal):
    half = EngineRun("tesseract", Reading("Duluth \ud83d"), 0.5)
    desk = replace(DESK.finished(half), source=replace(DESK.source, file="a\ud800.pdf"))
    kept = seal.opened(seal.put_on(desk).encode(), Desk)
    assert kept.runs["tesseract"].outcome.text == "Duluth ?"
    assert kept.source.file == "a?.pdf"
    assert 'data-file="a?.pdf"' in account_html(desk, seal)


def test_nobody_else_writes_a_desk(seal, tmp_path):
    """What is said to have been read here can be shared from here."""
    sealed = b64decode(seal.put_on(DESK))
    forged = [
        b"",
        sealed[:32],
        sealed[:-1],
        sealed + b"x",
        sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:],
        b64decode(Seal(b"another key").put_on(DESK)),
        b64decode(Seal.kept_in(None).put_on(DESK)),
        b64decode(seal.put_on(ANSWERED)),
        b"\0" * 32 + sealed[32:],
    ]
    assert [seal.opened(b64encode(one), Desk) for one in forged] == [None] * len(forged)
    for no_word in (b"!", sealed, b"====", "ü".encode()):
        assert seal.opened(no_word, Desk) is None
    assert seal.opened(b64encode(sealed), Answered) is None


def test_readings_count_for_the_pixels_only_that_were_read(offer):
    back = brought_back(DESK, replace(PAGE, sha256="b" * 64), "new", offer)
    assert (back.runs, back.page_address, back.language) == ({}, "new", "de")
    assert brought_back(DESK, PAGE, "new", offer).runs == DESK.runs


def test_engines_that_are_listed_no_longer_make_room(offer):
    gone = replace(
        DESK, slots=("gone", *DESK.slots[1:]), runs={"gone": replace(DESK.runs["tesseract"], engine_id="gone")}
    )
    back = brought_back(gone, PAGE, "new", offer)
    assert back.slots[:3] == DESK.slots[1:]
    assert len(back.slots) == len(set(back.slots)) == 4
    assert back.runs == {}


def test_who_was_reading_was_interrupted_and_may_have_been_paid(offer):
    running = {"tesseract": Running(0), "gpt-5": Running(0)}
    back = brought_back(replace(DESK, runs={}, running=running), PAGE, "new", offer)
    assert back.running == {}
    assert {one: (run.outcome.reason, run.maybe_billed) for one, run in back.runs.items()} == {
        "tesseract": ("interrupted", False),
        "gpt-5": ("interrupted", True),
    }
    assert back.runs["gpt-5"].maybe_usd > 0


def test_only_a_page_of_one_s_own_is_kept(seal):
    assert account_html(Desk(DESK.slots), seal) == ""
    assert account_html(replace(DESK, page=replace(PAGE, png=b"")), seal) == "", "the example, or a shared page"
    assert 'data-file="a.pdf" data-bytes="7"' in account_html(DESK, seal)


@pytest.mark.parametrize("turns", [(90,), (90, 270), (180, 90, 90)])
def test_a_page_that_was_turned_about_is_found_to_be_the_same(tmp_path, turns):
    Image.effect_noise((40, 30), 50).save(tmp_path / "page.jpg")
    data = (tmp_path / "page.jpg").read_bytes()
    page = accept_page(data).page
    for turn in turns:
        page = turned(page, turn)
    again = turned(accept_page(data).page, turn_of(sum(turns)))
    assert again.sha256 == page.sha256


NOBODY = gr.Request(session_hash="gone", client=Address("127.0.0.1", 1), headers={}, username=None)


def test_who_compares_what_this_server_no_longer_has_is_told(tmp_path):
    environ = {"INKQUEST_DATA": str(tmp_path)}
    house = House.open(Settings.from_env(environ), environ)
    with gr.Blocks():
        tab = CompareTab(house, gr.HTML())

    async def compared():
        return [update async for update in tab._compare(Desk(()), "", [], [], NOBODY)]

    [update] = run_async(compared())
    [said] = update.values()
    assert "Load this page anew" in said
