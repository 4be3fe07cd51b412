"""What every screen gets: the engines on offer, what the host keeps for its visitors, files in memory, who asks.

And a field for an amount that may be left empty.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TypeVar

import gradio as gr
from anyio.to_thread import run_sync
from starlette.routing import Route

from evaluation.hosted_runs import EvaluationRuns
from playground.host.admission import GIVEN_UP, NOT_COUNTED, Admission, NotCounted, Room
from playground.host.guard import Visitor
from playground.host.hosting import Hosting, keep_memory_low
from playground.offer import FirstComparison, Offer
from playground.settings import Settings
from translations import _
from ui.compare.desk import Seal, desk_route
from ui.first_paint import first_paint_routes
from ui.programs import THREADS, Programs
from ui.routes.connections import Turns, payer_of
from ui.routes.downloads import ExportShelf, evaluation_route
from ui.routes.gate import BehindProxy
from ui.routes.insights import insights_routes
from ui.routes.mcp import McpEndpoint
from ui.routes.session import SessionRoutes
from ui.routes.shared_page import SharedPages
from ui.routes.uploads import PageImages, SessionUploads

Answer = TypeVar("Answer")
REQUESTS_IN_LINE = 256
"""A class that opens the app at once stands behind one address: a quarter of these."""
DRAIN_SECONDS = 6.0
"""With what follows less than the ten seconds after which containers are killed."""
TELLING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class House:
    """One per process, made by `app.py`."""

    offer: Offer
    hosting: Hosting
    images: PageImages
    shelf: ExportShelf
    evaluation: EvaluationRuns
    uploads: SessionUploads
    first: FirstComparison
    seal: Seal

    @classmethod
    def open(cls, settings: Settings, environ: Mapping[str, str]) -> House:
        """Open the stores; no model is loaded yet. Raises `StoreUnavailable`."""
        offer = Offer.from_settings(settings, environ)
        hosting = Hosting.open(settings, offer.specs, offer.engines, offer.keys)
        payers, public = hosting.payers, settings.public
        uploads = SessionUploads(settings.limits.upload_megabytes * 2**20, payers, shared=public)
        evaluation = EvaluationRuns(offer, hosting.guard, hosting.apart)
        images, shelf = PageImages(shared=public), ExportShelf(offer.specs, payers, hosting.apart, shared=public)
        first = FirstComparison(offer, settings.data_folder)
        return cls(offer, hosting, images, shelf, evaluation, uploads, first, Seal.kept_in(hosting.blobs))

    def keep_sweeping(self) -> None:
        """Erase in the background what is kept for a time only, and hold no memory that nobody uses."""
        self.hosting.keep_sweeping(self.evaluation.sweep)
        keep_memory_low()

    def drain(self) -> None:
        """Before the end: what is in progress ends or is stopped, and whoever waits for it is told."""
        self.evaluation.close(0)
        if self.hosting.guard.admission.close(DRAIN_SECONDS):
            time.sleep(TELLING_SECONDS)  # answers are on their way to the browsers

    def turns(self, places: int) -> Turns:
        """For that many requests at once, of strangers nobody more than a quarter; the others line up."""
        room = Room.shared if self.offer.settings.public else Room.unshared
        return Turns(Admission(room(places, REQUESTS_IN_LINE)), self.hosting.payers)

    def routes(self) -> list[BehindProxy]:
        """Everything that is served beside Gradio's own screens."""
        own = [self.images.route(), self.shelf.route(), *insights_routes(self.hosting.apart)]
        own += [evaluation_route(self.evaluation), desk_route(), *first_paint_routes()]
        if self.offer.settings.serves_mcp:
            own.append(McpEndpoint(Programs(self.offer, self.hosting)).route())
        return [BehindProxy(route) for route in (self.uploads.route(), *self._hosting_routes(), *own)]

    def _hosting_routes(self) -> list[Route]:
        """Keys, health, counters, and the shared pages where this host keeps any."""
        hosting, offer = self.hosting, self.offer
        counters, token, sharing = hosting.guard.counters, offer.settings.metrics_token, hosting.sharing
        session = SessionRoutes(
            offer.keys, offer.specs, counters, hosting.payers, is_healthy=hosting.is_healthy, metrics_token=token
        )
        pages = (
            SharedPages(sharing, offer.specs, hosting.payers, hosting.apart, counters.shared).routes()
            if sharing
            else []
        )
        return [*session.routes(), *pages]


async def in_turn(hosting: Hosting, visitor: Visitor, ask: Callable[[], Answer]) -> Answer:
    """What takes a core for a while, when it is its visitor's turn; raises `NoRoom`.

    SECURITY: long texts take minutes. In asyncio's threads, of which there are few, whoever waits for theirs would keep
    the others' screens waiting. Who has gone gives up their turn, and with it whatever counts for them apart.
    """

    def answer() -> Answer:
        with hosting.visits.waiting(visitor.session) as gone, hosting.answering.turn(visitor.payer, gone) as admitted:
            if not admitted:
                raise NotCounted(_(NOT_COUNTED))
            GIVEN_UP.set(gone)
            return ask()

    return await run_sync(answer, limiter=THREADS)


def visitor_of(request: gr.Request, hosting: Hosting) -> Visitor:
    """The session that owns keys and consent, and the payer whose share of the host's budget is used."""
    payer = payer_of(hosting.payers, request.client, request.headers, account=request.username or "")
    return Visitor(session_of(request), payer)


def session_of(request: gr.Request) -> str:
    """The visit: one open page of a browser."""
    return request.session_hash or ""


class NoAmount(ValueError):
    """What was typed is no amount; the message is one sentence that says what to do."""


def amount(label: str, nothing: str, *, info: str = "", elem_id: str = "", visible: bool = True) -> gr.Textbox:
    """The field; `nothing` says what an empty one means."""
    return gr.Textbox(
        label=label,
        info=info or None,
        placeholder=nothing,
        max_lines=1,
        min_width=130,
        elem_id=elem_id or None,
        visible=visible,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
    )


def amount_of(text: str | None, name: str) -> float | None:
    """The number, or None for an empty field; raises `NoAmount`."""
    typed = (text or "").strip().removeprefix("$").replace(",", "")
    if not typed:
        return None
    try:
        number = float(typed)
    except ValueError:
        number = -1.0
    if not isfinite(number) or number < 0:
        raise NoAmount(_("{name}: type a number such as 20, or leave it empty.", name=_(name)))
    return number
