"""Workers for a run: in this process, or on a Ray cluster. What they do is the business of `worker`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from evaluation.batches.running import POLL_SECONDS, BatchRunner
from evaluation.datasets.opening import open_dataset
from evaluation.item_reading import Means
from evaluation.ledger import Ledger
from evaluation.page_loading import PageLoader
from evaluation.runs import find_run
from evaluation.worker import Sources, Worker, WorkOptions, WorkReport
from playground.comparing import EngineSource
from playground.offer import Offer

Handler = Callable[[int, FrameType | None], Any] | int | None


def worker_here(
    ledger: Ledger,
    run_id: str,
    offer: Offer,
    options: WorkOptions | None = None,
    *,
    visitor: str = "",
    engines: EngineSource | None = None,
) -> Worker:
    """A worker of this process, with this visitor's keys and the host's engines, or those given: guarded ones, say."""
    run = find_run(ledger, run_id)
    dataset = open_dataset(Path(run.dataset), level=run.settings.level)
    sources = Sources(dataset, engines or offer.engines, lambda spec: offer.keys.key_for(spec, visitor))
    return Worker(ledger, run, sources, options)


def work_here(ledger: Ledger, run_id: str, offer: Offer, options: WorkOptions | None = None) -> WorkReport:
    """Work in this process until the run is over; on SIGTERM or Ctrl-C finish what is in flight and return."""
    worker = worker_here(ledger, run_id, offer, options)
    with _stopped_by_signals(worker):
        return worker.work()


class BatchCrew:
    """The engines of a run that go through their vendors' batch interfaces."""

    def __init__(self, ledger: Ledger, run_id: str, offer: Offer, engine_ids: Collection[str]) -> None:
        """Raises `EngineError` for a missing key."""
        run = find_run(ledger, run_id)
        pages = PageLoader(open_dataset(Path(run.dataset), level=run.settings.level))
        means = Means(ledger, run, pages, offer.engines, offer.keys.key_for)
        self._stop = threading.Event()
        specs = [spec for spec in run.settings.engines if spec.id in engine_ids]
        self._runners = [BatchRunner(means, spec, self._stop) for spec in specs]

    def stop(self) -> None:
        """Leave the batches to their vendors; a resume fetches them."""
        self._stop.set()

    def submit(self) -> int:
        """Send all that is pending; says how many batches that made. Raises `EngineError`."""
        with _stopped_by_signals(self):
            return sum(runner.submit_all() for runner in self._runners)

    def collect(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Wait for all batches and fetch them. Raises `EngineError`."""
        with _stopped_by_signals(self):
            for runner in self._runners:
                runner.collect_until_done(poll_seconds)


class RunInBackground:
    """A run that goes on while a screen shows it. Pausing and cancelling go through the ledger, for all its workers."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._report: WorkReport | None = None
        self._thread = threading.Thread(target=self._work, name="evaluation", daemon=True)
        self._thread.start()

    @property
    def report(self) -> WorkReport | None:
        """What the worker had to say, once it has ended."""
        return self._report

    @property
    def running(self) -> bool:
        """Whether the worker is still there; a paused run's is."""
        return self._thread.is_alive()

    def stop(self, seconds: float = 0.0) -> None:
        """End the worker after what is in flight, and wait for that up to so many seconds; the run can be resumed."""
        self._worker.stop()
        self._thread.join(seconds)

    def _work(self) -> None:
        self._report = self._worker.work()


@contextmanager
def _stopped_by_signals(worker: Worker | BatchCrew) -> Iterator[None]:
    """The first signal drains; a second one of the same kind ends the process as usual."""
    before: dict[int, Handler] = {}

    def drain(number: int, _frame: object) -> None:
        worker.stop()
        signal.signal(number, before[number])

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, drain)
    try:
        yield
    finally:
        for signal_number, handler in before.items():
            signal.signal(signal_number, handler)
