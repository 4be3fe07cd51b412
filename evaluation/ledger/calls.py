"""Calls to providers: each is allowed, written down with the money it may cost, and settled when it ended.

One place decides for all processes who may call next: the provider's limits and what is left of the budget. How fast
and how many calls at once a provider gets adapts to what it refuses. Knows nothing of engines.

A provider counts requests when they arrive, somewhere between our permission and its answer. So permission is only
given when the calls that may have arrived within the last second leave room. Spacing permissions would not be enough:
on a busy machine calls bunch on their way.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluation.ledger.database import Ledger
from playground.storage.database import Nanodollars, Row, Transaction

Ending = Literal["answered", "failed", "unknown", "lost"]
"""`unknown`: sent, and nobody knows whether it was billed. `lost`: in flight when its worker died."""
CUT = 0.7
CUT_AT_MOST_EVERY_SECONDS = 5.0
GROWTH_PER_ROUND = 0.5
LONGEST_PAUSE_SECONDS = 120.0
SECONDS_BETWEEN_LOOKS = 0.05
ON_THE_WAY_SECONDS = 0.5
"""A call has reached its provider after this time, if it was not answered before. Slow answers cost at most a third of
the rate for it: a second's worth of calls is let go every second and a half."""


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
        if wait := _seconds_to_wait(transaction, limits, now):
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
        _take_turn(transaction, limits, now)
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


@dataclass(frozen=True, slots=True)
class ProviderLimit:
    """What one provider is asked for at most, by all processes together; no rate means no limit on it."""

    name: str
    most_parallel: int
    per_second: float | None = None


def set_limits(ledger: Ledger, limits: Mapping[str, ProviderLimit]) -> None:
    """Write limits; a provider that is known keeps what it has learned."""
    with ledger.transaction() as transaction:
        transaction.run_many(
            "insert into provider (name, spacing, most_parallel, parallel) values (:name, :spacing, :most, :most)"
            " on conflict (name) do update set spacing = excluded.spacing, most_parallel = excluded.most_parallel,"
            " parallel = case when provider.parallel > excluded.most_parallel or"
            " provider.most_parallel < excluded.most_parallel then excluded.parallel else provider.parallel end",
            (
                {
                    "name": limit.name,
                    "spacing": 1 / limit.per_second if limit.per_second else 0,
                    "most": limit.most_parallel,
                }
                for limit in limits.values()
            ),
        )


def _seconds_to_wait(transaction: Transaction, limits: Row, now: float) -> float:
    """How long until one more call may be allowed, by the provider's locked row; 0 for now."""
    if limits.paused_until > now:
        return float(limits.paused_until - now)
    in_flight = transaction.value(
        "select count(*) from call where provider = :name and ended_at is null", name=limits.name
    )
    if in_flight >= max(1, int(limits.parallel)):
        return SECONDS_BETWEEN_LOOKS
    if limits.due_at > now:
        return float(limits.due_at - now)
    return SECONDS_BETWEEN_LOOKS if limits.spacing and _second_is_full(transaction, limits, now) else 0.0


def _take_turn(transaction: Transaction, limits: Row, now: float) -> None:
    """Another call is allowed: the next one keeps its distance."""
    if limits.spacing:
        due = max(now, limits.due_at) + limits.spacing
        transaction.run("update provider set due_at = :due where name = :name", due=due, name=limits.name)


def learn_from_answer(transaction: Transaction, provider: str) -> None:
    """An answer came: allow a little more at once, by half a call for each full round of answers."""
    transaction.run(
        "update provider set parallel = case when parallel + :growth / parallel < most_parallel"
        " then parallel + :growth / parallel else most_parallel end where name = :name and parallel < most_parallel",
        growth=GROWTH_PER_ROUND,
        name=provider,
    )


def learn_from_refusal(transaction: Transaction, provider: str, retry_after_seconds: float | None) -> None:
    """Too many requests: everybody waits as long as the provider says, and fewer calls go out at once."""
    now = transaction.now()
    transaction.run(
        "update provider set parallel = case when parallel * :cut > 1 then parallel * :cut else 1 end, cut_at = :now"
        " where name = :name and cut_at < :before",
        cut=CUT,
        now=now,
        before=now - CUT_AT_MOST_EVERY_SECONDS,
        name=provider,
    )
    transaction.run(
        "update provider set paused_until = :until where name = :name and paused_until < :until",
        until=now + min(retry_after_seconds or 0.0, LONGEST_PAUSE_SECONDS),
        name=provider,
    )


def _second_is_full(transaction: Transaction, limits: Row, now: float) -> bool:
    """Whether as many calls as are allowed in a second may have arrived within the last one, or are still to arrive."""
    maybe_now = transaction.value(
        "select count(*) from call where provider = :name and sent_at > :earliest"
        " and (ended_at is null or ended_at > :a_second_ago)",
        name=limits.name,
        earliest=now - 1 - ON_THE_WAY_SECONDS,
        a_second_ago=now - 1,
    )
    return bool(maybe_now >= max(1, int(1 / limits.spacing + 1e-6)))
