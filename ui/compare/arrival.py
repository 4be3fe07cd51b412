"""What a visit begins with: the shared comparison of its address, the desk that its browser kept, the example."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import gradio as gr
from PIL import Image

from engines.catalogue import is_brought
from engines.contract import PageImage
from engines.page_orientation import turned
from playground.host.admission import NoRoom
from playground.offer import SLOTS, FirstComparison, Offer
from playground.scoring import conventions_of, rules_of
from playground.share.sharing import SharedComparison
from playground.uploads import UploadRefused, accept_page
from samples import Sample
from translations import N_, _
from ui.blocks import Update
from ui.compare.desk import EXAMPLES, NO_FILE, NOT_THE_SAME, Desk, PageSource, brought_back
from ui.compare.layout import CompareParts
from ui.compare.page import PageChoice, picture_html, problem
from ui.compare.screen import CompareScreen
from ui.house import House, session_of, visitor_of

LOOKS_EVERY_SECONDS = 0.3
AT_THE_NEXT_VISIT = N_("Your browser still keeps your page: load this one again to have it back.")


class Arrival:
    """Lays the first page of a visit on the desk, by way of `pages`."""

    def __init__(
        self, house: House, parts: CompareParts, screen: CompareScreen, samples: Sequence[Sample], pages: PageChoice
    ) -> None:
        self._house = house
        self._parts = parts
        self._screen = screen
        self._samples = samples
        self._pages = pages

    def connect(self, blocks: gr.Blocks, facts: Sequence[Any], quiet: dict[str, Any]) -> gr.events.Dependency:
        """The first paint of a visit."""
        parts, task = self._parts, self._parts.task
        typed: list[Any] = [task.reference, task.rules, task.conventions, task.local_only]
        gr.on([part.change for part in typed], None, typed, None, js="(...typed) => inkquest.typed(typed)")
        inputs = [parts.desk, *typed, parts.page.file, parts.kept]
        outputs = [*self._pages.changing, *typed, task.rules_sentence, task.conventions_sentence]
        arrival = blocks.load(self._arrive, inputs, outputs, js="(...before) => inkquest.bringBack(before)", **quiet)
        # Whoever comes first sees the sample until it was read; a file that came back has other pages.
        shown = [parts.desk, parts.page.thumbnails, *self._screen.parts]
        arrival.then(self._show_read, facts, shown, **quiet)
        return arrival

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
                return {**example, self._parts.page.problem: problem(f"{refusal} {_(AT_THE_NEXT_VISIT)}")}
            return {**back, **self._typed(reference, rules, conventions, local_only)}
        if not run_id:
            return self._show_example(rules, request)
        shared = sharing.open_share(run_id) if sharing else None
        if shared is None:
            gone = problem(_("There is no such shared comparison, or it was deleted or has ended."))
            return {self._parts.page.problem: gone, **self._screen.shown(desk, reference, rules, request)}
        opened, reference = shared_desk(shared, self._house.offer), shared.comparison.reference
        return {
            **self._pages.put(opened, desk, reference, rules, request),
            self._parts.task.reference: reference,
            self._parts.task.run: gr.update(interactive=False),
            self._parts.page.problem: problem(
                _("A shared comparison, to look at. Choose another page to begin your own.")
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
        account, _blank, answers = sealed.partition(b" ")
        kept, visitor = self._house.seal.opened(account, Desk), visitor_of(request, self._house.hosting)
        ours = [sample for sample in self._samples if kept and sample.image.name == kept.source.file]
        data, name = file or (ours[0].image.read_bytes() if ours else b"", "")
        if not data:
            raise UploadRefused(_(NO_FILE))
        lost = {self._parts.page.problem: problem(_(NOT_THE_SAME))}
        if kept is None or kept.page is None:
            return {**self._pages.take_upload((data, name), before, reference, rules, request), **lost}
        with self._pages.decoding(request):
            taken = accept_page(data, name, kept.source.number)
        if taken.pages > 1:
            self._pages.keep_file(data, name, visitor)
        page = turned(taken.page, kept.source.turned)
        self._parts.trust.bring_back(answers, visitor)
        back = brought_back(kept, page, self._pages.address(page, request), self._house.offer)
        same = page.sha256 == kept.page.sha256
        return {**self._pages.put(back, before, reference, rules, request), **({} if same else lost)}

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
            self._pages.waiting.add(session_of(request))
        reference = first.sample.reference
        return {
            page.stack: gr.update(visible=True),
            page.image: picture_html(desk.page, desk.page_address),
            self._parts.desk: desk,
            self._parts.task.reference: reference,
            self._parts.task.language: desk.language,
            **self._screen.shown(desk, reference, rules, request),
        }

    async def _show_read(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        session, first = session_of(request), self._house.first
        if self._pages.has_file(session):
            return {self._parts.page.thumbnails: await asyncio.to_thread(self._pages.draw_thumbnails, desk, request)}
        while session in self._pages.waiting and not first.ended.is_set():
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
        if session in self._pages.waiting:
            desk = example_desk(first, self._house.offer)
            shown = await asyncio.to_thread(self._screen.shown, desk, reference, rules, request)
            if session in self._pages.waiting:  # nothing was done while this was drawn
                self._pages.waiting.discard(session)
                return {self._parts.desk: desk, **shown}
        return {self._parts.verdict: gr.skip()}


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


def shared_desk(shared: SharedComparison, offer: Offer) -> Desk:
    """The same facts, less engines that this host no longer lists. Its page holds no pixels: nothing can run."""
    facts = shared.comparison
    known = {spec.id for spec in offer.specs}
    runs = {run.engine_id: run for run in facts.runs if run.engine_id in known or is_brought(run.engine_id)}
    slots = dict.fromkeys([*runs, *offer.default_slots(), *(spec.id for spec in offer.specs)])
    address = f"r/{shared.id}/page.jpg" if shared.has_picture else ""
    page = PageImage(facts.page_sha256, b"", facts.page_width, facts.page_height)
    return Desk(tuple(slots)[:SLOTS], page, address, PageSource(), facts.task.language, facts.task, runs)
