"""SECURITY: what stands between a visitor's click and a vendor: a turn, consent, a free place, the breaker, the budget.

Knows nothing of screens and wires. Everything is checked in the thread that makes the call, right before it, so that a
private endpoint, a retry or an engine left behind by its deadline meets the same checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event

from engines.contract import Engine, EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import Cancelled, EngineError, RateLimited
from engines.pricing import measured_usd, worst_case
from engines.zerogpu import GpuReader
from playground.comparing import EngineSource, Progress, billing_day, compare_page, failure_of
from playground.engine_runs import EngineRun
from playground.host.admission import Admission
from playground.host.breaker import Breakers
from playground.host.budget import Budget
from playground.host.consent import Consents
from playground.host.counters import Counters
from playground.host.keys import Keys, Secret


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: `session` owns keys and consent; `payer` is whose share of the host's budget is used."""

    session: str
    payer: str = ""


class Places:
    """How many calls an engine takes at once, from all visitors together: `EngineSpec.max_parallel`."""

    def __init__(self, specs: Sequence[EngineSpec]) -> None:
        self._free = {spec.id: BoundedSemaphore(spec.max_parallel) for spec in specs}

    def take(self, spec: EngineSpec, seconds: float) -> BoundedSemaphore:
        """A place, to be released; raises `RateLimited` when none comes free in time."""
        place = self._free[spec.id]
        if not place.acquire(timeout=seconds):
            raise RateLimited(f"{spec.label} is busy with other visitors.", fix="Try again in a minute.")
        return place


@dataclass(frozen=True, slots=True)
class Guard:
    """One per process. `budget` is None where the host is alone with its keys and sets no limit."""

    engines: EngineSource
    keys: Keys
    places: Places
    admission: Admission
    budget: Budget | None = None
    consents: Consents = field(default_factory=Consents)
    breakers: Breakers = field(default_factory=Breakers)
    counters: Counters = field(default_factory=Counters)

    def compare(
        self,
        specs: Sequence[EngineSpec],
        page: PageImage,
        task: ReadingTask,
        visitor: Visitor,
        *,
        stop: Event,
        on_progress: Progress | None = None,
        on_gpu: GpuReader | None = None,
    ) -> Iterator[EngineRun]:
        """`compare_page` with this visitor's keys, consent and budget, when it is their turn; raises `NoRoom`."""

        def key_for(spec: EngineSpec) -> Secret | None:
            return self.keys.key_for(spec, visitor.session)

        def wait() -> None:
            for spec in specs:
                if on_progress:
                    on_progress(spec.id, "waiting for your turn", None)

        with self.admission.turn(visitor.payer, stop, wait) as admitted:
            if not admitted:
                yield from (EngineRun(spec.id, failure_of(_over()), 0.0, attempts=0) for spec in specs)
                return
            for run in compare_page(
                specs,
                page,
                task,
                self.source(visitor, stop),
                key_for,
                stop=stop,
                on_progress=on_progress,
                on_gpu=on_gpu,
            ):
                self.counters.ran(run)
                yield run

    def source(self, visitor: Visitor, stop: Event) -> EngineSource:
        """Engines that check everything before each call; `stop` keeps those that wait for a place from calling."""
        return _GuardedSource(self, visitor, stop)

    def forget(self, session: str) -> None:
        """A session is over: its keys and its consent go."""
        self.keys.vault.forget(session)
        self.consents.forget(session)


@dataclass(frozen=True, slots=True)
class _GuardedSource:
    guard: Guard
    visitor: Visitor
    stop: Event

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        if spec.runs == "local":  # a loaded model has its own lock, costs nothing and sends nothing
            return self.guard.engines.get(spec, key)
        self.guard.consents.check(self.visitor.session, spec)
        engine = self.guard.engines.get(spec, key)
        return _GuardedEngine(spec, engine, self.guard, self.visitor, self.guard.keys.is_hosts(spec, key), self.stop)


@dataclass(slots=True)
class _GuardedEngine:
    spec: EngineSpec
    engine: Engine
    guard: Guard
    visitor: Visitor
    host_pays: bool
    stop: Event

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        place = self.guard.places.take(self.spec, task.timeout_seconds)
        try:
            if self.stop.is_set():  # the comparison ended while we waited
                raise _over()
            name = f"{self.spec.id} {'' if self.host_pays else self.visitor.session}"
            self.guard.breakers.check(name)
            try:
                reading = self._read_and_pay(page, task)
            except EngineError as error:
                self.guard.breakers.ended(name, error)
                raise
            self.guard.breakers.ended(name, None)
            return reading
        finally:
            place.release()

    def _read_and_pay(self, page: PageImage, task: ReadingTask) -> Reading:
        budget = self.guard.budget
        if budget is None or not self.host_pays:
            return self.engine.read(page, task)
        worst = worst_case(self.spec, page, task, billing_day()).usd
        charge = budget.reserve(self.visitor.payer, self.spec, worst)
        paid = worst or 0.0
        try:
            reading = self.engine.read(page, task)
            measured = measured_usd(self.spec, reading.usage, billing_day())
            paid = paid if measured is None else measured
            return reading
        except EngineError as error:
            measured = measured_usd(self.spec, error.usage, billing_day())
            paid = measured if measured is not None else paid if error.maybe_billed else 0.0
            raise
        finally:  # an adapter's bug keeps the worst case
            budget.settle(charge, paid)
            self.guard.counters.paid(self.spec.id, paid)


def _over() -> Cancelled:
    return Cancelled("The comparison is over.", fix="Run it again.")
