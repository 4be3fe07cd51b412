"""T1: canary keys x every wire format x every fault: no file, database, log, run, share, export, counter has one."""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

import pytest

from engines.catalogue import spec_by_id
from engines.contract import PageImage, Reading, ReadingTask
from engines.errors import KeyRefused
from engines.sdk_errors import translated
from playground.comparing import compare_page, failure_of
from playground.documents import read_document, to_json
from playground.engine_runs import Comparison, EngineRun
from playground.host.hosting import LONGEST_TOLD, RedactingFilter, Redactor, keep_logs_clean
from playground.host.keys import Secret
from playground.share.sharing import ShareChoices
from tests.loopback_vendor import FAULTS
from tests.security.conftest import HOST_KEY, VISITOR_KEY
from tests.vendor_answers import ROWS
from ui.routes.downloads import COMPARISON_FILES, exported, reading_files

UNTIL_TIME_IS_UP = {
    "408", "429", "429 retry-after", "500", "503", "529", "reset unsent", "drip", "header drip", "error under 200",
}  # fmt: skip
"""Faults after which a call is tried again, or which never end."""
BUDGET = {"INKQUEST_BUDGET_USD": "100000", "INKQUEST_BUDGET_VISITOR_USD": "100000"}


def traces(key: str) -> set[bytes]:
    return {
        form.encode() for form in (key, quote(key, safe=""), base64.b64encode(key.encode()).decode().rstrip("=")[:-1])
    }


ALL_TRACES = traces(HOST_KEY) | traces(VISITOR_KEY)


def leaks(content: str | bytes) -> list[bytes]:
    data = content.encode(errors="replace") if isinstance(content, str) else content
    return [trace for trace in ALL_TRACES if trace in data]


@pytest.fixture
def log_file(tmp_path):
    """Everything that is logged, down to the SDKs' own debugging."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield tmp_path / "log.jsonl"
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("fault", ["", *FAULTS])
def test_no_fault_makes_a_key_show(open_house, vendor, log_file, capfd, fault):
    house = open_house(**BUDGET)
    for session in ("ann", "ben"):
        house.agree(session)
    for variable in {spec.key_env for spec in house.rows.values() if spec.key_env}:
        house.hosting.guard.keys.vault.put("ann", variable, VISITOR_KEY)
    vendor.fault, vendor.fault_everywhere, vendor.keys = fault, fault.startswith("4"), (VISITOR_KEY, HOST_KEY)
    seconds = 1.0 if fault in UNTIL_TIME_IS_UP else 30.0
    with log_file.open("w") as stream:
        keep_logs_clean(house.hosting.redact, stream)
        logging.getLogger().setLevel(logging.DEBUG)
        with ThreadPoolExecutor(2) as both:  # Ann on her own keys, Ben on the host's
            runs_of_both = both.map(
                lambda session: tuple(house.run(*ROWS, session=session, seconds=seconds)), ("ann", "ben")
            )
        for runs in runs_of_both:
            assert len(runs) == len(ROWS)
            assert fault in {*UNTIL_TIME_IS_UP, "504"} or "timed-out" not in repr(runs), "every vendor was asked"
            assert leaks(repr(runs)) == []
            look_everywhere(house, runs)
    assert vendor.requests or fault == "reset unsent"
    assert leaks("".join(capfd.readouterr())) == []
    assert [path for path in house.folder.rglob("*") if path.is_file() and leaks(path.read_bytes())] == []


def look_everywhere(house, runs):
    """Share the runs, and look into the documents, the exports and the counters."""
    task, page = ReadingTask(), house.page
    assert leaks(to_json(read_document("page.png", page, task, runs))) == []
    comparison = Comparison("c", datetime.now(UTC), page.sha256, 100, 80, task, "Dear Sir", runs, "test")
    shared = house.hosting.sharing.share(comparison, page, ShareChoices())
    opened = house.hosting.sharing.open_share(shared.id)
    specs = tuple(house.rows.values())
    assert [name for name, (_, export) in COMPARISON_FILES.items() if leaks(export(opened, None, specs))] == []
    names = [name for one in reading_files(opened, None, specs) for _, name in one.files]
    assert [name for name in names if leaks(exported(name, opened, None, specs)[1])] == []
    assert leaks(house.hosting.guard.counters.exposition()) == []


@pytest.mark.parametrize("row", ROWS)
def test_a_key_that_a_vendor_puts_into_a_reading_is_not_kept(open_house, vendor, row):
    """The host's, from a vendor that answers as promised; it stands in the text, the boxes and the model's name."""
    house = open_house(**BUDGET)
    house.agree()
    vendor.instead_of_dear = HOST_KEY
    run = house.one(row)
    assert isinstance(run.outcome, Reading), run
    assert "[key]" in run.outcome.text
    assert leaks(repr(run)) == []


def test_the_canaries_would_be_seen(open_house, vendor):
    """The vendors do get the keys and do repeat them: the test above looks for something that is there."""
    house = open_house(**BUDGET)
    house.agree()
    vendor.fault = "401"
    list(house.run(*ROWS))
    seen = [
        request for request in vendor.requests if HOST_KEY in str(request.headers) or HOST_KEY.encode() in request.body
    ]
    assert len(seen) >= len(ROWS) - 2  # Transkribus gets it encoded, Textract a signature made with it
    assert leaks(f"Basic {base64.b64encode(HOST_KEY.encode()).decode()}")
    assert leaks(f"https://x.example/?key={quote(HOST_KEY, safe='')}")


def test_a_key_that_an_engine_reads_off_the_page_is_not_stored(open_house):
    """Whoever photographs a key of this host learns nothing, but it must not end up in a link."""
    house = open_house(**BUDGET)
    comparison = Comparison(
        "c",
        datetime.now(UTC),
        "",
        1,
        1,
        ReadingTask(),
        HOST_KEY,
        (EngineRun("gpt-5", Reading(f"it says {HOST_KEY}"), 1.0),),
        "t",
    )
    shared = house.hosting.sharing.share(comparison, None, ShareChoices())
    opened = house.hosting.sharing.open_share(shared.id)
    assert opened.comparison == replace(
        comparison, reference="[key]", runs=(EngineRun("gpt-5", Reading("it says [key]"), 1.0),)
    )


@pytest.mark.parametrize("secret", [HOST_KEY, 'quote"back\\slash-key', "sk-plain-0123456789"])
def test_the_redactor_knows_every_form_of_a_key(secret):
    redact = Redactor(lambda: {secret, "", "short"})
    forms = [secret, quote(secret), quote(secret, safe=""), json.dumps({"k": secret}), repr({"k": secret})]
    forms += [base64.b64encode(f"{'u' * n}:{secret}".encode()).decode() for n in range(3)]
    for form in forms:
        inner = base64.b64encode(secret.encode()).decode()[4:-4]
        assert secret not in redact(form)
        assert quote(secret, safe="") not in redact(form)
        assert inner not in redact(form) or secret in form
        assert "[key]" in redact(form), form
    assert redact("short words stay") == "short words stay"


def told_by_an_sdk(text: str, _logged: io.StringIO) -> str:
    class APIError(Exception):
        status_code, body = 401, {"error": {"message": text}}

    with pytest.raises(KeyRefused) as told, translated(spec_by_id("gpt-5"), None, HOST_KEY):
        raise APIError
    return f"{told.value!r} {told.value.fix}"


def told_of_a_failure(text: str, _logged: io.StringIO) -> str:
    return repr(failure_of(KeyRefused(text, fix=f"Replace {text}."), Secret(HOST_KEY)))


def told_of_a_bug(text: str, logged: io.StringIO) -> str:
    class Broken:
        def get(self, spec: object, key: object = None) -> object:
            raise ZeroDivisionError(text)

    page, task = PageImage("0" * 64, b"", 1, 1), ReadingTask()
    [run] = compare_page([spec_by_id("gpt-5")], page, task, Broken(), lambda _: Secret(HOST_KEY))
    return repr(run) + logged.getvalue()


def logged_by_a_host(text: str, logged: io.StringIO) -> str:
    keep_logs_clean(Redactor(lambda: [HOST_KEY]), logged)
    logging.getLogger("x").error("sent %s", text)
    return logged.getvalue()


@pytest.mark.parametrize("place", [told_by_an_sdk, told_of_a_failure, told_of_a_bug, logged_by_a_host])
@pytest.mark.parametrize(
    "escape",
    [str, quote, partial(quote, safe=""), json.dumps, repr, lambda key: base64.b64encode(key.encode()).decode()],
)
def test_every_place_knows_every_form_of_a_key(place, escape, log_file):
    logged = io.StringIO()
    logging.getLogger().handlers[:] = [logging.StreamHandler(logged)]
    told = place(f"The key {escape(HOST_KEY)} is wrong", logged)
    assert "[key]" in told
    assert leaks(told) == []


def test_tracebacks_and_prints_lose_the_key_too(tmp_path, log_file):
    redact = Redactor(lambda: {HOST_KEY})
    with log_file.open("w") as stream:
        clean = keep_logs_clean(redact, stream)
        try:
            raise ValueError(f"Authorization: {HOST_KEY}")
        except ValueError:
            logging.getLogger("x").exception("sent %s", {"key": HOST_KEY})
            traceback.print_exc(file=clean)
        print(f"debug {HOST_KEY}", file=clean)
    written = log_file.read_text()
    assert written.count("[key]") == 4
    assert leaks(written) == []
    assert sys.stderr is not clean


def test_the_filter_cleans_a_handler_that_writes_elsewhere():
    handler = logging.StreamHandler(io.StringIO())
    handler.addFilter(RedactingFilter(Redactor(lambda: {HOST_KEY})))
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "sent %s and %r", (HOST_KEY, {"key": HOST_KEY}), None)
    handler.handle(record)
    try:
        raise ValueError(HOST_KEY)
    except ValueError:
        handler.handle(logging.LogRecord("x", logging.ERROR, "x.py", 1, "broke", (), sys.exc_info()))
    written = handler.stream.getvalue()
    assert written.count("[key]") == 3
    assert leaks(written) == []


def written_with(key, level=logging.ERROR):
    stream = io.StringIO()
    clean = keep_logs_clean(Redactor(lambda: {key}), stream)
    logging.getLogger("x").log(level, "a page came")
    return stream, clean


@pytest.mark.parametrize("key", ['"level": "error"', "message", '"}', '", "from": "x"'])
def test_a_stranger_s_key_breaks_no_line_of_the_log(key, log_file):
    stream, _ = written_with(key)
    assert json.loads(stream.getvalue()) | {"time": ""} == {
        "time": "", "level": "error", "from": "x", "message": "a page came",
    }  # fmt: skip


@pytest.mark.parametrize("before", [0, LONGEST_TOLD - 5, 2 * LONGEST_TOLD - 5, 3 * LONGEST_TOLD])
def test_an_error_that_quotes_a_whole_request_is_told_in_short(before, log_file):
    stream, clean = written_with(HOST_KEY)
    long = "x" * before + HOST_KEY + "y" * 4_000_000
    logging.getLogger("x").error("%s", long)
    try:
        raise ValueError(long)
    except ValueError:
        logging.getLogger("x").exception("broke")
    print(long, file=clean)
    assert len(stream.getvalue()) < 5 * LONGEST_TOLD
    assert HOST_KEY[:4] not in stream.getvalue()
