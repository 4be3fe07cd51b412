"""Shared comparisons as documents under an id: rows of a table, or one object each where no disk outlives a restart."""

from __future__ import annotations

import json
from typing import Protocol

from playground.storage.blobs import Blobs
from playground.storage.database import Database


class ShareRecords(Protocol):
    """Writing a record is the moment a share begins to exist. All methods raise `StoreUnavailable`."""

    def put(self, share_id: str, document: str, expires_at: float | None) -> None:
        """Keep a document until its time, in seconds since 1970."""

    def get(self, share_id: str) -> str | None:
        """The document, expired or not."""

    def erase(self, share_id: str) -> None:
        """Remove the document and every trace of it."""

    def expired(self, now: float) -> list[str]:
        """Ids of the documents whose time is over."""


class TableRecords:
    """Rows of the database: for every host whose disk or database server stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, share_id: str, document: str, expires_at: float | None) -> None:
        statement = "insert into share (id, facts, expires_at) values (:id, :facts, :expires_at)"
        self._database.write(statement, id=share_id, facts=document, expires_at=expires_at)

    def get(self, share_id: str) -> str | None:
        rows = self._database.read("select facts from share where id = :id", id=share_id)
        return str(rows[0][0]) if rows else None

    def erase(self, share_id: str) -> None:
        self._database.erase("delete from share where id = :id", id=share_id)

    def expired(self, now: float) -> list[str]:
        return [str(row[0]) for row in self._database.read("select id from share where expires_at <= :now", now=now)]


class ManifestRecords:
    """Objects beside the pictures: for a Space, whose disk is new after each restart but whose bucket stays."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def put(self, share_id: str, document: str, expires_at: float | None) -> None:
        self._blobs.put(_name(share_id), json.dumps({"expires_at": expires_at, "facts": document}).encode())

    def get(self, share_id: str) -> str | None:
        manifest = self._blobs.get(_name(share_id))
        return str(json.loads(manifest)["facts"]) if manifest else None

    def erase(self, share_id: str) -> None:
        self._blobs.delete(_name(share_id))

    def expired(self, now: float) -> list[str]:
        return [
            name.removeprefix("shares/").removesuffix(".json") for name in self._names() if self._is_over(name, now)
        ]

    def _names(self) -> list[str]:
        return [name for name in self._blobs.older_than("shares", 0) if name.endswith(".json")]

    def _is_over(self, name: str, now: float) -> bool:
        manifest = self._blobs.get(name)
        expires_at = json.loads(manifest)["expires_at"] if manifest else None
        return expires_at is not None and expires_at <= now


def _name(share_id: str) -> str:
    return f"shares/{share_id}.json"
