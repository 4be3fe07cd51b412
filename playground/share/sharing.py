"""SECURITY: what a link reveals, for how long, and how it goes away for good. Knows nothing of screens.

Nothing is stored before `share`. The picture is written first and the record last, so a link that was shown is whole;
deletion goes the other way round. An id is 128 random bits: whoever has the link may see it, nobody can guess one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Protocol

from pydantic import TypeAdapter

from engines.contract import PageImage, Reading
from metrics.normalising import DEFAULT_RULES, Rules
from playground.engine_runs import Comparison
from playground.share.pictures import Rectangle, public_picture
from playground.storage.blobs import Blobs
from playground.storage.database import Database
from translations import ENGLISH, N_, _, language


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


SHARE_ID = re.compile(r"[A-Za-z0-9_-]{22}")
MOST_CHARACTERS = 30_000
"""Of one text: six dense pages, or one of a newspaper."""
MOST_REGIONS = 80_000
MOST_MEMO_CHARACTERS = 2_000_000
ORPHAN_SECONDS = 3600
"""A picture without a record is that young only while its share is being made."""


class Expiry(Enum):
    """How long a link lasts."""

    DAY = timedelta(days=1)
    MONTH = timedelta(days=30)
    NEVER = None


class NotShareable(Exception):
    """This host does not keep what was asked for; the message says what it does keep."""


@dataclass(frozen=True, slots=True)
class ShareChoices:
    """What the visitor agreed to make public; `rules` are those of the scores that the link will show."""

    with_picture: bool = True
    blurred: tuple[Rectangle, ...] = ()
    expiry: Expiry = Expiry.MONTH
    rules: Rules = DEFAULT_RULES


@dataclass(frozen=True, slots=True)
class Shared:
    """What the visitor gets, once: both are relative to the app's own address."""

    id: str
    link: str
    delete_link: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedComparison:
    """What whoever has the link gets: facts, and the rules by which to score them."""

    id: str
    comparison: Comparison
    rules: Rules
    shared_at: datetime
    expires_at: datetime | None
    has_picture: bool
    is_blurred: bool


def refuse_more_than_a_page(comparison: Comparison) -> None:
    """Raises `NotShareable`: whoever opens a link has its texts compared anew, and that grows with their square."""
    regions = 0
    _refuse_longer(
        comparison.reference, N_("The reference has {count} characters, more than a page holds. Keep {most} at most.")
    )
    for run in comparison.runs:
        if isinstance(run.outcome, Reading):
            told = N_("The reading of {engine} has {count} characters, more than a page holds. Keep {most} at most.")
            _refuse_longer(run.outcome.text, told, engine=run.engine_id)
            regions += len(run.outcome.regions)
    if regions > MOST_REGIONS:
        told = _("The readings have {count} boxes, more than a page holds. Leave a reading out.", count=f"{regions:,}")
        raise NotShareable(told)


def _refuse_longer(text: str, told: str, **values: object) -> None:
    if len(text) > MOST_CHARACTERS:
        raise NotShareable(_(told, count=f"{len(text):,}", most=f"{MOST_CHARACTERS:,}", **values))


@dataclass(frozen=True, slots=True)
class SharedMemo:
    """What whoever has the link to an evaluation gets: a page as it was, whatever becomes of the run.

    SECURITY: `body` is HTML that this program made with every value escaped; nobody else's may come here.
    """

    id: str
    title: str
    body: str
    shared_at: datetime
    expires_at: datetime | None
    spoken: str = ENGLISH
    """The language that it is in: whoever shared it saw it so."""


class Sharing:
    """Shared comparisons and evaluations of one store. All methods may raise `StoreUnavailable`."""

    def __init__(
        self,
        records: ShareRecords,
        pictures: Blobs,
        *,
        may_last: bool = False,
        redact_for: Callable[[str], Callable[[str], str]] = lambda _session: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`may_last` allows links without expiry; `redact_for` strikes the keys known to a session out of a text."""
        self._records = records
        self._pictures = pictures
        self._redact_for = redact_for
        self._clock = clock
        self.expiries = tuple(expiry for expiry in Expiry if may_last or expiry.value is not None)

    def share(self, comparison: Comparison, page: PageImage | None, choices: ShareChoices, session: str = "") -> Shared:
        """Store exactly what was chosen; the share is on disk when this returns. Raises `NotShareable`."""
        refuse_more_than_a_page(comparison)
        now = self._clock()
        expires_at = self._end(choices.expiry, now)
        share_id, token = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        picture = public_picture(page, choices.blurred) if page and choices.with_picture else None
        # The hash of the pixels tells whoever has the page that it was this one, so it goes with the whole page only.
        known = comparison if picture and not choices.blurred else replace(comparison, page_sha256="")
        shared = SharedComparison(
            share_id, known, choices.rules, now, expires_at, picture is not None, bool(picture and choices.blurred)
        )
        if picture:
            self._pictures.put(_picture_name(share_id), picture)
        return self._keep(shared, token, session)

    def share_memo(self, title: str, body: str, expiry: Expiry, session: str = "") -> Shared:
        """Store an evaluation's page; raises `NotShareable`."""
        now = self._clock()
        expires_at = self._end(expiry, now)
        if len(body) > MOST_MEMO_CHARACTERS:
            raise NotShareable(_("This evaluation is too large for a link. Take its memo along instead."))
        share_id, token = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        return self._keep(SharedMemo(share_id, title, body, now, expires_at, language()), token, session)

    def open_share(self, share_id: str) -> SharedComparison | None:
        """The comparison behind a link; unknown, malformed, expired and deleted are all None."""
        document = self._document(share_id)
        return document.shared if document and isinstance(document.shared, SharedComparison) else None

    def open_memo(self, share_id: str) -> SharedMemo | None:
        """The evaluation behind a link, likewise."""
        document = self._document(share_id)
        return document.shared if document and isinstance(document.shared, SharedMemo) else None

    def picture(self, share_id: str) -> bytes | None:
        """The JPEG of a shared page, or None."""
        shared = self.open_share(share_id)
        return self._pictures.get(_picture_name(share_id)) if shared and shared.has_picture else None

    def delete_share(self, share_id: str, token: str) -> bool:
        """Erase a share; False for a wrong token as for an unknown id."""
        document = self._document(share_id)
        if document is None or not hmac.compare_digest(document.delete_digest, _digest(token)):
            return False
        self._erase(share_id)
        return True

    def sweep(self) -> int:
        """Erase what has expired and pictures that a crash left without a record; gives how many."""
        expired = self._records.expired(self._clock().timestamp())
        for share_id in expired:
            self._erase(share_id)
        old = self._pictures.older_than("pictures", ORPHAN_SECONDS)
        orphans = [
            name for name in old if self._records.get(name.removeprefix("pictures/").removesuffix(".jpg")) is None
        ]
        for name in orphans:
            self._pictures.delete(name)
        return len(expired) + len(orphans)

    def _end(self, expiry: Expiry, now: datetime) -> datetime | None:
        if expiry not in self.expiries:
            raise NotShareable(_("This host keeps links for 30 days at most. Choose 1 or 30 days."))
        return now + expiry.value if expiry.value else None

    def _keep(self, shared: SharedComparison | SharedMemo, token: str, session: str) -> Shared:
        document, end = _to_json(_Document(shared, _digest(token)), self._redact_for(session)), shared.expires_at
        self._records.put(shared.id, document, end.timestamp() if end else None)
        return Shared(shared.id, f"r/{shared.id}", f"r/{shared.id}/delete?token={token}", end)

    def _document(self, share_id: str) -> _Document | None:
        if not SHARE_ID.fullmatch(share_id):
            return None
        stored = self._records.get(share_id)
        if stored is None:
            return None
        document = _writer().validate_json(stored)
        expires_at = document.shared.expires_at
        return document if expires_at is None or expires_at > self._clock() else None

    def _erase(self, share_id: str) -> None:
        self._records.erase(share_id)
        self._pictures.delete(_picture_name(share_id))


@dataclass(frozen=True, slots=True)
class _Document:
    shared: SharedComparison | SharedMemo
    delete_digest: str


@cache
def _writer() -> TypeAdapter[_Document]:
    return TypeAdapter(_Document)


NO_TEXTS = frozenset(
    {"id", "engine_id", "kind", "reason", "page_sha256", "created_at", "shared_at", "expires_at", "delete_digest"}
)


def _to_json(document: _Document, redact: Callable[[str], str]) -> str:
    """One JSON text; half a surrogate pair, which a cut-off answer may end in, becomes a question mark.

    Keys are struck out of texts before they become JSON: a key may look like a part of that.
    """
    text = json.dumps(_redacted(_writer().dump_python(document, mode="json"), redact), ensure_ascii=False)
    return text.encode(errors="replace").decode()


def _redacted(value: object, redact: Callable[[str], str]) -> object:
    match value:
        case str():
            return redact(value)
        case list():
            return [_redacted(part, redact) for part in value]
        case dict():
            return {name: part if name in NO_TEXTS else _redacted(part, redact) for name, part in value.items()}
    return value


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _picture_name(share_id: str) -> str:
    return f"pictures/{share_id}.jpg"
