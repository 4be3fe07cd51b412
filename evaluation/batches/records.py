"""Batches as the ledger keeps them. A batch stands in for the worker of its items, so that nobody takes them over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

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
