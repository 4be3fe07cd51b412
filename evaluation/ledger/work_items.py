"""The queue of a run: who works on which page with which engine, what came of it, and what dead workers left behind.

A work item is pending, claimed, sent, then done; or unreadable (its page cannot be loaded) or held (in flight when
its worker died, and not to be paid for twice). Where the lines and words of a reading stand is kept beside its text:
figures are made of all texts and need no boxes. Boxes are packed, for as they come they take many times the room of
the text.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
import zlib
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import chain
from math import isfinite
from threading import Lock
from typing import Literal

from engines.contract import PageImage, Reading, Region
from evaluation.datasets.contract import Item
from evaluation.ledger.calls import Call, Ending, WorkKey, end_call, learn_from_answer, learn_from_refusal, lose_calls
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import engine_run_json, item_from
from playground.boxes import word_confidences
from playground.engine_runs import EngineRun, with_turn
from playground.storage.database import Nanodollars, Row, Transaction

DEAD_AFTER_SECONDS = 30.0
HEARTBEAT_SECONDS = 5.0
KEPT = frozenset({"line", "word"})


def keep_boxes(transaction: Transaction, key: WorkKey, regions: Iterable[Region]) -> None:
    """Write what is to be kept of these regions in place of what was there."""
    place = asdict(key)
    transaction.run(
        "delete from boxes where run = :run and engine = :engine and repeat = :repeat and position = :position", **place
    )
    kept = [region for region in regions if region.level in KEPT and _is_drawn(region)]
    if kept:
        transaction.run(
            "insert into boxes (run, engine, repeat, position, packed)"
            " values (:run, :engine, :repeat, :position, :packed)",
            packed=packed(kept),
            **place,
        )


def packed(regions: Iterable[Region]) -> str:
    """The regions as one text that `unpacked` reads."""
    rows = [
        [region.level, region.text, region.confidence, [round(side) for side in chain(*region.polygon)]]
        for region in regions
    ]
    return b64encode(zlib.compress(json.dumps(rows, separators=(",", ":")).encode())).decode()


def unpacked(text: str) -> tuple[Region, ...]:
    """The regions, each corner in whole pixels."""
    rows = json.loads(zlib.decompress(b64decode(text)))
    return tuple(
        Region(level, said, tuple(zip(sides[::2], sides[1::2], strict=True)), confidence)
        for level, said, confidence, sides in rows
    )


def _is_drawn(region: Region) -> bool:
    return bool(region.polygon) and all(isfinite(side) for side in chain(*region.polygon))


OPEN = "('pending', 'claimed', 'sent')"
_PLACE = "run = :run and engine = :engine and repeat = :repeat and position = :position"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A page to be read by an engine; `attempts` were made before, and `noted` says that its size is known already.

    `turned` is how it was turned for whoever read it first, in degrees clockwise; None where nobody has.
    """

    key: WorkKey
    attempts: int
    item: Item
    noted: bool
    turned: int | None = None


@dataclass(frozen=True, slots=True)
class CallEnd:
    """How the last call of an item ended; `refused` if the provider had too many requests."""

    call: Call
    ending: Ending
    cost: Nanodollars
    seconds: float = 0.0
    refused: bool = False
    retry_after_seconds: float | None = None


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
            " returning work.repeat, work.position, attempts,"
            " (select item from page where run = work.run and position = work.position) as item,"
            " (select sha256 from page where run = work.run and position = work.position) as sha256,"
            " (select turned from page where run = work.run and position = work.position) as turned",
            worker=worker,
            run=run,
            engine=engine,
            now=transaction.now(),
            most=most,
        )
    items = [
        WorkItem(
            WorkKey(run, engine, row.repeat, row.position),
            row.attempts,
            item_from(row.item),
            row.sha256 is not None,
            row.turned,
        )
        for row in rows
    ]
    return sorted(items, key=lambda item: (item.key.repeat, item.key.position))


def finish(
    ledger: Ledger,
    key: WorkKey,
    run: EngineRun,
    end: CallEnd | None,
    page: PageImage | None = None,
    turned: int = 0,
) -> None:
    """The result and what it cost, on disk together when this returns; with it what became known of the page.

    Boxes are kept apart from the outcome, which is read for every figure. The reading says if its page was `turned`.
    """
    run = with_turn(run, turned)
    bare = without_regions(run)
    with ledger.transaction() as transaction:
        _settle(transaction, end)
        if page is not None:
            _note_page(transaction, key, page, turned)
        transaction.run(
            f"update work set state = 'done', outcome = :outcome, finished_at = :now, worker = null where {_PLACE}",  # noqa: S608
            outcome=engine_run_json(bare),
            now=transaction.now(),
            **asdict(key),
        )
        if isinstance(run.outcome, Reading) and run.outcome.regions:
            keep_boxes(transaction, key, run.outcome.regions)


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


def _note_page(transaction: Transaction, key: WorkKey, page: PageImage, turned: int) -> None:
    transaction.run(
        "update page set sha256 = :sha256, width = :width, height = :height, turned = :turned"
        " where run = :run and position = :position and sha256 is null",
        sha256=page.sha256,
        width=page.width,
        height=page.height,
        turned=turned,
        run=key.run,
        position=key.position,
    )


def _settle(transaction: Transaction, end: CallEnd | None) -> None:
    if end is None:
        return
    end_call(transaction, end.call, end.ending, end.cost)
    if end.refused:
        learn_from_refusal(transaction, end.call.provider, end.retry_after_seconds)
    elif end.ending == "answered" and end.call.slowed:
        learn_from_answer(transaction, end.call.provider)


class Claims:
    """Items a crew of threads shares, claimed several at a time because every claim is a write to the disk.

    What nobody took goes back to the queue when its worker ends.
    """

    def __init__(self, claim: Callable[[], Sequence[WorkItem]]) -> None:
        self._claim = claim
        self._items: deque[WorkItem] = deque()
        self._lock = Lock()

    def take(self) -> WorkItem | None:
        """The next item for one thread, or None while there is none to be had."""
        with self._lock:
            if not self._items:
                self._items.extend(self._claim())
            return self._items.popleft() if self._items else None

    def put_back(self, item: WorkItem) -> None:
        """An item that was not begun, to be taken again before the others."""
        with self._lock:
            self._items.appendleft(item)


def without_regions(run: EngineRun) -> EngineRun:
    """Word boxes take a hundred times the room of the text, and no figure needs more of them than how sure they are."""
    if not isinstance(run.outcome, Reading):
        return run
    return replace(run, outcome=replace(run.outcome, regions=()), confidences=word_confidences(run.outcome))


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
