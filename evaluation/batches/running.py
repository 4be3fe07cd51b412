"""Runs work items through a vendor's batch interface. The vendor's id of every batch is in the ledger, so a resume
finds what is under way and fetches it instead of buying it again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engines.contract import EngineSpec, PageImage, Reading
from engines.errors import EngineBusy, EngineError, EngineSilent
from engines.pricing import Usd, measured_usd
from evaluation.batches.records import (
    Batch,
    SentRequest,
    add_batch,
    close_batch,
    open_batches,
    sent_requests,
    set_vendor_id,
    take_down,
    understand,
)
from evaluation.batches.vendors import VENDORS, BatchAnswer, BatchRequest, BatchVendor, Lost, Search, batch_vendor
from evaluation.ledger.calls import Call, ProviderLimit, begin_call, set_limits
from evaluation.ledger.runs import page_at
from evaluation.ledger.work_items import CallEnd, WorkItem, claim, finish, give_back, living_worker, postpone
from evaluation.work.item_reading import Means, reserve_for
from playground.comparing import billing_day, cost_of, failure_of
from playground.engine_runs import EngineRun, storable
from playground.storage.database import NOTHING, nanodollars

MOST_REQUESTS = 500
MOST_BYTES = 15_000_000
"""Gemini takes 20 MB of inline requests, the others more."""
POLL_SECONDS = 30.0
GOOD = 200
MOST_STUMBLES = 100
"""In a row: most of an hour at the usual pace."""
MOST_ATTEMPTS = 5
"""Batches in which a page may be before it counts as failed: a vendor that never gets to it must not go on for ever."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    item: WorkItem
    page: PageImage
    call: Call
    request: BatchRequest


class BatchRunner:
    """One engine's items of a run, in batches."""

    def __init__(self, means: Means, spec: EngineSpec, stop: threading.Event) -> None:
        self._means = means
        self._spec = spec
        self._stop = stop
        self._provider = f"{spec.vendor} batch"
        self._stumbles: Counter[str] = Counter()
        self._asked_for_more: set[str] = set()
        self._key = key = means.key_for(spec)
        self._vendor: BatchVendor = batch_vendor(spec, key.get_secret_value() if key else None)

    def submit_all(self) -> int:
        """Send everything that is pending; says how many batches that made. Raises `EngineError`.

        Stops early, and leaves the rest pending, when the budget does not allow more.
        """
        ledger, batches = self._means.ledger, 0
        set_limits(ledger, {self._provider: ProviderLimit(self._provider, 1_000_000_000)})
        with living_worker(ledger) as worker:
            while not self._stop.is_set():
                items = claim(ledger, self._means.run.id, self._spec.id, worker, MOST_REQUESTS)
                if not items:
                    break
                batch = add_batch(ledger, self._means.run.id, self._spec.id, worker)
                prepared = self._prepare(items, batch)
                give_back(ledger, worker)  # what did not fit
                if not prepared:
                    close_batch(ledger, batch, "empty")
                    break
                self._submit(prepared, batch)
                batches += 1
        return batches

    def collect(self, complaints: list[str]) -> bool:
        """Fetch what is ready; says whether there is nothing more to ask for now, and adds what went wrong.

        A vendor that is busy or silent is asked again, `MOST_STUMBLES` times in a row. What it refuses to give out
        stays open, and a resume asks again.
        """
        return all([self._is_over(batch, complaints) for batch in self._open()])

    def _is_over(self, batch: Batch, complaints: list[str]) -> bool:
        """Whether there is nothing more to ask about it for now."""
        if self._stumbles[batch.id] >= MOST_STUMBLES:
            return True
        try:
            over = self._collect(batch, complaints)
        except EngineError as error:
            self._stumbles[batch.id] += 1 if isinstance(error, EngineBusy | EngineSilent) else MOST_STUMBLES
            if self._stumbles[batch.id] < MOST_STUMBLES:
                return False
            complaints.append(f"{error} {error.fix}".rstrip())
            return True
        self._stumbles[batch.id] = 0
        return over

    def _submit(self, prepared: Sequence[_Prepared], batch: Batch) -> None:
        """Raises `EngineError` once the items are pending again: the vendor did not take the batch."""
        try:
            vendor_id = self._offer([one.request for one in prepared], batch)
        except EngineError as error:
            if error.maybe_billed:
                raise  # whoever collects asks the vendor whether it has it
            for one in prepared:
                postpone(self._means.ledger, one.item.key, 0, CallEnd(one.call, "failed", NOTHING))
            close_batch(self._means.ledger, batch, "refused")
            raise
        set_vendor_id(self._means.ledger, batch, vendor_id)

    def _offer(self, requests: Sequence[BatchRequest], batch: Batch) -> str:
        """The vendor's id; offered again while the vendor is busy and has certainly not taken it."""
        attempts = 0
        while True:
            try:
                return self._vendor.submit(requests, batch.id)
            except EngineError as error:
                attempts += 1
                if error.maybe_billed or attempts > error.most_retries or self._stop.wait(_pause(error, attempts)):
                    raise

    def _open(self) -> list[Batch]:
        return open_batches(self._means.ledger, self._means.run.id, self._spec.id)

    def _prepare(self, items: Sequence[WorkItem], batch: Batch) -> list[_Prepared]:
        """Requests for as many of the items as fit into one batch and the budget; each is sent from here on."""
        size = 0
        prepared: list[_Prepared] = []
        for item in items:
            page = self._means.load(item)
            request = page and self._request(item, page)
            if not page or not request:
                continue
            size += request.size
            if prepared and size > MOST_BYTES:
                break
            held = reserve_for(self._spec, page, self._means.run.settings.task_for(item.item), by_batch=True)
            call = begin_call(self._means.ledger, item.key, self._provider, batch.worker, held)
            if not isinstance(call, Call):
                break
            prepared.append(_Prepared(item, page, call, replace(request, custom_id=call.id)))
        return prepared

    def _request(self, item: WorkItem, page: PageImage) -> BatchRequest | None:
        """None for a page that the engine cannot be asked to read, which is its result."""
        try:
            return take_down(self._spec, page, self._means.run.settings.task_for(item.item), "")
        except EngineError as error:
            finish(self._means.ledger, item.key, EngineRun(self._spec.id, failure_of(error, self._key), 0.0), None)
            return None

    def _collect(self, batch: Batch, complaints: list[str]) -> bool:
        """Whether the batch is over; then all its items are settled or pending again."""
        sent = {request.call.id: request for request in sent_requests(self._means.ledger, batch)}
        search = Search(batch.vendor_id)
        if batch.vendor_id is None:  # died while submitting: nobody here knows whether the vendor has it
            search = self._vendor.find(Lost(batch.id, frozenset(sent), batch.created_at))
        if search.undecided:
            return False
        if search.batch_id is None:
            self._put_back(sent.values(), "lost")
            close_batch(self._means.ledger, batch, "lost")
            return True
        end = self._vendor.end_of(search.batch_id)
        if end is None:
            return False
        if batch.id not in self._asked_for_more and not sent.keys() <= {answer.custom_id for answer in end.answers}:
            self._asked_for_more.add(batch.id)  # a file may come cut, or late
            return False
        unread = len(sent)
        for answer in sorted(end.answers, key=lambda one: one.status != GOOD):  # of two for one page, the reading
            if answer.custom_id in sent:
                unread -= self._settle(sent.pop(answer.custom_id), answer)
        # Without an answer it is not billed; but whose are those that cannot be read?
        self._put_back(sent.values(), "lost" if end.unreadable else "failed")
        close_batch(self._means.ledger, batch, "collected")
        if unread:
            said = f"; the vendor says: {end.complaint}" if end.complaint else ""
            complaints.append(f"{self._spec.label}: {unread} of a batch's pages were not read and wait again{said}.")
        return True

    def _put_back(self, requests: Iterable[SentRequest], ending: Literal["lost", "failed"]) -> None:
        for request in requests:
            cost = request.call.held if ending == "lost" else NOTHING
            postpone(self._means.ledger, request.call.key, 0, CallEnd(request.call, ending, cost))

    def _settle(self, request: SentRequest, answer: BatchAnswer) -> bool:
        """Whether that was a result; what the vendor failed to do itself costs nothing and is asked for again."""
        call = request.call
        asked = page_at(self._means.ledger, call.key.run, call.key.position)
        item = WorkItem(call.key, request.attempts, asked.item, noted=bool(asked.sha256), turned=asked.turned)
        page, task = self._means.load(item), self._means.run.settings.task_for(asked.item)
        if page is None:  # it was there when the batch was made
            postpone(self._means.ledger, call.key, 0, CallEnd(call, "unknown", call.held))
            return True
        try:
            reading: Reading = understand(self._spec, page, task, answer)
        except EngineError as error:
            billed = answer.status == GOOD and error.maybe_billed
            passing = isinstance(error, EngineBusy | EngineSilent) and not billed
            if passing and request.attempts < MOST_ATTEMPTS:
                self._put_back([request], "failed")
                return False
            counted = measured_usd(self._spec, error.usage, billing_day(), by_batch=True)
            end = CallEnd(call, "unknown", call.held) if billed else CallEnd(call, "failed", NOTHING)
            if counted is not None:
                end, billed = CallEnd(call, "answered", nanodollars(counted)), False
            cost = None if counted is None else Usd(counted, measured=True)
            failure = failure_of(error, self._key)
            run = EngineRun(self._spec.id, failure, request.seconds, cost=cost, maybe_billed=billed)
        else:
            cost = cost_of(self._spec, reading, page, task, billing_day(), by_batch=True)
            end = CallEnd(call, "answered", nanodollars(cost.usd) if cost else call.held)
            kept = storable(reading, self._key.get_secret_value() if self._key else None)
            run = EngineRun(self._spec.id, kept, request.seconds, cost=cost)
        finish(self._means.ledger, call.key, run, end, page, self._means.pages.turned_by(asked.item.locator))
        return True


def collect_until_done(
    runners: Iterable[BatchRunner], stop: threading.Event, poll_seconds: float = POLL_SECONDS
) -> list[str]:
    """Ask after all their batches in turn until none is open or `stop` is set; says what went wrong."""
    complaints: list[str] = []
    waiting = list(runners)
    while not stop.is_set():
        waiting = [runner for runner in waiting if not runner.collect(complaints)]
        if not waiting:
            break
        stop.wait(poll_seconds)
    return complaints


def _pause(error: EngineError, attempts: int) -> float:
    """Seconds until a batch is offered again."""
    return 2.0**attempts if error.retry_after_seconds is None else error.retry_after_seconds


def goes_by_batch(spec: EngineSpec) -> bool:
    """Whether the engine's vendor has a batch interface that is known here."""
    return spec.protocol in VENDORS
