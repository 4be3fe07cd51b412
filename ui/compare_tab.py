"""What happens on the Compare screen when someone touches it. Where things stand is `compare_layout`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from threading import Event
from typing import Any

import gradio as gr

from engines.contract import PageImage, ReadingTask
from playground.admission import NoRoom
from playground.uploads import UploadRefused, accept
from samples import load_samples
from ui.compare_layout import CompareParts, lay_out, rules_of, ticks_of
from ui.compare_view import running_panel, view_of
from ui.comparison_runs import Change, ComparisonRuns, Visit
from ui.conventions_choice import conventions_of
from ui.desk import Desk
from ui.house import House
from ui.html import render
from ui.parity_view import parity_html
from ui.price_view import price_html
from ui.shared_desk import shared_desk
from ui.streaming import Update, steady
from ui.visitor import visitor_of


class CompareTab:
    """One page, four engines. Must be made inside `gr.Blocks`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._offer = house.offer
        self._images = house.images
        self._samples = load_samples()
        self._runs = ComparisonRuns(house)
        self._parts: CompareParts = lay_out(house, self._samples)
        self._connect()

    def _connect(self) -> None:
        parts, page, task = self._parts, self._parts.page, self._parts.task
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        facts = [parts.desk, task.reference, task.rules]
        screen = self._screen_parts()
        desk = [parts.desk, page.upload, page.stack, page.image, page.other, page.problem, task.run, *screen]
        typed: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": None}

        page.upload.input(self._take_upload, [page.upload, *facts], desk, **quiet)
        page.gallery.select(self._take_sample, facts, [*desk, task.reference], **quiet)
        page.other.click(self._clear_page, facts, desk, **quiet)
        compared = [parts.desk, task.run, task.stop, *parts.pickers, *parts.consent.shown, *screen]
        compare: dict[str, Any] = {"concurrency_limit": None, **quiet}
        task.run.click(self._compare, [*facts, task.conventions], compared, **compare)
        agreed = parts.consent.agree.click(self._agree, parts.desk, parts.consent.box, **quiet)
        agreed.then(self._compare, [*facts, task.conventions], compared, **compare)
        parts.keys_changed.click(self._screen, facts, screen, **quiet)
        parts.share.connect(parts.desk, task.reference, task.rules, rules_of)
        task.stop.click(self._stop, None, None, queue=False, **quiet)
        # `change`, not `input`: Gradio's textbox fires that on key presses only, so that pasting would not count.
        gr.on(
            [task.reference.change, task.rules.input],
            self._rescore,
            facts,
            [task.rules_sentence, *screen],
            **typed,
            **quiet,
        )
        task.conventions.input(
            _choose_conventions, [task.conventions, task.rules], [task.rules, task.conventions_sentence], **quiet
        ).then(self._rescore, facts, [task.rules_sentence, *screen], **quiet)
        choices = [picker.input for picker in parts.pickers]
        gr.on(choices, self._choose, [*facts, *parts.pickers], [parts.desk, *screen], **typed, **quiet)
        local = [*facts, task.local_only]
        task.local_only.input(self._keep_local, local, [parts.desk, *parts.pickers, *screen], **quiet)
        parts.disputes.connect(parts.desk, task.rules, rules_of, quiet)
        parts.trust.connect(parts.desk, task.reference, task.rules, rules_of, quiet)

    def connect_session(self, blocks: gr.Blocks) -> None:
        """The first paint of a visit, and its end."""
        parts = self._parts
        page, task, screen = parts.page, parts.task, self._screen_parts()
        facts = [parts.desk, task.reference, task.rules]
        desk = [parts.desk, page.upload, page.stack, page.image, page.other, page.problem, task.run, *screen]
        opened = [*desk, task.reference, *parts.pickers]
        arrival = blocks.load(self._arrive, facts, opened, show_progress="hidden", api_visibility="private")
        # Models load while the visitor looks for a page.
        arrival.then(self._offer.warm, None, None, show_progress="hidden", api_visibility="private")
        blocks.unload(self._leave)

    def _arrive(
        self, desk: Desk, reference: str, rules: list[str], request: gr.Request, account: gr.OAuthToken | None = None
    ) -> Update:
        """An empty desk, or the shared comparison that the address names. Whoever signed in pays for what they run."""
        if account is not None:
            self._offer.keys.vault.put(_visitor(request), "HF_TOKEN", account.token)
        run_id, sharing = str(request.query_params.get("run", "")), self._house.hosting.sharing
        if not run_id:
            return self._screen(desk, reference, rules, request)
        shared = sharing.open_share(run_id) if sharing else None
        if shared is None:
            gone = _problem("There is no such shared comparison, or it was deleted or has ended.")
            return {self._parts.page.problem: gone, **self._screen(desk, reference, rules, request)}
        opened, reference = shared_desk(shared, self._offer), shared.comparison.reference
        pickers = dict(zip(self._parts.pickers, opened.slots, strict=True))
        return {
            **self._put(opened, desk, reference, rules, request),
            **pickers,
            self._parts.task.reference: reference,
            self._parts.task.run: gr.update(interactive=False),
            self._parts.page.problem: _problem(
                "A shared comparison, to look at. Choose another page to begin your own."
            ),
        }

    # A page comes and goes

    def _take_upload(
        self, upload: tuple[bytes, str] | None, desk: Desk, reference: str, rules: list[str], request: gr.Request
    ) -> Update:
        if upload is None:
            return {self._parts.desk: desk}
        try:
            page = self._accepted(*upload, request)
        except (UploadRefused, NoRoom) as refusal:
            return {self._parts.page.upload: None, self._parts.page.problem: _problem(str(refusal))}
        return self._put(desk.with_page(page, self._images.show(page)), desk, reference, rules, request)

    def _take_sample(
        self, desk: Desk, _reference: str, rules: list[str], request: gr.Request, event: gr.SelectData
    ) -> Update:
        sample = self._samples[event.index]
        try:
            page = self._accepted(sample.image.read_bytes(), sample.image.name, request)
        except NoRoom as refusal:
            return {self._parts.page.problem: _problem(str(refusal))}
        taken = desk.with_page(page, self._images.show(page), sample.language)
        return {
            **self._put(taken, desk, sample.reference, rules, request),
            self._parts.task.reference: sample.reference,
        }

    def _accepted(self, data: bytes, name: str, request: gr.Request) -> PageImage:
        hosting = self._house.hosting
        with hosting.decoding.turn(visitor_of(request, hosting).payer, Event()):
            return accept(data, name)

    def _clear_page(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        return self._put(desk.without_page(), desk, reference, rules, request)

    def _put(self, desk: Desk, before: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """Show this desk's page, or the way to choose one, and let go of the page before."""
        self._runs.drop(_visitor(request))
        self._images.forget(before.page_address)
        page, there = self._parts.page, desk.page is not None
        return {
            page.upload: gr.update(value=None, visible=not there),
            page.stack: gr.update(visible=there),
            page.image: _picture(desk.page, desk.page_address) if desk.page and desk.page_address else "",
            page.other: gr.update(visible=there),
            page.problem: gr.update(visible=False),
            self._parts.task.run: gr.update(interactive=there),
            self._parts.desk: desk,
            **self._screen(desk, reference, rules, request),
        }

    # Engines are chosen and run

    def _choose(
        self,
        desk: Desk,
        reference: str,
        rules: list[str],
        one: str,
        two: str,
        three: str,
        four: str,
        request: gr.Request,
    ) -> Update:
        desk = replace(desk, slots=(one, two, three, four))
        return {self._parts.desk: desk, **self._screen(desk, reference, rules, request)}

    def _keep_local(self, desk: Desk, reference: str, rules: list[str], only: bool, request: gr.Request) -> Update:
        desk = replace(desk, slots=self._offer.local_slots(desk.slots) if only else desk.slots)
        choices = self._offer.choices(local_only=only)
        pickers = {
            picker: gr.update(choices=choices, value=slot)
            for picker, slot in zip(self._parts.pickers, desk.slots, strict=True)
        }
        return {self._parts.desk: desk, **pickers, **self._screen(desk, reference, rules, request)}

    async def _compare(
        self, desk: Desk, reference: str, rules: list[str], conventions: list[str], request: gr.Request
    ) -> AsyncIterator[Update]:
        page = desk.page
        if page is None or not page.png:  # nothing, or a shared comparison that holds no pixels
            yield {self._parts.verdict: gr.skip()}  # Gradio empties the outputs of a generator that never yields
            return
        visitor = visitor_of(request, self._house.hosting)
        specs = [self._offer.spec(engine_id) for engine_id in dict.fromkeys(desk.slots)]
        ready = [spec for spec in specs if self._offer.missing(spec, visitor.session) is None]
        if asked := self._parts.consent.asks_about(visitor.session, ready):
            yield self._parts.consent.ask(asked)
            return
        chosen, seconds = conventions_of(conventions), self._offer.settings.limits.deadline_seconds
        task = ReadingTask(chosen.prompt(), desk.language, timeout_seconds=seconds, conventions=chosen.sentence())
        visit = Visit(reference, rules)
        resting: Update = {button: button.value for button in (self._parts.task.run, self._parts.task.stop)}
        resting |= dict(zip(self._parts.pickers, desk.slots, strict=True))
        changes = self._runs.follow(desk, specs, task, visitor, visit)
        opening = self._buttons(running=True)
        async for update in steady((self._shown(change, visit, request) async for change in changes), resting):
            yield {**update, **opening}
            opening = {}
        yield self._buttons(running=False)

    def _shown(self, change: Change | None, visit: Visit, request: gr.Request) -> Update:
        if change is None:
            return {}
        if change.progress_of:
            return self._progress(change.desk, change.progress_of)
        screen = self._screen(change.desk, visit.reference, visit.rules, request)
        if change.refusal:
            screen[self._parts.verdict] = render("problem.html", message=change.refusal)
        return {self._parts.desk: change.desk, **screen}

    def _progress(self, desk: Desk, engine_id: str) -> Update:
        """One panel: engines say what they do many times a second, and the rest of the screen stays as it is."""
        panel, running = self._parts.panels[desk.slots.index(engine_id)], desk.running.get(engine_id)
        return {panel: running_panel(self._offer.spec(engine_id), running)} if running else {}

    def _agree(self, desk: Desk, request: gr.Request) -> Update:
        specs = [self._offer.spec(engine_id) for engine_id in desk.slots]
        self._parts.consent.agreed(_visitor(request), specs)
        return {self._parts.consent.box: gr.update(visible=False)}

    def _stop(self, request: gr.Request) -> None:
        self._runs.stop(_visitor(request))

    def _leave(self, request: gr.Request) -> None:
        """The visitor has gone: stop what costs, forget their page, keys and consent."""
        self._runs.drop(_visitor(request))
        self._parts.disputes.forget(_visitor(request))
        self._house.hosting.guard.forget(_visitor(request))

    # What is shown

    def _rescore(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        self._runs.changed(_visitor(request), reference, rules)
        sentence = {self._parts.task.rules_sentence: rules_of(rules).sentence()}
        return {**sentence, **self._screen(desk, reference, rules, request, boxes=False)}

    def _screen(
        self, desk: Desk, reference: str, rules: list[str], request: gr.Request, *, boxes: bool = True
    ) -> Update:
        visitor = _visitor(request)
        view = view_of(desk, reference, rules_of(rules), self._offer, visitor, boxes=boxes)
        panels = dict(zip(self._parts.panels, view.panels, strict=True))
        overlay = view.boxes if boxes else gr.skip()
        agreement = self._parts.disputes.shown(desk, rules_of(rules), visitor)
        price = price_html(desk, self._house, visitor_of(request, self._house.hosting))
        verdict = {self._parts.verdict: view.verdict, self._parts.task.price: price}
        parity = parity_html(desk.shown_runs(), {spec.id: spec for spec in self._offer.specs})
        return {**verdict, self._parts.page.boxes: overlay, **panels, **agreement, self._parts.parity: parity}

    def _screen_parts(self) -> list[gr.HTML]:
        parts = self._parts
        return [
            parts.verdict,
            parts.task.price,
            parts.page.boxes,
            *parts.panels,
            parts.disputes.agreement,
            parts.disputes.desk,
            parts.parity,
        ]

    def _buttons(self, *, running: bool) -> Update:
        task = self._parts.task
        pickers = {picker: gr.update(interactive=not running) for picker in self._parts.pickers}
        return {task.run: gr.update(visible=not running), task.stop: gr.update(visible=running), **pickers}


def _choose_conventions(conventions: list[str], rules: list[str]) -> tuple[list[str], str]:
    """The rules that go with them, and the sentence that says so."""
    chosen = conventions_of(conventions)
    return ticks_of(chosen.rules(rules_of(rules))), chosen.sentence()


def _visitor(request: gr.Request) -> str:
    return request.session_hash or ""


def _picture(page: PageImage, address: str) -> str:
    return render("page_image.html", url=address, width=page.width, height=page.height)


def _problem(message: str) -> dict[str, object]:
    return gr.update(value=render("problem.html", message=message), visible=True)
