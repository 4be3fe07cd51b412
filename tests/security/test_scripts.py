"""T3: whatever an engine, a vendor or a visitor writes stays text, in a real browser, at every place that shows it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import uvicorn
from starlette.applications import Starlette

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, Reading, ReadingTask, Region, Sent
from engines.pricing import Usd
from engines.registry import LoadedEngines
from metrics.normalising import DEFAULT_RULES
from playground.engine_runs import Comparison, EngineRun, Failure
from playground.host.admission import Apart
from playground.host.budget import Payers
from playground.host.keys import Keys
from playground.offer import Offer
from playground.settings import Settings, catalogue
from playground.share.sharing import ShareChoices, Sharing, TableRecords
from playground.storage.blobs import open_blobs
from playground.storage.database import Database
from tests.live_app import free_port
from tests.waiting import let_markup_run
from ui.compare.desk import Desk
from ui.compare.panels import view_of
from ui.routes.downloads import as_html
from ui.routes.shared_page import SharedPages

ATTACK = (
    "<script>pwned=1</script><img src=http://evil.example/a onerror=pwned=2><svg onload=pwned=3>"
    "<iframe srcdoc='<script>top.pwned=4</script>'></iframe><a href=javascript:pwned=5>x</a>"
    "\"' onmouseover=pwned=6 autofocus onfocus=pwned=7 x=\"${pwned=8}{{pwned=9}}<style>@import 'http://evil.example/b'</style>"
    "</textarea></title></style><body onload=pwned=10><form action=http://evil.example><base href=http://evil.example/>"
    "![x](http://evil.example/c) \u202e\x00"
)
BOX = Region("word", ATTACK, ((1.0, 1.0), (9.0, 1.0), (9.0, 9.0)))
HOSTILE = (
    EngineRun(
        "gpt-5", Reading(ATTACK, (BOX,), model_reported=ATTACK, sent=Sent(1, 1, ATTACK, ((ATTACK, ATTACK),))), 1.0,
        cost=Usd(1, measured=False),
    ),
    EngineRun("gpt-4o", Failure(ATTACK, ATTACK, ATTACK), 1.0),
    EngineRun("tesseract", Reading("plain"), 1.0),
    EngineRun(ATTACK, Reading(ATTACK, truncated=True), 1.0),
)  # fmt: skip
PAGE = PageImage(ATTACK, b"", 100, 100)


def comparison(reference):
    task = ReadingTask(prompt=ATTACK, language=ATTACK)
    return Comparison(ATTACK, datetime.now(UTC), ATTACK, 100, 100, task, reference, HOSTILE, ATTACK)


@pytest.fixture(scope="module")
def sharing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shares")
    return Sharing(TableRecords(Database(f"sqlite:///{folder}/x.db")), open_blobs(str(folder / "blobs")))


@pytest.fixture(scope="module")
def site(sharing):
    port = free_port()
    config = uvicorn.Config(
        Starlette(routes=SharedPages(sharing, CATALOGUE, Payers(), Apart()).routes()), port=port, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(100)


class Watched:
    """A browser page that remembers every address it asked for and every dialogue."""

    def __init__(self, context):
        self.page = context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: self.asked.append(f"dialog {dialog.message}"))

    def check(self, allowed):
        let_markup_run(self.page)
        assert self.page.evaluate("typeof pwned") == "undefined"
        assert [url for url in self.asked if not url.startswith(allowed)] == []
        assert self.page.query_selector_all("iframe, base, script, [onerror], [onload], [onfocus]") == []


@pytest.fixture
def watched(browser):
    context = browser.new_context()
    yield Watched(context)
    context.close()


@pytest.mark.parametrize("reference", [ATTACK, "", "plain"])
def test_the_shared_page(site, sharing, watched, reference):
    shared = sharing.share(comparison(reference), None, ShareChoices())
    watched.page.goto(f"{site}/{shared.link}")
    assert "<script>pwned=1</script>" in watched.page.inner_text("main")  # shown as text
    watched.check((site,))


@pytest.mark.parametrize("path", ["r/{}/delete?token={}", "r/{}?x={}", "r/{}/page.jpg?{}"])
def test_pages_about_links(site, watched, path):
    watched.page.goto(f"{site}/{path.format(quote(ATTACK, safe=''), quote(ATTACK, safe=''))}")
    watched.check((site,))


@pytest.mark.parametrize("reference", [ATTACK, ""])
def test_the_html_export_without_the_protection_of_headers(watched, sharing, tmp_path, reference):
    opened = sharing.open_share(sharing.share(comparison(reference), None, ShareChoices()).id)
    (tmp_path / "export.html").write_bytes(as_html(opened, None, CATALOGUE))
    watched.page.goto(f"file://{tmp_path}/export.html")
    assert "<script>pwned=1</script>" in watched.page.inner_text("main")
    watched.check(("file://", "data:"))


@pytest.mark.parametrize("reference", [ATTACK, ""])
def test_the_panels_where_nothing_but_escaping_protects_them(watched, reference):
    settings = Settings.from_env({})
    offer = Offer(settings, catalogue(settings), LoadedEngines(), Keys.from_env({}, settings))
    shown = HOSTILE[:3]
    desk = replace(Desk(tuple(run.engine_id for run in shown)), page=PAGE, runs={run.engine_id: run for run in shown})
    view = view_of(desk, reference, DEFAULT_RULES, offer)
    watched.page.goto("about:blank")
    watched.page.evaluate(
        "html => { document.body.innerHTML = html }", "".join((*view.panels, view.verdict, view.boxes))
    )
    assert "<script>pwned=1</script>" in watched.page.inner_text("body")
    watched.check(("about:",))


def test_the_attack_would_work(watched):
    """In a page that does not escape, the same text runs and phones home: the tests above can fail."""
    watched.page.goto("about:blank")
    with watched.page.expect_request(lambda asked: "evil.example" in asked.url):
        watched.page.evaluate("html => { document.body.innerHTML = html }", ATTACK)
    let_markup_run(watched.page)
    watched.page.wait_for_function("typeof pwned === 'number'")
