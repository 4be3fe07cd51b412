"""The ledger: nobody works twice on an item, nobody spends more than is there, nobody calls too often."""

import os
import subprocess
import sys
import threading
import time

import pytest
from pydantic import TypeAdapter

from engines.catalogue import spec_by_id
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.results import bill, progress
from evaluation.ledger.calls import (
    LONGEST_PAUSE_SECONDS,
    Call,
    Halted,
    OverBudget,
    ProviderLimit,
    Wait,
    begin_call,
    set_limits,
)
from evaluation.ledger.database import SCHEMA, Ledger
from evaluation.ledger.runs import RunContents, RunSettings, RunUnknown, create_run, find_run, set_state
from evaluation.ledger.work_items import CallEnd, claim, finish, postpone, recover, register_worker
from playground.engine_runs import EngineRun, Failure
from playground.storage.blobs import StoreUnavailable
from playground.storage.database import Database, Schema
from tests.evaluation.sent_calls import busiest_second, moments_sent

SPEC = spec_by_id("gpt-4o")
DONE = EngineRun(SPEC.id, Failure("bug", "x"), 1.0)


@pytest.fixture
def ledger(ledger_url):
    ledger = Ledger(ledger_url)
    yield ledger
    ledger.close()


def plan(ledger, items=10, budget=None, repeats=1):
    contents = RunContents(
        "x",
        RunSettings((SPEC,), repeats=repeats),
        [Item(f"{n}.png", Locator(f"{n}.png"), "é") for n in range(items)],
        budget_usd=budget,
    )
    set_limits(ledger, {"OpenAI": ProviderLimit("OpenAI", 4)})
    return create_run(ledger, contents)


def begin(ledger, item, worker, usd=0.0):
    return begin_call(ledger, item.key, "OpenAI", worker, round(usd * 1e9))


def granted(ledger, item, worker):
    """The call, waited for as long as the ledger says."""
    while isinstance(answer := begin(ledger, item, worker), Wait):
        time.sleep(answer.seconds)
    return answer


def test_a_run_comes_back_as_it_was_written(ledger):
    run = find_run(ledger, plan(ledger, budget=1.5))
    assert (run.settings.engines, run.state, run.budget_usd) == ((SPEC,), "running", 1.5)
    assert find_run(ledger, "").id == run.id
    with pytest.raises(RunUnknown):
        find_run(ledger, "nonsense")


def test_items_are_claimed_once_by_however_many_workers(ledger):
    run = plan(ledger, items=60, repeats=2)
    claimed = []

    def work(worker):
        while items := claim(ledger, run, SPEC.id, worker, 7):
            claimed.extend(item.key for item in items)

    threads = [threading.Thread(target=work, args=(register_worker(ledger),)) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(claimed) == len(set(claimed)) == 120


def test_a_paused_run_hands_nothing_out(ledger):
    run = plan(ledger)
    set_state(ledger, run, "paused")
    worker = register_worker(ledger)
    assert claim(ledger, run, SPEC.id, worker, 1) == []
    set_state(ledger, run, "running")
    (item,) = claim(ledger, run, SPEC.id, worker, 1)
    set_state(ledger, run, "paused")
    assert isinstance(begin(ledger, item, worker), Halted)
    set_state(ledger, run, "running")
    assert isinstance(begin(ledger, item, worker), Call)


def test_the_budget_is_never_exceeded_however_many_ask_at_once(ledger):
    run = plan(ledger, items=40, budget=0.10)
    set_limits(ledger, {"OpenAI": ProviderLimit("OpenAI", 100)})
    worker = register_worker(ledger)
    items = claim(ledger, run, SPEC.id, worker, 40)
    answers = []
    threads = [
        threading.Thread(target=lambda item=item: answers.append(begin(ledger, item, worker, 0.01))) for item in items
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    granted = [answer for answer in answers if isinstance(answer, Call)]
    assert (len(granted), sum(isinstance(answer, OverBudget) for answer in answers)) == (10, 30)
    # What was not needed is free for others.
    finish(ledger, granted[0].key, DONE, CallEnd(granted[0], "answered", 1_000_000))
    assert find_run(ledger, run).committed_usd == pytest.approx(0.091)
    assert isinstance(begin(ledger, items[0], worker, 0.009), Call)


def test_calls_at_once_are_limited(ledger):
    run = plan(ledger)
    worker = register_worker(ledger)
    items = claim(ledger, run, SPEC.id, worker, 5)
    calls = [begin(ledger, item, worker) for item in items]
    assert [type(call) for call in calls] == [Call] * 4 + [Wait]
    finish(ledger, items[0].key, DONE, CallEnd(calls[0], "failed", 0))
    assert isinstance(begin(ledger, items[4], worker), Call)


def test_calls_a_second_are_limited(ledger):
    run = plan(ledger, items=30)
    set_limits(ledger, {"OpenAI": ProviderLimit("OpenAI", 100, per_second=50)})
    worker = register_worker(ledger)
    items = claim(ledger, run, SPEC.id, worker, 30)
    for item in items[:20]:
        granted(ledger, item, worker)
    first, *_, last = moments_sent(ledger)
    assert last - first >= 19 / 50 - 1e-6


def test_calls_that_bunch_on_their_way_never_make_a_second_too_full(ledger):
    most = 20
    run = plan(ledger, items=2 * most)
    set_limits(ledger, {"OpenAI": ProviderLimit("OpenAI", 100, per_second=most)})
    worker = register_worker(ledger)
    held_up, threads = 0.25, []

    def travel(item, call, seconds):
        time.sleep(seconds)
        finish(ledger, item.key, DONE, CallEnd(call, "answered", 0))

    for number, item in enumerate(claim(ledger, run, SPEC.id, worker, 2 * most)):
        call = granted(ledger, item, worker)
        # The first ten are held up and arrive together with those that follow.
        threads.append(threading.Thread(target=travel, args=(item, call, held_up if number < 10 else 0)))
        threads[-1].start()
    [thread.join() for thread in threads]
    sent = moments_sent(ledger)
    assert busiest_second([at + held_up for at in sent[:10]] + sent[10:]) <= most


def test_too_many_requests_make_everybody_slower_and_answers_faster_again(ledger):
    run = plan(ledger, items=60)
    worker = register_worker(ledger)
    (item, *rest) = claim(ledger, run, SPEC.id, worker, 60)
    call = begin(ledger, item, worker)
    postpone(ledger, item.key, 0, CallEnd(call, "failed", 0, refused=True, retry_after_seconds=LONGEST_PAUSE_SECONDS))
    paused = begin(ledger, rest[0], worker)
    assert isinstance(paused, Wait)
    assert 0 < paused.seconds <= LONGEST_PAUSE_SECONDS
    with ledger.transaction() as transaction:
        transaction.run("update provider set paused_until = :now", now=transaction.now())
    answers = [begin(ledger, other, worker) for other in rest[:4]]
    assert [type(answer) for answer in answers] == [Call, Call, Wait, Wait]
    for other in rest[4:30]:
        finish(ledger, other.key, DONE, CallEnd(answers[0], "answered", 0))
    answers += [begin(ledger, other, worker) for other in rest[30:34]]
    assert sum(isinstance(answer, Call) for answer in answers[1:]) >= 3


def dead_worker(ledger_url, run, statements=""):
    """A process that claims two items, sends one, and dies without a word."""
    program = (
        "import os, sys\nfrom evaluation.ledger.database import Ledger\n"
        "from evaluation.ledger.calls import begin_call\n"
        "from evaluation.ledger.work_items import *\n"
        f"ledger = Ledger({ledger_url!r})\nworker = register_worker(ledger)\n"
        f"items = claim(ledger, {run!r}, 'gpt-4o', worker, 2)\n"
        "begin_call(ledger, items[0].key, 'OpenAI', worker, 5_000_000)\nos.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program], check=False, env={**os.environ})


@pytest.mark.parametrize("on_ambiguous", ["retry", "hold"])
def test_what_a_dead_worker_left_is_taken_over_and_counted(ledger, ledger_url, on_ambiguous):
    run = plan(ledger, items=2)
    dead_worker(ledger_url, run)
    worker = register_worker(ledger)
    assert claim(ledger, run, SPEC.id, worker, 2) == []
    lost = recover(ledger, on_ambiguous)
    assert (lost.calls, lost.items) == (1, 2)
    found = bill(ledger, run)
    assert (found.lost_calls, found.lost_usd, found.in_flight_calls) == (1, 0.005, 0)
    assert len(claim(ledger, run, SPEC.id, worker, 2)) == (2 if on_ambiguous == "retry" else 1)
    assert progress(ledger, run)[0].held == (on_ambiguous == "hold")
    assert recover(ledger).calls == 0


def test_an_old_ledger_keeps_its_sums(ledger_url):
    old = Database(ledger_url, Schema(SCHEMA.version_table, SCHEMA.migrations[:1]))
    with old.transaction() as transaction:
        settings = TypeAdapter(RunSettings).dump_json(RunSettings((SPEC,))).decode()
        transaction.run(
            "insert into run values ('r', 1.0, 'x', :settings, 'running', 1500000001, 1234567890)", settings=settings
        )
        transaction.run(
            "insert into call values ('c', 'r', 'gpt-4o', 0, 0, 'OpenAI', 'w', 1.0, 2.0, 1234567890, 'answered')"
        )
    old.close()
    for _ in range(2):
        opened = Ledger(ledger_url)
        run = find_run(opened, "r")
        assert (run.budget_usd, run.committed_usd) == (1.500000001, 1.23456789)
        assert bill(opened, "r").answered_usd == 1.23456789
        opened.close()


def test_an_address_that_is_none(tmp_path):
    for url in ("nonsense", "oracle9://x", f"sqlite:///{tmp_path}"):
        with pytest.raises(StoreUnavailable) as error:
            Ledger(url)
        assert "\n" not in str(error.value)


def test_a_password_is_not_repeated():
    with pytest.raises(StoreUnavailable) as error:
        Ledger("postgresql+psycopg://me:canary@127.0.0.1:9/none")
    assert "canary" not in f"{error.value} {error.value.detail}"
