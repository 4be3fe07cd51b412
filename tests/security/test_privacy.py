"""T6, T7: nothing leaves without a yes, nothing leaves that is not the page, and one call holds one page only."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PIL import Image

from engines.contract import ReadingTask
from playground.engine_runs import Comparison, Failure
from playground.host.budget import Consents, companies
from playground.share.sharing import ShareChoices
from playground.uploads import accept
from tests.vendor_answers import ROWS

BUDGET = {"INKQUEST_BUDGET_USD": "1000", "INKQUEST_BUDGET_VISITOR_USD": "1000"}


@pytest.mark.parametrize("row", ROWS)
def test_without_consent_a_vendor_gets_no_byte(open_house, vendor, row):
    house = open_house(**BUDGET)
    house.hosting.guard.consents.agree("ann", {"Somebody else"})
    run = house.one(row)
    assert isinstance(run.outcome, Failure)
    assert run.outcome.reason == "consent-missing"
    assert house.rows[row].vendor in run.outcome.message
    assert vendor.requests == []


def test_consent_is_one_company_s_and_one_session_s_and_ends_with_it(open_house, vendor):
    house = open_house(**BUDGET)
    house.hosting.guard.consents.agree("ann", {"OpenAI"})
    assert house.one("gpt-5").outcome.kind == "reading"
    assert house.one("gpt-5", session="ben").outcome.kind == "failure"
    assert house.one("mistral-ocr-4").outcome.kind == "failure"
    house.hosting.guard.forget("ann")
    assert house.one("gpt-5").outcome.kind == "failure"
    assert len(vendor.requests) == 1


def test_the_visitor_is_told_each_company_once_with_what_it_says(open_house):
    house = open_house()
    rows = [house.rows[row] for row in ("gpt-5", "claude-opus-4-7")] + [house.rows["gpt-5"]]
    openai, anthropic = companies(rows)
    assert (openai.name, openai.engines, anthropic.name) == ("OpenAI", ("GPT-5", "GPT-5"), "Anthropic")
    assert openai.data_handling is not None
    assert "30 days" in openai.data_handling.kept.words
    consents = Consents()
    consents.agree("ann", ["OpenAI"])
    assert [company.name for company in consents.missing("ann", rows)] == ["Anthropic"]


def photo_with_metadata() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-CANARY"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 1.0), 29: "1999:GPS-CANARY"})
    out = io.BytesIO()
    Image.new("RGB", (100, 80), "white").save(
        out, "JPEG", exif=exif, comment=b"COMMENT-CANARY", xmp=b"<x>XMP-CANARY</x>"
    )
    return out.getvalue()


def test_a_photo_s_metadata_reaches_neither_vendor_nor_store(open_house, vendor, tmp_path):
    photo = photo_with_metadata()
    assert photo.count(b"CANARY") == 4
    house = open_house(**BUDGET)
    house.agree()
    page = accept(photo, "photo.jpg")
    runs = list(replace(house, page=page).run(*ROWS))
    assert len(vendor.reading_requests) >= len(ROWS) - 1
    assert len(runs) == len(ROWS)
    for request in vendor.requests:
        for part in (request.body, *_decoded(request.body)):
            assert b"CANARY" not in part
            assert b"Exif" not in part
    house.hosting.sharing.share(_comparison(page, runs), page, ShareChoices())
    assert [path for path in tmp_path.rglob("*") if path.is_file() and b"CANARY" in path.read_bytes()] == []


def test_a_call_holds_one_page_no_tool_and_nothing_of_other_visitors(open_house, vendor):
    house = open_house(**BUDGET)
    for session in ("ann-canary", "ben-canary"):
        house.agree(session)
        list(house.run(*ROWS, session=session))
    for request in vendor.reading_requests:
        assert b"-canary" not in request.body.replace(b"sk-host-canary", b"")
        if request.headers.get("content-type") == "application/json":
            fields = json.loads(request.body)
            assert not fields.get("tools")
            assert not fields.get("functions")
            assert not fields.get("previous_response_id")


def _comparison(page, runs):
    return Comparison(
        "c", datetime.now(UTC), page.sha256, page.width, page.height, ReadingTask(), "Dear", tuple(runs), "test"
    )


def _decoded(body: bytes):
    """Every long base64 string in a request, as bytes: where pictures hide in JSON."""
    for text in re.findall(rb"[A-Za-z0-9+/]{100,}={0,2}", body):
        yield base64.b64decode(text + b"=" * (-len(text) % 4))


@pytest.mark.parametrize("row", ROWS)
def test_whose_key_is_refused_is_told_the_name_of_no_setting(open_house, vendor, row):
    house = open_house(**BUDGET)
    house.agree()
    vendor.fault = "401"
    failure = house.one(row).outcome
    assert failure.reason == "key-refused"
    assert house.rows[row].key_env not in failure.message + failure.fix
