"""Through retries and all: what the vendor charged for is what the run says."""

from io import BytesIO

import pytest
from PIL import Image

from engines.catalogue import spec_by_id, with_overrides
from engines.contract import PageImage, ReadingTask
from engines.pricing import Usd
from engines.registry import LoadedEngines
from playground.comparing import compare_page
from playground.host.keys import Secret
from tests import vendor_answers
from tests.loopback_vendor import LoopbackVendor


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("playground.comparing.LONGEST_PAUSE_SECONDS", 0.01)


def run_of(row, vendor):
    buffer = BytesIO()
    Image.new("RGB", (100, 80), "white").save(buffer, "PNG")
    page = PageImage("0" * 64, buffer.getvalue(), 100, 80)
    spec = with_overrides(spec_by_id(row), base_url=vendor.url + ("/v1" if row == "gpt-5" else ""))
    (run,) = compare_page([spec], page, ReadingTask(timeout_seconds=600), LoadedEngines(), lambda _: Secret("sk-test"))
    return run


@pytest.mark.parametrize("row", ["gpt-5", "claude-opus-4-7", "gemini-3-flash", "mistral-ocr-3"])
@pytest.mark.parametrize(
    ("fault", "attempts", "billed"),
    [("", 1, 1), ("truncated json", 2, 2), ("500", 4, 0), ("529", 6, 0), ("429 quota", 1, 0), ("reset sent", 1, 1)],
)
def test_attempts_and_bill(row, fault, attempts, billed):
    with LoopbackVendor(fault) as vendor:
        run = run_of(row, vendor)
    assert (run.attempts, len(vendor.reading_requests)) == (attempts, attempts)
    assert vendor.billed == billed
    # A reading has its cost; of what failed, the run says that it may have been billed.
    assert run.maybe_billed == (billed > 0 and fault != "")
    assert (run.cost is not None) == (fault == "")


ENDED_IN_NOTHING = {
    "gpt-5": ("/responses", vendor_answers.responses() | {"status": "cancelled"}),
    "claude-opus-4-7": ("/messages", vendor_answers.messages("") | {"stop_reason": "pause_turn"}),
}


@pytest.mark.parametrize("row", ENDED_IN_NOTHING)
def test_what_the_vendor_counted_for_no_reading_is_charged_to_the_cent(row):
    with LoopbackVendor() as vendor:
        path, answer = ENDED_IN_NOTHING[row]
        vendor.answers[path] = answer
        run = run_of(row, vendor)
    price = spec_by_id(row).price
    once = (1000 * price.usd_per_million_input_tokens + 300 * price.usd_per_million_output_tokens) / 1e6
    assert (run.outcome.kind, run.attempts, run.maybe_billed) == ("failure", 2, False)
    assert run.cost == Usd(pytest.approx(2 * once), measured=True)


def test_a_vendor_that_recovers_is_read_and_paid_once():
    with LoopbackVendor("503") as vendor:
        vendor.faults_left = 2
        run = run_of("gpt-5", vendor)
    assert (run.outcome.kind, run.attempts, vendor.billed, run.maybe_billed) == ("reading", 3, 1, False)
    assert run.cost.measured
    assert run.cost.usd == pytest.approx((1000 * 1.25 + 300 * 10) / 1e6)
