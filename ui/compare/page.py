"""A page comes onto the desk and goes: uploaded, a sample, from a shared link. Reads nothing and scores nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

import gradio as gr

from engines.brought import is_brought
from engines.contract import PageImage
from playground.host.admission import NoRoom
from playground.offer import SLOTS, Offer
from playground.share.sharing import SharedComparison
from playground.uploads import UploadRefused, accept
from samples import Sample
from ui.compare.desk import Desk
from ui.compare.layout import CompareParts
from ui.compare.screen import CompareScreen
from ui.house import House, session_of, visitor_of
from ui.html import render
from ui.streaming import Update


class PageChoice:
    """The left column at work; `let_go` ends what is in progress for a session whose page goes."""

    def __init__(
        self,
        house: House,
        parts: CompareParts,
        screen: CompareScreen,
        samples: Sequence[Sample],
        let_go: Callable[[str], None],
    ) -> None:
        self._house = house
        self._parts = parts
        self._screen = screen
        self._samples = samples
        self._let_go = let_go

    @property
    def _changing(self) -> list[Any]:
        page = self._parts.page
        shown = [page.upload, page.stack, page.image, page.other, page.problem]
        return [self._parts.desk, *shown, self._parts.task.run, *self._screen.parts]

    def connect(self, facts: Sequence[Any], quiet: dict[str, Any]) -> None:
        """Let upload, samples and the button below the page work."""
        page, reference = self._parts.page, self._parts.task.reference
        page.upload.input(self._take_upload, [page.upload, *facts], self._changing, **quiet)
        page.gallery.select(self._take_sample, facts, [*self._changing, reference], **quiet)
        page.other.click(self._clear, facts, self._changing, **quiet)

    def connect_arrival(self, blocks: gr.Blocks, facts: Sequence[Any], quiet: dict[str, Any]) -> gr.events.Dependency:
        """The first paint of a visit."""
        outputs = [*self._changing, self._parts.task.reference, *self._parts.pickers]
        return blocks.load(self._arrive, facts, outputs, **quiet)

    def _arrive(
        self, desk: Desk, reference: str, rules: list[str], request: gr.Request, account: gr.OAuthToken | None = None
    ) -> Update:
        """An empty desk, or the shared comparison that the address names. Whoever signed in pays for what they run."""
        if account is not None:
            self._house.offer.keys.vault.put(session_of(request), "HF_TOKEN", account.token)
        run_id, sharing = str(request.query_params.get("run", "")), self._house.hosting.sharing
        if not run_id:
            return self._screen.shown(desk, reference, rules, request)
        shared = sharing.open_share(run_id) if sharing else None
        if shared is None:
            gone = _problem("There is no such shared comparison, or it was deleted or has ended.")
            return {self._parts.page.problem: gone, **self._screen.shown(desk, reference, rules, request)}
        opened, reference = shared_desk(shared, self._house.offer), shared.comparison.reference
        return {
            **self._put(opened, desk, reference, rules, request),
            **self._screen.pickers(opened),
            self._parts.task.reference: reference,
            self._parts.task.run: gr.update(interactive=False),
            self._parts.page.problem: _problem(
                "A shared comparison, to look at. Choose another page to begin your own."
            ),
        }

    def _take_upload(
        self, upload: tuple[bytes, str] | None, desk: Desk, reference: str, rules: list[str], request: gr.Request
    ) -> Update:
        if upload is None:
            return {self._parts.desk: desk}
        try:
            page = self._accepted(*upload, request)
        except (UploadRefused, NoRoom) as refusal:
            return {self._parts.page.upload: None, self._parts.page.problem: _problem(str(refusal))}
        return self._put(desk.with_page(page, self._house.images.show(page)), desk, reference, rules, request)

    def _take_sample(
        self, desk: Desk, _reference: str, rules: list[str], request: gr.Request, event: gr.SelectData
    ) -> Update:
        sample = self._samples[event.index]
        try:
            page = self._accepted(sample.image.read_bytes(), sample.image.name, request)
        except NoRoom as refusal:
            return {self._parts.page.problem: _problem(str(refusal))}
        taken = desk.with_page(page, self._house.images.show(page), sample.language)
        return {
            **self._put(taken, desk, sample.reference, rules, request),
            self._parts.task.reference: sample.reference,
        }

    def _accepted(self, data: bytes, name: str, request: gr.Request) -> PageImage:
        hosting = self._house.hosting
        with hosting.decoding.turn(visitor_of(request, hosting).payer, Event()):
            return accept(data, name)

    def _clear(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        return self._put(desk.without_page(), desk, reference, rules, request)

    def _put(self, desk: Desk, before: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """Show this desk's page, or the way to choose one, and let go of the page before."""
        self._let_go(session_of(request))
        self._house.images.forget(before.page_address)
        page, there = self._parts.page, desk.page is not None
        return {
            page.upload: gr.update(value=None, visible=not there),
            page.stack: gr.update(visible=there),
            page.image: _picture(desk.page, desk.page_address) if desk.page and desk.page_address else "",
            page.other: gr.update(visible=there),
            page.problem: gr.update(visible=False),
            self._parts.task.run: gr.update(interactive=there),
            self._parts.desk: desk,
            **self._screen.shown(desk, reference, rules, request),
        }


def _picture(page: PageImage, address: str) -> str:
    return render("page_image.html", url=address, width=page.width, height=page.height)


def _problem(message: str) -> dict[str, object]:
    return gr.update(value=render("problem.html", message=message), visible=True)


def shared_desk(shared: SharedComparison, offer: Offer) -> Desk:
    """The same facts, less engines that this host no longer lists. Its page holds no pixels: nothing can run."""
    facts = shared.comparison
    known = {spec.id for spec in offer.specs}
    runs = {run.engine_id: run for run in facts.runs if run.engine_id in known or is_brought(run.engine_id)}
    slots = dict.fromkeys([*runs, *offer.default_slots(), *(spec.id for spec in offer.specs)])
    address = f"r/{shared.id}/page.jpg" if shared.has_picture else ""
    page = PageImage(facts.page_sha256, b"", facts.page_width, facts.page_height)
    return Desk(tuple(slots)[:SLOTS], page, address, facts.task.language, facts.task, runs)
