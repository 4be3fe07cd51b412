"""The database that is the truth of every run. What is written is the business of `runs`, `work_items` and `calls`."""

from __future__ import annotations

from playground.storage.database import Database, Schema

SCHEMA = Schema(
    "ledger_version",
    (
        (
            # `budget`, `committed` and `held` are nanodollars.
            "create table run (id text primary key, created_at double precision not null, dataset text not null,"
            " settings text not null, state text not null, budget bigint, committed bigint not null default 0)",
            "create table page (run text not null, position integer not null, item text not null, sha256 text,"
            " width integer, height integer, unreadable text, primary key (run, position))",
            "create table unreadable (run text not null, position integer not null, id text not null,"
            " reason text not null, primary key (run, position))",
            "create table work (run text not null, engine text not null, repeat integer not null,"
            " position integer not null, state text not null, worker text, attempts integer not null default 0,"
            " not_before double precision not null default 0, finished_at double precision, outcome text,"
            " primary key (run, engine, repeat, position))",
            "create index work_open on work (run, engine, state, repeat, position)",
            "create index work_done on work (run, finished_at, engine, repeat, position)",
            "create table call (id text primary key, run text not null, engine text not null, repeat integer not null,"
            " position integer not null, provider text not null, worker text not null,"
            " sent_at double precision not null, ended_at double precision, held bigint not null, ending text)",
            "create index call_in_flight on call (provider) where ended_at is null",
            "create index call_of_run on call (run, ending)",
            "create table provider (name text primary key, spacing double precision not null,"
            " due_at double precision not null default 0, most_parallel double precision not null,"
            " parallel double precision not null, cut_at double precision not null default 0,"
            " paused_until double precision not null default 0)",
            "create table worker (id text primary key, host text not null, pid integer not null,"
            " seen_at double precision not null)",
        ),
        (
            "create table batch (id text primary key, run text not null, engine text not null, submitter text not null,"
            " vendor_id text, state text not null, created_at double precision not null)",
            "create index call_of_worker on call (worker)",
        ),
        ("create index call_sent on call (provider, sent_at)",),
        (
            "create table boxes (run text not null, engine text not null, repeat integer not null,"
            " position integer not null, packed text not null, primary key (run, engine, repeat, position))",
        ),
        ("alter table page add column turned integer",),
        (
            # What was made of the rows above, each under a key of all that it was made from: never older than they.
            "create table score (run text not null, engine text not null, repeat integer not null,"
            " position integer not null, key text not null, seen text not null,"
            " primary key (run, engine, repeat, position))",
            "create table finding (run text not null, name text not null, key text not null, found text not null,"
            " primary key (run, name))",
        ),
        (
            "drop table score",
            "create table score (run text not null, chunk integer not null, key text not null,"
            " readings integer not null, seen text not null, primary key (run, chunk))",
            "create table correction (run text not null, position integer not null, number integer not null,"
            " primary key (run, position))",
        ),
    ),
)


class Ledger(Database):
    """May be used from any thread; opening it brings the schema up to date. Raises `StoreUnavailable`."""

    def __init__(self, url: str) -> None:
        super().__init__(url, SCHEMA)
