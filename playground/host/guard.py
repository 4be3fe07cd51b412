"""SECURITY: what stands between a visitor's click and a vendor: a turn, consent, a free place, the breaker, the budget.

Knows nothing of screens and wires. Everything is checked in the thread that makes the call, right before it, so that
a private endpoint, a retry or an engine left behind by its deadline meets the same checks. What happened is counted
for whoever runs the host: no text, no key, no visitor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from threading import BoundedSemaphore, Event, Lock
from time import monotonic

from cachetools import TTLCache
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from engines.contract import Engine, EngineSpec, PageImage, Reading, ReadingTask, report_progress
from engines.errors import (
    Cancelled,
    EngineError,
    EngineSilent,
    EngineUnavailable,
    KeyRefused,
    QuotaExhausted,
    RateLimited,
    VendorDown,
)
from engines.pricing import measured_usd, worst_case
from engines.registry import GpuReader
from playground.comparing import EngineSource, Progress, billing_day, compare_page, failure_of
from playground.engine_runs import EngineRun, Failure, for_strangers
from playground.host.admission import Admission
from playground.host.budget import Budget, Consents, Spent
from playground.host.keys import Keys, Secret
from playground.storage.blobs import StoreUnavailable
from translations import _

COUNTED = (VendorDown, EngineSilent, KeyRefused, QuotaExhausted)
"""Failures that the next page would meet as well; a page the vendor rejects says nothing about the vendor."""


class EngineResting(EngineUnavailable):
    """The engine failed several times in a row and is not asked for the moment."""


class Breakers:
    """One circuit breaker for each name, such as an engine with the host's key."""

    def __init__(
        self, *, most_failures: int = 5, rest_seconds: float = 30, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most_failures = most_failures
        self._rest_seconds = rest_seconds
        self._clock = clock
        # Visitors come and go: a streak nobody added to for ten rests is forgotten.
        self._streaks: TTLCache[str, _Streak] = TTLCache(inf, 10 * rest_seconds, clock)
        self._lock = Lock()

    def check(self, name: str) -> None:
        """Raises `EngineResting` while the engine rests; afterwards one call is let through to try."""
        with self._lock:
            streak = self._streaks.get(name)
            if streak is None or streak.failures < self._most_failures:
                return
            rests_for = streak.since + self._rest_seconds - self._clock()
            if rests_for > 0:
                fix = _("Try again in {seconds} s.", seconds=f"{rests_for:.0f}")
                raise EngineResting(_("This engine failed several times in a row."), fix=fix)
            self._streaks[name] = replace(streak, since=self._clock())  # the others wait for what this call finds

    def ended(self, name: str, error: EngineError | None) -> None:
        """A call is over: a success, or a failure of any kind, ends the streak or makes it longer."""
        with self._lock:
            if error is None:
                self._streaks.pop(name, None)
            elif isinstance(error, COUNTED):
                streak = self._streaks.get(name)
                self._streaks[name] = _Streak((streak.failures if streak else 0) + 1, self._clock())


@dataclass(frozen=True, slots=True)
class _Streak:
    failures: int
    since: float


SECONDS = (0.5, 1, 2, 5, 10, 20, 40, 80, 160)


class Counters:
    """Prometheus counters of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._runs = Counter("inkquest_runs", "Engine runs.", ["engine", "outcome"], registry=self._registry)
        self._failures = Counter(
            "inkquest_failures", "Runs without a reading.", ["engine", "reason"], registry=self._registry
        )
        self._seconds = Histogram(
            "inkquest_run_seconds", "Seconds a run took.", ["engine"], buckets=SECONDS, registry=self._registry
        )
        self._usd = Counter(
            "inkquest_host_usd", "US dollars the host's keys paid.", ["engine"], registry=self._registry
        )
        self._shares = Counter("inkquest_shares", "Share links.", ["event"], registry=self._registry)

    def ran(self, run: EngineRun) -> None:
        """An engine ended."""
        self._runs.labels(run.engine_id, run.outcome.kind).inc()
        if run.seconds is not None:
            self._seconds.labels(run.engine_id).observe(run.seconds)
        if isinstance(run.outcome, Failure):
            self._failures.labels(run.engine_id, run.outcome.reason).inc()

    def paid(self, engine_id: str, usd: float) -> None:
        """The host paid for a call."""
        self._usd.labels(engine_id).inc(usd)

    def shared(self, event: str) -> None:
        """A link was made, opened or deleted."""
        self._shares.labels(event).inc()

    def tell_spending(self, spending: Callable[[], Sequence[Spent]]) -> None:
        """From now on what each engine has cost today is told, too, as the budget of all processes has it."""
        self._registry.register(_Spending(spending))

    def exposition(self) -> bytes:
        """All counters in Prometheus' text format."""
        return generate_latest(self._registry)


class _Spending(Collector):
    def __init__(self, spending: Callable[[], Sequence[Spent]]) -> None:
        self._spending = spending

    def describe(self) -> Iterator[Metric]:
        yield from self._gauges([])  # else registering would ask the database

    def collect(self) -> Iterator[Metric]:
        try:
            yield from self._gauges(self._spending())
        except StoreUnavailable:  # the other counters are still worth having
            return

    def _gauges(self, spent: Sequence[Spent]) -> Iterator[Metric]:
        used, open_calls = "US dollars of today's budget (UTC) that are used.", "Of these, set aside for open calls."
        today = GaugeMetricFamily("inkquest_today_usd", used, labels=["engine"])
        aside = GaugeMetricFamily("inkquest_today_unsettled_usd", open_calls, labels=["engine"])
        for one in spent:
            today.add_metric([one.engine_id], one.usd)
            aside.add_metric([one.engine_id], one.unsettled_usd)
        yield from (today, aside)


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
        if place.acquire(blocking=False):
            return place
        report_progress(_("waiting for a free place"))
        if not place.acquire(timeout=seconds):
            busy = _("{engine} is busy with other visitors.", engine=spec.label)
            raise RateLimited(busy, fix=_("Try again in a minute."))
        report_progress(_("reading"))
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
    public: bool = False
    """Whether strangers visit."""

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
                    on_progress(spec.id, _("waiting for your turn"), None)

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
                yield for_strangers(run) if self.public else run

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
        engine = self.guard.engines.get(self.guard.keys.on_account(spec, self.visitor.session, key), key)
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
    return Cancelled(_("The comparison is over."), fix=_("Run it again."))
