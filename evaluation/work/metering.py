"""One cloud engine for one work item: every attempt first asks the ledger, whoever decides on attempts."""

from __future__ import annotations

import threading
from dataclasses import replace
from time import monotonic, sleep

from engines.contract import Engine, EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import Cancelled, EngineError, RateLimited
from engines.pricing import measured_usd, worst_case
from evaluation.ledger.calls import Call, Halted, OverBudget, Wait, WorkKey, begin_call
from evaluation.ledger.database import Ledger
from evaluation.ledger.work_items import CallEnd, settle
from playground.comparing import EngineSource, billing_day, cost_of
from playground.storage.database import NOTHING, Nanodollars, nanodollars
from translations import _

LONGEST_SLEEP_SECONDS = 1.0


class CallGate:
    """Where this process waits for its turn at one provider; one thread asks at a time, the others queue behind it."""

    def __init__(self, ledger: Ledger, provider: str, worker: str, stop: threading.Event) -> None:
        self._ledger = ledger
        self._provider = provider
        self._worker = worker
        self._stop = stop
        self._turn = threading.Lock()

    def wait_for_call(self, key: WorkKey, held: Nanodollars, until: float = float("inf")) -> Call | OverBudget | None:
        """A call that may go out now; None when run or process are stopped or the monotonic clock passes `until`."""
        while not self._stop.is_set() and monotonic() < until:
            with self._turn:
                answer = begin_call(self._ledger, key, self._provider, self._worker, held)
                if isinstance(answer, Wait):
                    sleep(min(answer.seconds, LONGEST_SLEEP_SECONDS))
                    continue
            return None if isinstance(answer, Halted) else answer
        return None

    def settle(self, end: CallEnd) -> None:
        """Write down how an attempt ended that will be followed by another."""
        settle(self._ledger, end)


class MeteredEngines:
    """An `EngineSource` for one work item, whose first call has been granted already."""

    def __init__(self, engines: EngineSource, gate: CallGate, first: Call) -> None:
        self._engines = engines
        self._gate = gate
        self._granted: Call | None = first
        self._open: Call | None = first
        self._ended: CallEnd | None = None
        self._lock = threading.Lock()

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        return _MeteredEngine(self._engines.get(spec, key), self)

    def next_call(self, seconds: float) -> Call:
        """The call for the next attempt; raises `Cancelled` when it is not to be."""
        with self._lock:
            if self._granted:
                call, self._granted = self._granted, None
                return call
            ended, self._ended = self._ended, None
        if ended is None:
            raise Cancelled(_("The reading is over."))
        self._gate.settle(ended)
        answer = self._gate.wait_for_call(ended.call.key, ended.call.held, monotonic() + seconds)
        if not isinstance(answer, Call):
            raise Cancelled(_("No further attempt: the budget is spent or the run stops."))
        with self._lock:
            self._open = answer
        return answer

    def end(self, end: CallEnd) -> None:
        """An attempt ended; what follows it settles it."""
        with self._lock:
            if self._open is end.call:
                self._open, self._ended = None, end

    def last(self, *, maybe_billed: bool) -> CallEnd | None:
        """How the last attempt ended, to be settled with the result; nothing is attempted after this."""
        with self._lock:
            ended, self._ended = self._ended, None
            if ended is None and self._open is not None:
                # It broke in a way nobody foresaw, or still hangs beyond its deadline.
                ended = (
                    CallEnd(self._open, "unknown", self._open.held)
                    if maybe_billed
                    else CallEnd(self._open, "failed", NOTHING)
                )
            self._open = self._granted = None
            return ended


class _MeteredEngine:
    def __init__(self, engine: Engine, meter: MeteredEngines) -> None:
        self.spec = engine.spec
        self._engine = engine
        self._meter = meter

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """One attempt; raises `EngineError`."""
        begun = monotonic()
        call = self._meter.next_call(task.timeout_seconds)
        sent = monotonic()
        task = replace(task, timeout_seconds=task.timeout_seconds - (sent - begun))
        try:
            reading = self._engine.read(page, task)
        except EngineError as error:
            self._meter.end(_failed(call, error, measured_usd(self.spec, error.usage, billing_day())))
            raise
        seconds = monotonic() - sent
        cost = cost_of(self.spec, reading, page, task, billing_day())
        self._meter.end(CallEnd(call, "answered", nanodollars(cost.usd) if cost else call.held, seconds))
        return reading


def reserve_for(spec: EngineSpec, page: PageImage, task: ReadingTask, *, by_batch: bool = False) -> Nanodollars:
    """What to set aside for one call: the most it can cost, 0 where the price is unknown."""
    worst = worst_case(spec, page, task, billing_day(), by_batch=by_batch).usd
    return NOTHING if worst is None else nanodollars(worst)


def _failed(call: Call, error: EngineError, counted_usd: float | None) -> CallEnd:
    if counted_usd is not None:
        return CallEnd(call, "answered", nanodollars(counted_usd))
    refused = isinstance(error, RateLimited)
    if error.maybe_billed:
        return CallEnd(call, "unknown", call.held)
    return CallEnd(call, "failed", NOTHING, refused=refused, retry_after_seconds=error.retry_after_seconds)
