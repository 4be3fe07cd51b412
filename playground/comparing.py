"""Run one page through several engines at once and hand back each run the moment it ends.

Knows nothing of scores, storage or screens. A thread cannot be killed: an engine that outlives the deadline is reported
as timed out, its thread is left to end by itself, and what it brings is dropped.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from math import ceil
from queue import Empty, SimpleQueue
from random import uniform
from threading import Event, Thread
from time import perf_counter
from typing import Protocol

from engines.contract import (
    Engine,
    EngineSpec,
    PageImage,
    Reading,
    ReadingTask,
    Usage,
    listener,
    report_progress,
)
from engines.errors import Cancelled, EngineBusy, EngineCrashed, EngineError, EngineSilent, TimedOut
from engines.key_redaction import without_keys, without_pieces
from engines.pricing import Charge, Usd, estimated, measured_usd, together, worst_case
from engines.registry import GpuReader, Loadable, wants_gpu
from playground.engine_runs import EngineRun, Failure, storable
from playground.host.keys import Secret
from translations import _

log = logging.getLogger(__name__)

STOP_CHECK_SECONDS = 0.1

KeyFor = Callable[[EngineSpec], Secret | None]
Clock = Callable[[], float]
Progress = Callable[[str, str, float | None], None]
"""Engine id, what it is doing, and which share of it is over; called from the engines' threads."""


class EngineSource(Protocol):
    """Where engines come from; `engines.registry.LoadedEngines` is one."""

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        """The engine of a row; raises `EngineUnavailable`."""


def compare_page(
    specs: Sequence[EngineSpec],
    page: PageImage,
    task: ReadingTask,
    engines: EngineSource,
    key_for: KeyFor,
    *,
    stop: Event | None = None,
    on_progress: Progress | None = None,
    on_gpu: GpuReader | None = None,
    clock: Clock = perf_counter,
    day: date | None = None,
) -> Iterator[EngineRun]:
    """One run per engine, in the order in which they end, all within `task.timeout_seconds` of the first `next`.

    With `on_gpu` those that want a GPU share one call to it (ZeroGPU); otherwise each engine has a thread of its own.

    Setting `stop` ends the comparison within a tenth of a second. It is set anyway when the comparison is over, so that
    an engine left behind makes no further call. Engines run in copies of the context of the first `next`.
    Prices are those of `day`, else today's.
    """
    stop = stop or Event()
    started = clock()
    deadline = started + task.timeout_seconds
    conditions = Conditions(page, task, engines, key_for, deadline, stop, on_progress, clock, day or billing_day())
    ended: SimpleQueue[EngineRun] = SimpleQueue()
    still_reading = {spec.id: spec for spec in specs}
    together = [spec for spec in still_reading.values() if on_gpu and wants_gpu(spec)]
    for spec in still_reading.values():
        if spec not in together:
            _start(spec.id, partial(_read_alone, spec, conditions, ended))
    if on_gpu and together:
        _start("gpu", partial(_read_together, together, conditions, on_gpu, ended))
    try:
        while still_reading and (run := _next_run(ended, conditions)):
            del still_reading[run.engine_id]
            yield run
        for spec in still_reading.values():
            yield _run(spec, Tried(_ending(conditions), attempts=1), clock() - started, conditions)
    finally:
        stop.set()


def run_engine(spec: EngineSpec, conditions: Conditions) -> EngineRun:
    """Read the page with one engine: the only place where an error becomes a result. Loading takes no seconds."""
    key: Secret | None = None
    clock = conditions.clock
    started = clock()
    try:
        key = conditions.key_for(spec)
        engine = conditions.engines.get(spec, key.get_secret_value() if key else None)
        if isinstance(engine, Loadable):
            report_progress(_("loading the model"))
            engine.load()
        report_progress(_("reading"))
        started = clock()
        tried = read_with_retries(partial(_attempt, engine, conditions), conditions.deadline, conditions.stop, clock)
    except EngineError as error:
        tried = Tried(error, attempts=0)
    except Exception as error:  # noqa: BLE001  (an adapter's bug must not stop the other engines)
        # Not `log.exception`: the traceback may hold the key.
        told = without_keys(traceback.format_exc(), [key.get_secret_value()] if key else [])
        log.error("%s: %s", spec.id, told)
        broke = _("{engine} broke: {error}.", engine=spec.label, error=type(error).__name__)
        failure = Failure("bug", broke, _("Please report it: the log says more."))
        return EngineRun(spec.id, failure, clock() - started, maybe_billed=spec.runs == "cloud")
    return _run(spec, tried, clock() - started, conditions, key)


def failure_of(error: EngineError, key: Secret | None = None) -> Failure:
    """What people are told about an error; vendors repeat keys in their messages, whole or cut, so each piece goes."""
    known = [key.get_secret_value()] if key else []
    return Failure(
        reason=re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower(),
        message=without_pieces(str(error), known),
        fix=without_pieces(error.fix, known),
        retry_helps=isinstance(error, EngineBusy | EngineSilent | Cancelled),
    )


@dataclass(frozen=True, slots=True)
class Conditions:
    page: PageImage
    task: ReadingTask
    engines: EngineSource
    key_for: KeyFor
    deadline: float
    stop: Event
    on_progress: Progress | None
    clock: Clock
    day: date


def _start(name: str, work: Callable[[], None]) -> None:
    # A daemon, so that an engine that hangs cannot keep the process from ending.
    Thread(target=copy_context().run, args=(work,), name=f"engine-{name}", daemon=True).start()


def _read_alone(spec: EngineSpec, conditions: Conditions, ended: SimpleQueue[EngineRun]) -> None:
    tell, stop = conditions.on_progress, conditions.stop
    if tell is not None:
        listener.set(lambda doing, share: None if stop.is_set() else tell(spec.id, doing, share))
    ended.put(run_engine(spec, conditions))


def _read_together(
    specs: Sequence[EngineSpec], conditions: Conditions, on_gpu: GpuReader, ended: SimpleQueue[EngineRun]
) -> None:
    """One GPU call; its seconds are each engine's, since nobody can tell them apart."""
    started = conditions.clock()
    try:
        outcomes = on_gpu(specs, conditions.page, conditions.task)
    except Exception as error:  # noqa: BLE001  (ZeroGPU raises classes of its own, for a used-up quota for instance)
        told = _("The GPU did not read: {error}", error=error)
        crash = EngineCrashed(told, fix=_("Try again later, or sign in to Hugging Face."))
        outcomes = [crash] * len(specs)
    for spec, outcome in zip(specs, outcomes, strict=True):
        ended.put(_run(spec, Tried(outcome, attempts=1), conditions.clock() - started, conditions))


def _next_run(ended: SimpleQueue[EngineRun], conditions: Conditions) -> EngineRun | None:
    """The next run to end, or None when the time is over or the comparison was stopped."""
    while True:
        left = 0 if conditions.stop.is_set() else conditions.deadline - conditions.clock()
        try:
            return ended.get(timeout=max(0, min(left, STOP_CHECK_SECONDS)))
        except Empty:
            if left <= 0:
                return None


def _ending(conditions: Conditions) -> EngineError:
    if conditions.stop.is_set():
        return Cancelled(_("The comparison was stopped."), fix=_("Run it again."))
    return TimedOut(
        _("No reading within {seconds} seconds.", seconds=f"{conditions.task.timeout_seconds:.0f}"),
        fix=_("Run it again, or allow more time: the first run of a local engine also loads its model."),
    )


def _attempt(engine: Engine, conditions: Conditions, seconds_left: float) -> Reading:
    return engine.read(conditions.page, replace(conditions.task, timeout_seconds=seconds_left))


def _run(
    spec: EngineSpec, tried: Tried, seconds: float, conditions: Conditions, key: Secret | None = None
) -> EngineRun:
    outcome, cloud = tried.outcome, spec.runs == "cloud"
    in_vain = [measured_usd(spec, usage, conditions.day) for usage in tried.counted_in_vain]
    costs: list[Charge] = [Usd(usd, measured=True) for usd in in_vain if usd is not None]
    uncounted = tried.billed_in_vain + in_vain.count(None)
    if isinstance(outcome, Reading):
        own = cost_of(spec, outcome, conditions.page, conditions.task, conditions.day)
        cost = together([own, *costs]) if own else None
        kept: Reading | Failure = storable(outcome, key.get_secret_value() if key else None)
    else:
        cost = together(costs)
        kept = failure_of(outcome, key)
        uncounted += outcome.maybe_billed and outcome.usage is None and tried.attempts > 0
    known = cost if isinstance(cost, Usd) else None
    most = worst_case(spec, conditions.page, conditions.task, conditions.day).usd if cloud and uncounted else None
    maybe = None if most is None else most * uncounted
    return EngineRun(spec.id, kept, seconds, tried.attempts, known, cloud and uncounted > 0, maybe)


def billing_day() -> date:
    """The day whose prices hold now: today in UTC."""
    return datetime.now(UTC).date()


def cost_of(
    spec: EngineSpec, reading: Reading, page: PageImage, task: ReadingTask, day: date, *, by_batch: bool = False
) -> Usd | None:
    """What the vendor's own count comes to, else what such a page is expected to cost; None without a price."""
    measured = measured_usd(spec, reading.usage, day, by_batch=by_batch)
    if measured is not None:
        return Usd(measured, measured=True)
    estimate = estimated(spec, page, task, day, by_batch=by_batch)
    return estimate if isinstance(estimate, Usd) else None


LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Tried:
    """How a reading went in the end.

    `billed_in_vain` counts earlier attempts that may have cost something; `counted_in_vain` is what vendors counted for
    those, and for the last, that are known to have.
    """

    outcome: Reading | EngineError
    attempts: int
    billed_in_vain: int = 0
    counted_in_vain: tuple[Usage, ...] = ()


def read_with_retries(
    read: Callable[[float], Reading], deadline: float, cancelled: Event, clock: Clock = perf_counter
) -> Tried:
    """Read until it works, hope is gone or time is up: the one retry policy, for every engine. SDKs' own are off.

    How often is each error's `most_retries`; how long is the vendor's Retry-After, else a random time under a doubling
    limit. By hand: tenacity would need its stop, wait, sleep and what is told in the end from here, which is all of it.

    `deadline` is on the same clock; `read` is given the seconds left and raises `EngineError`.
    """
    attempts = billed_in_vain = 0
    counted: tuple[Usage, ...] = ()
    while True:
        if cancelled.is_set():
            return Tried(Cancelled(_("The reading was stopped.")), attempts, billed_in_vain, counted)
        left = deadline - clock()
        if left <= 0:
            return Tried(TimedOut(_("No reading within the time allowed.")), attempts, billed_in_vain, counted)
        attempts += 1
        try:
            return Tried(read(left), attempts, billed_in_vain, counted)
        except EngineError as error:
            pause = _pause(error, attempts)
            counted += (error.usage,) if error.usage else ()
            if attempts > error.most_retries or pause >= deadline - clock():
                return Tried(error, attempts, billed_in_vain, counted)
            billed_in_vain += error.maybe_billed and not error.usage
            _rest(error.meanwhile, pause, cancelled)


def _rest(why: str, seconds: float, cancelled: Event) -> None:
    """Wait, and tell each second how long it still takes."""
    for left in range(ceil(seconds), 0, -1):
        if cancelled.is_set():
            break
        report_progress(_("{why}, again in {seconds} s", why=_(why), seconds=left))
        cancelled.wait(seconds - left + 1)
        seconds = left - 1  # counted down, not subtracted: what rounding leaves over would never be waited away
    report_progress(_("reading"))


def _pause(error: EngineError, attempts: int) -> float:
    if error.retry_after_seconds is not None:
        return error.retry_after_seconds
    # Full jitter: engines that were refused together must not come back together.
    return uniform(0, min(LONGEST_PAUSE_SECONDS, 2.0 ** (attempts - 1)))  # noqa: S311  (no secret)
