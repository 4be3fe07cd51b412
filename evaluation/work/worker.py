"""A worker process: claims items, reads them, and ends when none is open or when it is told to stop.

Any number of workers may serve one run, on any machine that reaches the ledger and the data set.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from engines.contract import EngineSpec
from evaluation.datasets.contract import Dataset
from evaluation.ledger.calls import ProviderLimit, set_limits
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, find_run
from evaluation.ledger.work_items import (
    HEARTBEAT_SECONDS,
    Claims,
    Lost,
    claim,
    give_back,
    heartbeat,
    open_items,
    recover,
    register_worker,
)
from evaluation.work.item_reading import CallGate, ItemReader, Means, PageLoader, RunBudgetSpent, RunHalted
from playground.comparing import EngineSource, KeyFor
from playground.storage.blobs import StoreUnavailable

BATCH = 8
IDLE_SECONDS = 0.3
SIGNAL_SECONDS = 0.2
"""How often the main thread wakes: the kernel may hand a signal to any thread, and Python acts on it in that one."""


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """How a worker works; the ledger's limits hold for all workers together, whatever stands here."""

    engine_ids: tuple[str, ...] = ()
    """None means all engines of the run."""
    per_second: tuple[tuple[str, float], ...] = ()
    """Vendor and requests a second."""
    most_parallel: tuple[tuple[str, int], ...] = ()
    on_ambiguous: Literal["retry", "hold"] = "retry"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where pages, engines and keys come from."""

    dataset: Dataset
    engines: EngineSource
    key_for: KeyFor


@dataclass(slots=True)
class WorkReport:
    """What a worker has to say in the end."""

    lost: Lost = field(default_factory=Lost)
    over_budget: dict[str, str] = field(default_factory=dict)
    """Engines that were stopped because the budget is spent, with the host's reason if it is the host's budget."""


class Worker:
    """Works on one run in threads of this process until it is done."""

    def __init__(
        self,
        ledger: Ledger,
        run: Run,
        sources: Sources,
        options: WorkOptions | None = None,
    ) -> None:
        self._ledger = ledger
        self._run = run
        self._options = options = options or WorkOptions()
        pages = PageLoader(sources.dataset, turns=run.settings.turns)
        self._means = Means(ledger, run, pages, sources.engines, sources.key_for, options.on_ambiguous)
        self._stop = threading.Event()
        self._report = WorkReport()
        self._broken: list[StoreUnavailable] = []
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Finish what is in flight, begin nothing more; safe to call from a signal handler."""
        self._stop.set()

    def work(self) -> WorkReport:
        """Work until nothing is open; raises `StoreUnavailable`."""
        chosen = self._options.engine_ids
        specs = [spec for spec in self._run.settings.to_run if not chosen or spec.id in chosen]
        set_limits(self._ledger, provider_limits(specs, self._options))
        worker = register_worker(self._ledger)
        self._recover()
        threads = [thread for spec in specs for thread in self._crew(spec, worker)]
        for thread in threads:
            thread.start()
        over = threading.Event()
        beat = threading.Thread(target=self._guarded, args=(self._beat, worker, over), daemon=True)
        beat.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(SIGNAL_SECONDS)
        over.set()
        beat.join()
        give_back(self._ledger, worker)
        if self._broken:
            raise self._broken[0]
        return self._report

    def _crew(self, spec: EngineSpec, worker: str) -> list[threading.Thread]:
        if spec.runs == "local":
            reader = ItemReader(self._means, spec, None)
            return [self._thread(spec.id, self._serve_local, spec, reader, worker)]
        reader = ItemReader(self._means, spec, CallGate(self._ledger, spec.vendor, worker, self._stop))
        reader.get_ready()
        size = dict(self._options.most_parallel).get(spec.vendor, spec.max_parallel)
        claims = Claims(partial(claim, self._ledger, self._run.id, spec.id, worker, size))
        return [self._thread(f"{spec.id}-{number}", self._serve_cloud, spec, reader, claims) for number in range(size)]

    def _thread(self, name: str, work: Callable[..., None], *arguments: object) -> threading.Thread:
        """What it writes down is said in the language of whoever began the run."""
        return threading.Thread(target=copy_context().run, args=(self._guarded, work, *arguments), name=name)

    def _serve_cloud(self, spec: EngineSpec, reader: ItemReader, claims: Claims) -> None:
        """One thread's work: call after call until there is nothing left for anybody."""
        while not self._stop.is_set() and spec.id not in self._report.over_budget:
            item = claims.take()
            if item is not None:
                try:
                    reader.read([item])
                    continue
                except RunBudgetSpent as error:
                    self._report.over_budget[spec.id] = str(error)
                except RunHalted:
                    claims.put_back(item)
            if self._is_over(spec):
                return
            self._stop.wait(IDLE_SECONDS)

    def _serve_local(self, spec: EngineSpec, reader: ItemReader, worker: str) -> None:
        """Batch after batch until there is nothing left for anybody."""
        while not self._stop.is_set():
            if items := claim(self._ledger, self._run.id, spec.id, worker, BATCH):
                reader.read(items)
            elif self._is_over(spec):
                return
            else:
                self._stop.wait(IDLE_SECONDS)

    def _is_over(self, spec: EngineSpec) -> bool:
        if find_run(self._ledger, self._run.id).state == "cancelled":
            return True
        return open_items(self._ledger, self._run.id, spec.id) == 0

    def _beat(self, worker: str, over: threading.Event) -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            heartbeat(self._ledger, worker)
            self._recover()

    def _recover(self) -> None:
        found = recover(self._ledger, self._options.on_ambiguous)
        with self._lock:
            lost = self._report.lost
            self._report.lost = Lost(lost.calls + found.calls, lost.items + found.items)

    def _guarded(self, work: Callable[..., None], *arguments: object) -> None:
        """A thread's errors belong to whoever waits for the worker."""
        try:
            work(*arguments)
        except StoreUnavailable as error:
            self._broken.append(error)
            self._stop.set()


def provider_limits(specs: Sequence[EngineSpec], options: WorkOptions) -> dict[str, ProviderLimit]:
    """For every vendor among the cloud engines: the most its rows allow, or what was asked for."""
    rates, parallel = dict(options.per_second), dict(options.most_parallel)
    vendors = {spec.vendor for spec in specs if spec.runs == "cloud"}
    return {
        vendor: ProviderLimit(
            vendor,
            parallel.get(vendor) or max(spec.max_parallel for spec in specs if spec.vendor == vendor),
            rates.get(vendor),
        )
        for vendor in vendors
    }
