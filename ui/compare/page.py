"""A page comes onto the desk and goes: uploaded, out of a PDF, a sample; and it is turned.

Reads nothing and scores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import gradio as gr

from engines.contract import PageImage
from engines.page_orientation import QUARTER, Turn, turn_of, turned
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from playground.host.shelf import Shelf, TooLarge
from playground.uploads import PageOfFile, UploadRefused, accept, accept_page, thumbnails
from samples import Sample
from translations import N_, _
from ui.blocks import Update
from ui.compare.desk import Desk, PageSource
from ui.compare.layout import ANYWHERE, CompareParts
from ui.compare.screen import CompareScreen
from ui.house import House, session_of, visitor_of
from ui.html import render

MOST_BYTES_KEPT = 200_000_000
NO_LONGER_KEPT = N_("This file is no longer kept here. Choose it again to get at its other pages.")


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
        self.waiting: set[str] = set()
        """Sessions that look at the sample while it is read."""

    @property
    def changing(self) -> list[Any]:
        """What another page changes."""
        page = self._parts.page
        shown = [page.upload, page.file, page.stack, page.image, page.note, page.straighten, page.turn, page.other]
        several = [page.chooser, page.number, page.thumbnails, page.problem]
        task = self._parts.task
        return [self._parts.desk, *shown, *several, task.run, task.language, *self._screen.parts]

    def connect(self, facts: Sequence[Any], quiet: dict[str, Any]) -> None:
        """Let uploads, samples and the buttons below the page work."""
        page, task = self._parts.page, self._parts.task
        for arrives, holder in ((page.upload.input, page.upload), (page.file.upload, page.file)):
            came = arrives(self.take_upload, [holder, *facts], [*self.changing, task.reference], **quiet)
            came.then(self.draw_thumbnails, self._parts.desk, page.thumbnails, **quiet)
        latest: dict[str, Any] = {"trigger_mode": "always_last", **quiet}
        page.number.change(self._take_page, [page.number, *facts], self.changing, **latest)
        page.turn.click(self._turn, facts, self.changing, **quiet)
        page.straighten.click(self._straighten, facts, self.changing, **quiet)
        page.gallery.select(self._take_sample, facts, [*self.changing, task.reference], **quiet)
        page.other.click(self._clear, facts, self.changing, **quiet)

    def keep_file(self, data: bytes, name: str, visitor: Visitor) -> None:
        """So that its other pages can be chosen; of a file that is too large its first page is all there is."""
        with suppress(TooLarge):
            self._files.put(visitor.session, SeveralPages(data, name), visitor.payer)

    def has_file(self, session: str) -> bool:
        """Whether there are other pages to choose from."""
        return self._files.get(session) is not None

    def forget(self, session: str) -> None:
        """The visitor has gone."""
        self._files.drop(session)
        self.moved_on(session)

    def _forget_pictures(self, file: SeveralPages) -> None:
        for address in filter(None, file.pictures):
            self._house.images.forget(address)

    def moved_on(self, session: str) -> None:
        """The visitor has done something: nothing is laid on the desk any more that they did not ask for."""
        self.waiting.discard(session)

    def take_upload(
        self, upload: tuple[bytes, str] | None, desk: Desk, reference: str, rules: list[str], request: gr.Request
    ) -> Update:
        """A file that came, or a sentence that says why it cannot be taken."""
        if upload is None:
            return self._unchanged()
        try:
            taken, source = self._taken(*upload, 1, request)
        except (UploadRefused, NoRoom) as refusal:
            return {self._parts.page.upload: None, self._parts.page.problem: problem(str(refusal))}
        self.forget(session_of(request))
        if taken.pages > 1:
            self.keep_file(*upload, visitor_of(request, self._house.hosting))
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
            return {self._parts.page.problem: problem(_(NO_LONGER_KEPT))}
        try:
            taken, source = self._taken(file.data, file.name, asked, request)
        except (UploadRefused, NoRoom) as refusal:
            return {self._parts.page.problem: problem(str(refusal))}
        return self._show(desk, turned(taken.page, source.turned), source, reference, rules, request)

    def _taken(self, data: bytes, name: str, number: int, request: gr.Request) -> tuple[PageOfFile, PageSource]:
        """The page as it lies, and by how much it has to be turned; raises `UploadRefused` and `NoRoom`."""
        with self.decoding(request):
            taken = accept_page(data, name, number)
            found = self._house.offer.orientation.find(taken.page)
        return taken, PageSource(number, taken.pages, found, found.done, file=name, file_bytes=len(data))

    def draw_thumbnails(self, desk: Desk, request: gr.Request) -> Any:  # noqa: ANN401  (an update of Gradio's)
        """Small pictures of the first pages, once the page itself is there."""
        visitor = visitor_of(request, self._house.hosting)
        file = self._files.get(visitor.session)
        if file is None or file.pictures:
            return gr.skip()
        try:
            with self.decoding(request):
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
        page = turned(desk.page, turn)
        laid = desk.turned(page, self.address(page, request), turn)
        return self.put(laid, desk, reference, rules, request)

    def _take_sample(
        self, desk: Desk, _reference: str, rules: list[str], request: gr.Request, event: gr.SelectData
    ) -> Update:
        sample = self._samples[event.index]
        try:
            with self.decoding(request):
                page = accept(sample.image.read_bytes(), sample.image.name)
        except NoRoom as refusal:
            return {self._parts.page.problem: problem(str(refusal))}
        self.forget(session_of(request))
        laid = desk.with_sample(page, self.address(page, request), sample)
        return {
            **self.put(laid, desk, sample.reference, rules, request),
            self._parts.task.reference: sample.reference,
        }

    def decoding(self, request: gr.Request) -> AbstractContextManager[object]:
        """The visitor's turn to have something decoded; raises `NoRoom`."""
        hosting = self._house.hosting
        return hosting.decoding.turn(visitor_of(request, hosting).payer, Event())

    def _show(
        self, desk: Desk, page: PageImage, source: PageSource, reference: str, rules: list[str], request: gr.Request
    ) -> Update:
        laid = desk.with_page(page, self.address(page, request), source)
        return self.put(laid, desk, reference, rules, request)

    def address(self, page: PageImage, request: gr.Request) -> str:
        """Where this visitor's browser finds the picture."""
        return self._house.images.show(page, visitor_of(request, self._house.hosting).payer)

    def _clear(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        self.forget(session_of(request))
        return self.put(desk.without_page(), desk, reference, rules, request)

    def _unchanged(self) -> Update:
        return {self._parts.page.problem: gr.skip()}

    def put(self, desk: Desk, before: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """Show this desk's page, or the way to choose one, and let go of the page before."""
        self._let_go(session_of(request))
        self.moved_on(session_of(request))
        self._house.images.forget(before.page_address)
        page, there, source = self._parts.page, desk.page is not None, desk.source
        sentence, offer = _note(source) if there else _(ANYWHERE), _offered(source)[0]
        return {
            page.upload: gr.update(value=None, visible=not there),
            page.file: gr.update(visible="hidden" if there else True),  # still there: files may be dropped
            page.stack: gr.update(visible=there),
            page.image: picture_html(desk.page, desk.page_address) if desk.page and desk.page_address else "",
            page.note: render("page_note.html", sentence=sentence, own=bool(desk.page and desk.page.png)),
            page.straighten: gr.update(value=offer or _("Undo"), visible=bool(offer)),
            page.turn: gr.update(visible=bool(desk.page and desk.page.png)),
            page.other: gr.update(visible=there),
            page.chooser: gr.update(visible=source.pages > 1),
            page.number: gr.update(
                value=source.number, maximum=source.pages, label=_("Page, of {pages}", pages=source.pages)
            ),
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
    return _("Turned by {degrees} degrees.", degrees=source.turned) if source.turned else _("As it lay in the file.")


def _offered(source: PageSource) -> tuple[str, Turn]:
    """What the button beside the sentence says and by how much it turns; empty where there is nothing to offer."""
    if source.turned:
        return _("Undo"), turn_of(-source.turned)
    still = source.found.turn
    return (_("Turn by {degrees} degrees", degrees=still) if still else "", still)


def _thumbnails(source: PageSource, file: SeveralPages | None) -> str:
    if file is None or source.pages == 1:
        return ""
    return render("page_thumbnails.html", addresses=file.pictures, number=source.number)


def picture_html(page: PageImage, address: str) -> str:
    """The page as the left column shows it."""
    return render("page_image.html", url=address, width=page.width, height=page.height)


def problem(message: str) -> dict[str, object]:
    """The sentence below the page, as an update."""
    return gr.update(value=render("problem.html", message=message), visible=True)
