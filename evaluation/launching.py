"""Workers for a run: in this process, or on a Ray cluster. What they do is the business of `worker`."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from types import FrameType
from typing import Any

from engines.errors import EngineError
from evaluation.batches.running import POLL_SECONDS, BatchRunner, collect_until_done
from evaluation.datasets.opening import open_dataset
from evaluation.findings.results import progress
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import find_run
from evaluation.work.item_reading import Means, PageLoader
from evaluation.work.worker import Sources, Worker, WorkOptions, WorkReport
from playground.comparing import EngineSource
from playground.offer import Offer
from playground.settings import Settings

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
    """The engines of a run that go through their vendors' batch interfaces; what one vendor refuses stops only it."""

    def __init__(self, ledger: Ledger, run_id: str, offer: Offer, engine_ids: Collection[str]) -> None:
        run = find_run(ledger, run_id)
        pages = PageLoader.of(run)
        means = Means(ledger, run, pages, offer.engines, offer.keys.key_for)
        self._stop = threading.Event()
        self._runners: list[BatchRunner] = []
        self.complaints: list[str] = []
        """What went wrong, in the vendors' words, for people."""
        for spec in run.settings.engines:
            if spec.id in engine_ids:
                with self._complaining():
                    self._runners.append(BatchRunner(means, spec, self._stop))

    def stop(self) -> None:
        """Leave the batches to their vendors; a resume fetches them."""
        self._stop.set()

    def submit(self) -> int:
        """Send all that is pending; says how many batches that made."""
        batches = 0
        with _stopped_by_signals(self):
            for runner in self._runners:
                with self._complaining():
                    batches += runner.submit_all()
        return batches

    def collect(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Wait for all batches and fetch them."""
        with _stopped_by_signals(self):
            self.complaints += collect_until_done(self._runners, self._stop, poll_seconds)

    @contextmanager
    def _complaining(self) -> Iterator[None]:
        try:
            yield
        except EngineError as error:
            self.complaints.append(f"{error} {error.fix}".rstrip())


class RunInBackground:
    """A run that goes on while a screen shows it. Pausing and cancelling go through the ledger, for all its workers."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._stopping = False
        self._report: WorkReport | None = None
        self._thread = threading.Thread(target=copy_context().run, args=(self._work,), name="evaluation", daemon=True)
        self._thread.start()

    @property
    def report(self) -> WorkReport | None:
        """What the worker had to say, once it has ended."""
        return self._report

    @property
    def running(self) -> bool:
        """Whether the worker is still there."""
        return self._thread.is_alive()

    @property
    def goes_on(self) -> bool:
        """Whether the worker takes further pages: it is there, and was not stopped."""
        return self.running and not self._stopping

    def stop(self, seconds: float = 0.0) -> None:
        """End the worker after what is in flight, and wait for that up to so many seconds; the run can be resumed."""
        self._stopping = True
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


RESTARTS = 20
ROOT = Path(__file__).parent.parent
PACKAGES = ("engines", "metrics", "playground", "evaluation", "samples", "translations")


class ClusterUnusable(Exception):
    """Workers cannot be placed on other machines; the message says what to do."""


def work_on_ray(ledger: Ledger, run_id: str, address: str, workers: int, options: WorkOptions) -> None:
    """Serve the run with so many workers for the cloud engines and as many for each local one, until it is over.

    Ray places them and starts them again when a node dies; the ledger decides everything else.
    SECURITY: Ray's own ports have no password by default (`RAY_AUTH_MODE=token` gives them one): use it in a trusted
    network only.

    Raises `ClusterUnusable` for a ledger that other machines cannot reach or a Ray that is not installed.
    """
    try:
        import ray
    except ImportError:
        raise ClusterUnusable("Ray is not installed here. Run: pip install ray==2.60.0") from None
    packages = [str(ROOT / name) for name in PACKAGES if (ROOT / name).exists()]
    if not ray.is_initialized():
        ray.init(address=address, runtime_env={"py_modules": packages}, log_to_driver=False, logging_level="ERROR")
    nodes = sum(node["Alive"] for node in ray.nodes())
    if ledger.on_one_machine and nodes > 1 and address not in {"local", "auto"}:
        raise ClusterUnusable("SQLite serves one machine. Give --ledger postgresql+psycopg://... for a cluster.")
    gpus = ray.cluster_resources().get("GPU", 0)
    waiting = []
    for engine_ids, on_gpu in crews(ledger, run_id, options):
        place = ray.remote(num_cpus=1, num_gpus=1 if on_gpu and gpus else 0, max_retries=RESTARTS)(serve)
        crew = WorkOptions(engine_ids, options.per_second, options.most_parallel, options.on_ambiguous)
        waiting += [place.remote(ledger.url, run_id, crew) for _ in range(workers)]
    ray.get(waiting)


def crews(ledger: Ledger, run_id: str, options: WorkOptions) -> list[tuple[tuple[str, ...], bool]]:
    """Which engines share a worker, and whether it wants a GPU: cloud engines only wait, a local one needs a place."""
    run = find_run(ledger, run_id)
    with_work = {seen.engine_id for seen in progress(ledger, run_id) if seen.left}
    chosen = [
        spec
        for spec in run.settings.to_run
        if spec.id in with_work and (not options.engine_ids or spec.id in options.engine_ids)
    ]
    cloud = tuple(spec.id for spec in chosen if spec.runs == "cloud")
    local = [((spec.id,), "torch" in spec.packages) for spec in chosen if spec.runs == "local"]
    return ([(cloud, False)] if cloud else []) + local


def serve(ledger_url: str, run_id: str, options: WorkOptions) -> None:
    """What a worker on the cluster does; keys are those of its machine's environment."""
    offer = Offer.from_settings(Settings.from_env(os.environ), os.environ)
    work_here(Ledger(ledger_url), run_id, offer, options)
