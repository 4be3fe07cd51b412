"""What a visitor's browser keeps of the desk, so that a reload, a new tab or a restart of the app loses nothing.

The browser keeps the page's file, what was typed, and this host's own account of the desk; the host itself keeps
nothing of a desk that was left, and no key is part of it. SECURITY: the account comes back sealed, because whatever is
said to have been read here can be shared from here; and it counts for the very pixels only that were read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import quote

from anyio.to_thread import run_sync
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
from ui.compare.desk import Desk
from ui.programs import THREADS
from ui.routes.downloads import HEADERS
from ui.routes.session import LONGEST_SESSION

KEY_NAME = "desks/key"
KEY_BYTES = 32
NOT_THE_SAME = "Your page is back, but not what was read on it: another version of this app had done that."
NO_FILE = "Your page could not be brought back: this browser has not kept its file. Choose it again."
LEFT_MEANWHILE = Failure(
    "interrupted",
    "The page was left, or the app was started again, while this engine was reading.",
    "Read it again.",
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

    def put_on(self, desk: Desk) -> bytes:
        """The desk without its pixels, as bytes that only this host can make."""
        page = desk.page and replace(desk.page, png=b"")
        content = zlib.compress(_account().dump_json(replace(desk, page=page, page_address="")), 6)
        return self._mark(content) + content

    def opened(self, sealed: bytes) -> Desk | None:
        """The desk, or None where somebody else wrote this, or an older version of the app."""
        mark, content = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
        if not hmac.compare_digest(mark, self._mark(content)):
            return None
        try:
            return _account().validate_json(zlib.decompress(content))
        except ValidationError:
            return None

    def _mark(self, content: bytes) -> bytes:
        return hmac.digest(self.key, content, hashlib.sha256)


@cache
def _account() -> TypeAdapter[Desk]:
    return TypeAdapter(Desk)


def state_of(desk: Desk) -> str:
    """Another for every change that a browser has to keep; empty for a desk without a page of the visitor's own."""
    if desk.page is None or not desk.page.png:
        return ""
    runs = [(run.engine_id, run.seconds, run.outcome.kind, run.transcription) for run in desk.runs.values()]
    ended = [(engine_id, seconds, kind, reading and reading.text) for engine_id, seconds, kind, reading in runs]
    told = desk.page.sha256, desk.source, desk.slots, desk.language, desk.task, ended, list(desk.running)
    return hashlib.sha256(repr(told).encode(errors="replace")).hexdigest()[:16]


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


def desk_route(seal: Seal) -> Route:
    """`{session_hash}` -> that session's desk, sealed, to be mounted in the app.

    204 where there is nothing of the visitor's own on it, 404 where this process knows of no such desk.
    """

    def answer(session: str, values_of: Callable[[str], Sequence[object]]) -> Response:
        desks = [value for value in values_of(session) if isinstance(value, Desk)]
        if not desks:
            return Response(status_code=404, headers=HEADERS)
        if not state_of(desks[0]):
            return Response(status_code=204, headers=HEADERS)
        source = desks[0].source
        file = {"x-inkquest-file": quote(source.file), "x-inkquest-bytes": str(source.file_bytes)}
        return Response(seal.put_on(desks[0]), media_type="application/octet-stream", headers={**HEADERS, **file})

    async def desk(request: Request) -> Response:
        try:
            session = json.loads(await request.body())["session_hash"]
        except (ValueError, KeyError, TypeError):
            session = ""
        if not isinstance(session, str) or not 0 < len(session) <= LONGEST_SESSION:
            return Response("Send session_hash as JSON.", 400, headers=HEADERS)
        return await run_sync(answer, session, request.app.state_holder.values_of, limiter=THREADS)

    return Route("/inkquest/desk", desk, methods=["POST"])
