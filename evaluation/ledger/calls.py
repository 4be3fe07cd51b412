"""Calls to providers: each is allowed, written down with the money it may cost, and settled when it ended.

One place decides for all processes who may call next: the provider's limits (`pacing`) and what is left of the budget.
Knows nothing of engines.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from evaluation.ledger.database import Ledger
from evaluation.ledger.pacing import seconds_to_wait, take_turn
from playground.storage.database import Nanodollars, Transaction

Ending = Literal["answered", "failed", "unknown", "lost"]
"""`unknown`: sent, and nobody knows whether it was billed. `lost`: in flight when its worker died."""


@dataclass(frozen=True, slots=True)
class WorkKey:
    """One engine, one page, one repeat of a run."""

    run: str
    engine: str
    repeat: int
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call that may go out now; `held` is set aside for it.

    `slowed` says that its provider gets fewer calls at once than it is allowed, after it refused some.
    """

    id: str
    key: WorkKey
    provider: str
    held: Nanodollars
    slowed: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: ask again after this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class OverBudget:
    """The call might cost more than what is left of the run's budget."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The run is paused or over."""


def begin_call(
    ledger: Ledger, key: WorkKey, provider: str, worker: str, held: Nanodollars
) -> Call | Wait | OverBudget | Halted:
    """Ask for one call. It counts as sent from the moment this returns a `Call`."""
    with ledger.transaction() as transaction:
        limits = transaction.first("select * from provider where name = :name for update", name=provider)
        now = transaction.now()  # read once it is our turn
        if wait := seconds_to_wait(transaction, limits, now):
            return Wait(wait)
        paid = transaction.run(
            "update run set committed = committed + :held where id = :run and state = 'running'"
            " and (budget is null or :held = 0 or committed + :held <= budget)",
            held=held,
            run=key.run,
        )
        if not paid:
            running = transaction.value("select state from run where id = :run", run=key.run) == "running"
            return OverBudget() if running else Halted()
        take_turn(transaction, limits, now)
        slowed = limits.parallel < limits.most_parallel
        return _write_call(transaction, Call(secrets.token_hex(12), key, provider, held, slowed), worker, now)


def end_call(transaction: Transaction, call: Call, ending: Ending, cost: Nanodollars) -> None:
    """Settle a call with what it cost, in the transaction that also writes what it brought."""
    transaction.run(
        "update call set ended_at = :now, ending = :ending, held = :cost where id = :id",
        now=transaction.now(),
        ending=ending,
        cost=cost,
        id=call.id,
    )
    _release(transaction, call.key.run, call.held - cost)


def lose_calls(transaction: Transaction, worker: str) -> int:
    """Close the calls a dead worker left in flight; what they may have cost stays held. Says how many there were."""
    return transaction.run(
        "update call set ended_at = :now, ending = 'lost' where worker = :worker and ended_at is null",
        now=transaction.now(),
        worker=worker,
    )


def _write_call(transaction: Transaction, call: Call, worker: str, now: float) -> Call:
    key = call.key
    place = {"run": key.run, "engine": key.engine, "repeat": key.repeat, "position": key.position}
    transaction.run(
        "insert into call (id, run, engine, repeat, position, provider, worker, sent_at, held)"
        " values (:id, :run, :engine, :repeat, :position, :provider, :worker, :now, :held)",
        id=call.id,
        provider=call.provider,
        worker=worker,
        now=now,
        held=call.held,
        **place,
    )
    transaction.run(
        "update work set state = 'sent', worker = :worker, attempts = attempts + 1"
        " where run = :run and engine = :engine and repeat = :repeat and position = :position",
        worker=worker,
        **place,
    )
    return call


def _release(transaction: Transaction, run: str, less: int) -> None:
    if less:
        transaction.run("update run set committed = committed - :less where id = :run", less=less, run=run)
