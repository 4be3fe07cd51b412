"""Where facts and pictures are kept: one SQLAlchemy URL, one fsspec URL. Knows nothing of what they mean.

A write that returned has reached the disk. `erase` leaves no byte of what it deletes in the files of SQLite.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError

from playground.storage.blobs import Blobs, LocalBlobs, StoreUnavailable, store_errors, unavailable
from playground.storage.migrations import MIGRATIONS

BUSY_SECONDS = 20
ONE_WRITER = 715_517
"""The number of PostgreSQL's advisory lock under which all our writes happen."""

BUCKETS = "hf://buckets/"

Row = Sequence[Any]


class Database:
    """SQL with bound values. Every call is a transaction of its own; writes happen one at a time."""

    def __init__(self, url: str) -> None:
        """Open the database and bring it to the newest schema; raises `StoreUnavailable`."""
        parsed = sqlalchemy.make_url(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        if self._is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}} if self._is_sqlite else {}
        # A host who lets SQLAlchemy log must not find texts there.
        self._engine = sqlalchemy.create_engine(url, hide_parameters=True, pool_pre_ping=True, **options)
        if self._is_sqlite:
            sqlalchemy.event.listen(self._engine, "connect", _prepare_sqlite)
            sqlalchemy.event.listen(self._engine, "begin", _begin_sqlite)
        with _translated():
            self._migrate()

    def read(self, statement: str, **values: object) -> Sequence[Row]:
        """All rows of a query."""
        with _translated(), self._engine.begin() as connection:
            return [tuple(row) for row in connection.execute(sqlalchemy.text(statement), values)]

    def write(self, statement: str, **values: object) -> Sequence[Row]:
        """Execute one statement alone, on disk when this returns; gives the rows of a `returning` clause."""
        with _translated(), self._alone() as connection:
            result = connection.execute(sqlalchemy.text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def erase(self, statement: str, **values: object) -> Sequence[Row]:
        """Execute a deletion, and take what it deleted out of SQLite's files, the write-ahead log included."""
        rows = self.write(statement, **values)
        if self._is_sqlite:
            with _translated(), self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("pragma wal_checkpoint(truncate)")
        return rows

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _alone(self) -> Iterator[sqlalchemy.Connection]:
        with self._engine.execution_options(writes=True).begin() as connection:
            if not self._is_sqlite:
                connection.execute(sqlalchemy.text(f"select pg_advisory_xact_lock({ONE_WRITER})"))
            yield connection

    def _migrate(self) -> None:
        with self._alone() as connection:
            connection.exec_driver_sql("create table if not exists schema_version (version integer not null)")
            done = connection.scalar(sqlalchemy.text("select count(*) from schema_version")) or 0
            for version, statements in enumerate(MIGRATIONS[done:], start=done + 1):
                for statement in statements:
                    connection.exec_driver_sql(statement)
                connection.execute(
                    sqlalchemy.text("insert into schema_version values (:version)"), {"version": version}
                )


def open_blobs(url: str) -> Blobs:
    """The blobs at an fsspec URL or local folder; raises `StoreUnavailable`."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme == "file":
        return LocalBlobs(Path(rest if separator else url))
    return RemoteBlobs(url)


class RemoteBlobs:
    """Objects behind fsspec: S3, a Space's Storage Bucket, memory. A put is whole or absent there by itself."""

    def __init__(self, url: str) -> None:
        if url.startswith(BUCKETS):
            _refuse_public_bucket("/".join(url.removeprefix(BUCKETS).split("/")[:2]))
        with store_errors():
            self._files, self._root = fsspec.core.url_to_fs(url)

    def put(self, name: str, content: bytes) -> None:
        with store_errors():
            self._files.pipe_file(f"{self._root}/{name}", content)

    def get(self, name: str) -> bytes | None:
        with store_errors():
            try:
                self._files.invalidate_cache()  # another process may have written or deleted it
                return bytes(self._files.cat_file(f"{self._root}/{name}"))
            except FileNotFoundError:
                return None

    def delete(self, name: str) -> None:
        with store_errors():
            try:
                self._files.rm_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return

    def older_than(self, folder: str, seconds: float) -> list[str]:
        before = time.time() - seconds
        with store_errors():
            self._files.invalidate_cache()
            try:
                paths = self._files.ls(f"{self._root}/{folder}", detail=False)
            except FileNotFoundError:
                return []
            return [
                f"{folder}/{path.rsplit('/', 1)[-1]}"
                for path in paths
                if self._files.modified(path).timestamp() < before
            ]


def _refuse_public_bucket(bucket_id: str) -> None:
    """A bucket is public unless its owner says otherwise, and then everybody could read every share."""
    from huggingface_hub import bucket_info

    with store_errors():
        if not bucket_info(bucket_id).private:
            raise StoreUnavailable(f"The bucket {bucket_id} is public. Make it private in its settings.")


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  (sqlite3's, as SQLAlchemy hands it over)
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not where sqlite3 guesses
    for setting in ("journal_mode=wal", "synchronous=full", "secure_delete=on"):
        connection.execute(f"pragma {setting}")


def _begin_sqlite(connection: sqlalchemy.Connection) -> None:
    # Locked before anything is read: SQLite lets nobody write who looked while another did.
    alone = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("begin immediate" if alone else "begin")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        with store_errors():
            yield
    except SQLAlchemyError as error:
        raise unavailable(error) from None
