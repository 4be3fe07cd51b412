"""Every adapter against every fault: the real SDK, a loopback vendor, one table of what must come of it."""

from dataclasses import dataclass, replace

import pytest

from engines.contract import Usage
from engines.errors import (
    BadAnswer,
    ConnectionLost,
    EngineError,
    EngineRejected,
    KeyRefused,
    ModelGone,
    PageRejected,
    QuotaExhausted,
    RateLimited,
    TimedOut,
    VendorDown,
)
from tests import vendor_answers
from tests.engines.cloud.conftest import KEY, noise_page
from tests.loopback_vendor import FAULTS
from tests.vendor_answers import INPUT_TOKENS, ROWS, TEXT

DEADLINE_SECONDS = 1.5


@dataclass(frozen=True)
class Flagged:
    """A reading with this flag: an answer, not an error."""

    flag: str


OUTCOMES = {
    "401": KeyRefused,
    "402": QuotaExhausted,
    "403": KeyRefused,
    "404": ModelGone,
    "408": VendorDown,
    "413": PageRejected,
    "422": EngineRejected,
    "429": RateLimited,
    "429 retry-after": RateLimited,
    "429 quota": QuotaExhausted,
    "500": VendorDown,
    "503": VendorDown,
    "504": TimedOut,
    "529": RateLimited,
    "redirect": EngineRejected,
    "reset unsent": VendorDown,
    "reset sent": ConnectionLost,
    "drip": TimedOut,
    "header drip": TimedOut,
    "truncated json": BadAnswer,
    "html": BadAnswer,
    "empty object": BadAnswer,
    "compressed": BadAnswer,
    "huge": BadAnswer,
    "empty": Flagged(""),
    "refusal": Flagged("refused"),
    "cut": Flagged("truncated"),
    "error under 200": RateLimited,
    "event stream": BadAnswer,
    "half usage": Flagged(""),
}

# OCR services have neither refusals nor an output limit.
MODELS = {"gpt-5", "openai-compatible", "qwen2.5-vl", "claude-opus-4-7", "gemini-3-flash"}
# A token may have been withdrawn before its time: one request with a new one.
REQUESTS = {("transkribus", "401"): 2}

# What tells our own guards from an SDK that stumbles over the same answer a little later.
GUARDS = {"huge": "larger than", "redirect": "redirect", "html": "web page", "compressed": "compressed"}

CELLS = [(row, fault) for row in ROWS for fault in FAULTS if row in MODELS or fault not in {"refusal", "cut"}]


def test_the_table_knows_every_fault():
    assert set(OUTCOMES) == set(FAULTS)


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_fault(cell, engine_of, vendor, page, task):
    row, fault = cell
    engine, vendor.fault, expected = engine_of(row), fault, OUTCOMES[fault]
    if fault == "reset unsent":
        page = noise_page(1200, 1200)  # larger than the buffers between us: the reset strikes while it is being sent
    if "drip" in fault:
        task = replace(task, timeout_seconds=DEADLINE_SECONDS)
    if isinstance(expected, Flagged):
        reading = engine.read(page, task)
        assert (reading.refused, reading.truncated) == (expected.flag == "refused", expected.flag == "truncated")
        assert expected.flag or reading.text == ("" if fault == "empty" else TEXT)
        billed = 1
    else:
        with pytest.raises(EngineError) as caught:
            engine.read(page, task)
        assert type(caught.value) is expected, caught.value
        assert GUARDS.get(fault, "") in str(caught.value)
        assert_no_key(caught.value)
        assert caught.value.retry_after_seconds == (7 if fault == "429 retry-after" else None)
        billed = int(caught.value.maybe_billed)
    assert vendor.billed == billed
    assert len(vendor.reading_requests) == REQUESTS.get((row, fault), 0 if fault == "reset unsent" else 1)


@pytest.mark.parametrize("row", ROWS)
def test_a_good_answer(row, engine_of, vendor, page, task):
    reading = engine_of(row).read(page, task)
    assert reading.text == TEXT
    assert (reading.refused, reading.truncated) == (False, False)
    assert reading.model_reported or row in vendor_answers.NAME_NO_MODEL
    assert reading.usage
    assert (reading.sent.width, reading.sent.height) == (page.width, page.height)
    assert vendor.billed == 1


@pytest.mark.parametrize("row", ROWS)
def test_boxes_lie_on_the_page_and_are_those_the_catalogue_promises(row, engine_of, page, task):
    engine = engine_of(row)
    regions = engine.read(page, task).regions
    assert {region.level for region in regions} == set(engine.spec.box_levels)
    for x, y in (point for region in regions for point in region.polygon):
        assert 10 <= x <= 90
        assert 10 <= y <= 60


@pytest.mark.parametrize(
    ("row", "fault"),
    [cell for cell in CELLS if cell[1] in {"refusal", "cut", "empty"}] + [(row, "") for row in ROWS],
)
def test_what_is_paid_for_is_counted_however_it_ended(row, fault, read, vendor):
    writes = 0 if row == "gemini-3-flash" else 300
    vendor.fault, vendor.cached_tokens, vendor.cache_writes = fault, 600, writes
    usage = read(row).usage
    if row not in MODELS:
        assert usage == Usage(pages=1)
        return
    assert (usage.input_tokens, usage.output_tokens) == (INPUT_TOKENS, 300)
    assert (usage.cached_tokens, usage.cache_write_tokens) == (600, writes)


@pytest.mark.parametrize("row", sorted(MODELS))
def test_a_gateway_that_leaves_out_the_details_still_counts(row, read, vendor):
    answer, path = {
        "gpt-5": (vendor_answers.responses(), "/responses"),
        "openai-compatible": (vendor_answers.chat(), "/chat/completions"),
        "qwen2.5-vl": (vendor_answers.chat(), "/chat/completions"),
        "claude-opus-4-7": (vendor_answers.messages(), "/messages"),
        "gemini-3-flash": (vendor_answers.gemini(), ":generateContent"),
    }[row]
    counts = answer["usageMetadata" if row == "gemini-3-flash" else "usage"]
    for detail in [name for name in counts if "details" in name or "cach" in name.lower()]:
        del counts[detail]
    vendor.answers[path] = answer
    usage = read(row).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (INPUT_TOKENS, 300, 0)


@pytest.mark.parametrize("row", ROWS)
def test_nobody_listens(row, engine_of, vendor, page, task):
    engine = engine_of(row)
    vendor.__exit__()
    with pytest.raises(VendorDown):
        engine.read(page, task)


@pytest.mark.parametrize("row", ROWS)
def test_no_key_in_any_log(row, vendor, read, caplog):
    caplog.set_level("DEBUG")
    vendor.fault = "401"
    with pytest.raises(KeyRefused):
        read(row)
    assert caplog.records
    assert KEY not in caplog.text


def assert_no_key(error):
    while error is not None:
        assert KEY not in f"{error} {error!r} {getattr(error, 'fix', '')}"
        assert error.__cause__ is None or error.__suppress_context__
        error = error.__cause__
