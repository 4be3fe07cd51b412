"""The database of whatever is kept: one SQLAlchemy URL, SQLite on one machine, PostgreSQL for many.

Knows transactions and the versions of a schema, not what stands in the tables. What was written has reached the disk
when its call returns, and what was erased is in no file of SQLite any more. Money is kept in whole nanodollars, so
that sums are exact and a page's tenth of a cent still counts.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any, NewType

import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from playground.storage.blobs import StoreUnavailable, store_errors, unavailable

SPOKEN = ("sqlite", "postgresql")
"""Whose SQL is written here and in `evaluation`."""
BUSY_SECONDS = 30
BEING_MADE_SECONDS = 10
"""An empty file as young as that may be another process's that has only begun."""
ONE_WRITER = 715_517
"""The number of PostgreSQL's advisory lock under which whoever has to be alone writes."""

Row = Any
"""A row with its columns as attributes; it compares as a tuple."""

_ROW_LOCK = re.compile(r" for update( skip locked)?\b")


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables as numbered statements, for SQLite and PostgreSQL alike. Append only: never edit what stands there."""

    version_table: str
    migrations: tuple[tuple[str, ...], ...]
    """`migrations[n]` leads from version n to n + 1."""


STORE = Schema(
    "schema_version",
    (
        (
            "create table share (id text primary key, facts text not null, expires_at double precision)",
            "create index share_expiry on share (expires_at)",
        ),
        (
            "create table charge (id text primary key, day text not null, visitor text not null, engine text not null,"
            " micro_usd bigint not null, settled integer not null)",
            "create index charge_day on charge (day)",
        ),
        (
            "alter table charge rename column micro_usd to nanodollars",
            "update charge set nanodollars = nanodollars * 1000",
        ),
    ),
)
"""The links and the charges of a host."""


class Transaction:
    """Statements that happen together or not at all. Row locks are written as in PostgreSQL; SQLite has no need."""

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self._connection = connection
        self._locks_rows = connection.dialect.name != "sqlite"

    def be_alone(self) -> None:
        """Wait until nobody else who wants to be alone is writing, and let nobody in until this is over."""
        if self._locks_rows:
            self.rows("select pg_advisory_xact_lock(:number)", number=ONE_WRITER)

    def now(self) -> float:
        """Seconds since 1970 by the one clock that all processes share."""
        return float(self.value("select extract(epoch from clock_timestamp())")) if self._locks_rows else time.time()

    def rows(self, statement: str, **values: object) -> Sequence[Row]:
        """All rows of a query, or of a `returning` clause."""
        result = self._connection.exec_driver_sql(self._fitted(statement), values)
        return result.all() if result.returns_rows else []

    def first(self, statement: str, **values: object) -> Row:
        """The first row, or None."""
        return self._connection.exec_driver_sql(self._fitted(statement), values).first()

    def value(self, statement: str, **values: object) -> Any:  # noqa: ANN401  (whatever the column holds)
        """The first column of the first row, or None."""
        return self._connection.exec_driver_sql(self._fitted(statement), values).scalar()

    def run(self, statement: str, **values: object) -> int:
        """Change rows; says how many."""
        return int(self._connection.exec_driver_sql(self._fitted(statement), values).rowcount)

    def run_many(self, statement: str, values: Iterable[Mapping[str, object]]) -> None:
        """The same statement with many sets of values."""
        if rows := [dict(row) for row in values]:
            self._connection.exec_driver_sql(self._fitted(statement), rows)

    def _fitted(self, statement: str) -> str:
        """The statement as its driver takes it: looked through once, not at every call."""
        return _as_text(statement, self._connection.dialect) if self._locks_rows else _without_locks(statement)


@lru_cache(maxsize=256)
def _without_locks(statement: str) -> str:
    return _ROW_LOCK.sub("", statement)


@lru_cache(maxsize=256)
def _as_text(statement: str, dialect: sqlalchemy.Dialect) -> str:
    return str(sqlalchemy.text(statement).compile(dialect=dialect))


class Database:
    """May be used from any thread. Everything raises `StoreUnavailable`."""

    def __init__(self, url: str, schema: Schema = STORE) -> None:
        """Open the database and bring it to the newest version of the schema."""
        self.url = url
        with _translated(), store_errors():
            parsed = sqlalchemy.make_url(url)
            if parsed.get_backend_name() not in SPOKEN:
                raise NoSuchModuleError(parsed.get_backend_name())
            self.on_one_machine = parsed.get_backend_name() == "sqlite"
            """Whether only this machine's processes can reach it."""
            self._engine = _sqlite(parsed) if self.on_one_machine else _server(parsed)
            self._reading = self._engine.execution_options(only_reads=True)
            # SQLite's own waiting is a sleep of up to a tenth of a second: threads of one process queue here instead.
            self._turn: AbstractContextManager[Any] = threading.Lock() if self.on_one_machine else nullcontext()
            file = Path(parsed.database) if self.on_one_machine and parsed.database else None
            self._file = _File(file) if file else None
            if self._file:
                self._file.refuse_emptied()
            self._migrate(schema)
            if self._file:
                self._file.remember()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that may write: committed at the end of the block, or undone by an exception."""
        if self._file:
            self._file.check()
        with _translated(), self._turn, self._engine.begin() as connection:
            yield Transaction(connection)

    def read(self, statement: str, **values: object) -> Sequence[Row]:
        """All rows of a query, without waiting for whoever writes."""
        if self._file:
            self._file.check()
        with _translated(), self._reading.begin() as connection:
            return Transaction(connection).rows(statement, **values)

    def write(self, statement: str, **values: object) -> Sequence[Row]:
        """Execute one statement alone, so that what it reads stays as it is; gives the rows of a `returning` clause."""
        with self.transaction() as transaction:
            transaction.be_alone()
            return transaction.rows(statement, **values)

    def erase(self, statement: str, **values: object) -> Sequence[Row]:
        """Execute a deletion, and let what it deleted leave the disk as well."""
        rows = self.write(statement, **values)
        self.forget_deleted()
        return rows

    def forget_deleted(self) -> None:
        """Take what was deleted out of SQLite's write-ahead log; PostgreSQL does so in its own time (autovacuum)."""
        if self.on_one_machine:
            with _translated(), self._turn, self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _migrate(self, schema: Schema) -> None:
        table = schema.version_table
        with self.transaction() as transaction:
            transaction.be_alone()
            transaction.run(f"create table if not exists {table} (version integer not null)")
            done = transaction.value(f"select count(*) from {table}")  # noqa: S608  (a name of ours)
            if done > len(schema.migrations):
                raise StoreUnavailable(
                    f"The database was written by a newer version of this program ({table} {done}, known here: "
                    f"{len(schema.migrations)}). Start that version, or name another database."
                )
            for version, statements in enumerate(schema.migrations[done:], start=done + 1):
                for statement in statements:
                    transaction.run(statement)
                transaction.run(f"insert into {table} values (:version)", version=version)  # noqa: S608


class _File:
    """SQLite's file. Put another in its place while it is open, and what is written goes where nobody looks again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None

    def refuse_emptied(self) -> None:
        """Raises `StoreUnavailable` for a file that nobody has just made, and that holds nothing."""
        if not self._path.exists():
            return
        found = self._path.stat()
        if found.st_size == 0 and time.time() - found.st_mtime > BEING_MADE_SECONDS:
            raise StoreUnavailable(
                f"{self._path} is an empty file: what it held, such as the day's spending, is gone. Put your copy of "
                "it back, or delete the file to begin anew."
            )

    def remember(self) -> None:
        self._known = self._now()

    def check(self) -> None:
        """Raises `StoreUnavailable` where it is no longer the file that was opened."""
        if self._known is not None and self._now() != self._known:
            raise StoreUnavailable("The database's file was replaced while it was in use. Start this program again.")

    def _now(self) -> tuple[int, int]:
        with store_errors():
            found = self._path.stat()
        return found.st_dev, found.st_ino


def _server(url: sqlalchemy.URL) -> sqlalchemy.Engine:
    # Values are hidden because a driver's error message would carry texts and names into a log.
    return sqlalchemy.create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=20, max_overflow=80)


def _sqlite(url: sqlalchemy.URL) -> sqlalchemy.Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sqlalchemy.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    sqlalchemy.event.listen(engine, "connect", _prepare_sqlite)
    sqlalchemy.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not where sqlite3 guesses
    for setting in ("journal_mode=wal", "synchronous=full", "secure_delete=on", "cache_size=-16000"):
        connection.execute(f"pragma {setting}")


def _begin_sqlite(connection: sqlalchemy.Connection) -> None:
    # Locked before anything is read: SQLite lets nobody write who looked while another did.
    only_reads = connection.get_execution_options().get("only_reads")
    connection.exec_driver_sql("begin" if only_reads else "begin immediate")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreUnavailable(
            "The database's address must be sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME, with its "
            f"driver installed ({type(error).__name__})."
        ) from None
    except SQLAlchemyError as error:
        raise unavailable(error) from None


Nanodollars = NewType("Nanodollars", int)

NANO = 1_000_000_000
NOTHING = Nanodollars(0)


def nanodollars(usd: float) -> Nanodollars:
    """Dollars as they are kept, rounded up: a cost must never round to nothing."""
    return Nanodollars(ceil(round(usd * NANO, 3)))


def in_usd(kept: int) -> float:
    """Dollars for people, from an amount as it is kept or a sum of such."""
    return kept / NANO
