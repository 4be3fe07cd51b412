"""Reads work items with one engine: loads pages, calls the engine as the playground does, writes down what came."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from engines.contract import BatchEngine, Engine, EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import EngineError
from evaluation.datasets.contract import ItemUnreadable
from evaluation.ledger.calls import OverBudget
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run
from evaluation.ledger.work_items import CallEnd, WorkItem, finish, postpone, set_unreadable
from evaluation.work.metering import CallGate, MeteredEngines, reserve_for
from evaluation.work.page_loading import PageLoader
from playground.comparing import EngineSource, KeyFor, compare_page
from playground.engine_runs import EngineRun, Failure

PASSING = frozenset({"rate-limited", "vendor-down"})
"""Failures that later pages of the run will show to be over: the item comes back instead of failing for good."""
MOST_ATTEMPTS = 20
LATER_SECONDS = 15.0
CANCELLED = "cancelled"
SILENT = frozenset({"timed-out", "connection-lost"})


HOST_SAYS_NO = frozenset({"budget-spent", "consent-missing"})
"""Failures before anything was sent, which every further page would meet as well: the items stay open."""


class RunBudgetSpent(Exception):
    """The next call might cost more than the run's budget or the host allows; the message says so if it is the host."""


class RunHalted(Exception):
    """The run is paused or cancelled, or the process stops: the item was not begun."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every reader of a worker process shares."""

    ledger: Ledger
    run: Run
    pages: PageLoader
    engines: EngineSource
    key_for: KeyFor
    on_ambiguous: Literal["retry", "hold"] = "retry"


class ItemReader:
    """One engine of a run; may be used from many threads."""

    def __init__(self, means: Means, spec: EngineSpec, gate: CallGate | None) -> None:
        self._means = means
        self._spec = spec
        self._gate = gate
        """None for a local engine: nobody limits it and nobody is paid."""

    def get_ready(self) -> None:
        """Import the vendor's SDK before a call is granted: whatever is granted should be on its way at once."""
        with suppress(EngineError):  # every item's reading will say so
            key = self._means.key_for(self._spec)
            self._means.engines.get(self._spec, key.get_secret_value() if key else None)

    def read(self, items: Sequence[WorkItem]) -> None:
        """Read these items and write down each result.

        Raises `RunBudgetSpent` or `RunHalted` and leaves the rest claimed.
        """
        loaded = [(item, page) for item in items if (page := self._load(item))]
        readings = self._read_together(loaded)
        for (item, page), run in zip(loaded, readings, strict=True):
            if run is not None:
                self._finish(item, page, run)
            elif self._gate is None:
                self._finish(item, page, self._run(page, self._task(item), self._means.engines))
            else:
                self._read_paid(item, page, self._gate)

    def _load(self, item: WorkItem) -> PageImage | None:
        try:
            return self._means.pages.load(item.item.locator, item.turned)
        except ItemUnreadable as error:
            set_unreadable(self._means.ledger, item.key, str(error))
            return None

    def _finish(self, item: WorkItem, page: PageImage, run: EngineRun, end: CallEnd | None = None) -> None:
        turned = self._means.pages.turned_by(item.item.locator)
        finish(self._means.ledger, item.key, run, end, None if item.noted else page, turned)

    def _read_paid(self, item: WorkItem, page: PageImage, gate: CallGate) -> None:
        means, task = self._means, self._task(item)
        first = gate.wait_for_call(item.key, reserve_for(self._spec, page, task))
        if isinstance(first, OverBudget):
            raise RunBudgetSpent
        if first is None:
            raise RunHalted
        meter = MeteredEngines(means.engines, gate, first)
        run = self._run(page, task, meter)
        end = meter.last(maybe_billed=run.maybe_billed)
        if isinstance(run.outcome, Failure) and run.outcome.reason in HOST_SAYS_NO:
            postpone(means.ledger, item.key, 0, end)
            raise RunBudgetSpent(f"{run.outcome.message} {run.outcome.fix}")
        if self._comes_back(run, item.attempts + run.attempts):
            postpone(means.ledger, item.key, LATER_SECONDS if _reason(run) in PASSING else 0, end)
        else:
            # The last attempt's own time: waiting for a turn is no fault of the engine.
            self._finish(item, page, replace(run, seconds=end.seconds if end and end.seconds else run.seconds), end)

    def _comes_back(self, run: EngineRun, attempts: int) -> bool:
        if _reason(run) == CANCELLED:
            return True
        if _reason(run) in PASSING:
            return attempts < MOST_ATTEMPTS
        # Sent, and no answer: it is asked once more, unless a person said that nothing may be paid twice.
        return _reason(run) in SILENT and attempts < 2 and self._means.on_ambiguous == "retry"

    def _task(self, item: WorkItem) -> ReadingTask:
        return self._means.run.settings.task_for(item.item)

    def _run(self, page: PageImage, task: ReadingTask, engines: EngineSource) -> EngineRun:
        return next(compare_page([self._spec], page, task, engines, self._means.key_for))

    def _read_together(self, loaded: Sequence[tuple[WorkItem, PageImage]]) -> list[EngineRun | None]:
        """All pages in one call where the engine is better at that; None for what is to be read by itself."""
        pages, tasks = [page for _, page in loaded], {self._task(item) for item, _ in loaded}
        alone: list[EngineRun | None] = [None] * len(pages)
        if self._gate is not None or len(pages) < 2 or len(tasks) > 1:
            return alone
        batch, task = _Batch(self._means.engines, pages), tasks.pop()
        run = self._run(pages[0], replace(task, timeout_seconds=task.timeout_seconds * len(pages)), batch)
        if isinstance(run.outcome, Failure) or len(batch.readings) != len(pages):
            return alone
        share = None if run.seconds is None else run.seconds / len(pages)
        return [replace(run, outcome=reading, seconds=share) for reading in batch.readings]


class _Batch:
    """An `EngineSource` whose engine reads all pages when it is asked for the first."""

    def __init__(self, engines: EngineSource, pages: Sequence[PageImage]) -> None:
        self._engines = engines
        self._pages = pages
        self.readings: list[Reading] = []

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        engine = self._engines.get(spec, key)
        return _BatchOf(engine, self._pages, self.readings) if isinstance(engine, BatchEngine) else engine


class _BatchOf:
    def __init__(self, engine: BatchEngine, pages: Sequence[PageImage], readings: list[Reading]) -> None:
        self.spec = engine.spec
        self._engine = engine
        self._pages = pages
        self._readings = readings

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        self._readings[:] = self._engine.read_many(self._pages, task)
        return self._readings[0]


def _reason(run: EngineRun) -> str:
    return run.outcome.reason if isinstance(run.outcome, Failure) else ""
