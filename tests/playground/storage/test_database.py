"""The store on SQLite, PostgreSQL, folders and object stores: what it keeps, what it forgets, what it says broken."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import fsspec
import pytest

from playground.host.budget import Budget
from playground.settings import Caps
from playground.storage.blobs import Blobs, StoreUnavailable, open_blobs
from playground.storage.database import STORE, Database, Schema
from tests.places import ROOT

INSERT = "insert into share (id, facts) values (:id, :facts)"


@pytest.fixture(params=["folder", "file", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    urls = {"folder": str(tmp_path / "a"), "file": f"file://{tmp_path}/b", "memory": f"memory://{tmp_path.name}"}
    return open_blobs(urls[request.param])


def test_a_database_whose_language_nobody_here_speaks_is_refused_at_the_start():
    with pytest.raises(StoreUnavailable, match=r"must be sqlite:///FILE or postgresql\+psycopg"):
        Database("mysql://user:word@db.example.org/inkquest")


def test_rows_come_back_as_written(database: Database) -> None:
    database.write(INSERT, id="a", facts="línea\n'; drop table share; --")
    assert database.read("select facts from share where id = :id", id="a") == [("línea\n'; drop table share; --",)]
    assert database.write("delete from share returning id") == [("a",)]


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    database.write(INSERT, id="a", facts="one")
    with pytest.raises(StoreUnavailable) as failure:
        database.write(INSERT, id="a", facts="canary-text")
    assert "canary-text" not in f"{failure.value} {failure.value.detail}"
    assert failure.value.__cause__ is None
    assert database.read("select count(*) from share") == [(1,)]


def test_writes_happen_one_at_a_time(database: Database) -> None:
    """Each thread reads the highest number and adds one: without a lock some would read the same."""
    statement = "insert into share (id, facts) select cast(count(*) as text), '' from share"
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: database.write(statement), range(100)))
    assert database.read("select count(*) from share") == [(100,)]


def test_two_processes_open_an_empty_database_at_once(tmp_path: Path) -> None:
    program = f"from playground.storage.database import Database; Database('sqlite:///{tmp_path}/x.db')"
    opening = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in opening] == [0, 0, 0]
    version = Database(f"sqlite:///{tmp_path}/x.db").read("select max(version) from schema_version")
    assert version == [(len(STORE.migrations),)]


def test_an_old_database_is_brought_up_and_keeps_its_rows(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as old:
        old.execute("create table schema_version (version integer not null)")
        for statement in STORE.migrations[0]:
            old.execute(statement)
        old.execute("insert into schema_version values (1)")
        old.execute("insert into share values ('a', 'kept', null)")
    database = Database(f"sqlite:///{tmp_path}/x.db")
    assert database.read("select facts from share") == [("kept",)]
    assert database.read("select count(*) from charge") == [(0,)]


def test_charges_of_old_databases_keep_their_sums(empty_url: str) -> None:
    """Before version 3 money was kept in millionths of a dollar."""
    old = Database(empty_url, Schema(STORE.version_table, STORE.migrations[:2]))
    for number, micro_usd in enumerate((1, 249_999, 9_000_000_000)):
        old.write(f"insert into charge values ('{number}', '2026-11-23', 'ann', 'gpt-5', {micro_usd}, 1)")
    old.close()
    for _ in range(2):  # and are not turned twice
        database = Database(empty_url)
        budget = Budget(database, Caps(10_000, 10_000, 10_000), clock=lambda: datetime(2026, 11, 23, tzinfo=UTC))
        assert budget.left("ann").visitor_usd == pytest.approx(999.75, abs=1e-9)
        assert database.read("select sum(nanodollars) from charge") == [(9_000_250_000_000,)]
        database.close()


def test_two_sets_of_tables_may_share_a_database(empty_url: str) -> None:
    other = Schema("other_version", (("create table other (id text)",),))
    for _ in range(2):
        Database(empty_url).close()
        Database(empty_url, other).close()
    assert Database(empty_url).read("select count(*) from other, charge") == [(0,)]


def test_what_a_transaction_did_before_it_broke_is_undone(database: Database) -> None:
    def insert_twice() -> None:
        with database.transaction() as transaction:
            transaction.run(INSERT, id="a", facts="one")
            transaction.run(INSERT, id="a", facts="two")

    with pytest.raises(StoreUnavailable):
        insert_twice()
    assert database.read("select count(*) from share") == [(0,)]


def test_two_processes_bring_up_an_old_database_at_once(tmp_path: Path) -> None:
    """Whoever comes second waits, and finds it done: having looked before it waited, it could not write any more."""
    url = f"sqlite:///{tmp_path}/x.db"
    Database(url).close()
    count = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 500000)"
    slow = f"{count} insert into share (id, facts) select 'new', max(i) from n"
    newer = Schema(STORE.version_table, (*STORE.migrations, (slow,)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Database(url, newer).close(), range(4)))
    assert Database(url, newer).read("select count(*) from share") == [(1,)]


def test_a_database_of_a_newer_version_is_not_opened(tmp_path: Path) -> None:
    """What it keeps, this version may misread: a budget for instance."""
    url = f"sqlite:///{tmp_path}/x.db"
    Database(url, Schema(STORE.version_table, (*STORE.migrations, ("select 1",)))).close()
    with pytest.raises(StoreUnavailable, match="written by a newer version of this program"):
        Database(url)


def test_a_database_that_was_emptied_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    os.utime(tmp_path / "x.db", (0, 0))
    for _ in range(2):  # a service is started again and again
        with pytest.raises(StoreUnavailable, match=r"x\.db is an empty file.*delete the file to begin anew"):
            Database(f"sqlite:///{tmp_path}/x.db")


def test_a_file_that_was_replaced_is_not_written_to(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    (tmp_path / "copy.db").write_bytes((tmp_path / "x.db").read_bytes())
    (tmp_path / "copy.db").replace(tmp_path / "x.db")
    for use in (lambda: database.read("select 1"), lambda: database.write(INSERT, id="a", facts="b")):
        with pytest.raises(StoreUnavailable, match="replaced while it was in use"):
            use()


def test_what_is_stored_is_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "sqlalchemy.engine"):
        Database(f"sqlite:///{tmp_path}/x.db").write(INSERT, id="a", facts="canary-text")
    assert "insert into share" in caplog.text
    assert "canary-text" not in caplog.text


def test_erased_facts_are_in_no_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    for number in range(50):
        database.write(INSERT, id=str(number), facts=f"canary-{number} " * 200)
    database.erase("delete from share")
    assert [path for path in tmp_path.iterdir() if b"canary-" in path.read_bytes()] == []


def test_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    assert database.read("pragma synchronous") == [(2,)]
    assert database.read("pragma journal_mode") == [("wal",)]


def test_a_database_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreUnavailable):
        Database(f"sqlite:///{tmp_path}/x.db")


def test_blobs_come_back_as_written_and_go(blobs: Blobs) -> None:
    blobs.put("pictures/a.jpg", b"\x00\xff")
    blobs.put("pictures/a.jpg", b"newer")
    assert blobs.get("pictures/a.jpg") == b"newer"
    assert blobs.older_than("pictures", -60) == ["pictures/a.jpg"]
    assert blobs.older_than("pictures", 60) == []
    assert blobs.older_than("nothing", -60) == []
    blobs.delete("pictures/a.jpg")
    blobs.delete("pictures/a.jpg")
    assert blobs.get("pictures/a.jpg") is None


def test_a_full_disk_is_told_and_leaves_nothing_to_find(tmp_path: Path) -> None:
    blobs = open_blobs(str(tmp_path / "blobs"))
    folder = tmp_path / "blobs" / "pictures"
    folder.symlink_to("/dev/full")  # a folder that is none: every write fails
    with pytest.raises(StoreUnavailable):
        blobs.put("pictures/a.jpg", b"x")
    folder.unlink()
    assert blobs.get("pictures/a.jpg") is None


def test_another_process_s_blobs_are_seen_in_object_stores() -> None:
    blobs = open_blobs("memory://seen")
    assert blobs.get("shares/a.json") is None
    fsspec.filesystem("memory").pipe_file("/seen/shares/a.json", b"{}")
    assert blobs.get("shares/a.json") == b"{}"


def test_a_blob_is_whole_whenever_its_writer_is_killed(tmp_path: Path) -> None:
    blobs = open_blobs(str(tmp_path))
    blobs.put("pictures/a.jpg", bytes(8_000_000))

    def write_without_end() -> None:
        for number in count(1):
            blobs.put("pictures/a.jpg", bytes([number % 256]) * 8_000_000)

    for _ in range(15):
        writer = multiprocessing.get_context("fork").Process(target=write_without_end)
        writer.start()
        time.sleep(random.uniform(0.01, 0.1))
        writer.kill()
        writer.join()
        written = blobs.get("pictures/a.jpg") or b""
        assert (len(written), len(set(written))) == (8_000_000, 1)
