"""What a run is: which pages, which engines, under which conditions. Written once, when the run is planned."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import PurePath
from typing import Literal, TypeVar

from pydantic import TypeAdapter

from engines.catalogue import labels_of
from engines.contract import EngineSpec, ReadingTask, Unit
from engines.languages import language_code
from evaluation.datasets.contract import Item, Unreadable
from evaluation.ledger.database import Ledger
from metrics.normalising import DEFAULT_RULES, Rules
from playground.engine_runs import EngineRun
from playground.scoring import in_language
from playground.storage.database import Nanodollars, Row, Transaction, in_usd, nanodollars
from translations import _

ROWS_AT_ONCE = 5000
Cells = TypeVar("Cells", bound=Mapping[str, object])

State = Literal["running", "paused", "cancelled"]


class RunUnknown(Exception):
    """There is no such run in this ledger; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The conditions of a run, enough to repeat it; holds no key."""

    engines: tuple[EngineSpec, ...]
    task: ReadingTask = field(default_factory=ReadingTask)
    rules: Rules = DEFAULT_RULES
    level: Unit = "page"
    repeats: int = 1
    sample: int | None = None
    seed: int = 0
    only_tag: str = ""
    canaries: bool = False
    """Whether canary pages, made from the run's own, are read as well."""
    turns: bool = False
    """Whether pages that certainly lie wrong are turned before they are read."""
    brought_from: tuple[tuple[str, str], ...] = ()
    """Name and path of readings that did not come with the data set; they are in the ledger, this says where from."""
    notes: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def task_for(self, item: Item) -> ReadingTask:
        """The conditions for one item: in its own language, where the data set names one by a code or in English."""
        own = language_code(item.language)
        return in_language(self.task, own) if own else self.task

    @property
    def labels(self) -> dict[str, str]:
        """What people call each engine, by its id."""
        return labels_of(self.engines)

    @property
    def to_run(self) -> tuple[EngineSpec, ...]:
        """The engines that read here: all but those whose readings were brought along."""
        return tuple(spec for spec in self.engines if spec.runs != "elsewhere")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the ledger has it."""

    id: str
    created_at: datetime
    dataset: str
    settings: RunSettings
    state: State
    budget_usd: float | None
    committed_usd: float
    """What calls have cost, or may have cost where that is not known."""

    def spec(self, engine_id: str) -> EngineSpec:
        """The row under which that engine ran."""
        return next(spec for spec in self.settings.engines if spec.id == engine_id)

    @property
    def for_strangers(self) -> Run:
        """SECURITY: the run without a path, an address or a variable of this machine."""
        engines = tuple(map(_for_strangers, self.settings.engines))
        brought_from = tuple((name, PurePath(path).name) for name, path in self.settings.brought_from)
        settings = replace(self.settings, engines=engines, brought_from=brought_from)
        return replace(self, dataset=PurePath(self.dataset).name, settings=settings)

    @property
    def unnamed(self) -> Run:
        """SECURITY: the run with readers who were brought along under numbers: what they are called somebody typed."""
        brought = [spec.id for spec in self.settings.engines if spec.runs == "elsewhere"]
        engines = tuple(
            replace(spec, label=_("Reader {n}", n=brought.index(spec.id) + 1)) if spec.id in brought else spec
            for spec in self.settings.engines
        )
        return replace(self, settings=replace(self.settings, engines=engines))


def _for_strangers(spec: EngineSpec) -> EngineSpec:
    options = {name: value for name, value in spec.options.items() if name != "path"}
    weights = replace(spec.weights, path_env="") if spec.weights else None
    return replace(spec, base_url=None, base_url_env=None, key_env=None, other_env=(), options=options, weights=weights)


@dataclass(frozen=True, slots=True)
class RunContents:
    """Everything that is fixed when a run is planned."""

    dataset: str
    settings: RunSettings
    items: Sequence[Item]
    unreadable: Sequence[Unreadable] = field(default=())
    brought: Mapping[str, Mapping[int, EngineRun]] = field(default_factory=dict)
    """What engines that read elsewhere have read, by position; a page that is not there was not read."""
    budget_usd: float | None = None
    turned: Mapping[int, int] = field(default_factory=dict)
    """By position, the degrees by which an earlier run turned a page that is to be read again."""


def create_run(ledger: Ledger, contents: RunContents) -> str:
    """Write the run with one work item for each page, engine and repeat; returns its id. It starts at once.

    Readings that were brought along are items that are done.
    """
    run_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    with ledger.transaction() as transaction:
        transaction.run(
            "insert into run (id, created_at, dataset, settings, state, budget)"
            " values (:id, :now, :dataset, :settings, 'running', :budget)",
            id=run_id,
            now=time.time(),
            dataset=contents.dataset,
            settings=settings_json(contents.settings),
            budget=_budget(contents.budget_usd),
        )
        _write_pages(transaction, run_id, contents)
        _write_work(transaction, run_id, contents)
        _write_brought(transaction, run_id, contents)
    return run_id


def find_run(ledger: Ledger, run_id: str) -> Run:
    """The run of that id, or the newest for an empty id; raises `RunUnknown`."""
    where = "where id = :id" if run_id else "order by created_at desc limit 1"
    values = {"id": run_id} if run_id else {}
    with ledger.transaction() as transaction:
        row = transaction.first(f"select * from run {where}", **values)  # noqa: S608  (two constants)
    if row is None:
        raise RunUnknown(
            _("There is no run {run} in this ledger.", run=run_id) if run_id else _("This ledger holds no run yet.")
        )
    return _run(row)


def erase_run(ledger: Ledger, run_id: str) -> None:
    """Delete everything that was ever written of a run, from the disk as well."""
    with ledger.transaction() as transaction:
        for table in ("work", "boxes", "page", "unreadable", "call", "batch", "correction", "score", "finding"):
            transaction.run(f"delete from {table} where run = :run", run=run_id)  # noqa: S608  (constants)
        transaction.run("delete from run where id = :run", run=run_id)
    ledger.forget_deleted()


def run_ids(ledger: Ledger) -> list[str]:
    """All runs, newest first."""
    with ledger.transaction() as transaction:
        return [row.id for row in transaction.rows("select id from run order by created_at desc")]


def set_state(ledger: Ledger, run_id: str, state: State) -> None:
    """Pause, go on, or end a run; every worker heeds it before its next page."""
    with ledger.transaction() as transaction:
        transaction.run("update run set state = :state where id = :id", state=state, id=run_id)


def set_budget(ledger: Ledger, run_id: str, budget_usd: float | None) -> None:
    """Another limit for the whole run, what was spent so far included; None for no limit."""
    with ledger.transaction() as transaction:
        transaction.run("update run set budget = :budget where id = :id", budget=_budget(budget_usd), id=run_id)


def _budget(budget_usd: float | None) -> Nanodollars | None:
    return None if budget_usd is None else nanodollars(budget_usd)


def _run(row: Row) -> Run:
    return Run(
        row.id,
        datetime.fromtimestamp(row.created_at, UTC),
        row.dataset,
        _settings().validate_json(row.settings),
        row.state,
        None if row.budget is None else in_usd(row.budget),
        in_usd(row.committed),
    )


def _write_pages(transaction: Transaction, run_id: str, contents: RunContents) -> None:
    pages: Iterator[dict[str, object]] = (
        {"run": run_id, "position": position, "item": item_json(item), "turned": contents.turned.get(position)}
        for position, item in enumerate(contents.items)
    )
    for chunk in chunks(pages):
        transaction.run_many(
            "insert into page (run, position, item, turned) values (:run, :position, :item, :turned)", chunk
        )
    transaction.run_many(
        "insert into unreadable (run, position, id, reason) values (:run, :position, :id, :reason)",
        (
            {"run": run_id, "position": position, "id": found.id, "reason": found.reason}
            for position, found in enumerate(contents.unreadable)
        ),
    )


def _write_work(transaction: Transaction, run_id: str, contents: RunContents) -> None:
    def rows() -> Iterator[dict[str, object]]:
        for spec in contents.settings.to_run:
            for repeat in range(contents.settings.repeats):
                for position in range(len(contents.items)):
                    yield {"run": run_id, "engine": spec.id, "repeat": repeat, "position": position}

    for chunk in chunks(rows()):
        transaction.run_many(
            "insert into work (run, engine, repeat, position, state)"
            " values (:run, :engine, :repeat, :position, 'pending')",
            chunk,
        )


def _write_brought(transaction: Transaction, run_id: str, contents: RunContents) -> None:
    finished_at = transaction.now()
    rows: Iterator[dict[str, object]] = (
        {
            "run": run_id,
            "engine": engine_id,
            "position": position,
            "outcome": engine_run_json(run),
            "finished_at": finished_at,
        }
        for engine_id, runs in contents.brought.items()
        for position, run in runs.items()
    )
    for chunk in chunks(rows):
        transaction.run_many(
            "insert into work (run, engine, repeat, position, state, outcome, finished_at)"
            " values (:run, :engine, 0, :position, 'done', :outcome, :finished_at)",
            chunk,
        )


def chunks(rows: Iterator[Cells], most: int = ROWS_AT_ONCE) -> Iterator[list[Cells]]:
    """As many rows at once as memory should hold."""
    while chunk := list(islice(rows, most)):
        yield chunk


def settings_json(settings: RunSettings) -> str:
    """A run's conditions as the ledger stores them."""
    return _settings().dump_json(settings).decode()


@cache
def _settings() -> TypeAdapter[RunSettings]:
    return TypeAdapter(RunSettings)


@dataclass(frozen=True, slots=True)
class Page:
    """An item of the run's data set, with what became known when it was loaded."""

    position: int
    item: Item
    unreadable: str | None = None
    sha256: str | None = None
    width: int = 0
    height: int = 0
    turned: int | None = None
    """Degrees clockwise; None where nobody has read it, here or in the run of which this one is a repetition."""


def pages_of(ledger: Ledger, run_id: str) -> list[Page]:
    """All pages of the run in their order."""
    with ledger.transaction() as transaction:
        rows = transaction.rows("select * from page where run = :run order by position", run=run_id)
    return [page_from(row) for row in rows]


def turned_pages(ledger: Ledger, run_id: str) -> list[Page]:
    """Those that lay on their side or upside down."""
    with ledger.transaction() as transaction:
        query = "select * from page where run = :run and turned <> 0 order by position"
        return [page_from(row) for row in transaction.rows(query, run=run_id)]


def letters_of(ledger: Ledger, run: Run) -> int:
    """About how many letters the texts of a run have: what was read, and the references."""
    with ledger.transaction() as transaction:
        query = "select sum(length(outcome)) from work where run = :run and state = 'done'"
        read = transaction.value(query, run=run.id)
        written = transaction.value("select sum(length(item)) from page where run = :run", run=run.id)
    return int(read or 0) + int(written or 0)


def page_at(ledger: Ledger, run_id: str, position: int) -> Page:
    """One page of the run."""
    with ledger.transaction() as transaction:
        query = "select * from page where run = :run and position = :position"
        return page_from(transaction.first(query, run=run_id, position=position))


def correct_reference(ledger: Ledger, run_id: str, position: int, reference: str) -> None:
    """Another reference for a page that has one; whoever reads the run's conditions is told."""
    where = {"run": run_id, "position": position}
    with ledger.transaction() as transaction:
        query = "select * from page where run = :run and position = :position"
        item = page_from(transaction.first(query, **where)).item
        corrected = item_json(replace(item, reference=reference))
        transaction.run(
            "update page set item = :item where run = :run and position = :position", item=corrected, **where
        )
        transaction.run(
            "insert into correction (run, position, number) values (:run, :position, 1)"
            " on conflict (run, position) do update set number = correction.number + 1",
            **where,
        )
        row = transaction.first("select * from run where id = :id", id=run_id)
        settings = _settings().validate_json(row.settings)
        note = _("The reference of {item} was corrected by hand after the engines had read.", item=item.id)
        noted = replace(settings, notes=tuple(dict.fromkeys((*settings.notes, note))))
        transaction.run(
            "update run set settings = :settings where id = :id",
            settings=settings_json(noted),
            id=run_id,
        )


def unreadable_of(ledger: Ledger, run_id: str) -> list[Unreadable]:
    """What the data set held and nobody could read, found when it was opened or when the page was loaded."""
    with ledger.transaction() as transaction:
        query = "select id, reason from unreadable where run = :run order by position"
        listed = [Unreadable(row.id, row.reason) for row in transaction.rows(query, run=run_id)]
        query = "select * from page where run = :run and unreadable is not null order by position"
        pages = [page_from(row) for row in transaction.rows(query, run=run_id)]
    return listed + [Unreadable(page.item.id, page.unreadable or "") for page in pages]


def item_json(item: Item) -> str:
    """An item as the ledger stores it."""
    return _items().dump_json(item).decode()


def item_from(stored: str) -> Item:
    """An item as it was before it was stored."""
    return _items().validate_json(stored)


def page_from(row: Row) -> Page:
    """A row of the table `page`."""
    return Page(
        row.position,
        item_from(row.item),
        row.unreadable,
        row.sha256,
        row.width or 0,
        row.height or 0,
        row.turned,
    )


def engine_run_json(run: EngineRun) -> str:
    """A result as the ledger stores it."""
    return _engine_runs().dump_json(run).decode()


def engine_run_from(stored: str) -> EngineRun:
    """A result as it was before it was stored."""
    return _engine_runs().validate_json(stored)


@cache
def _engine_runs() -> TypeAdapter[EngineRun]:
    return TypeAdapter(EngineRun)


@cache
def _items() -> TypeAdapter[Item]:
    return TypeAdapter(Item)
