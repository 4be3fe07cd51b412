"""Three lines in a zip, read by the embedded engines: price, leaderboard, a bad page, advice, files, no barrier."""

import json
import re
import zipfile
from itertools import product

import pytest
from playwright.sync_api import expect

from samples import load_samples
from tests.ui.barriers import fits, paint, serious_findings
from tests.ui.streams import answered

RUN_ID = re.compile(r'"data":\["\d{8}-\d{6}-[0-9a-f]{4}"')


LINE = next(sample for sample in load_samples() if sample.id == "line")


@pytest.fixture(scope="module")
def pages_zip(tmp_path_factory):
    """One line three times: pages would take the engines longer and show nothing more."""
    path = tmp_path_factory.mktemp("upload") / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3):
            archive.write(LINE.image, f"line-{number}{LINE.image.suffix}")
            archive.writestr(f"line-{number}.txt", LINE.reference)
        archive.writestr("notes.md", "no page")
    return path


@pytest.fixture(scope="module")
def screen(open_app):
    """One for all that needs none of its own, each as the one before has left it."""
    with open_app() as page:
        yield opened(page)


def opened(page):
    page.get_by_role("tab", name="Evaluate").click()
    page.wait_for_selector("#evaluate-start", state="visible")
    return page


def leave_engines(page, count):
    """Choose no more engines than so many."""
    chosen = page.locator("#evaluate-pickers [data-toggle]")
    chosen.first.wait_for()
    while (left := chosen.count()) > count:
        chosen.last.click()
        page.wait_for_function(f"document.querySelectorAll('#evaluate-pickers [data-toggle]').length === {left - 1}")


def plan(page, pages_zip):
    page.set_input_files("#evaluate-files-in input[type=file]", pages_zip)
    page.wait_for_selector(".evaluate-plan .headline:has-text('3 items')")


def fetched(page, name):
    address = page.locator(f".evaluate-downloads a[download='{name}']").evaluate("link => link.href")
    answer = page.request.get(address)
    assert answer.ok
    return answer.body()


@pytest.fixture(scope="module")
def finished(open_app, pages_zip):
    """What was planned, and the tab of a run that has ended; it was loaded again meanwhile."""
    with open_app() as page:
        plan(opened(page), pages_zip)
        planned = page.inner_text(".evaluate-plan .headline"), page.inner_text(".evaluate-plan .unreadable")
        page.click("#evaluate-start:not([disabled])")
        page.wait_for_selector(".evaluate-run .state")
        page.reload()
        page.wait_for_selector(".panel")
        page.get_by_role("tab", name="Evaluate").click()
        page.wait_for_selector(".evaluate-downloads")
        yield planned, page


def test_a_zip_becomes_a_leaderboard_and_a_memo(finished):
    (headline, unreadable), page = finished
    assert "3 items, 3 with a reference. Free" in headline
    assert "notes.md" in unreadable
    rows = page.locator(".leaderboard tbody tr")
    page.wait_for_function("""() => {
        const rows = [...document.querySelectorAll('.leaderboard tbody tr')];
        return rows.length >= 2 && rows.every(row => row.innerText.includes('0 of 3'));
    }""")

    page.locator("#evaluate-worst label").first.click()
    page.wait_for_selector(".evaluate-page img")
    expect(page.locator(".evaluate-page .panel")).to_have_count(rows.count() + 1)
    assert page.evaluate("document.querySelector('.evaluate-page img').decode().then(() => true)")

    page.get_by_label("2. Pages must stay on this server").check()
    page.locator("#needs-pages input").fill("5000")
    page.wait_for_function("document.querySelector('.evaluate-advice .shortlist li') !== null")

    assert b"<h1" in fetched(page, "memo.html")
    assert fetched(page, "memo.pdf").startswith(b"%PDF")
    assert json.loads(fetched(page, "summary.json"))["pages"] == 3
    assert fetched(page, "readings.csv").count(b"\n") > 3
    assert fetched(page, "readings.parquet").startswith(b"PAR1")
    assert fetched(page, "layouts.zip").startswith(b"PK")


def test_nobody_is_shut_out_before_a_run(screen):
    """No serious finding of axe."""
    screen.locator("#evaluate-earlier input").wait_for()
    for colours in ("dark", "light"):
        paint(screen, colours)
        assert serious_findings(screen) == []


def test_who_has_no_pages_takes_the_samples(screen):
    screen.click("#evaluate-samples")
    screen.wait_for_selector(".evaluate-plan")
    expect(screen.locator(".evaluate-plan .headline")).to_contain_text(f"{len(load_samples())} items, ")
    expect(screen.locator("#evaluate-start")).to_be_enabled()


def test_engines_are_picked_in_the_dialog_of_compare_as_many_as_wanted(screen, pages_zip):
    page = screen
    plan(page, pages_zip)
    chosen = page.locator("#evaluate-pickers .taken b")
    before = chosen.all_inner_texts()
    with answered(page):  # what is open before the server answers is drawn once more when it does
        page.locator("#evaluate-pickers .more").press("Enter")
    page.wait_for_selector("#evaluate-picker dialog[open] [name=words]:focus")
    expect(page.locator(".picker [aria-pressed=true]")).to_have_text(before, use_inner_text=True)
    paint(page, "dark")
    assert serious_findings(page) == []
    paint(page, "light")
    assert serious_findings(page) == []
    page.keyboard.type("GPT-5 mini")
    gpt = page.locator("[data-choose='gpt-5-mini']")
    expect(gpt).to_be_disabled()
    expect(page.locator(".picker tr", has=gpt)).to_contain_text("needs")
    form = page.locator("#evaluate-picker tbody", has=gpt).locator("form.own-key")
    form.locator("input").fill("sk-visitor-canary+0815")
    form.locator("button").click()
    page.wait_for_selector("[data-choose='gpt-5-mini']:enabled")
    page.locator(".picker [name=words]").press("Enter")
    page.wait_for_selector("#evaluate-pickers .taken.cloud:has-text('for 1,000 pages')")
    expect(page.locator("#evaluate-picker dialog[open]"), "one more can be chosen").to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector("#evaluate-pickers .more:focus")
    expect(chosen).to_have_text([*before, "GPT-5 mini"], use_inner_text=True)
    page.wait_for_selector("#evaluate-start:has-text('$')")
    page.get_by_role("button", name="Leave out GPT-5 mini").click()
    page.wait_for_selector("#evaluate-pickers .taken.cloud", state="detached")
    page.wait_for_selector("#evaluate-start:has-text('free')")
    expect(chosen).to_have_text(before, use_inner_text=True)


def test_what_is_no_number_is_refused_with_a_sentence(screen):
    budget = screen.locator("#evaluate-budget input, #evaluate-budget textarea")
    budget.fill("a lot")
    screen.wait_for_selector("#evaluate-problem .notice")
    expect(screen.locator("#evaluate-problem")).to_contain_text("type a number")
    expect(screen.locator("#evaluate-start")).to_be_disabled()
    budget.fill("")
    expect(screen.locator("#evaluate-start")).to_be_enabled()


def test_a_run_can_be_paused_resumed_and_cancelled(screen, vendor):
    """A vendor who does not answer keeps it going for as long as that takes."""
    vendor.answering.clear()
    page = screen
    leave_engines(page, 0)
    with answered(page):
        page.locator("#evaluate-pickers .more").press("Enter")
    page.locator(".picker [name=words]").fill("compatible")
    page.keyboard.press("Enter")
    page.wait_for_selector("#evaluate-pickers .taken.cloud")
    page.keyboard.press("Escape")
    page.click("#evaluate-start:not([disabled])")
    page.locator("#evaluate-consent").get_by_role("button", name="Not now").click()
    page.click("#evaluate-start:not([disabled])")  # which waits, as all that follows, for nobody's answer any more
    page.click("#evaluate-agree")
    page.click("#evaluate-pause")
    page.wait_for_function("document.querySelector('.evaluate-run .state').innerText.startsWith('Paused')")
    page.click("#evaluate-resume")
    page.wait_for_function("!document.querySelector('.evaluate-run .state').innerText.startsWith('Paused')")
    page.click("#evaluate-cancel")
    page.wait_for_function("document.querySelector('.evaluate-run .state').innerText.startsWith('Cancelled')")
    vendor.answering.set()
    page.click("[data-unfold]")
    page.wait_for_selector("#evaluate-start", state="visible")


@pytest.mark.usefixtures("finished")  # a run, to be opened among the earlier ones
def test_nobody_is_shut_out_of_an_evaluation(screen):
    """No serious finding of axe after a run, and nothing sticks out sideways on a phone either."""
    page, asked_for = screen, []
    page.on("request", lambda asked: asked_for.append(asked) if RUN_ID.search(asked.post_data or "") else None)
    page.click("#evaluate-earlier input")
    page.locator("[role=option]:has-text('pages.zip')").last.click()  # the run of `finished`, and no shorter one
    page.wait_for_selector(".evaluate-downloads")
    page.locator("#evaluate-worst label").first.click()
    page.wait_for_selector(".evaluate-page img")
    assert len(asked_for) == 1  # a second opening would close the page again
    for colours, width in product(("light", "dark"), (1440, 390)):
        paint(page, colours)
        fits(page, width)
        assert serious_findings(page) == []


def test_readings_made_elsewhere_come_in_the_zip_and_by_upload(visit, pages_zip, tmp_path):
    both = tmp_path / "both.zip"
    both.write_bytes(pages_zip.read_bytes())
    with zipfile.ZipFile(both, "a") as archive:
        for number in range(3):
            archive.writestr(f"readings/<i>Trial/line-{number}.txt", LINE.reference)
    table = tmp_path / "Vendor X.csv"
    table.write_text("page,text,seconds,usd\nline-0,wrong,1.5,0.01\nline-1,worse,2.5,0.03\n")
    page = opened(visit())
    leave_engines(page, 0)
    page.locator("#evaluate-own > button").click()
    page.locator("#evaluate-own-in input[type=file]").wait_for(state="attached")
    assert serious_findings(page) == []
    plan(page, both)
    page.set_input_files("#evaluate-own-in input[type=file]", table)
    page.wait_for_selector(".evaluate-plan .small:has-text('Vendor X: readings of 2 of 3 pages were brought along')")
    said = page.inner_text(".evaluate-plan")
    assert "<i>Trial: readings of 3 of 3 pages were brought along." in said
    assert "Nothing is to be read here" in said
    assert "Found 3 pages, 3 with a reference" in said

    page.click("#evaluate-start:not([disabled])")
    page.wait_for_selector(".evaluate-downloads")
    rows, run = page.locator(".leaderboard tbody tr"), page.locator(".evaluate-run")
    expect(rows.nth(0)).to_contain_text("<i>Trial \N{DAGGER}")
    expect(rows.nth(1)).to_contain_text("Vendor X \N{DAGGER}")
    expect(rows.nth(1)).to_contain_text("$20.00")
    expect(run).to_contain_text("Brought, not read here")
    expect(run).to_contain_text("Found 3 pages, 3 with a reference")
    page.locator("#evaluate-worst label").first.click()
    page.wait_for_selector(".evaluate-page img")
    expect(page.locator(".evaluate-page")).to_contain_text("brought, not read here")
    memo = fetched(page, "memo.html").decode()
    assert "&lt;i&gt;Trial \N{DAGGER}" in memo
