"""A run's rows as lines of JSON, and back into another ledger: nothing is scored, drawn or read on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Page, find_run, item_json, pages_of, settings_json
from playground.storage.database import nanodollars
from translations import _

COPIED: Mapping[str, tuple[str, ...]] = {
    "run": ("created_at", "settings", "dataset", "state", "budget", "committed"),
    "page": ("position", "item", "sha256", "width", "height", "unreadable", "turned"),
    "unreadable": ("position", "id", "reason"),
    "work": ("engine", "repeat", "position", "state", "attempts", "not_before", "finished_at", "outcome"),
    "call": ("id", "engine", "repeat", "position", "provider", "sent_at", "ended_at", "held", "ending"),
}
"""By table, in this order; who worked on the run and where is left out."""
ROWS_IN_A_PART = 2000
LONGEST_ROW = 2_000_000
"""Letters; no page's reading comes near them, and aligning longer ones takes minutes."""
PART = re.compile(rf"({'|'.join(COPIED)})-[0-9]{{1,4}}\.jsonl")


class CopyUnusable(Exception):
    """These are no rows of a run; the message is worded to follow the part's name."""


def parts_of(ledger: Ledger, run_id: str, pages: Sequence[Page] = ()) -> Iterator[tuple[str, bytes]]:
    """Names and lines, a table in parts of a few megabytes; `pages` stand in for the ledger's, where more is known."""
    run = find_run(ledger, run_id).for_strangers
    budget = None if run.budget_usd is None else nanodollars(run.budget_usd)
    committed = nanodollars(run.committed_usd)
    facts = (run.created_at.timestamp(), settings_json(run.settings), run.dataset, run.state, budget, committed)
    yield "run-0.jsonl", _lines("run", [facts])
    for table in list(COPIED)[1:]:
        rows = [_row(page) for page in pages or pages_of(ledger, run_id)] if table == "page" else None
        found = rows if rows is not None else _rows(ledger, run_id, table)
        for number, start in enumerate(range(0, len(found), ROWS_IN_A_PART)):
            yield f"{table}-{number}.jsonl", _lines(table, found[start : start + ROWS_IN_A_PART])


def put_part(ledger: Ledger, run_id: str, name: str, data: bytes) -> None:
    """Write a part into another ledger; raises `CopyUnusable`."""
    named = PART.fullmatch(name)
    if named is None:
        raise CopyUnusable(_("is no part of a run"))
    table = named[1]
    try:
        rows = [_checked(table, line) for line in data.decode().split("\n")[:-1]]
    except (ValueError, TypeError, RecursionError):
        raise CopyUnusable(_("does not hold what the ledger wrote")) from None
    columns = COPIED[table]
    run_column, more = ("id", ()) if table == "run" else ("run", ("worker",) if table == "call" else ())
    every = (run_column, *more, *columns)
    query = f"insert into {table} ({', '.join(every)}) values ({', '.join(f':{one}' for one in every)})"  # noqa: S608
    with ledger.transaction() as transaction:
        transaction.run_many(query, ({run_column: run_id, "worker": "", **row} for row in rows))


def _rows(ledger: Ledger, run_id: str, table: str) -> Sequence[Sequence[object]]:
    order = {"work": "finished_at, engine, repeat, position", "call": "sent_at, id"}.get(table, "position")
    query = f"select {', '.join(COPIED[table])} from {table} where run = :run order by {order}"  # noqa: S608
    with ledger.transaction() as transaction:
        return [tuple(row) for row in transaction.rows(query, run=run_id)]


def _row(page: Page) -> tuple[object, ...]:
    return page.position, item_json(page.item), page.sha256, page.width, page.height, page.unreadable, page.turned


def _lines(table: str, rows: Sequence[Sequence[object]]) -> bytes:
    columns = COPIED[table]
    return "".join(json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in rows).encode()


def _checked(table: str, line: str) -> dict[str, object]:
    if len(line) > LONGEST_ROW:
        raise ValueError(table)
    row = json.loads(line)
    if not isinstance(row, dict) or set(row) != set(COPIED[table]):
        raise ValueError(table)
    if not all(value is None or isinstance(value, str | int | float) for value in row.values()):
        raise ValueError(table)
    return row
