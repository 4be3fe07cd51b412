"""Engines run side by side: order, deadline, cancel, failures, contexts. The scripted engines stand for vendors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from threading import Event
from threading import enumerate as all_threads

import pytest

from engines.catalogue import spec_by_id
from engines.contract import (
    Engine,
    EngineSpec,
    PageImage,
    Price,
    PriceChange,
    Rates,
    Reading,
    ReadingTask,
    Region,
    Usage,
    WireProtocol,
    report_progress,
)
from engines.errors import EngineUnavailable, KeyRefused, RateLimited, WeightsMissing
from engines.pricing import Usd
from engines.registry import LoadedEngines
from playground.comparing import compare_page
from playground.engine_runs import EngineRun, Failure
from playground.host.keys import Secret
from tests.hand_clock import HandClock, PausesAtOnce

PAGE = PageImage(sha256="0" * 64, png=b"", width=10, height=10)
KEY = Secret("sk-canary-1234567890")


@dataclass(frozen=True)
class ScriptedEngine:
    """A vendor that behaves as told."""

    spec: EngineSpec
    read_page: Callable[[ReadingTask], Reading]

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        return self.read_page(task)


@dataclass(frozen=True)
class ScriptedSource:
    scripts: Mapping[str, Callable[[ReadingTask], Reading]]

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        return ScriptedEngine(spec, self.scripts[spec.id])


def row(engine_id: str, runs: str = "cloud") -> EngineSpec:
    return EngineSpec(engine_id, engine_id.upper(), "Test", WireProtocol.OPENAI_CHAT, "m", runs=runs, key_env="K")


def answering(text: str, once: Event | None = None) -> Callable[[ReadingTask], Reading]:
    """At once, or when `once` is set."""

    def read(task: ReadingTask) -> Reading:
        assert once is None or once.wait(60)
        return Reading(text)

    return read


def raising(error: Exception) -> Callable[[ReadingTask], Reading]:
    def read(task: ReadingTask) -> Reading:
        raise error

    return read


def compare(scripts: Mapping[str, Callable[[ReadingTask], Reading]], seconds: float = 600, **options):  # type: ignore[no-untyped-def]
    rows = [row(engine_id) for engine_id in scripts]
    return compare_page(
        rows, PAGE, ReadingTask(timeout_seconds=seconds), ScriptedSource(scripts), lambda spec: KEY, **options
    )


def wait_for_engines() -> None:
    """Until every engine has ended, those too that nobody listens to any more."""
    for thread in all_threads():
        if thread.name.startswith("engine-"):
            thread.join(60)


def failure(run: EngineRun) -> Failure:
    assert isinstance(run.outcome, Failure)
    return run.outcome


def test_each_run_is_handed_back_the_moment_it_ends() -> None:
    slow, fast, middle = Event(), Event(), Event()
    runs = compare({"slow": answering("a", slow), "fast": answering("b", fast), "middle": answering("c", middle)})
    for engine_id, may_end in (("fast", fast), ("middle", middle), ("slow", slow)):
        may_end.set()
        assert next(runs).engine_id == engine_id


def test_a_failure_touches_no_other_engine() -> None:
    runs = {
        run.engine_id: run
        for run in compare({"good": answering("text"), "bad": raising(KeyRefused("No.", fix="Check the key."))})
    }
    assert runs["good"].outcome == Reading("text")
    assert failure(runs["bad"]) == Failure("key-refused", "No.", "Check the key.", retry_helps=False)
    assert not runs["bad"].maybe_billed


def test_a_bug_in_an_adapter_is_a_failure_and_its_trace_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        [run] = compare({"broken": raising(ZeroDivisionError(f"secret detail {KEY.get_secret_value()}"))})
    assert failure(run).reason == "bug"
    assert "secret detail" not in failure(run).message
    assert "ZeroDivisionError" in caplog.text
    assert "Traceback" in caplog.text
    assert KEY.get_secret_value() not in caplog.text


def test_an_engine_that_cannot_be_built_is_a_failure() -> None:
    class NothingHere:
        def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
            raise EngineUnavailable("tesserocr is not installed.", fix="pip install tesserocr")

    [run] = compare_page([row("x", "local")], PAGE, ReadingTask(), NothingHere(), lambda spec: None)
    assert failure(run).reason == "engine-unavailable"
    assert failure(run).fix == "pip install tesserocr"


def test_the_key_is_struck_out_of_what_is_shown() -> None:
    key = KEY.get_secret_value()
    [run] = compare({"leaky": raising(KeyRefused(f"Bad key {key}", fix=f"Replace {key}"))})
    assert key not in repr(run)
    assert failure(run).message == "Bad key [key]"


def test_a_hanging_engine_is_timed_out_and_its_late_answer_dropped() -> None:
    clock, late = HandClock(), Event()
    running = compare({"hanging": answering("too late", late), "good": answering("text")}, seconds=5, clock=clock)
    runs = [next(running)]
    clock.sleep(5)
    runs += running
    assert [run.engine_id for run in runs] == ["good", "hanging"]
    assert runs[1].seconds == 5
    assert failure(runs[1]).reason == "timed-out"
    assert failure(runs[1]).retry_helps
    assert runs[1].maybe_billed
    late.set()
    wait_for_engines()
    assert list(running) == []


def test_stopping_ends_the_comparison_at_once() -> None:
    stop, never = Event(), Event()
    runs = compare({"slow": answering("a", never), "fast": answering("b")}, stop=stop)
    assert next(runs).outcome == Reading("b")
    stop.set()
    assert failure(next(runs)).reason == "cancelled"
    never.set()


def test_what_ended_before_the_stop_is_kept() -> None:
    stop = Event()
    runs = compare({"first": answering("a"), "second": answering("b")}, stop=stop)
    kept = [next(runs)]
    wait_for_engines()
    stop.set()
    kept += runs
    assert {run.outcome.text for run in kept if isinstance(run.outcome, Reading)} == {"a", "b"}


def test_leaving_the_comparison_tells_the_engines_to_stop() -> None:
    stop = Event()
    runs = compare({"slow": answering("a", stop), "fast": answering("b")}, stop=stop)
    next(runs)
    runs.close()
    assert stop.is_set()


def test_engines_see_the_callers_context() -> None:
    visitor: ContextVar[str] = ContextVar("visitor", default="nobody")
    visitor.set("ann")
    [run] = compare({"engine": lambda task: Reading(visitor.get())})
    assert run.outcome == Reading("ann")


def test_progress_names_the_engine_and_ends_with_the_comparison() -> None:
    told: list[tuple[str, str, float | None]] = []
    clock, over = HandClock(), Event()

    def read(task: ReadingTask) -> Reading:
        report_progress("reading line 1 of 2", 0.5)
        clock.sleep(5)
        assert over.wait(60)
        report_progress("reading line 2 of 2", 1.0)
        return Reading("late")

    list(compare({"lines": read}, seconds=5, on_progress=lambda *news: told.append(news), clock=clock))
    over.set()
    wait_for_engines()
    assert told == [("lines", "reading", None), ("lines", "reading line 1 of 2", 0.5)]


def test_the_same_row_twice_runs_once() -> None:
    source = ScriptedSource({"one": answering("a")})
    assert len(list(compare_page([row("one"), row("one")], PAGE, ReadingTask(), source, lambda spec: None))) == 1


def test_half_characters_become_whole_ones() -> None:
    regions = (Region("word", "\ud83d", ((0.0, 0.0),)),)
    [run] = compare({"odd": lambda task: Reading("a\ud800b \ud83d\ude00", regions)})
    assert run.outcome == Reading("a\ufffdb 😀", (replace(regions[0], text="\ufffd"),))


def test_seconds_leave_out_loading_the_model() -> None:
    clock = HandClock()

    class SlowToLoad(ScriptedEngine):
        def load(self) -> None:
            clock.sleep(30)

    def read(task: ReadingTask) -> Reading:
        clock.sleep(2)
        return Reading("text")

    class Source:
        def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
            return SlowToLoad(spec, read)

    told: list[tuple[str, str, float | None]] = []
    runs = compare_page(
        [row("x")], PAGE, ReadingTask(), Source(), lambda _: None, on_progress=lambda *n: told.append(n), clock=clock
    )
    assert [run.seconds for run in runs] == [2]
    assert told == [("x", "loading the model", None), ("x", "reading", None)]


def test_a_busy_vendor_is_asked_again_with_the_time_that_is_left() -> None:
    clock, asked = HandClock(), []

    def read(task: ReadingTask) -> Reading:
        asked.append(task.timeout_seconds)
        if len(asked) == 1:
            raise RateLimited("Too many requests.", retry_after_seconds=2)
        return Reading("text")

    [run] = compare({"busy": read}, seconds=5, stop=PausesAtOnce(clock), clock=clock)
    assert (run.outcome, run.attempts, run.seconds) == (Reading("text"), 2, 2)
    assert asked == [5, 3]


def test_leaving_ends_the_retries() -> None:
    asked: list[float] = []
    was_asked = Event()

    def read(task: ReadingTask) -> Reading:
        asked.append(task.timeout_seconds)
        was_asked.set()
        raise RateLimited("Too many requests.", retry_after_seconds=300)

    runs = compare({"busy": read, "fast": answering("b", was_asked)})
    next(runs)
    runs.close()
    wait_for_engines()
    assert len(asked) == 1


def test_a_comparison_stopped_beforehand_asks_nobody() -> None:
    stop = Event()
    stop.set()
    asked: list[ReadingTask] = []
    [run] = compare({"cloud": lambda task: asked.append(task) or Reading("x")}, stop=stop)  # type: ignore[func-returns-value]
    assert failure(run).reason == "cancelled"
    assert asked == []


DOUBLES_ON = date(2027, 1, 1)
LIST_PRICE = Price(
    "list",
    date(2026, 1, 1),
    usd_per_million_input_tokens=2.0,
    usd_per_million_output_tokens=10.0,
    changes=(PriceChange(DOUBLES_ON, Rates(usd_per_million_input_tokens=4.0, usd_per_million_output_tokens=20.0)),),
)


@pytest.mark.parametrize(("day", "usd"), [(date(2026, 12, 31), 3.0), (DOUBLES_ON, 6.0)])
def test_the_price_of_the_day_is_paid(day: date, usd: float) -> None:
    priced = replace(row("x"), price=LIST_PRICE)
    source = ScriptedSource({"x": lambda task: Reading("text", usage=Usage(1_000_000, 100_000))})
    [run] = compare_page([priced], PAGE, ReadingTask(), source, lambda spec: KEY, day=day)
    assert run.cost == Usd(usd, measured=True)


@pytest.mark.parametrize(("usage", "cost"), [(Usage(1_000_000, 100_000), Usd(3.0, measured=True)), (None, None)])
def test_cost_is_measured_where_the_vendor_counts_and_estimated_where_not(
    usage: Usage | None, cost: Usd | None
) -> None:
    priced = replace(row("x"), price=LIST_PRICE)
    source = ScriptedSource({"x": lambda task: Reading("text", usage=usage)})
    [run] = compare_page([priced], PAGE, ReadingTask(), source, lambda spec: KEY, day=date(2026, 12, 31))
    assert run.cost is not None
    if cost is None:
        assert not run.cost.measured
        assert 0 < run.cost.usd < 0.1
    else:
        assert run.cost == cost


def test_without_a_price_there_is_no_cost() -> None:
    [run] = compare({"free": answering("text")})
    assert run.cost is None


def test_engines_that_want_a_gpu_share_one_call():
    """What ZeroGPU charges is the call: `engines.registry` makes it, here a stand-in with its interface counts them."""
    wants = [spec_by_id("trocr-small"), spec_by_id("trocr-base")]
    calls = []

    def on_gpu(specs, page, task):
        calls.append([spec.id for spec in specs])
        return [Reading("Dear Sir"), WeightsMissing("no weights here")]

    runs = {
        run.engine_id: run
        for run in compare_page(wants, PAGE, ReadingTask(), LoadedEngines(), lambda _: None, on_gpu=on_gpu)
    }
    assert calls == [["trocr-small", "trocr-base"]]
    assert runs["trocr-small"].outcome.text == "Dear Sir"
    assert runs["trocr-base"].outcome.reason == "weights-missing"


def test_a_used_up_gpu_quota_is_told():
    def on_gpu(specs, page, task):
        raise ValueError("You have exceeded your GPU quota")

    [run] = compare_page(
        [spec_by_id("trocr-small")], PAGE, ReadingTask(), LoadedEngines(), lambda _: None, on_gpu=on_gpu
    )
    assert "exceeded your GPU quota" in run.outcome.message
