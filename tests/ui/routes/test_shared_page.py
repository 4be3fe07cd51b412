"""The shared page: what it shows, what it never does, and that every missing link looks the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, Reading, ReadingTask, Sent
from engines.formats.foreign import read_foreign
from engines.pricing import Usd
from metrics.normalising import Rules, normalise
from playground.engine_runs import Comparison, EngineRun, Failure, texts_of
from playground.host.admission import LONG, Apart
from playground.host.budget import Payers
from playground.share.sharing import Expiry, ShareChoices, Shared, SharedComparison, Sharing, TableRecords
from playground.storage.blobs import open_blobs
from playground.storage.database import Database
from translations import spoken_in
from ui.routes.downloads import COMPARISON_FILES, ExportShelf, exported
from ui.routes.shared_page import SharedPages


class Clock:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sharing(tmp_path: Path, clock: Clock) -> Sharing:
    database = Database(f"sqlite:///{tmp_path}/facts.db")
    return Sharing(TableRecords(database), open_blobs(str(tmp_path / "blobs")), clock=clock)


@pytest.fixture
def client(sharing: Sharing) -> TestClient:
    return TestClient(Starlette(routes=SharedPages(sharing, CATALOGUE, Payers(), Apart()).routes()), root_path="/under")


@pytest.fixture
def page(tmp_path: Path) -> PageImage:
    Image.new("RGB", (600, 400), "white").save(tmp_path / "page.png")
    return PageImage("ab" * 32, (tmp_path / "page.png").read_bytes(), 600, 400)


RUNS = (
    EngineRun(
        "gpt-5",
        Reading(
            "the bat sat", model_reported="gpt-5-2025-08-07", sent=Sent(600, 400, settings=(("effort", "minimal"),))
        ),
        1.5,
        cost=Usd(0.0042, measured=True),
    ),
    EngineRun("tesseract", Reading("the cat sat"), 0.4),
    EngineRun("gpt-4o", Failure("timed-out", "No reading within 5 seconds.", "Run it again."), 5.0),
    EngineRun("left-the-catalogue", Reading("No.", refused=True), 1.0),
)
COMPARISON = Comparison(
    "c1", datetime(2026, 11, 23, 12, tzinfo=UTC), "ab" * 32, 600, 400, ReadingTask(), "the cat sat", RUNS, "test"
)


def html_of(client: TestClient, shared: Shared) -> str:
    answer = client.get(f"/{shared.link}")
    assert answer.status_code == 200
    return answer.text


def test_the_page_shows_the_facts_and_scores_them(client: TestClient, sharing: Sharing, page: PageImage) -> None:
    html = html_of(client, sharing.share(COMPARISON, page, ShareChoices(rules=Rules(ignore_case=True))))
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for fact in (
        "GPT-5", "gpt-5-2025-08-07", "effort minimal", "9.09 %", "1 of 11", "1.50 s", "$0.0042 measured",
        "Tesseract 5 came closest: CER 0.00 %", "No reading within 5 seconds. Run it again.", "left-the-catalogue",
        "declined to transcribe", "23 November 2026", "ends on 23 December 2026", "Transcribe the handwriting",
        "read as b instead of c",
    ):  # fmt: skip
        assert fact in text, fact
    assert Rules(ignore_case=True).sentence() in text


def test_no_long_comparison_is_drawn_where_everybody_is_served(client: TestClient, sharing: Sharing) -> None:
    text = " ".join(f"word{number}" for number in range(LONG // 20))
    runs = (EngineRun("tesseract", Reading(text), 0.4), EngineRun("gpt-5", Reading(text), 0.4))
    shared = sharing.share(replace(COMPARISON, reference=text, runs=runs), None, ShareChoices())
    kept = sharing.open_share(shared.id)
    assert kept is not None
    normalise.cache.clear()
    assert "word999" in html_of(client, shared)
    shelf = ExportShelf(CATALOGUE, Payers(), Apart())
    files, folder = TestClient(Starlette(routes=[shelf.route()])), shelf.put(kept, b"", "ann")
    for name in ("comparison.csv", "tesseract.alto.xml"):
        assert client.get(f"/{shared.link}/{name}").content == files.get(f"/{folder}/{name}").content != b""
    assert not any(key[0] == text for key in list(normalise.cache))


def test_without_a_reference_engines_are_set_against_each_other(client: TestClient, sharing: Sharing) -> None:
    html = html_of(client, sharing.share(replace(COMPARISON, reference=""), None, ShareChoices()))
    assert 'class="differs"' in html
    assert "CER" not in html
    assert "picture was not shared" in html


def test_the_link_preview_has_title_and_picture(client: TestClient, sharing: Sharing, page: PageImage) -> None:
    shared = sharing.share(COMPARISON, page, ShareChoices())
    html = client.get(f"/{shared.link}", headers={"x-forwarded-proto": "https"}).text
    assert '<meta property="og:title" content="Tesseract 5 came closest: CER 0.00 %, too close to call">' in html
    assert f'<meta property="og:image" content="https://testserver/under/r/{shared.id}/preview.png">' in html


@pytest.mark.parametrize("with_page", [True, False])
def test_the_preview_is_of_the_size_that_networks_show_and_holds_no_more_than_the_page(
    client: TestClient, sharing: Sharing, page: PageImage, with_page: bool
) -> None:
    runs = (*RUNS, EngineRun("y" * 80, Reading("the cat"), 1.0))
    shared = sharing.share(replace(COMPARISON, runs=runs), page if with_page else None, ShareChoices())
    answer = client.get(f"/{shared.link}/preview.png")
    assert answer.headers["content-type"] == "image/png"
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (1200, 630)
        strip = set(picture.crop((900, 20, 1190, 180)).getdata())
    assert (strip == {(255, 255, 255)}) is with_page  # the page is white paper


@pytest.mark.parametrize(
    ("prefix", "base"),
    [
        ("", "http://testserver"),
        ("/under/", "http://testserver/under"),
        ("https://example.org/inkquest", "https://example.org/inkquest"),
    ],
)
def test_the_preview_s_address_under_any_prefix(sharing: Sharing, page: PageImage, prefix: str, base: str) -> None:
    """The prefix as GRADIO_ROOT_PATH takes it: a path, or the whole address."""
    shared = sharing.share(COMPARISON, page, ShareChoices())
    client = TestClient(Starlette(routes=SharedPages(sharing, CATALOGUE, Payers(), Apart()).routes()), root_path=prefix)
    assert f'<meta property="og:url" content="{base}/{shared.link}">' in client.get(f"/{shared.link}").text


def test_no_script_nothing_foreign_nothing_indexed(client: TestClient, sharing: Sharing, page: PageImage) -> None:
    shared = sharing.share(COMPARISON, page, ShareChoices())
    for path in (shared.link, f"{shared.link}/page.jpg", f"{shared.link}/delete", "r/unknown"):
        headers = client.get(f"/{path}").headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert "noindex" in headers["x-robots-tag"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
    html = html_of(client, shared)
    assert "<script" not in html
    assert " style=" not in html
    assert "noindex" in html


def test_every_missing_link_looks_the_same(client: TestClient, sharing: Sharing, page: PageImage, clock: Clock) -> None:
    deleted, expired = (sharing.share(COMPARISON, page, ShareChoices()) for _ in range(2))
    assert (
        client.post(f"/{deleted.link}/delete", data={"token": deleted.delete_link.partition("=")[2]}).status_code == 200
    )
    clock.now += timedelta(days=31)
    for ending in ("", "/page.jpg"):
        answers = [
            client.get(f"/r/{share_id}{ending}")
            for share_id in (deleted.id, expired.id, "A" * 22, "short", "%2e%2e", "a%00b")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_following_the_delete_link_deletes_nothing_but_the_form_does(
    client: TestClient, sharing: Sharing, page: PageImage
) -> None:
    shared = sharing.share(COMPARISON, page, ShareChoices())
    form = client.get(f"/{shared.delete_link}")
    assert sharing.open_share(shared.id)
    [token] = re.findall(r'name="token" value="([^"]+)"', form.text)
    assert client.post(f"/r/{shared.id}/delete", data={"token": "wrong"}).status_code == 404
    assert client.post(f"/r/{shared.id}/delete", data={"token": token}).status_code == 200
    assert sharing.open_share(shared.id) is None
    assert client.post(f"/r/{shared.id}/delete", data={"token": token}).status_code == 404


def test_every_export_is_a_download_of_the_same_facts(client: TestClient, sharing: Sharing, page: PageImage) -> None:
    shared = sharing.share(COMPARISON, page, ShareChoices())
    html = html_of(client, shared)
    for name in COMPARISON_FILES:
        assert f'href="{shared.id}/{name}"' in html
        answer = client.get(f"/{shared.link}/{name}")
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert ("attachment" in answer.headers["content-disposition"]) is (name != "panels.png")
        if name not in {"panels.png", "readings.zip"}:
            plain = re.sub(rb"<[^>]+>|\xe2\x80\xaf", b"", answer.content)
            assert b"the bat sat" in plain.replace(b" read as b instead of c", b"b")
        assert client.get(f"/r/{'x' * 22}/{name}").status_code == 404


def test_each_reading_is_a_layout_file_that_says_whose_boxes_it_has(
    client: TestClient, sharing: Sharing, page: PageImage
) -> None:
    shared = sharing.share(COMPARISON, page, ShareChoices())
    html = html_of(client, shared)
    assert "It has no boxes" in html
    for name in ("tesseract.alto.xml", "tesseract.page.xml", "tesseract.hocr"):
        assert f'href="{shared.id}/{name}"' in html
        answer = client.get(f"/{shared.link}/{name}")
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert read_foreign(name, answer.content).reading.text == texts_of(COMPARISON.runs)["tesseract"]
    assert client.get(f"/{shared.link}/tesseract.pdf").content.startswith(b"%PDF")
    for name in ("nonsense.alto.xml", "tesseract.exe", "%2e%2e"):
        assert client.get(f"/{shared.link}/{name}").status_code == 404


def test_a_page_that_was_left_out_is_in_no_pdf(client: TestClient, sharing: Sharing, page: PageImage) -> None:
    shared = sharing.share(COMPARISON, page, ShareChoices(with_picture=False))
    assert "tesseract.pdf" not in html_of(client, shared)
    assert client.get(f"/{shared.link}/tesseract.pdf").status_code == 404
    assert b".pdf" not in client.get(f"/{shared.link}/readings.zip").content


def test_the_html_export_needs_nothing_else(client: TestClient, sharing: Sharing, page: PageImage) -> None:
    html = client.get(f"/{sharing.share(COMPARISON, page, ShareChoices()).link}/comparison.html").text
    assert "data:image/jpeg;base64," in html
    assert "<script" not in html
    assert re.findall(r'(?:src|href|action)="(?!data:)[^"]*"', html) == []
    assert "url(" not in html


@pytest.mark.parametrize("name", ["by hand", "\u6f22\u5b57", 'a"b', "a/b", "a?b#c", "50%", "../../x", "a\\b"])
def test_the_files_of_a_reading_from_elsewhere_are_found(
    client: TestClient, sharing: Sharing, page: PageImage, name: str
) -> None:
    runs = (EngineRun(f"brought:{name}", Reading("the cat sat"), None),)
    shared = sharing.share(replace(COMPARISON, runs=runs), page, ShareChoices())
    links = re.findall(r'<a href="([^"]+)" download>(?:ALTO|PAGE|hOCR|PDF)', html_of(client, shared))
    assert len(links) == 4
    for link in map(unescape, links):
        answer = client.get(urljoin(f"http://testserver/{shared.link}", link))
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")


def test_a_shared_evaluation_is_plain_html_that_can_be_deleted(client: TestClient, sharing: Sharing) -> None:
    with spoken_in("de"):
        shared = sharing.share_memo("Which of <2>?", "<h1>Advice</h1>", Expiry.MONTH)
    answer = client.get(f"/r/{shared.id}")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert re.search(r"<main [^>]*lang=\"de\">\s*<h1>Advice</h1>", answer.text)
    assert "Which of &lt;2&gt;?" in answer.text
    assert "<script" not in answer.text
    assert client.get("/r/memo.css").status_code == 200
    assert client.get(f"/r/{shared.id}/page.jpg").status_code == 404
    token = shared.delete_link.partition("token=")[2]
    assert client.post(f"/r/{shared.id}/delete", data={"token": token}).status_code == 200
    assert client.get(f"/r/{shared.id}").text == client.get(f"/r/{'A' * 22}").text


@pytest.mark.parametrize("name", COMPARISON_FILES)
def test_half_a_character_in_the_reference_keeps_no_file_from_being_made(name):
    half = replace(COMPARISON, reference="the cat sat \ud83d")
    shared = SharedComparison("", half, Rules(), COMPARISON.created_at, None, True, False)
    assert exported(name, shared, None, CATALOGUE)[1]
