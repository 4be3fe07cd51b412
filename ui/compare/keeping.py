"""What a visitor's browser keeps of the desk, so that a reload, a new tab or a restart of the app loses nothing.

The browser keeps the page's file, what was typed, and this host's own account of the desk; the host itself keeps
nothing of a desk that was left, and no key is part of it. The account comes in the same message as the screen that it
is about, so that whatever was seen is kept, also when the app is killed in that moment. SECURITY: it comes back sealed,
because whatever is said to have been read here can be shared from here; and it counts for the very pixels only that
were read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.catalogue import is_brought
from engines.contract import PageImage
from engines.pricing import worst_case
from playground.comparing import billing_day
from playground.engine_runs import EngineRun, Failure
from playground.offer import SLOTS, Offer
from playground.storage.blobs import Blobs
from translations import N_
from ui.compare.desk import Answered, Desk
from ui.html import render
from ui.routes.downloads import HEADERS
from ui.routes.session import LONGEST_SESSION

KEY_NAME = "desks/key"
KEY_BYTES = MARK_BYTES = 32
Sealed = TypeVar("Sealed", Desk, Answered)
NOT_THE_SAME = N_("Your page is back, but not what was read on it: another version of this app had done that.")
NO_FILE = N_("Your page could not be brought back: this browser has not kept its file. Choose it again.")
LEFT_MEANWHILE = Failure(
    "interrupted",
    N_("The page was left, or the app was started again, while this engine was reading."),
    N_("Read it again."),
    retry_helps=True,
)


@dataclass(frozen=True, slots=True)
class Seal:
    """Marks what this host has written; `opened` takes nothing else."""

    key: bytes = field(repr=False)

    @classmethod
    def kept_in(cls, blobs: Blobs | None) -> Seal:
        """With a key that lasts as long as the host's links; without those, as long as the process.

        Raises `StoreUnavailable`.
        """
        if blobs is None:
            return cls(secrets.token_bytes(KEY_BYTES))
        if blobs.get(KEY_NAME) is None:
            blobs.put(KEY_NAME, secrets.token_bytes(KEY_BYTES))
        return cls(blobs.get(KEY_NAME) or b"")

    def put_on(self, value: Desk | Answered) -> str:
        """The value, a desk without its pixels, as a word that only this host can make."""
        if isinstance(value, Desk):
            value = replace(value, page=value.page and replace(value.page, png=b""), page_address="")
        told = _kept().dump_python(value, mode="json")
        # A vendor's answer may end in half a character, which JSON cannot hold.
        content = zlib.compress(json.dumps(told, ensure_ascii=False).encode(errors="replace"), 1)
        return base64.b64encode(self._mark(content) + content).decode()

    def opened(self, sealed: bytes, kind: type[Sealed]) -> Sealed | None:
        """The value, or None where somebody else wrote this, or an older version of the app."""
        try:
            marked = base64.b64decode(sealed, validate=True)
            mark, content = marked[:MARK_BYTES], marked[MARK_BYTES:]
            if not hmac.compare_digest(mark, self._mark(content)):
                return None
            value = _kept().validate_json(zlib.decompress(content))
        except (binascii.Error, ValidationError):
            return None
        return value if isinstance(value, kind) else None

    def _mark(self, content: bytes) -> bytes:
        return hmac.digest(self.key, content, hashlib.sha256)


@cache
def _kept() -> TypeAdapter[Desk | Answered]:
    return TypeAdapter(Desk | Answered)


def account_html(desk: Desk, seal: Seal) -> str:
    """What the script keeps of this desk; empty for one without a page of the visitor's own."""
    if not _is_own(desk):
        return ""
    file = desk.source.file.encode(errors="replace").decode()
    return render("account.html", sealed=seal.put_on(desk), file=file, file_bytes=desk.source.file_bytes)


def _is_own(desk: Desk) -> bool:
    return desk.page is not None and bool(desk.page.png)


def brought_back(kept: Desk, page: PageImage, address: str, offer: Offer) -> Desk:
    """The desk as it was left, less engines that this host no longer lists; who was reading then was interrupted."""
    known = {spec.id for spec in offer.specs}
    same = kept.page is not None and kept.page.sha256 == page.sha256
    runs = {**kept.runs, **_interrupted(kept, offer)} if same else {}
    runs = {one: run for one, run in runs.items() if one in known or is_brought(one)}
    slots = [slot for slot in kept.slots if slot in known or is_brought(slot)]
    slots += [slot for slot in (*offer.default_slots(), *known) if slot not in slots]
    return replace(kept, page=page, page_address=address, slots=tuple(slots[:SLOTS]), runs=runs, running={})


def _interrupted(kept: Desk, offer: Offer) -> Mapping[str, EngineRun]:
    specs = {spec.id: spec for spec in offer.specs if spec.id in kept.running}
    runs = {one: EngineRun(one, LEFT_MEANWHILE, None) for one in specs}
    for one, spec in specs.items():
        if spec.runs == "cloud" and kept.page is not None:
            most = worst_case(spec, kept.page, kept.task, billing_day()).usd
            runs[one] = replace(runs[one], maybe_billed=True, maybe_usd=most)
    return runs


def desk_route() -> Route:
    """`{session_hash}` -> whether the app still has that visit's desk, to be mounted in the app.

    204 where nothing of the visitor's own is on it, 404 where this process knows of no such desk.
    """

    async def desk(request: Request) -> Response:
        try:
            session = json.loads(await request.body())["session_hash"]
        except (ValueError, KeyError, TypeError):
            session = ""
        if not isinstance(session, str) or not 0 < len(session) <= LONGEST_SESSION:
            return Response("Send session_hash as JSON.", 400, headers=HEADERS)
        desks = [value for value in request.app.state_holder.values_of(session) if isinstance(value, Desk)]
        status = 404 if not desks else 200 if _is_own(desks[0]) else 204
        return Response(status_code=status, headers=HEADERS)

    return Route("/inkquest/desk", desk, methods=["POST"])
