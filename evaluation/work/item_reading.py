"""Reads work items with one engine: loads pages, calls the engine as the playground does, writes down what came.

Keeps the canonical pages read last, for the next engine. Of a cloud engine every attempt first asks the ledger, whoever
decides on attempts.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Literal, NamedTuple

from cachetools import Cache, LRUCache, cachedmethod
from PIL import Image, ImageDraw

from engines.contract import BatchEngine, Engine, EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import Cancelled, EngineError, RateLimited
from engines.page_fitting import page_from, rgb_image
from engines.page_orientation import OrientationFinder, Turn, turn_of, turned
from engines.pricing import measured_usd, worst_case
from evaluation.datasets.contract import Crop, Dataset, ItemUnreadable, Locator, Planting
from evaluation.datasets.opening import open_dataset
from evaluation.ledger.calls import Call, Halted, OverBudget, Wait, WorkKey, begin_call
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run
from evaluation.ledger.work_items import CallEnd, WorkItem, finish, postpone, set_unreadable, settle
from playground.comparing import EngineSource, KeyFor, billing_day, compare_page, cost_of
from playground.engine_runs import EngineRun, Failure
from playground.probes import PAINT
from playground.storage.database import NOTHING, Nanodollars, nanodollars
from playground.uploads import UploadRefused, accept
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


ORIENTATION = OrientationFinder()
"""One for all runs of a process: each would load its networks anew."""
KEPT_BYTES = 200_000_000
SIDEWAYS = 0.02


class _Laid(NamedTuple):
    page: PageImage
    turn: Turn = 0


class PageLoader:
    """Loads from any thread; one picture is decoded once even if many engines and repeats ask for it."""

    def __init__(self, dataset: Dataset, kept_bytes: int = KEPT_BYTES, *, turns: bool = False) -> None:
        """With `turns`, pages that certainly lie wrong are turned; lines are outlined on their page as it lies."""
        self._dataset = dataset
        self._kept: Cache[tuple[bytes, Crop | None, int | None], _Laid]
        self._kept = LRUCache(kept_bytes, lambda laid: len(laid.page.png))
        self._lock = Lock()
        self._turns = turns
        self._turned: dict[Locator, Turn] = {}

    @classmethod
    def of(cls, run: Run) -> PageLoader:
        """The pages of a run as its engines get them; raises `DatasetUnusable`."""
        return cls(open_dataset(Path(run.dataset), level=run.settings.level), turns=run.settings.turns)

    def load(self, locator: Locator, turned_before: int | None = None) -> PageImage:
        """The page or line, upright, in RGB; raises `ItemUnreadable`.

        Whoever reads a page after others gets it as they did: turned by what the ledger noted then.
        """
        laid = self._decoded(self._dataset.image(locator), locator, turned_before)
        if laid.turn:
            self._turned[locator] = laid.turn
        return planted(laid.page, locator.planting) if locator.planting else laid.page

    def turned_by(self, locator: Locator) -> Turn:
        """By how many degrees clockwise the page was turned that was loaded from there."""
        return self._turned.get(locator, 0)

    @cachedmethod(
        attrgetter("_kept"),
        key=lambda _loader, data, at, turned_before: (sha256(data).digest(), at.crop, turned_before),
        lock=attrgetter("_lock"),
    )
    def _decoded(self, data: bytes, locator: Locator, turned_before: int | None) -> _Laid:
        try:
            page = accept(data, locator.file.rpartition("/")[2])
        except UploadRefused as refusal:
            raise ItemUnreadable(str(refusal)) from None
        if locator.crop:
            return _Laid(cropped(page, locator.crop))
        turn = self._turn_of(page) if turned_before is None else turn_of(turned_before)
        return _Laid(turned(page, turn), turn)

    def _turn_of(self, page: PageImage) -> Turn:
        return ORIENTATION.find(page).done if self._turns else 0


def planted(page: PageImage, planting: Planting) -> PageImage:
    """The canary page."""
    image = rgb_image(page)
    if planting.place and planting.picture:
        left, top, right, bottom = planting.place
        image.paste(image.crop(planting.picture).resize((right - left, bottom - top)), (left, top))
    elif planting.place:
        ImageDraw.Draw(image).rectangle(planting.place, fill=PAINT)
    return page_from(image.crop(planting.cut))


def cropped(page: PageImage, crop: Crop) -> PageImage:
    """The polygon's bounding box on white paper, so that neighbouring lines are not read too.

    Raises `ItemUnreadable` when the file's page has another shape than the picture, as after a rotation.
    """
    width, height = crop.width or page.width, crop.height or page.height
    scale_x, scale_y = page.width / width, page.height / height
    if abs(scale_x / scale_y - 1) > SIDEWAYS:
        raise ItemUnreadable(
            _(
                "was outlined on a page of {outlined}, but the image is {size}",
                outlined=f"{width:.0f} x {height:.0f}",
                size=f"{page.width} x {page.height}",
            )
        )
    outline = [(x * scale_x, y * scale_y) for x, y in crop.polygon]
    left, top = (max(0, int(min(values))) for values in zip(*outline, strict=True))
    right = min(page.width, int(max(x for x, _ in outline)) + 1)
    bottom = min(page.height, int(max(y for _, y in outline)) + 1)
    if right - left < 2 or bottom - top < 2:
        raise ItemUnreadable(_("has an outline that lies outside its image"))
    mask = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in outline], fill=255)
    paper = Image.new("RGB", mask.size, "white")
    paper.paste(rgb_image(page).crop((left, top, right, bottom)), mask=mask)
    return page_from(paper)


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

    def load(self, item: WorkItem) -> PageImage | None:
        """The item's page as its first reader got it; None once it is written down that it cannot be read."""
        try:
            return self.pages.load(item.item.locator, item.turned)
        except ItemUnreadable as error:
            set_unreadable(self.ledger, item.key, str(error))
            return None


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
        loaded = [(item, page) for item in items if (page := self._means.load(item))]
        readings = self._read_together(loaded)
        for (item, page), run in zip(loaded, readings, strict=True):
            if run is not None:
                self._finish(item, page, run)
            elif self._gate is None:
                self._finish(item, page, self._run(page, self._task(item), self._means.engines))
            else:
                self._read_paid(item, page, self._gate)

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
