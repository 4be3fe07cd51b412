"""What lies on one visitor's desk: the page, who reads it, what they read; and what the browser keeps of it.

A value; every change makes a new one. It is kept so that a reload, a new tab or a restart of the app loses nothing: the
page's file, what was typed, and this host's own account of the desk. The host itself keeps nothing of a desk that was
left, and no key is part of it. The account comes in the same message as the screen that it is about, so that what was
seen is kept, also when the app is killed in that moment. SECURITY: it comes back sealed, because whatever is said to
have been read here can be shared from here; and it counts for the very pixels only that were read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.catalogue import is_brought, spec_of
from engines.contract import EngineSpec, PageImage, ReadingTask
from engines.formats.layout import turned_regions
from engines.page_orientation import Orientation, Turn, turn_of
from engines.pricing import worst_case
from playground import VERSION
from playground.comparing import billing_day
from playground.engine_runs import Comparison, EngineRun, Failure
from playground.offer import SLOTS, Offer
from playground.storage.blobs import Blobs
from playground.trust import Mark, Question
from samples import Sample
from translations import N_
from ui.html import render
from ui.routes.downloads import HEADERS
from ui.routes.session import LONGEST_SESSION

EXAMPLES = "inkquest/sample/"


@dataclass(frozen=True, slots=True)
class Running:
    """An engine at work: since when (the server's `perf_counter`), and what it says it is doing."""

    since: float
    doing: str = N_("reading")
    share: float | None = None


@dataclass(frozen=True, slots=True)
class PageSource:
    """Which page of its file lies on the desk, how it was found to lie, and by how much it has been turned since."""

    number: int = 1
    pages: int = 1
    found: Orientation = field(default_factory=Orientation)
    turned: Turn = 0
    said_before: str | None = None
    """The language that held before a sample brought its own."""
    file: str = ""
    """Its name, or that of one of our samples."""
    file_bytes: int = 0
    """0 for a sample."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Runs belong to the page: a new page clears them; changing a slot keeps them, so that one can change back."""

    slots: tuple[str, ...]
    page: PageImage | None = None
    page_address: str = ""
    source: PageSource = field(default_factory=PageSource)
    language: str = ""
    """Of the page; empty where nobody said."""
    task: ReadingTask = field(default_factory=ReadingTask)
    runs: Mapping[str, EngineRun] = field(default_factory=dict)
    running: Mapping[str, Running] = field(default_factory=dict)

    def with_page(self, page: PageImage, address: str, source: PageSource) -> Desk:
        """A new page; what was read belonged to the old one."""
        return replace(self, page=page, page_address=address, source=source, runs={}, running={})

    def turned(self, page: PageImage, address: str, turn: Turn) -> Desk:
        """The same page turned clockwise: engines read it anew, and what was brought along turns with it."""
        source = replace(self.source, turned=turn_of(self.source.turned + turn))
        size = (self.page.width, self.page.height) if self.page else (0, 0)
        own = {
            engine_id: replace(run, outcome=replace(reading, regions=turned_regions(reading.regions, size, turn)))
            for engine_id, run in self.runs.items()
            if is_brought(engine_id) and (reading := run.transcription)
        }
        return replace(self.with_page(page, address, source), runs=own)

    def speaking(self, language: str) -> Desk:
        """The visitor says the language of this page and of those to come."""
        return replace(self, language=language, source=replace(self.source, said_before=None))

    def with_sample(self, page: PageImage, address: str, sample: Sample) -> Desk:
        """A page whose language is known; for the next page holds again what was said before."""
        source = PageSource(said_before=self.awaiting().language, file=sample.image.name)
        return replace(self.with_page(page, address, source), language=sample.language)

    def awaiting(self) -> Desk:
        """In the language that holds for the next page."""
        said = self.source.said_before
        return self if said is None else self.speaking(said)

    def without_page(self) -> Desk:
        """An empty desk with the same engines."""
        return replace(self.awaiting(), page=None, page_address="", source=PageSource(), runs={}, running={})

    def starting(self, engine_ids: tuple[str, ...], task: ReadingTask, now: float) -> Desk:
        """These engines begin under one task; their earlier runs go, and what was read under another task."""
        stays = self.runs if task == self.task else {one: run for one, run in self.runs.items() if is_brought(one)}
        kept = {engine_id: run for engine_id, run in stays.items() if engine_id not in engine_ids}
        return replace(self, task=task, runs=kept, running=dict.fromkeys(engine_ids, Running(now)))

    def unread(self, engine_ids: Sequence[str], task: ReadingTask) -> Sequence[str]:
        """Those that have not read under this task; all where each of them has, for then they are asked anew."""
        known = self.runs if task == self.task else {}
        unread = [one for one in engine_ids if one not in known or known[one].transcription is None]
        return unread or engine_ids

    def doing(self, engine_id: str, doing: str, share: float | None) -> Desk:
        """News from an engine that is still at work; a share counts in whole percent, as downloads tell each packet."""
        if engine_id not in self.running:
            return self
        news = replace(self.running[engine_id], doing=doing, share=None if share is None else round(share, 2))
        return replace(self, running={**self.running, engine_id: news})

    def finished(self, run: EngineRun) -> Desk:
        """An engine ended, with a reading or a failure."""
        still = {engine_id: state for engine_id, state in self.running.items() if engine_id != run.engine_id}
        return replace(self, runs={**self.runs, run.engine_id: run}, running=still)

    def with_own(self, run: EngineRun) -> Desk:
        """A reading that was brought along: in the first slot that waits for one, else only under its name."""
        waits = [slot for slot in self.slots if is_brought(slot) and slot not in self.runs]
        first = waits[0] if waits and run.engine_id not in self.slots else None
        place = self.slots.index(first) if first else len(self.slots)
        slots = (*self.slots[:place], *([run.engine_id] if first else ()), *self.slots[place + 1 :])
        return replace(self, slots=slots, runs={**self.runs, run.engine_id: run})

    def with_engine(self, engine_id: str, place: int | None) -> Desk:
        """An engine takes a place, and whoever stood there the engine's own; without a place it comes first of all."""
        if place is None:
            others = (slot for slot in self.slots if slot != engine_id)
            return replace(self, slots=(engine_id, *others)[: len(self.slots)])
        swapped = {engine_id: self.slots[place], self.slots[place]: engine_id}
        return replace(self, slots=tuple(swapped.get(slot, slot) for slot in self.slots))

    @property
    def is_example(self) -> bool:
        """Whether the host laid the page on the desk, for whoever has none yet."""
        return self.page is not None and not self.page.png and self.page_address.startswith(EXAMPLES)

    @property
    def own(self) -> tuple[EngineSpec, ...]:
        """Whose readings were brought along for this page, or are waited for."""
        ids = dict.fromkeys(one for one in (*self.runs, *self.slots) if is_brought(one))
        return tuple(spec for one in ids if (spec := spec_of(one, {})))

    def comparison(self, reference: str, now: datetime) -> Comparison:
        """The facts to share or export; raises ValueError where the desk holds no page."""
        if self.page is None:
            raise ValueError("There is no page on the desk.")
        page, runs, turn = self.page, tuple(self.shown_runs().values()), self.source.turned
        return Comparison("", now, page.sha256, page.width, page.height, self.task, reference, runs, VERSION, turn)

    def shown_runs(self) -> Mapping[str, EngineRun]:
        """The runs of the engines in the slots, in their order."""
        return MappingProxyType({engine_id: self.runs[engine_id] for engine_id in self.slots if engine_id in self.runs})


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked about trust on a page: by question the answer as it is drawn, and what it says of each engine."""

    page: str
    """Its sha256."""
    answers: Mapping[Question, tuple[str, Mapping[str, Mark]]]


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
