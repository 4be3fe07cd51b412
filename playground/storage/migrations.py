"""The tables of the store as numbered statements, for SQLite and PostgreSQL alike. Append only: never edit a row."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "create table share (id text primary key, facts text not null, expires_at double precision)",
        "create index share_expiry on share (expires_at)",
    ),
    (
        "create table charge (id text primary key, day text not null, visitor text not null, engine text not null,"
        " micro_usd bigint not null, settled integer not null)",
        "create index charge_day on charge (day)",
    ),
)
"""`MIGRATIONS[n]` leads from schema version n to n + 1."""
