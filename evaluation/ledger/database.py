"""The database that is the truth of every run: one SQLAlchemy URL, SQLite on one machine, PostgreSQL for many.

Knows transactions and the schema's version; what is written is the business of `runs`, `work_items` and `calls`.
A transaction that returned has reached the disk.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from evaluation.ledger.migrations import MIGRATIONS

BUSY_SECONDS = 30

Row = Any
"""A row with its columns as attributes."""

_ROW_LOCK = re.compile(r" for update( skip locked)?\b")


class LedgerUnavailable(Exception):
    """The ledger cannot be opened or used; the message is one sentence without a password in it."""


class Transaction:
    """Statements that happen together or not at all. Row locks are written as in PostgreSQL; SQLite has no need."""

    def __init__(self, connection: sqlalchemy.Connection, *, locks_rows: bool) -> None:
        self._connection = connection
        self._locks_rows = locks_rows

    def now(self) -> float:
        """Seconds since 1970 by the one clock that all workers share."""
        return float(self.value("select extract(epoch from clock_timestamp())")) if self._locks_rows else time.time()

    def rows(self, statement: str, **values: object) -> Sequence[Row]:
        """All rows of a query, or of a `returning` clause."""
        return self._connection.exec_driver_sql(self._fitted(statement), values).all()

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


class Ledger:
    """May be used from any thread; opening it brings the schema up to date. Raises `LedgerUnavailable`."""

    def __init__(self, url: str) -> None:
        self.url = url
        with _translated():
            parsed = sqlalchemy.make_url(url)
            self._locks_rows = parsed.get_backend_name() != "sqlite"
            self._engine = self._connect(parsed)
            # SQLite's own waiting is a sleep of up to a tenth of a second: threads of one process queue here instead.
            self._turn = threading.Lock()
            self._migrate()

    @property
    def on_one_machine(self) -> bool:
        """Whether only this machine's processes can reach it."""
        return not self._locks_rows

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that is committed at the end of the block, or undone by an exception."""
        with _translated():
            if self._locks_rows:
                with self._engine.begin() as connection:
                    yield Transaction(connection, locks_rows=True)
            else:
                with self._turn, self._engine.begin() as connection:
                    yield Transaction(connection, locks_rows=False)

    def forget_deleted(self) -> None:
        """Let what was deleted leave the disk as well; PostgreSQL does so in its own time (autovacuum)."""
        if not self._locks_rows:
            with _translated(), self._turn, self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _connect(self, url: sqlalchemy.URL) -> sqlalchemy.Engine:
        # Values are hidden because a driver's error message would carry texts and names into a log.
        if self._locks_rows:
            return sqlalchemy.create_engine(
                url, hide_parameters=True, pool_pre_ping=True, pool_size=20, max_overflow=80
            )
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sqlalchemy.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        sqlalchemy.event.listen(engine, "connect", _prepare_sqlite)
        sqlalchemy.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
        return engine

    def _migrate(self) -> None:
        with self.transaction() as transaction:
            if self._locks_rows:
                transaction.rows("select pg_advisory_xact_lock(715518)")
            transaction.run("create table if not exists ledger_version (version integer not null)")
            done = transaction.value("select count(*) from ledger_version")
            for version, statements in enumerate(MIGRATIONS[done:], start=done + 1):
                for statement in statements:
                    transaction.run(statement)
                transaction.run("insert into ledger_version values (:version)", version=version)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say
    for pragma in ("journal_mode=wal", "synchronous=full", "secure_delete=on", "cache_size=-16000"):
        connection.execute(f"pragma {pragma}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise LedgerUnavailable(
            "The ledger's address must be sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME, with its "
            f"driver installed ({type(error).__name__})."
        ) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        raise LedgerUnavailable(f"The ledger cannot be used: {reason}.") from error
