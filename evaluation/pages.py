"""The pages of a run as the ledger has them, readable or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from evaluation.datasets.contract import Item, Unreadable
from evaluation.ledger import Ledger, Row


@dataclass(frozen=True, slots=True)
class Page:
    """An item of the run's data set, with what became known when it was loaded."""

    position: int
    item: Item
    unreadable: str | None = None
    sha256: str | None = None
    width: int = 0
    height: int = 0


def pages_of(ledger: Ledger, run_id: str) -> list[Page]:
    """All pages of the run in their order."""
    with ledger.transaction() as transaction:
        rows = transaction.rows("select * from page where run = :run order by position", run=run_id)
    return [_page(row) for row in rows]


def page_at(ledger: Ledger, run_id: str, position: int) -> Page:
    """One page of the run."""
    with ledger.transaction() as transaction:
        query = "select * from page where run = :run and position = :position"
        return _page(transaction.first(query, run=run_id, position=position))


def unreadable_of(ledger: Ledger, run_id: str) -> list[Unreadable]:
    """What the data set held and nobody could read, found when it was opened or when the page was loaded."""
    with ledger.transaction() as transaction:
        query = "select id, reason from unreadable where run = :run order by position"
        listed = [Unreadable(row.id, row.reason) for row in transaction.rows(query, run=run_id)]
        query = "select * from page where run = :run and unreadable is not null order by position"
        pages = [_page(row) for row in transaction.rows(query, run=run_id)]
    return listed + [Unreadable(page.item.id, page.unreadable or "") for page in pages]


def item_json(item: Item) -> str:
    """An item as the ledger stores it."""
    return _items().dump_json(item).decode()


def item_from(stored: str) -> Item:
    """An item as it was before it was stored."""
    return _items().validate_json(stored)


def _page(row: Row) -> Page:
    return Page(
        row.position,
        item_from(row.item),
        row.unreadable,
        row.sha256,
        row.width or 0,
        row.height or 0,
    )


@cache
def _items() -> TypeAdapter[Item]:
    return TypeAdapter(Item)
