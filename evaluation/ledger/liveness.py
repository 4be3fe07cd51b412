"""Which worker processes live, and what dead ones left behind."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from evaluation.ledger.calls import lose_calls
from evaluation.ledger.database import Ledger
from evaluation.ledger.work_items import give_back
from playground.storage.database import Row, Transaction

DEAD_AFTER_SECONDS = 30.0
HEARTBEAT_SECONDS = 5.0


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
