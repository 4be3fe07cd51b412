"""Batches over the vendors' real SDKs and a loopback vendor: the same requests, half the price, found again."""

import socket
import threading
from dataclasses import replace

import pytest

from engines.catalogue import spec_by_id, with_overrides
from engines.contract import ReadingTask
from engines.errors import EngineError
from engines.registry import LoadedEngines, build_engine
from evaluation.batches.records import open_batches, take_down
from evaluation.batches.running import MOST_ATTEMPTS, MOST_STUMBLES, BatchRunner, collect_until_done
from evaluation.datasets.opening import open_dataset
from evaluation.findings.kept_scores import observations
from evaluation.findings.results import bill, outcomes, progress
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run, find_run
from evaluation.work.item_reading import Means, PageLoader
from evaluation.work.planning import plan
from playground.host.keys import Secret
from tests.evaluation.batches.batch_vendor import STUMBLES, BatchVendor

KEY = "sk-canary+0815"
ROWS = {"gpt-4o": "/v1", "claude-opus-4-7": "", "gemini-3-flash": "", "mistral-ocr-3": ""}


def collect(runner, poll_seconds):
    return collect_until_done([runner], threading.Event(), poll_seconds)


@pytest.fixture
def vendor():
    with BatchVendor() as vendor:
        yield vendor


@pytest.fixture
def start(tmp_path, lines, vendor):
    """A runner over three lines; called again it is what a resume would be."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")

    def new(row, run_id="", budget=None):
        spec = with_overrides(spec_by_id(row), base_url=vendor.url + vendor.prefix + ROWS[row])
        dataset = open_dataset(lines)
        if not run_id:
            planned = plan(lines, dataset, RunSettings((spec,)))
            run_id = create_run(ledger, replace(planned.contents, budget_usd=budget))
        means = Means(ledger, find_run(ledger, run_id), PageLoader(dataset), LoadedEngines(), lambda _: Secret(KEY))
        return BatchRunner(means, spec, threading.Event()), run_id

    new.ledger = ledger
    return new


@pytest.mark.parametrize("row", ROWS)
def test_a_batch_reads_what_single_calls_would_for_half_the_price(row, start, vendor):
    runner, run_id = start(row)
    assert runner.submit_all() == 1
    assert len(vendor.requests) == 3
    assert bill(start.ledger, run_id).in_flight_calls == 3
    collect(runner, 0.01)
    run = find_run(start.ledger, run_id)
    seen = {one.item_id: one for one in observations(start.ledger, run)}
    assert seen["a.png"].cer.errors == 0
    assert {one.status for one in seen.values()} == {"read"}
    price = run.settings.engines[0].price
    full = (
        price.usd_per_page
        or (1000 * price.usd_per_million_input_tokens + 300 * price.usd_per_million_output_tokens) / 1e6
    )
    assert bill(start.ledger, run_id).answered_usd == pytest.approx(3 * full / 2)
    assert run.committed_usd == pytest.approx(3 * full / 2)
    assert open_batches(start.ledger, run_id) == []


def test_the_request_in_the_batch_is_the_one_the_adapter_sends(start, vendor, lines):
    runner, _ = start("gpt-4o")
    runner.submit_all()
    _, path, body = vendor.requests[0]
    page = PageLoader(open_dataset(lines)).load(next(open_dataset(lines).items()).locator)
    asked = take_down(spec_by_id("gpt-4o"), page, start.ledger and find_run(start.ledger, "").settings.task, "x")
    assert (path, body) == (asked.path, asked.body)
    assert body["store"] is False


@pytest.mark.parametrize("row", ROWS)
def test_taking_a_request_down_opens_no_connection(row, lines, monkeypatch):
    opened = []

    def connect(*arguments):
        opened.append(arguments)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "listen", connect)
    page = PageLoader(open_dataset(lines)).load(next(open_dataset(lines).items()).locator)
    assert take_down(spec_by_id(row), page, ReadingTask(), "x").body
    assert opened == []
    with pytest.raises(EngineError):
        build_engine(with_overrides(spec_by_id(row), base_url="http://127.0.0.1:9"), "k").read(page, ReadingTask())
    assert opened, "after it the wire is what it was"


@pytest.mark.parametrize("row", ROWS)
def test_a_failed_request_is_a_failure_and_costs_nothing(row, start, vendor):
    vendor.fail = {1}
    runner, run_id = start(row)
    runner.submit_all()
    collect(runner, 0.01)
    seen = {one.item_id: one for one in observations(start.ledger, find_run(start.ledger, run_id))}
    assert [seen[name].status for name in ("a.png", "b.png", "c.png")] == ["read", "failed", "read"]
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.unknown_calls) == (2, 0)


@pytest.mark.parametrize("row", ROWS)
def test_a_key_that_the_vendor_repeats_in_an_answer_is_not_stored(row, start, vendor, tmp_path):
    vendor.fail, vendor.complaint, vendor.text = {1}, f"bad image, sent with {KEY}", f"it says {KEY}"
    runner, run_id = start(row)
    runner.submit_all()
    collect(runner, 0.01)
    ended = [one.run.outcome for one in outcomes(start.ledger, find_run(start.ledger, run_id))]
    [message] = [outcome.message for outcome in ended if outcome.kind == "failure"]
    assert "sent with [key]" in message
    assert [outcome.text for outcome in ended if outcome.kind == "reading"] == ["it says [key]"] * 2
    assert [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("row", ROWS)
def test_a_resume_fetches_what_is_under_way_and_buys_nothing_again(row, start, vendor):
    runner, run_id = start(row)
    runner.submit_all()
    runner, _ = start(row, run_id)
    assert runner.submit_all() == 0
    collect(runner, 0.01)
    assert len(vendor.requests) == 3
    assert progress(start.ledger, run_id)[0].done == 3


@pytest.mark.parametrize("row", ROWS)
def test_a_batch_whose_receipt_got_lost_is_found_again_and_not_bought_twice(row, start, vendor):
    vendor.die_before_answering = True
    runner, run_id = start(row)
    with pytest.raises(EngineError):
        runner.submit_all()
    vendor.die_before_answering = False
    runner, _ = start(row, run_id)
    assert runner.submit_all() == 0
    assert collect(runner, 0.01) == []
    assert len(vendor.requests) == 3
    assert bill(start.ledger, run_id).answered_calls == 3


@pytest.mark.parametrize("row", ROWS)
def test_a_batch_that_the_vendor_never_got_is_counted_as_lost_and_sent_again(row, start, vendor):
    vendor.die_before_keeping = True
    runner, run_id = start(row)
    with pytest.raises(EngineError):
        runner.submit_all()
    vendor.die_before_keeping = False
    runner, _ = start(row, run_id)
    collect(runner, 0.01)
    assert bill(start.ledger, run_id).lost_calls == 3
    runner.submit_all()
    collect(runner, 0.01)
    assert bill(start.ledger, run_id).answered_calls == 3


@pytest.mark.parametrize("stranger", ["older", "another number of pages", "other pages"])
def test_another_batch_of_the_account_is_not_taken_for_the_lost_one(stranger, start, vendor):
    runner, run_id = start("claude-opus-4-7")
    vendor.die_before_keeping = True
    with pytest.raises(EngineError):
        runner.submit_all()
    vendor.die_before_keeping = False
    vendor.keep([(f"stranger-{i}", "", {}) for i in range(1 if stranger == "another number of pages" else 3)])
    if stranger == "older":
        vendor.created_at = "2020-01-01T00:00:00Z"
    runner, _ = start("claude-opus-4-7", run_id)
    collect(runner, 0.01)
    assert bill(start.ledger, run_id).lost_calls == 3


@pytest.mark.parametrize("reason", ["expire", "break_down", "cancel"])
@pytest.mark.parametrize("row", ROWS)
def test_what_the_vendor_never_did_costs_nothing_and_waits_again(row, reason, start, vendor):
    setattr(vendor, reason, {1})
    runner, run_id = start(row)
    runner.submit_all()
    [complaint] = collect(runner, 0.01)
    assert "1 of a batch's pages were not read" in complaint
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.unknown_calls, found.lost_calls, found.in_flight_calls) == (2, 0, 0, 0)
    assert progress(start.ledger, run_id)[0].left == 1
    assert find_run(start.ledger, run_id).committed_usd == pytest.approx(found.answered_usd)
    setattr(vendor, reason, set())
    assert runner.submit_all() == 1
    assert collect(runner, 0.01) == []
    assert len(vendor.requests) == 4
    assert bill(start.ledger, run_id).answered_calls == 3


def test_a_page_that_the_vendor_never_manages_counts_as_failed_in_the_end(start, vendor):
    vendor.break_down = {0, 1, 2}
    runner, run_id = start("gpt-4o")
    while runner.submit_all():
        collect(runner, 0.01)
    assert len(vendor.submitted) == MOST_ATTEMPTS
    seen = observations(start.ledger, find_run(start.ledger, run_id))
    assert {one.status for one in seen} == {"failed"}
    assert find_run(start.ledger, run_id).committed_usd == 0


@pytest.mark.parametrize("status", [429, 500, 503, 504])
@pytest.mark.parametrize("row", ROWS)
def test_a_stumble_while_waiting_is_no_end(row, status, start, vendor):
    runner, run_id = start(row)
    runner.submit_all()
    vendor.stumbles = [status] * 3
    assert collect(runner, 0.01) == []
    assert len(vendor.requests) == 3
    assert bill(start.ledger, run_id).answered_calls == 3


@pytest.mark.parametrize("row", ROWS)
def test_broken_lines_and_web_pages_while_waiting_are_no_end(row, start, vendor):
    runner, run_id = start(row)
    runner.submit_all()
    vendor.stumbles = ["reset", *STUMBLES, *STUMBLES, "reset"]
    assert collect(runner, 0.01) == []
    assert len(vendor.requests) == 3
    assert bill(start.ledger, run_id).answered_calls == 3


ODD_STATES = {
    "gpt-4o": "paused", "claude-opus-4-7": "canceling", "gemini-3-flash": "BATCH_STATE_UPDATING",
    "mistral-ocr-3": "VALIDATING",
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_state_that_is_not_known_is_no_end(row, start, vendor):
    runner, run_id = start(row)
    runner.submit_all()
    vendor.odd_states = [ODD_STATES[row]] * 3
    assert collect(runner, 0.01) == []
    assert len(vendor.requests) == 3
    assert bill(start.ledger, run_id).answered_calls == 3


def with_id(answer, custom_id):
    """The same answer to another request."""
    return answer | ({"custom_id": custom_id} if "custom_id" in answer else {"metadata": {"key": custom_id}})


@pytest.mark.parametrize("row", ROWS)
def test_answers_belong_to_pages_by_their_name_alone_and_count_once(row, start, vendor):
    vendor.fail = {1}
    vendor.alter = lambda answers: [answers[2], with_id(answers[0], "stranger"), answers[0], answers[1], *answers]
    runner, run_id = start(row)
    runner.submit_all()
    assert collect(runner, 0.01) == []
    seen = {one.item_id: one.status for one in observations(start.ledger, find_run(start.ledger, run_id))}
    assert seen == {"a.png": "read", "b.png": "failed", "c.png": "read"}
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.unknown_calls, found.lost_calls) == (2, 0, 0)


@pytest.mark.parametrize("row", ROWS)
def test_of_two_answers_for_a_page_the_reading_counts(row, start, vendor):
    vendor.alter = lambda answers: [with_id(failed_as(row), id_of(one)) for one in answers] + answers
    runner, run_id = start(row)
    runner.submit_all()
    collect(runner, 0.01)
    assert bill(start.ledger, run_id).answered_calls == 3


def id_of(answer):
    return answer.get("custom_id") or answer["metadata"]["key"]


def failed_as(row):
    """How the vendor says that a request of a batch failed."""
    if row == "claude-opus-4-7":
        error = {"type": "error", "error": {"type": "invalid_request_error", "message": "bad image"}}
        return {"custom_id": "", "result": {"type": "errored", "error": error}}
    if row == "gemini-3-flash":
        return {"metadata": {"key": ""}, "error": {"code": 3, "message": "bad image"}}
    return {"custom_id": "", "response": {"status_code": 400, "body": {"error": {"message": "bad image"}}}}


@pytest.mark.parametrize("row", ROWS)
def test_a_missing_answer_is_asked_for_once_more_and_then_waits_unbilled(row, start, vendor):
    vendor.alter = lambda answers: answers[1:]
    runner, run_id = start(row)
    runner.submit_all()
    [complaint] = collect(runner, 0.01)
    assert "1 of a batch's pages were not read" in complaint
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.lost_calls, found.unknown_calls) == (2, 0, 0)
    assert progress(start.ledger, run_id)[0].left == 1


@pytest.mark.parametrize("row", ROWS)
def test_a_file_that_came_cut_is_fetched_again(row, start, vendor):
    vendor.cut, vendor.whole_again = {0, 2}, True
    runner, run_id = start(row)
    runner.submit_all()
    assert collect(runner, 0.01) == []
    assert len(vendor.requests) == 3
    assert bill(start.ledger, run_id).answered_calls == 3


@pytest.mark.parametrize("row", ROWS)
def test_a_line_that_stays_cut_costs_no_other_reading_and_may_be_billed(row, start, vendor):
    vendor.cut = {0}
    runner, run_id = start(row)
    runner.submit_all()
    [complaint] = collect(runner, 0.01)
    assert "1 of a batch's pages" in complaint
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.lost_calls) == (2, 1)
    assert progress(start.ledger, run_id)[0].left == 1


ODD = (None, [], "a text", 7, {"custom_id": None}, {"metadata": None}, {"response": "x"}, {"result": []})


@pytest.mark.parametrize("row", ROWS)
def test_answers_of_no_known_form_break_nothing(row, start, vendor):
    vendor.alter = lambda answers: [*ODD, *answers]
    runner, run_id = start(row)
    runner.submit_all()
    assert collect(runner, 0.01) == []
    assert bill(start.ledger, run_id).answered_calls == 3


@pytest.mark.parametrize("row", ROWS)
def test_an_error_in_the_place_of_an_answer_is_the_vendor_s_and_not_billed(row, start, vendor):
    busy = {"error": {"code": "rate_limit_exceeded", "message": "Too many requests upstream"}}

    def alter(answers):
        first = answers[0]
        if "result" in first:
            first["result"] = {"type": "succeeded", "message": busy}
        elif "metadata" in first:
            first["response"] = busy
        else:
            first["response"]["body"] = busy
        return answers

    vendor.alter = alter
    runner, run_id = start(row)
    runner.submit_all()
    [complaint] = collect(runner, 0.01)
    assert "1 of a batch's pages" in complaint
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.unknown_calls, found.lost_calls) == (2, 0, 0)


@pytest.mark.parametrize("row", ROWS)
def test_a_busy_vendor_is_offered_the_batch_again(row, start, vendor):
    vendor.refusals = [503, 429]
    runner, run_id = start(row)
    assert runner.submit_all() == 1
    assert collect(runner, 0.01) == []
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.lost_calls) == (3, 0)
    assert len(vendor.requests) == 3


def test_a_file_that_did_not_arrive_costs_nothing(start, vendor):
    vendor.refusing_files = 504
    runner, run_id = start("gpt-4o")
    with pytest.raises(EngineError):
        runner.submit_all()
    assert find_run(start.ledger, run_id).committed_usd == 0
    assert bill(start.ledger, run_id).in_flight_calls == 0
    assert open_batches(start.ledger, run_id) == []


@pytest.mark.parametrize("row", ROWS)
def test_a_vendor_without_batches_is_told_from_one_without_the_model(row, start, vendor):
    vendor.refuse_with = 404
    runner, _ = start(row)
    with pytest.raises(EngineError, match="no batches at all") as error:
        runner.submit_all()
    assert "base URL" in error.value.fix


@pytest.mark.parametrize("row", ROWS)
def test_a_lost_batch_is_known_by_any_of_its_pages(row, start, vendor):
    vendor.die_before_answering = True
    runner, run_id = start(row)
    with pytest.raises(EngineError):
        runner.submit_all()
    vendor.die_before_answering = False
    vendor.alter = lambda answers: answers[:2]
    runner, _ = start(row, run_id)
    [complaint] = collect(runner, 0.01)
    assert "1 of a batch's pages" in complaint
    found = bill(start.ledger, run_id)
    assert (found.answered_calls, found.lost_calls) == (2, 0)


def test_a_vendor_that_takes_its_day_keeps_no_other_waiting(start, vendor):
    slow, slow_run = start("gpt-4o")
    quick, quick_run = start("mistral-ocr-3")
    slow.submit_all()
    quick.submit_all()
    stop = threading.Event()
    vendor.polls_until_done = 10**9
    vendor.asked = {name: 10**9 for name, tag in vendor.tags.items() if vendor.submitted[name][0][1] == "/v1/ocr"}
    waiting = threading.Thread(target=collect_until_done, args=([slow, quick], stop, 0.01))
    waiting.start()
    while bill(start.ledger, quick_run).answered_calls < 3:
        assert waiting.is_alive()
    stop.set()
    waiting.join()
    assert bill(start.ledger, slow_run).answered_calls == 0


def test_a_vendor_that_stays_down_is_given_up_and_its_batch_kept(start, vendor):
    runner, run_id = start("gpt-4o")
    runner.submit_all()
    vendor.stumbles = [503] * MOST_STUMBLES
    [complaint] = collect(runner, 0)
    assert "HTTP 503" in complaint
    assert "come back later" in complaint
    runner, _ = start("gpt-4o", run_id)
    assert collect(runner, 0.01) == []
    assert bill(start.ledger, run_id).answered_calls == 3


def test_a_refusal_while_waiting_is_said_and_the_batch_kept(start, vendor):
    runner, run_id = start("gpt-4o")
    runner.submit_all()
    vendor.stumbles = [401]
    [complaint] = collect(runner, 0.01)
    assert "refused the key" in complaint
    assert len(open_batches(start.ledger, run_id)) == 1


@pytest.mark.parametrize("row", [row for row in ROWS if row != "claude-opus-4-7"])  # Anthropic says it of each request
def test_why_a_batch_came_to_nothing_is_said(row, start, vendor):
    vendor.end_without_answers = f"Enqueued token limit\nreached, {KEY}."
    runner, run_id = start(row)
    runner.submit_all()
    [complaint] = collect(runner, 0.01)
    assert "3 of a batch's pages" in complaint
    assert "it says: " not in complaint
    assert "the vendor says: Enqueued token limit reached, [key]." in complaint
    assert find_run(start.ledger, run_id).committed_usd == 0


@pytest.mark.parametrize("row", ROWS)
def test_a_gateway_s_path_stands_before_every_address_and_in_no_request(row, start, vendor):
    vendor.prefix = "/gateway/vendor"
    vendor.results_at = "https://api.example.org"
    runner, run_id = start(row)
    runner.submit_all()
    collect(runner, 0.01)
    assert bill(start.ledger, run_id).answered_calls == 3
    assert not any(path.startswith(vendor.prefix) for _, path, _ in vendor.requests)


def test_a_refused_batch_leaves_everything_pending_and_costs_nothing(start, vendor):
    vendor.refuse_with = 401
    runner, run_id = start("gpt-4o")
    with pytest.raises(EngineError) as error:
        runner.submit_all()
    assert KEY not in str(error.value)
    found = find_run(start.ledger, run_id)
    assert (found.committed_usd, progress(start.ledger, run_id)[0].left) == (0, 3)
    assert progress(start.ledger, run_id)[0].in_flight == 0


def test_a_batch_keeps_within_the_budget(start, vendor):
    runner, run_id = start("gpt-4o", budget=0.09)
    runner.submit_all()
    assert 0 < len(vendor.requests) < 3
    collect(runner, 0.01)
    assert find_run(start.ledger, run_id).committed_usd <= 0.09


def test_the_command_line_runs_by_batch_beside_single_calls(lines, vendor, evaluate):
    engines = ("--engines", "gpt-4o", "--yes", "--batch", "--poll", "0.1")
    status, said = evaluate(vendor, "run", lines, *engines)
    assert status == 0, said
    assert "Batches submitted: 1." in said
    assert "3 paid calls: $0.00825." in said


def test_the_refusal_of_one_vendor_stops_only_that_vendor(lines, vendor, evaluate, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", vendor.url)
    vendor.refusing = "/v1/batches"
    engines = ("--engines", "gpt-4o,claude-opus-4-7", "--yes", "--batch", "--poll", "0.1")
    status, said = evaluate(vendor, "run", lines, *engines)
    assert status == 1, said
    assert "Batches submitted: 1." in said
    assert "not today" in said
    assert "--batch" in said
    assert {path for _, path, _ in vendor.requests} == {"/v1/messages"}


def test_gemini_gets_the_same_settings_in_a_batch(start, vendor, lines):
    runner, run_id = start("gemini-3-flash")
    runner.submit_all()
    _, _, body = vendor.requests[0]
    run = find_run(start.ledger, run_id)
    page = PageLoader(open_dataset(lines)).load(next(open_dataset(lines).items()).locator)
    asked = take_down(run.settings.engines[0], page, run.settings.task, "x").body
    assert normal(body["generationConfig"]) == normal(asked["generationConfig"])
    assert normal(body["contents"]) == normal(asked["contents"])


def normal(value):
    """The SDK writes some names in camel case and some in snake case, and means the same."""
    if isinstance(value, dict):
        return {name.replace("_", "").lower(): normal(inner) for name, inner in value.items()}
    return [normal(inner) for inner in value] if isinstance(value, list) else value
