"""A page comes onto the desk and goes: uploaded, out of a PDF, a sample, from a shared link; and it is turned.

Reads nothing and scores nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import gradio as gr
from PIL import Image

from engines.catalogue import is_brought
from engines.contract import PageImage
from engines.page_orientation import QUARTER, Turn, turn_of, turned
from playground.first_comparison import FirstComparison
from playground.host.admission import NoRoom
from playground.host.shelf import Shelf, TooLarge
from playground.offer import SLOTS, Offer
from playground.share.sharing import SharedComparison
from playground.uploads import PageOfFile, UploadRefused, accept, accept_page, thumbnails
from samples import Sample
from ui.compare.choices import conventions_of, rules_of
from ui.compare.desk import EXAMPLES, Desk, PageSource
from ui.compare.keeping import NO_FILE, NOT_THE_SAME, brought_back
from ui.compare.layout import ANYWHERE, CompareParts
from ui.compare.screen import CompareScreen
from ui.house import House, session_of, visitor_of
from ui.html import render
from ui.streaming import Update

LOOKS_EVERY_SECONDS = 0.3
MOST_BYTES_KEPT = 200_000_000
AT_THE_NEXT_VISIT = "Your browser still keeps your page: load this one again to have it back."
NO_LONGER_KEPT = "This file is no longer kept here. Choose it again to get at its other pages."


@dataclass(slots=True)
class SeveralPages:
    """A file of several pages while others of them can be chosen; `pictures` are addresses, empty for one not drawn."""

    data: bytes = field(repr=False)
    name: str
    pictures: tuple[str, ...] = ()


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
        self._files = Shelf[SeveralPages](
            MOST_BYTES_KEPT,
            shared=house.offer.settings.public,
            size=lambda file: len(file.data),
            gone=self._forget_pictures,
        )
        """By session."""
        self._waiting: set[str] = set()
        """Sessions that look at the sample while it is read."""

    @property
    def _changing(self) -> list[Any]:
        page = self._parts.page
        shown = [page.upload, page.file, page.stack, page.image, page.note, page.straighten, page.turn, page.other]
        several = [page.chooser, page.number, page.thumbnails, page.problem]
        task = self._parts.task
        return [self._parts.desk, *shown, *several, task.run, task.language, *self._screen.parts]

    def connect(self, facts: Sequence[Any], quiet: dict[str, Any]) -> None:
        """Let uploads, samples and the buttons below the page work."""
        page, task = self._parts.page, self._parts.task
        for arrives, holder in ((page.upload.input, page.upload), (page.file.upload, page.file)):
            came = arrives(self._take_upload, [holder, *facts], [*self._changing, task.reference], **quiet)
            came.then(self._draw_thumbnails, self._parts.desk, page.thumbnails, **quiet)
        latest: dict[str, Any] = {"trigger_mode": "always_last", **quiet}
        page.number.change(self._take_page, [page.number, *facts], self._changing, **latest)
        page.turn.click(self._turn, facts, self._changing, **quiet)
        page.straighten.click(self._straighten, facts, self._changing, **quiet)
        page.gallery.select(self._take_sample, facts, [*self._changing, task.reference], **quiet)
        page.other.click(self._clear, facts, self._changing, **quiet)

    def connect_arrival(self, blocks: gr.Blocks, facts: Sequence[Any], quiet: dict[str, Any]) -> gr.events.Dependency:
        """The first paint of a visit."""
        parts, task = self._parts, self._parts.task
        typed: list[Any] = [task.reference, task.rules, task.conventions, task.local_only]
        gr.on([part.change for part in typed], None, typed, None, js="(...typed) => inkquest.typed(typed)")
        inputs = [parts.desk, *typed, parts.page.file, parts.kept]
        outputs = [*self._changing, *typed, task.rules_sentence, task.conventions_sentence]
        arrival = blocks.load(self._arrive, inputs, outputs, js="(...before) => inkquest.bringBack(before)", **quiet)
        # Whoever comes first sees the sample until it was read; a file that came back has other pages.
        shown = [parts.desk, parts.page.thumbnails, *self._screen.parts]
        arrival.then(self._show_read, facts, shown, **quiet)
        return arrival

    def forget(self, session: str) -> None:
        """The visitor has gone."""
        self._files.drop(session)
        self.moved_on(session)

    def _forget_pictures(self, file: SeveralPages) -> None:
        for address in filter(None, file.pictures):
            self._house.images.forget(address)

    def _arrive(
        self,
        desk: Desk,
        reference: str,
        rules: list[str],
        conventions: list[str],
        local_only: bool,
        file: tuple[bytes, str] | None,
        kept: tuple[bytes, str] | None,
        request: gr.Request,
        account: gr.OAuthToken | None = None,
    ) -> Update:
        """The shared comparison that the address names, or the desk as this browser kept it, or the example.

        Whoever signed in pays for what they run.
        """
        if account is not None:
            visitor = visitor_of(request, self._house.hosting)
            self._house.offer.keys.vault.put(visitor.session, "HF_TOKEN", account.token, visitor.payer)
        run_id, sharing = str(request.query_params.get("run", "")), self._house.hosting.sharing
        if not run_id and kept is not None:
            try:
                back = self._bring_back(kept[0], file, desk, reference, rules, request)
            except (UploadRefused, NoRoom) as refusal:  # the browser still has it
                example = self._show_example(rules, request)
                return {**example, self._parts.page.problem: _problem(f"{refusal} {AT_THE_NEXT_VISIT}")}
            return {**back, **self._typed(reference, rules, conventions, local_only)}
        if not run_id:
            return self._show_example(rules, request)
        shared = sharing.open_share(run_id) if sharing else None
        if shared is None:
            gone = _problem("There is no such shared comparison, or it was deleted or has ended.")
            return {self._parts.page.problem: gone, **self._screen.shown(desk, reference, rules, request)}
        opened, reference = shared_desk(shared, self._house.offer), shared.comparison.reference
        return {
            **self._put(opened, desk, reference, rules, request),
            self._parts.task.reference: reference,
            self._parts.task.run: gr.update(interactive=False),
            self._parts.page.problem: _problem(
                "A shared comparison, to look at. Choose another page to begin your own."
            ),
        }

    def _bring_back(
        self,
        sealed: bytes,
        file: tuple[bytes, str] | None,
        before: Desk,
        reference: str,
        rules: list[str],
        request: gr.Request,
    ) -> Update:
        """What stood on a desk that was left, or its page alone; raises `UploadRefused` and `NoRoom`."""
        kept, visitor = self._house.seal.opened(sealed), visitor_of(request, self._house.hosting)
        ours = [sample for sample in self._samples if kept and sample.image.name == kept.source.file]
        data, name = file or (ours[0].image.read_bytes() if ours else b"", "")
        if not data:
            raise UploadRefused(NO_FILE)
        lost = {self._parts.page.problem: _problem(NOT_THE_SAME)}
        if kept is None or kept.page is None:
            return {**self._take_upload((data, name), before, reference, rules, request), **lost}
        with self._decoding(request):
            taken = accept_page(data, name, kept.source.number)
        if taken.pages > 1:
            with suppress(TooLarge):
                self._files.put(visitor.session, SeveralPages(data, name), visitor.payer)
        page = turned(taken.page, kept.source.turned)
        back = brought_back(kept, page, self._address(page, request), self._house.offer)
        same = page.sha256 == kept.page.sha256
        return {**self._put(back, before, reference, rules, request), **({} if same else lost)}

    def _typed(self, reference: str, rules: list[str], conventions: list[str], local_only: bool) -> Update:
        """What the visitor had typed and ticked, which the browser hands in and does not show by itself."""
        task = self._parts.task
        return {
            task.reference: reference,
            task.rules: rules,
            task.rules_sentence: rules_of(rules).sentence(),
            task.conventions: conventions,
            task.conventions_sentence: conventions_of(conventions).sentence(),
            task.local_only: local_only,
        }

    def _show_example(self, rules: list[str], request: gr.Request) -> Update:
        """One sample as this host has read it. A page of one's own takes its place."""
        first, page = self._house.first, self._parts.page
        first.begin()
        desk = example_desk(first, self._house.offer)
        if desk.page is None:
            return self._screen.shown(desk, "", rules, request)
        if not first.ended.is_set():
            self._waiting.add(session_of(request))
        reference = first.sample.reference
        return {
            page.stack: gr.update(visible=True),
            page.image: _picture(desk.page, desk.page_address),
            self._parts.desk: desk,
            self._parts.task.reference: reference,
            self._parts.task.language: desk.language,
            **self._screen.shown(desk, reference, rules, request),
        }

    async def _show_read(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        session, first = session_of(request), self._house.first
        if self._files.get(session) is not None:
            return {self._parts.page.thumbnails: await asyncio.to_thread(self._draw_thumbnails, desk, request)}
        while session in self._waiting and not first.ended.is_set():
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
        if session in self._waiting:
            desk = example_desk(first, self._house.offer)
            shown = await asyncio.to_thread(self._screen.shown, desk, reference, rules, request)
            if session in self._waiting:  # nothing was done while this was drawn
                self._waiting.discard(session)
                return {self._parts.desk: desk, **shown}
        return {self._parts.verdict: gr.skip()}

    def moved_on(self, session: str) -> None:
        """The visitor has done something: nothing is laid on the desk any more that they did not ask for."""
        self._waiting.discard(session)

    def _take_upload(
        self, upload: tuple[bytes, str] | None, desk: Desk, reference: str, rules: list[str], request: gr.Request
    ) -> Update:
        if upload is None:
            return self._unchanged()
        try:
            taken, source = self._taken(*upload, 1, request)
        except (UploadRefused, NoRoom) as refusal:
            return {self._parts.page.upload: None, self._parts.page.problem: _problem(str(refusal))}
        self.forget(session_of(request))
        if taken.pages > 1:
            with suppress(TooLarge):  # then its first page is all there is
                visitor = visitor_of(request, self._house.hosting)
                self._files.put(visitor.session, SeveralPages(*upload), visitor.payer)
        typed = "" if desk.is_example else reference
        laid = self._show(desk.awaiting(), turned(taken.page, source.turned), source, typed, rules, request)
        return {**laid, self._parts.task.reference: typed}

    def _take_page(
        self, number: float | None, desk: Desk, reference: str, rules: list[str], request: gr.Request
    ) -> Update:
        """Another page of the same file."""
        asked, file = int(number or 0), self._files.get(session_of(request))
        if asked == desk.source.number or not 1 <= asked <= desk.source.pages:
            return self._unchanged()
        if file is None:
            return {self._parts.page.problem: _problem(NO_LONGER_KEPT)}
        try:
            taken, source = self._taken(file.data, file.name, asked, request)
        except (UploadRefused, NoRoom) as refusal:
            return {self._parts.page.problem: _problem(str(refusal))}
        return self._show(desk, turned(taken.page, source.turned), source, reference, rules, request)

    def _taken(self, data: bytes, name: str, number: int, request: gr.Request) -> tuple[PageOfFile, PageSource]:
        """The page as it lies, and by how much it has to be turned; raises `UploadRefused` and `NoRoom`."""
        with self._decoding(request):
            taken = accept_page(data, name, number)
            found = self._house.offer.orientation.find(taken.page)
        return taken, PageSource(number, taken.pages, found, found.done, file=name, file_bytes=len(data))

    def _draw_thumbnails(self, desk: Desk, request: gr.Request) -> Any:  # noqa: ANN401  (an update of Gradio's)
        """Small pictures of the first pages, once the page itself is there."""
        visitor = visitor_of(request, self._house.hosting)
        file = self._files.get(visitor.session)
        if file is None or file.pictures:
            return gr.skip()
        try:
            with self._decoding(request):
                drawn = thumbnails(file.data, file.name)
        except (UploadRefused, NoRoom):  # the pages can be chosen by their number
            return gr.skip()
        images = self._house.images
        file.pictures = tuple(images.keep(picture, visitor.payer) if picture else "" for picture in drawn)
        if self._files.get(visitor.session) is not file:  # another page came meanwhile
            self._forget_pictures(file)
            return gr.skip()
        return _thumbnails(desk.source, file)

    def _turn(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """By 90 degrees; now a person has said how the page lies."""
        return self._turned(desk, QUARTER, reference, rules, request)

    def _straighten(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """What the button beside the sentence offers."""
        return self._turned(desk, _offered(desk.source)[1], reference, rules, request)

    def _turned(self, desk: Desk, turn: Turn, reference: str, rules: list[str], request: gr.Request) -> Update:
        if desk.page is None or not desk.page.png:
            return self._unchanged()
        source = replace(desk.source, turned=turn_of(desk.source.turned + turn))
        return self._show(desk, turned(desk.page, turn), source, reference, rules, request)

    def _take_sample(
        self, desk: Desk, _reference: str, rules: list[str], request: gr.Request, event: gr.SelectData
    ) -> Update:
        sample = self._samples[event.index]
        try:
            with self._decoding(request):
                page = accept(sample.image.read_bytes(), sample.image.name)
        except NoRoom as refusal:
            return {self._parts.page.problem: _problem(str(refusal))}
        self.forget(session_of(request))
        laid = desk.with_sample(page, self._address(page, request), sample)
        return {
            **self._put(laid, desk, sample.reference, rules, request),
            self._parts.task.reference: sample.reference,
        }

    def _decoding(self, request: gr.Request) -> AbstractContextManager[object]:
        hosting = self._house.hosting
        return hosting.decoding.turn(visitor_of(request, hosting).payer, Event())

    def _show(
        self, desk: Desk, page: PageImage, source: PageSource, reference: str, rules: list[str], request: gr.Request
    ) -> Update:
        laid = desk.with_page(page, self._address(page, request), source)
        return self._put(laid, desk, reference, rules, request)

    def _address(self, page: PageImage, request: gr.Request) -> str:
        return self._house.images.show(page, visitor_of(request, self._house.hosting).payer)

    def _clear(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        self.forget(session_of(request))
        return self._put(desk.without_page(), desk, reference, rules, request)

    def _unchanged(self) -> Update:
        return {self._parts.page.problem: gr.skip()}

    def _put(self, desk: Desk, before: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """Show this desk's page, or the way to choose one, and let go of the page before."""
        self._let_go(session_of(request))
        self.moved_on(session_of(request))
        self._house.images.forget(before.page_address)
        page, there, source = self._parts.page, desk.page is not None, desk.source
        sentence, offer = _note(source) if there else ANYWHERE, _offered(source)[0]
        return {
            page.upload: gr.update(value=None, visible=not there),
            page.file: gr.update(visible="hidden" if there else True),  # still there: files may be dropped
            page.stack: gr.update(visible=there),
            page.image: _picture(desk.page, desk.page_address) if desk.page and desk.page_address else "",
            page.note: render("page_note.html", sentence=sentence, own=bool(desk.page and desk.page.png)),
            page.straighten: gr.update(value=offer or "Undo", visible=bool(offer)),
            page.turn: gr.update(visible=bool(desk.page and desk.page.png)),
            page.other: gr.update(visible=there),
            page.chooser: gr.update(visible=source.pages > 1),
            page.number: gr.update(value=source.number, maximum=source.pages, label=f"Page, of {source.pages}"),
            page.thumbnails: _thumbnails(source, self._files.get(session_of(request))),
            page.problem: gr.update(visible=False),
            self._parts.task.run: gr.update(interactive=there),
            self._parts.task.language: desk.language,
            self._parts.desk: desk,
            **self._screen.shown(desk, reference, rules, request),
        }


def _note(source: PageSource) -> str:
    """What was done to the page, or may have to be; empty where there is nothing to say."""
    if source.turned == source.found.done:
        return source.found.sentence
    return f"Turned by {source.turned} degrees." if source.turned else "As it lay in the file."


def _offered(source: PageSource) -> tuple[str, Turn]:
    """What the button beside the sentence says and by how much it turns; empty where there is nothing to offer."""
    if source.turned:
        return "Undo", turn_of(-source.turned)
    still = source.found.turn
    return (f"Turn by {still} degrees" if still else "", still)


def _thumbnails(source: PageSource, file: SeveralPages | None) -> str:
    if file is None or source.pages == 1:
        return ""
    return render("page_thumbnails.html", addresses=file.pictures, number=source.number)


def example_desk(first: FirstComparison, offer: Offer) -> Desk:
    """The sample and whatever was read on it so far. Its page holds no pixels: nothing can run, and nothing is paid."""
    sample, read, source = first.sample, first.comparison, PageSource(said_before="")
    if read is None:
        with Image.open(sample.image) as image:
            page = PageImage("", b"", *image.size)
        return Desk(offer.default_slots(), page, EXAMPLES + sample.image.name, source, sample.language)
    known = {spec.id for spec in offer.specs}
    runs = {run.engine_id: run for run in read.runs if run.engine_id in known}
    page = PageImage(read.page_sha256, b"", read.page_width, read.page_height)
    return Desk(
        offer.default_slots(),
        page,
        EXAMPLES + sample.image.name,
        source,
        sample.language,
        read.task,
        runs,
    )


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
    return Desk(tuple(slots)[:SLOTS], page, address, PageSource(), facts.task.language, facts.task, runs)
