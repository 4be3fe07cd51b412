"""T2: strangers cannot spend the host's money beyond its budget, whatever they do at once or by hand."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event
from threading import enumerate as all_threads

import pytest

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, ReadingTask, Usage, output_room
from engines.pricing import dollars, measured_usd, worst_case
from metrics.normalising import DEFAULT_RULES
from playground.comparing import billing_day
from playground.engine_runs import Failure
from playground.host.budget import Payers
from playground.host.guard import Visitor
from playground.panel import panels_of
from playground.settings import Settings
from tests.places import ROOT
from tests.security.conftest import VISITOR_KEY
from tests.vendor_answers import COUNT_NO_TOKENS, ROWS
from tests.waiting import until
from ui.html import render


def price_of(house, row):
    return worst_case(house.rows[row], house.page, ReadingTask(), billing_day()).usd


def budget_for(pages, house, row):
    return {"INKQUEST_BUDGET_USD": f"{pages * price_of(house, row):.9f}", "INKQUEST_BUDGET_VISITOR_USD": "1000"}


def reason(run):
    assert isinstance(run.outcome, Failure), run.outcome
    return run.outcome.reason


def test_two_hundred_runs_against_a_budget_of_ten_make_ten_calls(open_house, vendor):
    house = open_house()
    everybody = {"INKQUEST_MAX_PARALLEL": "1000", "INKQUEST_QUEUE_SIZE": "1000"}
    house = open_house(**budget_for(10, house, "mistral-ocr-4"), **everybody)
    house.agree()
    with ThreadPoolExecutor(200) as pool:
        runs = list(pool.map(lambda n: next(house.run("mistral-ocr-4", payer=f"visitor {n}", seconds=120)), range(200)))
    assert len(vendor.reading_requests) == vendor.billed == 10
    kinds = [run.outcome.kind for run in runs]
    assert (kinds.count("reading"), kinds.count("failure")) == (10, 190)
    assert house.left("x") == (0, 0)


@pytest.mark.parametrize(("width", "height"), [(800, 500), (1240, 1754), (3000, 4000)])
def test_the_first_run_of_two_vendors_goes_through_with_the_budget_that_the_readme_names(width, height):
    """Whichever two, the dearest models they have: a postcard, a scan, and a photo."""
    [budget] = re.findall(r"INKQUEST_BUDGET_USD=(\d+) ", (ROOT / "README.md").read_text())
    caps = Settings.from_env({"INKQUEST_BUDGET_USD": budget}).caps
    page = PageImage("", b"", width, height)
    task = ReadingTask(max_output_tokens=output_room(page))
    dearest = Counter()
    for spec in CATALOGUE:
        dearest[spec.vendor] = max(dearest[spec.vendor], worst_case(spec, page, task, billing_day()).usd or 0)
    assert sum(usd for _, usd in dearest.most_common(2)) <= caps.visitor_usd


@pytest.mark.parametrize("row", [row for row in ROWS if row not in COUNT_NO_TOKENS])
@pytest.mark.parametrize("tokens", [1500, 5437, 8000])
def test_what_is_set_aside_covers_every_token_that_is_asked_for(open_house, vendor, row, tokens):
    """The vendor writes until it is stopped, at the limit it was sent, and bills that."""
    house = open_house(INKQUEST_BUDGET_USD="100")
    house.agree()
    task = ReadingTask(max_output_tokens=tokens, timeout_seconds=30)
    [run] = house.hosting.guard.compare([house.rows[row]], house.page, task, Visitor("ann", "ann"), stop=Event())
    assert run.outcome.kind == "reading", run.outcome
    [request] = vendor.reading_requests
    [sent] = re.findall(r'"(?:max_tokens|max_output_tokens|maxOutputTokens)": ?(\d+)', request.body.decode())
    written = Usage(output_tokens=int(sent))
    price = house.rows[row].price
    if price:
        assert (
            measured_usd(house.rows[row], written, billing_day())
            <= worst_case(house.rows[row], house.page, task, billing_day()).usd
        )
    assert tokens <= int(sent)


def test_a_stopped_run_says_what_may_have_been_billed(open_house, vendor):
    house = open_house(INKQUEST_BUDGET_USD="100")
    house.agree()
    vendor.answering.clear()
    stop = Event()
    with ThreadPoolExecutor() as threads:
        ended = threads.submit(lambda: next(house.run("gpt-5", stop=stop)))
        until(lambda: vendor.requests or None)
        stop.set()
        run = ended.result()
        vendor.answering.set()
    most = price_of(house, "gpt-5")
    assert (run.maybe_billed, run.maybe_usd) == (True, most)
    panels = panels_of([run], "", DEFAULT_RULES, house.rows).panels
    html = render("panel.html", panel=panels[0], spec=house.rows["gpt-5"], state="failed", drawn=None, unread="")
    assert f"may have charged for an attempt that brought no answer: {dollars(most)} at most" in html


def test_a_visitor_s_share_is_not_everybody_s(open_house, vendor):
    house = open_house()
    price = price_of(house, "mistral-ocr-4")
    house = open_house(INKQUEST_BUDGET_USD=f"{10 * price:.9f}", INKQUEST_BUDGET_VISITOR_USD=f"{price:.9f}")
    for session in ("ann", "ann in a new window", "ben"):
        house.agree(session)
    runs = [next(house.run("mistral-ocr-4", session=s, payer=s[:3])) for s in ("ann", "ann in a new window", "ben")]
    assert [run.outcome.kind for run in runs] == ["reading", "failure", "reading"]
    assert reason(runs[1]) == "budget-spent"


@pytest.mark.parametrize("row", ROWS)
def test_without_a_budget_the_host_s_keys_pay_for_nothing(open_house, vendor, row, monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "MISTRAL_API_KEY", "GEMINI_API_KEY", "HF_TOKEN"):
        monkeypatch.setenv(name, "sk-that-an-sdk-might-find-by-itself")
    house = open_house()
    house.agree()
    run = house.one(row)
    if row != "openai-compatible":  # the one protocol whose servers may need no key
        assert isinstance(run.outcome, Failure)
        assert vendor.requests == []
    assert all("sk-" not in str(request.headers) for request in vendor.requests)


def test_a_visitor_s_own_key_needs_no_budget_and_uses_none(open_house, vendor):
    house = open_house(INKQUEST_BUDGET_USD="0.000001")
    house.agree()
    house.hosting.guard.keys.vault.put("ann", "MISTRAL_API_KEY", VISITOR_KEY)
    assert house.one("mistral-ocr-4").outcome.kind == "reading"
    house.agree("ben")
    assert reason(house.one("mistral-ocr-4", session="ben")) == "budget-spent"
    assert [VISITOR_KEY in str(request.headers) for request in vendor.requests] == [True]


@pytest.mark.parametrize("fault", ["401", "402", "429 quota"])
def test_a_call_that_was_not_billed_gives_its_reservation_back(open_house, vendor, fault):
    house = open_house(INKQUEST_BUDGET_USD="1")
    house.agree()
    vendor.fault = fault
    assert house.one("mistral-ocr-4").outcome.kind == "failure"
    assert house.hosting.guard.budget.left("ann").day_usd == 1


@pytest.mark.parametrize("fault", ["reset sent", "truncated json"])
def test_a_call_that_may_have_been_billed_keeps_its_worst_case(open_house, vendor, fault):
    house = open_house(INKQUEST_BUDGET_USD="1")
    house.agree()
    vendor.fault = fault
    assert house.one("mistral-ocr-4").outcome.kind == "failure"
    assert house.hosting.guard.budget.left("ann").day_usd <= 1 - price_of(house, "mistral-ocr-4")


def test_a_measured_cost_replaces_the_worst_case(open_house, vendor):
    house = open_house(INKQUEST_BUDGET_USD="1", INKQUEST_BUDGET_VISITOR_USD="1")
    house.agree()
    run = house.one("gpt-5")
    assert run.outcome.kind == "reading", run.outcome
    assert house.hosting.guard.budget.left("ann").day_usd == pytest.approx(1 - (1000 * 1.25 + 300 * 10) / 1e6, abs=1e-6)


NO_COUNTS = [10**30, 1e308, -1, 2.7, "2", "many", None, {"n": 1}]


@pytest.mark.parametrize("count", NO_COUNTS, ids=str)
@pytest.mark.parametrize("row", ROWS)
def test_a_count_that_cannot_be_loses_no_reading_and_frees_no_money(open_house, vendor, row, count):
    house = open_house(INKQUEST_BUDGET_USD="100", INKQUEST_BUDGET_VISITOR_USD="100")
    house.agree()
    vendor.counts = count
    run = house.one(row)
    assert run.outcome.kind == "reading", run.outcome
    assert run.outcome.text.startswith("Dear")
    [spent] = house.hosting.guard.budget.spending()
    assert (spent.calls, spent.unsettled_usd) == (1, 0)
    assert 0 <= spent.usd <= 2 * price_of(house, row) + 1e-9, "who says two pages may bill two"
    assert run.cost is None or run.cost.usd >= 0
    vendor.counts = ...
    assert house.one(row).outcome.kind == "reading"


def test_the_ledger_equals_the_bill_however_many_run_at_the_edge_and_are_stopped(open_house, vendor):
    """Three in four are stopped while the vendor reads: it bills them all, and what it said late is counted as well."""
    house = open_house()
    house = open_house(**budget_for(30, house, "gpt-5"), INKQUEST_MAX_PARALLEL="100", INKQUEST_QUEUE_SIZE="100")
    house.agree()
    budget, places = house.hosting.guard.budget, house.rows["gpt-5"].max_parallel
    vendor.answering.clear()
    stops = [Event() for _ in range(40)]
    with ThreadPoolExecutor(40) as pool:
        ends = [pool.submit(next, house.run("gpt-5", payer=f"{n}", stop=stop)) for n, stop in enumerate(stops)]
        until(lambda: len(vendor.requests) == places)
        held = budget.spending()[0]
        assert held.unsettled_usd == pytest.approx(places * price_of(house, "gpt-5"), abs=1e-6)
        for number, stop in enumerate(stops):
            if number % 4:
                stop.set()
        vendor.answering.set()
        runs = [end.result() for end in ends]
    until(lambda: not budget.spending()[0].unsettled_usd)
    [spent] = budget.spending()
    each = (1000 * 1.25 + 300 * 10) / 1e6
    assert spent.calls == vendor.billed
    assert spent.usd == pytest.approx(vendor.billed * each, abs=1e-6)
    assert {run.outcome.kind for run in runs} == {"reading", "failure"}


def test_a_call_that_is_made_again_is_paid_again_where_the_vendor_bills_it(open_house, vendor):
    """Busy once, and then read; broken off after it was sent, which nobody repeats by themselves."""
    house = open_house(INKQUEST_BUDGET_USD="100", INKQUEST_BUDGET_VISITOR_USD="100")
    house.agree()
    each = (1000 * 1.25 + 300 * 10) / 1e6
    for fault, calls, usd in (("503", 2, each), ("reset sent", 1, price_of(house, "gpt-5"))):
        before = house.hosting.guard.budget.spending()
        vendor.fault, vendor.faults_left = fault, 1
        house.one("gpt-5")
        after = house.hosting.guard.budget.spending()
        vendor.fault = ""
        sums = [(sum(one.calls for one in day), sum(one.usd for one in day)) for day in (before, after)]
        assert sums[1][0] - sums[0][0] == calls, fault
        assert sums[1][1] - sums[0][1] == pytest.approx(usd, abs=1e-6), fault


def test_a_broken_store_spends_nothing(open_house, vendor):
    house = open_house(INKQUEST_BUDGET_USD="1")
    house.agree()
    house.hosting.database.write("drop table charge")
    assert reason(house.one("mistral-ocr-4")) == "budget-spent"
    assert vendor.requests == []


def test_an_engine_takes_no_more_calls_at_once_than_its_row_says(open_house, vendor):
    house = open_house(INKQUEST_BUDGET_USD="1000")
    house.agree()
    spec = house.rows["mistral-ocr-4"]
    places = [house.hosting.guard.places.take(spec, 0) for _ in range(spec.max_parallel)]
    [run] = house.run("mistral-ocr-4", seconds=0.3)
    assert reason(run) in {"rate-limited", "timed-out"}
    assert vendor.requests == []
    for place in places:
        place.release()
    assert house.one("mistral-ocr-4").outcome.kind == "reading"


def test_a_comparison_that_was_stopped_while_it_waited_makes_no_call(open_house, vendor):
    house = open_house(INKQUEST_BUDGET_USD="1000")
    house.agree()
    assert house.one("mistral-ocr-4").outcome.kind == "reading"
    spent = house.hosting.guard.budget.left("x")
    spec, stop, told = house.rows["mistral-ocr-4"], Event(), []
    places = [house.hosting.guard.places.take(spec, 0) for _ in range(spec.max_parallel)]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, house.run("mistral-ocr-4", stop=stop, told=told))
        until(lambda: places[0]._cond._waiters)  # somebody waits for a place
        assert told[-1] == "waiting for a free place"
        stop.set()
        assert reason(waiting.result()) == "cancelled"
    for place in places:
        place.release()
    until(lambda: not any(thread.name.startswith("engine-") for thread in all_threads()))
    taken = [house.hosting.guard.places.take(spec, 0) for _ in range(spec.max_parallel)]
    assert len(taken) == spec.max_parallel  # the one that waited has given its place back
    assert len(vendor.requests) == 1
    assert house.hosting.guard.budget.left("x") == spent


def test_a_failing_vendor_is_left_alone_for_a_while(open_house, vendor):
    house = open_house(INKQUEST_BUDGET_USD="1000", INKQUEST_BUDGET_VISITOR_USD="1000")
    house.agree()
    vendor.fault = "401"
    reasons = [reason(house.one("mistral-ocr-4")) for _ in range(7)]
    assert reasons == ["key-refused"] * 5 + ["engine-resting"] * 2
    assert len(vendor.reading_requests) == 5


@pytest.mark.parametrize(
    ("proxies", "one", "other", "same"),
    [
        (0, ("203.0.113.7", ""), ("203.0.113.99", ""), True),  # a network is one customer
        (0, ("203.0.113.7", ""), ("203.0.114.7", ""), False),
        (0, ("2001:db8:1:2::1", ""), ("2001:db8:1:2:ffff::9", ""), True),
        (0, ("2001:db8:1:2::1", ""), ("2001:db8:1:3::1", ""), False),
        (0, ("203.0.113.7", "1.2.3.4"), ("203.0.113.7", "5.6.7.8"), True),  # nobody to believe: the header is ignored
        (1, ("10.0.0.1", "1.2.3.4, 203.0.113.7"), ("10.0.0.1", "5.6.7.8, 203.0.113.7"), True),  # forged at the front
        (1, ("10.0.0.1", "203.0.113.7"), ("10.0.0.1", "203.0.114.7"), False),
        (1, ("10.0.0.1", "nonsense"), ("10.0.0.2", "other nonsense"), True),
        (0, ("203.0.113.7", ""), ("::ffff:203.0.113.8", ""), True),
    ],
)
def test_a_forged_address_makes_no_new_visitor(proxies, one, other, same):
    payers = Payers(proxies)
    assert (payers.of(*one) == payers.of(*other)) is same


def test_a_payer_s_name_tells_nobody_who_it_is_and_changes_with_the_day():
    days = iter([date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 2)])
    payers = Payers(today=lambda: next(days))
    names = [payers.of("203.0.113.7") for _ in range(3)]
    assert names[0] == names[1] != names[2]
    assert "203" not in repr(payers)
    assert Payers().of("203.0.113.7") != Payers().of("203.0.113.7")


def test_who_asks_several_times_at_once_on_a_new_day_is_one_payer():
    for _ in range(20):
        together = Barrier(8)

        def new_day(together=together):
            together.wait()
            return date(2026, 10, 5)

        payers = Payers(today=new_day)
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(payers.of, ["203.0.113.7"] * 8))) == 1
