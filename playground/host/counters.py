"""What is counted for whoever runs the host: runs, failures by kind, seconds, money. No text, no key, no visitor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from playground.engine_runs import EngineRun, Failure
from playground.host.budget import Spent
from playground.storage.blobs import StoreUnavailable

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
