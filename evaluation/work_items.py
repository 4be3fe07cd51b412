"""The queue of a run: who works on which page with which engine, what came of it, and what dead workers left behind.

A work item is pending, claimed, sent, then done; or unreadable (its page cannot be loaded) or held (in flight when its
worker died, and not to be paid for twice).
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from evaluation.calls import Call, Ending, WorkKey, end_call, learn_from_answer, learn_from_refusal, lose_calls
from evaluation.ledger import Ledger, Row, Transaction
from playground.comparison import EngineRun

DEAD_AFTER_SECONDS = 30.0
HEARTBEAT_SECONDS = 5.0
OPEN = "('pending', 'claimed', 'sent')"
_PLACE = "run = :run and engine = :engine and repeat = :repeat and position = :position"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A page to be read by an engine; `attempts` were made before."""

    key: WorkKey
    attempts: int


@dataclass(frozen=True, slots=True)
class CallEnd:
    """How the last call of an item ended; `refused` if the provider had too many requests."""

    call: Call
    ending: Ending
    nanodollars: int
    seconds: float = 0.0
    refused: bool = False
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """What dead workers left behind: calls in flight, whose results are lost and which may have been billed."""

    calls: int = 0
    items: int = 0


def register_worker(ledger: Ledger) -> str:
    """A name for this process, by which others see that it lives."""
    host, pid = socket.gethostname(), os.getpid()
    worker = f"{host}:{pid}:{secrets.token_hex(4)}"
    with ledger.transaction() as transaction:
        statement = "insert into worker (id, host, pid, seen_at) values (:id, :host, :pid, :now)"
        transaction.run(statement, id=worker, host=host, pid=pid, now=transaction.now())
    return worker


@contextmanager
def living_worker(ledger: Ledger) -> Iterator[str]:
    """A worker's name that stays alive while the block runs, and is gone from the ledger after it."""
    worker, over = register_worker(ledger), threading.Event()

    def beat() -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            heartbeat(ledger, worker)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield worker
    finally:
        over.set()
        thread.join()
        give_back(ledger, worker)
        with ledger.transaction() as transaction:
            transaction.run("delete from worker where id = :id", id=worker)


def heartbeat(ledger: Ledger, worker: str) -> None:
    """Say that this worker lives."""
    with ledger.transaction() as transaction:
        transaction.run("update worker set seen_at = :now where id = :id", now=transaction.now(), id=worker)


def claim(ledger: Ledger, run: str, engine: str, worker: str, most: int) -> list[WorkItem]:
    """Up to `most` items for this worker alone; none while the run is paused."""
    with ledger.transaction() as transaction:
        rows = transaction.rows(
            # Materialized, because PostgreSQL may otherwise choose anew for every row it looks at.
            "with chosen as materialized (select repeat, position from work where run = :run and engine = :engine"
            " and state = 'pending' and not_before <= :now"
            " and exists (select 1 from run where id = :run and state = 'running')"
            " order by repeat, position limit :most for update skip locked)"
            " update work set state = 'claimed', worker = :worker from chosen where run = :run and engine = :engine"
            " and work.repeat = chosen.repeat and work.position = chosen.position"
            " returning work.repeat, work.position, attempts",
            worker=worker,
            run=run,
            engine=engine,
            now=transaction.now(),
            most=most,
        )
    items = [WorkItem(WorkKey(run, engine, row.repeat, row.position), row.attempts) for row in rows]
    return sorted(items, key=lambda item: (item.key.repeat, item.key.position))


def finish(ledger: Ledger, key: WorkKey, run: EngineRun, end: CallEnd | None) -> None:
    """The result and what it cost, on disk together when this returns."""
    with ledger.transaction() as transaction:
        _settle(transaction, end)
        transaction.run(
            f"update work set state = 'done', outcome = :outcome, finished_at = :now, worker = null where {_PLACE}",  # noqa: S608
            outcome=_runs().dump_json(run).decode(),
            now=transaction.now(),
            **asdict(key),
        )


def postpone(ledger: Ledger, key: WorkKey, seconds: float, end: CallEnd | None) -> None:
    """Back to the queue for another attempt, not before `seconds` have passed."""
    with ledger.transaction() as transaction:
        _settle(transaction, end)
        transaction.run(
            f"update work set state = 'pending', worker = null, not_before = :then where {_PLACE}",  # noqa: S608
            then=transaction.now() + seconds,
            **asdict(key),
        )


def settle(ledger: Ledger, end: CallEnd) -> None:
    """Write down how a call ended that brought no result; its item stays with its worker."""
    with ledger.transaction() as transaction:
        _settle(transaction, end)


def set_unreadable(ledger: Ledger, key: WorkKey, reason: str) -> None:
    """The page cannot be loaded: close its items for every engine and repeat."""
    with ledger.transaction() as transaction:
        values = {"run": key.run, "position": key.position}
        transaction.run(
            "update page set unreadable = :reason where run = :run and position = :position", reason=reason, **values
        )
        transaction.run(
            "update work set state = 'unreadable', worker = null where run = :run and position = :position"
            " and state in ('pending', 'claimed')",
            **values,
        )


def note_page(ledger: Ledger, key: WorkKey, sha256: str, width: int, height: int) -> None:
    """What became known of the page when it was loaded."""
    with ledger.transaction() as transaction:
        transaction.run(
            "update page set sha256 = :sha256, width = :width, height = :height"
            " where run = :run and position = :position and sha256 is null",
            sha256=sha256,
            width=width,
            height=height,
            run=key.run,
            position=key.position,
        )


def give_back(ledger: Ledger, worker: str) -> None:
    """Return what this worker claimed and has not sent: it is about to end."""
    with ledger.transaction() as transaction:
        transaction.run(
            "update work set state = 'pending', worker = null where worker = :worker and state = 'claimed'",
            worker=worker,
        )


def open_items(ledger: Ledger, run: str, engine: str) -> int:
    """Items of that engine that are not over yet, whoever works on them."""
    with ledger.transaction() as transaction:
        query = f"select count(*) from work where run = :run and engine = :engine and state in {OPEN}"  # noqa: S608
        return int(transaction.value(query, run=run, engine=engine))


def recover(ledger: Ledger, on_ambiguous: Literal["retry", "hold"] = "retry") -> Lost:
    """Take over what dead workers left: claimed items go back, sent ones are counted as lost calls.

    A lost call may have been billed: `retry` reads its page again, `hold` leaves it for a person to decide.
    """
    lost = Lost()
    with ledger.transaction() as transaction:
        for worker in _dead_workers(transaction):
            calls = lose_calls(transaction, worker)
            back = "update work set state = :state, worker = null where worker = :worker and state = :was"
            state = "pending" if on_ambiguous == "retry" else "held"
            items = transaction.run(back, state=state, worker=worker, was="sent")
            items += transaction.run(back, state="pending", worker=worker, was="claimed")
            transaction.run("delete from worker where id = :id", id=worker)
            lost = Lost(lost.calls + calls, lost.items + items)
    return lost


def _settle(transaction: Transaction, end: CallEnd | None) -> None:
    if end is None:
        return
    end_call(transaction, end.call, end.ending, end.nanodollars)
    if end.refused:
        learn_from_refusal(transaction, end.call.provider, end.retry_after_seconds)
    elif end.ending == "answered":
        learn_from_answer(transaction, end.call.provider)


def _dead_workers(transaction: Transaction) -> Sequence[str]:
    rows = transaction.rows("select * from worker for update skip locked")
    now = transaction.now()
    return [row.id for row in rows if now - row.seen_at > DEAD_AFTER_SECONDS or _gone_here(row)]


def _gone_here(row: Row) -> bool:
    """Whether the worker was a process of this machine and is no more: no need to wait for its silence."""
    if os.name != "posix" or row.host != socket.gethostname():
        return False
    try:
        os.kill(row.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@cache
def _runs() -> TypeAdapter[EngineRun]:
    return TypeAdapter(EngineRun)
