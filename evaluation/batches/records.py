"""Batches: as the ledger keeps them, and an adapter's own request, taken down instead of sent.

A batch stands in for the worker of its items, so that nobody takes them over. An adapter runs unchanged over a
transport that is no wire: so a batch asks exactly what a single call asks, and reads the answer exactly as a single
call does. Nothing leaves: the address is none, and so is the key.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

import httpx2

from engines.catalogue import with_overrides
from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import EngineError, EngineUnavailable
from engines.guarded_http import in_plain_form, sent_through
from engines.registry import build_engine
from evaluation.batches.vendors import BatchAnswer, BatchRequest, Body
from evaluation.ledger.calls import Call, WorkKey
from evaluation.ledger.database import Ledger


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch; `worker` is the name under which its items are sent."""

    id: str
    worker: str
    vendor_id: str | None = None
    created_at: float = 0.0
    """On the ledger's clock, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request of a batch that is not settled: `seconds` since it was sent, `attempts` of its item with this one."""

    call: Call
    seconds: float
    attempts: int


def add_batch(ledger: Ledger, run: str, engine: str, submitter: str) -> Batch:
    """A new batch, not yet with the vendor; while `submitter` lives nobody else may judge it."""
    batch_id = secrets.token_hex(8)
    with ledger.transaction() as transaction:
        transaction.run(
            "insert into batch (id, run, engine, submitter, state, created_at)"
            " values (:id, :run, :engine, :submitter, 'submitting', :now)",
            id=batch_id,
            run=run,
            engine=engine,
            submitter=submitter,
            now=transaction.now(),
        )
    return Batch(batch_id, f"batch:{batch_id}")


def set_vendor_id(ledger: Ledger, batch: Batch, vendor_id: str) -> None:
    """The vendor has it, under this id."""
    with ledger.transaction() as transaction:
        statement = "update batch set vendor_id = :vendor_id, state = 'submitted' where id = :id"
        transaction.run(statement, vendor_id=vendor_id, id=batch.id)


def close_batch(ledger: Ledger, batch: Batch, state: str) -> None:
    """Nothing of it is open any more."""
    with ledger.transaction() as transaction:
        transaction.run("update batch set state = :state where id = :id", state=state, id=batch.id)


def open_batches(ledger: Ledger, run: str, engine: str = "") -> list[Batch]:
    """Batches that are with the vendor, or whose submitter died before it could say so."""
    with ledger.transaction() as transaction:
        rows = transaction.rows(
            "select id, vendor_id, created_at from batch where run = :run and (engine = :engine or :engine = '')"
            " and (state = 'submitted' or (state = 'submitting' and submitter not in (select id from worker)))"
            " order by created_at",
            run=run,
            engine=engine,
        )
    return [Batch(row.id, f"batch:{row.id}", row.vendor_id, row.created_at) for row in rows]


def sent_requests(ledger: Ledger, batch: Batch) -> list[SentRequest]:
    """Its requests that have not been settled."""
    with ledger.transaction() as transaction:
        rows = transaction.rows(
            "select call.*, work.attempts from call join work on work.run = call.run and work.engine = call.engine"
            " and work.repeat = call.repeat and work.position = call.position"
            " where call.worker = :worker and call.ended_at is null",
            worker=batch.worker,
        )
        now = transaction.now()
    return [
        SentRequest(
            Call(row.id, WorkKey(row.run, row.engine, row.repeat, row.position), row.provider, row.held),
            now - row.sent_at,
            row.attempts,
        )
        for row in rows
    ]


NOWHERE = "http://batch.invalid"


def take_down(spec: EngineSpec, page: PageImage, task: ReadingTask, custom_id: str) -> BatchRequest:
    """The request the adapter would send; raises `EngineError` where it would send none."""
    tap = _Tap(503, {})
    try:
        _read(spec, page, task, tap)
    except EngineError as error:
        if tap.request is None:
            raise error from None
    if tap.request is None:
        raise EngineUnavailable(f"{spec.label} sent no request that could be put into a batch.")
    body = tap.request.read()
    return BatchRequest(custom_id, tap.request.url.raw_path.decode(), json.loads(body), len(body))


def understand(spec: EngineSpec, page: PageImage, task: ReadingTask, answer: BatchAnswer) -> Reading:
    """What the adapter makes of the answer; raises `EngineError`."""
    return _read(spec, page, task, _Tap(answer.status, answer.body))


class _Tap(httpx2.BaseTransport):
    def __init__(self, status: int, answer: Body) -> None:
        self._status = status
        self._answer = answer
        self.request: httpx2.Request | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.request = request
        return in_plain_form(httpx2.Response(self._status, json=self._answer))


def _read(spec: EngineSpec, page: PageImage, task: ReadingTask, tap: _Tap) -> Reading:
    # No path of the row's own: a batch names its requests as the vendor does, whatever a gateway puts before that.
    nowhere = with_overrides(spec, base_url=NOWHERE)
    with sent_through(tap):
        return build_engine(nowhere, "no key").read(page, task)
