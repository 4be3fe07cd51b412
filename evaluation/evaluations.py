"""What a screen does with runs: plan, start, pause, look, open a page. One object for the whole app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar

from engines.contract import EngineSpec, PageImage, Unit
from engines.page_orientation import Orientation
from evaluation.datasets.contract import Unreadable
from evaluation.datasets.opening import open_dataset
from evaluation.evidence import write_pack
from evaluation.findings.changes import Change, changes
from evaluation.findings.conclusion import Conclusion, Findings, conclude
from evaluation.findings.kept_scores import observations
from evaluation.findings.leaderboard import Leaderboard
from evaluation.findings.recommending import Requirements
from evaluation.findings.results import Bill, EngineProgress, bill, measured_seconds, outcomes_of, progress
from evaluation.kept_findings import KeptFindings, counted, make
from evaluation.launching import RunInBackground, worker_here
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import (
    Run,
    RunSettings,
    State,
    correct_reference,
    create_run,
    erase_run,
    find_run,
    page_at,
    run_ids,
    set_state,
    unreadable_of,
)
from evaluation.report.checking_blocks import cut_missed
from evaluation.report.exporting import export_layouts, export_readings
from evaluation.report.memo import Cut, Memo, make_memo
from evaluation.work.item_reading import PageLoader
from evaluation.work.planning import Plan, reader_here, versions_here, with_planted
from evaluation.work.planning_apart import Asked, Bounds, plan_apart
from metrics.error_rate import Assumptions
from playground.comparing import EngineSource, billing_day
from playground.engine_runs import EngineRun, for_strangers
from playground.host.admission import Apart
from playground.offer import Offer
from playground.scoring import task_for
from playground.share.exporting import FORMATS

Wanted = ParamSpec("Wanted")
Answer = TypeVar("Answer")
LAST_CALL_SECONDS = 60.0
"""How long erasing a run waits for what it has in flight."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a visitor asks for; `budget_usd` is for the whole run."""

    engine_ids: tuple[str, ...]
    level: Unit = "page"
    language: str = ""
    sample: int | None = None
    repeats: int = 1
    canaries: bool = False
    budget_usd: float | None = None
    readings: tuple[tuple[str, Path], ...] = ()
    """Whose readings were brought along, and where they are."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run at this moment."""

    run: Run
    running: bool
    """Whether a worker of this process serves it."""
    progress: tuple[EngineProgress, ...]
    board: Leaderboard
    bill: Bill
    unreadable: tuple[Unreadable, ...]
    over_budget: Mapping[str, str]
    """Engines that a budget stopped, with the host's reason if it is the host's."""

    @property
    def state(self) -> State:
        """Running, paused or cancelled, as the ledger has it."""
        return self.run.state

    @property
    def finished(self) -> bool:
        """Whether no engine has anything left to read."""
        return all(seen.left == 0 for seen in self.progress)


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """One page of a run with everything that was read on it, from the ledger: opening it runs no engine."""

    item_id: str
    page: PageImage
    reference: str | None
    settings: RunSettings
    runs: tuple[EngineRun, ...]
    lay: Orientation = field(default_factory=Orientation)
    """How it lay in its file; `page` is as the engines got it."""


class Evaluations:
    """All runs of one ledger; workers are threads of this process, long texts are looked at `apart`.

    Whatever looks at texts may raise `NotCounted`.
    """

    def __init__(self, ledger_url: str, offer: Offer, apart: Apart) -> None:
        """Raises `StoreUnavailable`."""
        self._ledger = Ledger(ledger_url)
        self._offer = offer
        self._apart = apart
        self._workers: dict[str, RunInBackground] = {}
        self._kept: dict[str, KeptFindings] = {}
        self._lock = Lock()

    def prepare(self, path: Path, request: Request, bounds: Bounds = Bounds()) -> Plan:  # noqa: B008  (frozen)
        """Items, unreadable ones, expected cost and time; spends nothing, and opens the data set elsewhere.

        Raises `DatasetUnusable`, `BudgetCannotHold`, or KeyError for an engine that is not offered.
        """
        settings = RunSettings(
            engines=tuple(self._offer.spec(engine_id) for engine_id in request.engine_ids),
            task=task_for(None, request.language, self._offer.settings.limits.deadline_seconds),
            level=request.level,
            turns=True,
            repeats=request.repeats,
            sample=request.sample,
            canaries=request.canaries,
            versions=versions_here(),
        )
        seconds = measured_seconds(self._ledger, request.level)
        planned = plan_apart(Asked(path, settings, billing_day(), bounds, seconds, request.readings))
        return planned.within(request.budget_usd)

    def start(self, planned: Plan, visitor: str = "", engines: EngineSource | None = None) -> str:
        """Begin the run with this visitor's keys; returns its id, by which everything else finds it."""
        settings = planned.contents.settings
        if settings.canaries:
            dataset = open_dataset(Path(planned.contents.dataset), level=settings.level)
            planned = with_planted(planned, dataset, reader_here(self._offer, engines))
        run_id = create_run(self._ledger, planned.contents)
        self._serve(run_id, visitor, engines)
        return run_id

    def pause(self, run_id: str) -> None:
        """Begin no further page; what is in flight ends, and with it the worker: others may have its place."""
        set_state(self._ledger, run_id, "paused")
        if worker := self._workers.get(run_id):
            worker.stop()

    def resume(self, run_id: str, visitor: str = "", engines: EngineSource | None = None) -> None:
        """Go on after a pause, a crash or a restart."""
        set_state(self._ledger, run_id, "running")
        self._serve(run_id, visitor, engines)

    def cancel(self, run_id: str) -> None:
        """End the run for good; what was read stays."""
        set_state(self._ledger, run_id, "cancelled")

    def look(self, run_id: str) -> Snapshot:
        """The run now: cheap enough for every second, because only new readings are scored."""
        run = find_run(self._ledger, run_id)
        worker = self._workers.get(run_id)
        report = worker.report if worker else None
        return Snapshot(
            run,
            bool(worker and worker.running),
            tuple(progress(self._ledger, run_id)),
            self._findings(run).board(),
            bill(self._ledger, run_id),
            tuple(unreadable_of(self._ledger, run_id)),
            dict(report.over_budget) if report else {},
        )

    def findings(self, run_id: str) -> Findings:
        """Every finished reading, scored: what plots, worst pages and conclusions are made of."""
        return self._findings(find_run(self._ledger, run_id)).findings()

    def conclusion(self, run_id: str, needs: Requirements, assumed: Assumptions | None = None) -> Conclusion:
        """What to do for these needs, from the findings as they were last asked for: nothing is scored again."""
        run = find_run(self._ledger, run_id)
        return conclude(self._findings(run).latest(), run.settings.engines, needs, assumed)

    def open_page(self, run_id: str, position: int) -> OpenedPage:
        """A page and its readings; raises `ItemUnreadable`."""
        run, entry = find_run(self._ledger, run_id), page_at(self._ledger, run_id, position)
        loader, runs = PageLoader.of(run), tuple(outcomes_of(self._ledger, run_id, position))
        if self._offer.settings.public:
            runs = tuple(map(for_strangers, runs))
        page = loader.load(entry.item.locator, entry.turned)
        lay = Orientation(loader.turned_by(entry.item.locator), certain=True)
        return OpenedPage(entry.item.id, page, entry.item.reference, run.settings, runs, lay)

    def correct_reference(self, run_id: str, position: int, reference: str) -> None:
        """Another reference for a page; every figure follows, and the run's notes say so."""
        correct_reference(self._ledger, run_id, position, reference)
        with self._lock:
            self._kept.pop(run_id, None)

    def memo(
        self,
        run_id: str,
        needs: Requirements,
        assumed: Assumptions | None = None,
        against: str = "",
        *,
        named: bool = True,
    ) -> Memo:
        """The document, also `against` an earlier run; `memo_html`, `memo_pdf` and `summary_json` write it.

        Readers who were brought along are `named` as somebody has called them, or numbered.
        """
        run, earlier = find_run(self._ledger, run_id), find_run(self._ledger, against) if against else None
        found = self._findings(run).findings()
        run = run if named else run.unnamed
        conclusion = conclude(found, run.settings.engines, needs, assumed)
        memo = make_memo(self._ledger, run, found, conclusion, earlier)
        return replace(memo, cuts=self.cut_missed(run_id, conclusion))

    def cut_missed(self, run_id: str, conclusion: Conclusion) -> tuple[Cut, ...]:
        """The ink of the names and figures that have to be right and are not."""
        return self._counted(run_id, cut_missed, conclusion)

    def changes(self, run_id: str, against: str) -> list[Change]:
        """What has changed since an earlier run over the same pages; raises `RunUnknown`."""
        earlier = find_run(self._ledger, against)
        self._counted(against, make)
        return changes(
            observations(self._ledger, earlier), self._findings(find_run(self._ledger, run_id)).observations()
        )

    def export(self, run_id: str, folder: Path) -> list[Path]:
        """Every reading as CSV, JSON lines and Parquet."""
        return self._counted(run_id, export_readings, folder)

    def export_layouts(self, run_id: str, archive: Path) -> None:
        """A zip of every reading as ALTO, PAGE, hOCR and searchable PDF."""
        self._counted(run_id, _write_layouts, archive)

    def evidence(
        self, run_id: str, needs: Requirements, assumed: Assumptions, archive: Path, *, with_pages: bool
    ) -> None:
        """A zip of all that the figures rest on; raises `DatasetUnusable` where the pages are gone."""
        self._counted(run_id, _write_evidence, needs, assumed, archive, with_pages=with_pages)

    def find(self, run_id: str) -> str:
        """The id, if there is such a run; raises `RunUnknown`."""
        return find_run(self._ledger, run_id).id

    def specs(self, run_id: str) -> tuple[EngineSpec, ...]:
        """The engines of a run, as they were when it began."""
        return find_run(self._ledger, run_id).settings.engines

    def at_work(self) -> list[str]:
        """The runs that take further pages now."""
        return [run_id for run_id, worker in list(self._workers.items()) if worker.goes_on]

    def close(self, seconds: float = 10.0) -> None:
        """Stop all workers after what is in flight; the runs can be resumed."""
        for worker in self._workers.values():
            worker.stop()
        for worker in self._workers.values():
            worker.stop(seconds)

    def erase_without_pages(self, folder: Path) -> list[str]:
        """End and erase the runs on data sets of this folder that are no longer there; says which."""
        runs = [find_run(self._ledger, run_id) for run_id in run_ids(self._ledger)]
        gone = [run for run in runs if Path(run.dataset).is_relative_to(folder) and not Path(run.dataset).exists()]
        for run in gone:
            self.cancel(run.id)
            if worker := self._workers.pop(run.id, None):
                worker.stop(LAST_CALL_SECONDS)
            erase_run(self._ledger, run.id)
            self._kept.pop(run.id, None)
        return [run.id for run in gone]

    def _findings(self, run: Run) -> KeptFindings:
        with self._lock:
            return self._kept.setdefault(run.id, KeptFindings(self._ledger, run, self._apart))

    def _counted(
        self,
        run_id: str,
        ask: Callable[Concatenate[Ledger, Run, Wanted], Answer],
        *wanted: Wanted.args,
        **more: Wanted.kwargs,
    ) -> Answer:
        return counted(self._apart, self._ledger, find_run(self._ledger, run_id), ask, *wanted, **more)

    def _serve(self, run_id: str, visitor: str, engines: EngineSource | None) -> None:
        with self._lock:
            worker = self._workers.get(run_id)
            if worker is None or not worker.goes_on:
                fresh = worker_here(self._ledger, run_id, self._offer, visitor=visitor, engines=engines)
                self._workers[run_id] = RunInBackground(fresh)


def _write_layouts(ledger: Ledger, run: Run, archive: Path) -> None:
    export_layouts(ledger, run, PageLoader.of(run), tuple(FORMATS), archive)


def _write_evidence(
    ledger: Ledger, run: Run, needs: Requirements, assumed: Assumptions, archive: Path, *, with_pages: bool
) -> None:
    write_pack(ledger, run, needs, assumed, archive, loader=PageLoader.of(run), with_pages=with_pages)
