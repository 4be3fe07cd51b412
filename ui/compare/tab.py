"""What happens on the Compare screen when someone touches it, the page itself apart (`page`).

Where things stand is `layout`, what they show `screen`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import gradio as gr
from anyio.to_thread import run_sync

from engines.formats.layout import ForeignReading
from engines.pricing import together, worst_case
from playground.comparing import billing_day
from playground.offer import OWN, SLOTS
from playground.scoring import conventions_of, language_choices, rules_of, task_for, ticks_of
from playground.uploads import UploadRefused
from samples import load_samples
from translations import N_, _
from ui.blocks import Update, steady
from ui.compare.arrival import Arrival
from ui.compare.desk import Desk
from ui.compare.following import Change, ComparisonRuns, Visit
from ui.compare.layout import CompareParts, lay_out
from ui.compare.page import PageChoice
from ui.compare.screen import CompareScreen, is_long
from ui.house import House, NoAmount, session_of, visitor_of
from ui.html import render
from ui.programs import THREADS

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
TEXTS = {"postprocess": False}
"""Outputs are HTML or the desk: Gradio would send each through a thread to find that nothing is to be done."""
NOBODY_TO_READ = N_(
    "All of these were read elsewhere. Choose an engine in one of the places to have the page read here."
)
STAYS_LOCAL = N_(
    "“Local only” is ticked, and this engine would send the page to a company. Untick it to choose this engine."
)
PLACES = frozenset(map(str, range(SLOTS)))
DESK_GONE = N_(
    "Your page is no longer here: the app was started again, or many pages came since. Load this page anew, and your "
    "browser brings back what it kept."
)
TYPED: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": None, **QUIET}


class CompareTab:
    """One page, four engines. Must be made inside `gr.Blocks`."""

    def __init__(self, house: House, standing: gr.HTML) -> None:
        """`standing` says in the strip what the visitor has: the host's money, keys of their own."""
        self._house = house
        self._offer = house.offer
        self._runs = ComparisonRuns(house)
        samples = load_samples()
        self._parts: CompareParts = lay_out(house, samples, standing)
        self._screen = CompareScreen(house, self._parts)
        self._page = PageChoice(house, self._parts, self._screen, samples, self._runs.drop)
        self._arrival = Arrival(house, self._parts, self._screen, samples, self._page)
        self._facts = [self._parts.desk, self._parts.task.reference, self._parts.task.rules]
        self._page.connect(self._facts, QUIET)
        self._connect_engines()
        self._connect_scoring()

    def _connect_engines(self) -> None:
        parts, task, facts, screen = self._parts, self._parts.task, self._facts, self._screen.parts
        consent = parts.consent
        compared = [parts.desk, consent.question, consent.asked, consent.only, *screen]
        # `multiple`: else the browser ignores a click before the server has said that the last comparison has ended,
        # a moment after everything was drawn. Who has a comparison in progress gets no second one.
        compare: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": None, **TEXTS, **QUIET}
        task.run.click(self._compare, [*facts, task.conventions], compared, **compare)
        agreed = consent.agree.click(self._agree, consent.asked, consent.question, **QUIET)
        agreed.then(self._read_again, [*facts, task.conventions, consent.only], compared, **compare)
        again = [*facts, task.conventions, parts.again]
        parts.again.change(self._read_again, again, compared, **compare)
        task.stop.click(self._stop, None, None, queue=False, **QUIET)
        parts.picker.connect(parts.desk, task.local_only, QUIET)
        local = [*facts, task.local_only]
        parts.use.change(self._use, [*local, parts.use], [parts.desk, *screen], **QUIET)
        task.local_only.input(self._keep_local, local, [parts.desk, *screen], **QUIET)
        parts.own.connect(self._bring, [*facts, *parts.own.inputs], [parts.desk, *parts.own.outputs, *screen], QUIET)
        task.language.input(self._speak, [*facts, task.language], [parts.desk, *screen], **TYPED)
        parts.keys_changed.click(self._screen.shown, facts, screen, **TYPED).then(
            self._offer_languages, parts.desk, task.language, **QUIET
        )

    def _connect_scoring(self) -> None:
        parts, task, facts = self._parts, self._parts.task, self._facts
        rescored = [task.rules_sentence, *self._screen.scored_parts]
        # `change`, not `input`: Gradio's textbox fires that on key presses only, so that pasting would not count.
        gr.on([task.reference.change, task.rules.input], self._rescore, facts, rescored, **TYPED)
        task.conventions.input(
            _choose_conventions, [task.conventions, task.rules], [task.rules, task.conventions_sentence], **QUIET
        ).then(self._rescore, facts, rescored, **QUIET)
        parts.share.connect(parts.desk, task.reference, task.rules)
        parts.disputes.connect(parts.desk, task.reference, task.rules, QUIET)
        for asked in parts.trust.connect(parts.desk, task.reference, task.rules, QUIET):
            asked.then(self._rescore, facts, rescored, **QUIET)

    def connect_session(self, blocks: gr.Blocks) -> None:
        """The first paint of a visit, and its end."""
        arrival = self._arrival.connect(blocks, self._facts, QUIET)
        # Models load while the visitor looks for a page.
        arrival.then(self._offer.warm, None, None, **QUIET)
        blocks.unload(self._leave)

    def _speak(self, desk: Desk, reference: str, rules: list[str], language: str | None, request: gr.Request) -> Update:
        """The language of the page, from the next comparison on."""
        desk = desk.speaking(language or "")
        return {self._parts.desk: desk, **self._screen.shown(desk, reference, rules, request)}

    def _offer_languages(self, desk: Desk, request: gr.Request) -> dict[str, Any]:
        """With a key come the languages of its engine."""
        known = self._offer.languages(session_of(request))
        return gr.update(choices=language_choices(known), value=desk.language)

    def _use(self, desk: Desk, reference: str, rules: list[str], only: bool, use: str, request: gr.Request) -> Update:
        """An engine takes a place: the place, what makes each press another, and the engine, with blanks between."""
        place, _blank, rest = use.partition(" ")
        wanted, session = rest.partition(" ")[2], session_of(request)
        known = {spec.id: spec for spec in (*self._offer.specs, OWN, *desk.own)}
        if self._runs.in_progress(session) or wanted not in known:
            return {self._parts.verdict: gr.skip()}
        if only and known[wanted].runs == "cloud":
            return self._screen.refused(_(STAYS_LOCAL), desk, reference, rules, request)
        self._page.moved_on(session)
        desk = desk.with_engine(wanted, int(place) if place in PLACES else None)
        return {self._parts.desk: desk, **self._screen.shown(desk, reference, rules, request)}

    def _keep_local(self, desk: Desk, reference: str, rules: list[str], only: bool, request: gr.Request) -> Update:
        self._page.moved_on(session_of(request))
        desk = replace(desk, slots=self._offer.local_slots(desk.slots) if only else desk.slots)
        return {self._parts.desk: desk, **self._screen.shown(desk, reference, rules, request)}

    def _bring(
        self,
        desk: Desk,
        reference: str,
        rules: list[str],
        text: str | None,
        name: str | None,
        usd: str | None,
        read: ForeignReading | None,
        request: gr.Request,
    ) -> Update:
        """A reading of one's own comes onto the desk."""
        if desk.page is None or not desk.page.png:
            return self._parts.own.problem(_("Choose a page first: the reading belongs to it."))
        if self._runs.in_progress(session_of(request)):  # it would put back the desk as it was
            return self._parts.own.problem(_("Engines are reading. Add it when they have ended."))
        try:
            own = self._parts.own.taken(desk, text, name, usd, read)
        except (UploadRefused, NoAmount) as refusal:
            return self._parts.own.problem(str(refusal))
        desk = desk.with_own(own.run_on(desk.page, desk.source.turned))
        return {
            self._parts.desk: desk,
            **self._parts.own.emptied(),
            **self._screen.shown(desk, reference, rules, request),
        }

    async def _read_again(
        self, desk: Desk, reference: str, rules: list[str], conventions: list[str], again: str, request: gr.Request
    ) -> AsyncIterator[Update]:
        """One engine alone; the script writes its id, and behind it what makes each press another.

        After a yes, what had asked for it: one, or all where the id is empty.
        """
        only = again.partition(" ")[0]
        async for update in self._compare(desk, reference, rules, conventions, request, only=only):
            yield update

    async def _compare(
        self,
        desk: Desk,
        reference: str,
        rules: list[str],
        conventions: list[str],
        request: gr.Request,
        only: str = "",
    ) -> AsyncIterator[Update]:
        page, visitor = desk.page, visitor_of(request, self._house.hosting)
        if page is None:  # without a page the button is dead: this one's desk went with a restart, or was pushed out
            yield self._screen.refused(_(DESK_GONE), desk, reference, rules, request)
            return
        # A shared comparison holds no pixels; clicked twice, it must not cost twice.
        if not page.png or self._runs.in_progress(visitor.session):
            yield {self._parts.verdict: gr.skip()}  # Gradio empties the outputs of a generator that never yields
            return
        in_slots = [self._offer.spec_in_slot(engine_id) for engine_id in dict.fromkeys(desk.slots)]
        specs = [spec for spec in in_slots if spec.runs != "elsewhere" and only in {"", spec.id}]
        if not specs:
            yield self._screen.refused(_(NOBODY_TO_READ), desk, reference, rules, request)
            return
        seconds = self._offer.settings.limits.deadline_seconds
        task = task_for(page, desk.language, seconds, conventions_of(conventions))
        unread = desk.unread([spec.id for spec in specs], task)  # nothing is bought twice
        specs = [spec for spec in specs if spec.id in unread]
        ready = [spec for spec in specs if self._offer.missing(spec, visitor.session) is None]
        if asked := self._parts.consent.asks_about(visitor.session, ready):
            cost = together(self._offer.price(spec, page, task) for spec in ready)
            most = together(worst_case(spec, page, task, billing_day()) for spec in ready)
            yield self._parts.consent.ask(asked, cost, most, only)
            return
        visit = Visit(reference, rules)
        changes = self._runs.follow(desk, specs, task, visitor, visit)
        updates = (await self._drawn(change, visit, request) async for change in changes)
        async for update in steady(updates, {self._parts.consent.question: ""}):
            yield update
        if visit.dropped:  # Gradio sends the last update once more, whole: it must not bring back what has gone
            yield {self._parts.verdict: gr.skip()}

    async def _drawn(self, change: Change, visit: Visit, request: gr.Request) -> Update:
        """On the event loop, which is quickest, only what keeps nobody else waiting there."""
        if change.draw == "nothing" or not is_long(change.desk, visit.reference):
            return self._shown(change, visit, request)
        return await run_sync(self._shown, change, visit, request, limiter=THREADS)

    def _shown(self, change: Change, visit: Visit, request: gr.Request) -> Update:
        update = self._screen.doing(change.desk, change.doing)
        if change.draw == "nothing":
            return update
        seen = change.desk, visit.reference, visit.rules, request
        drawn = self._screen.shown(*seen) if change.draw == "screen" else self._screen.scored(*seen, ended=True)
        if change.refusal:
            drawn[self._parts.verdict] = render("problem.html", message=change.refusal) + drawn[self._parts.verdict]
        return {**update, **drawn, self._parts.desk: change.desk}

    def _agree(self, asked: tuple[str, ...], request: gr.Request) -> Update:
        self._parts.consent.agreed(visitor_of(request, self._house.hosting), asked)
        return {self._parts.consent.question: ""}

    def _stop(self, request: gr.Request) -> None:
        self._runs.stop(session_of(request))

    def _leave(self, request: gr.Request) -> None:
        """The visitor has gone: stop what costs, forget their page, keys and consent."""
        self._runs.drop(session_of(request))
        self._page.forget(session_of(request))
        self._parts.disputes.forget(session_of(request))
        self._parts.trust.forget(session_of(request))
        self._house.hosting.guard.forget(session_of(request))

    async def _rescore(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        session = session_of(request)
        sentence = {self._parts.task.rules_sentence: rules_of(rules).sentence()}
        if self._runs.changed(session, reference, rules):
            return sentence
        before = self._runs.latest(session)
        scored = await run_sync(self._screen.scored, desk, reference, rules, request, limiter=THREADS)
        # A comparison that began meanwhile has drawn, or will, what is newer.
        return {**sentence, **scored} if self._runs.latest(session) is before else sentence


def _choose_conventions(conventions: list[str], rules: list[str]) -> tuple[list[str], str]:
    """The rules that go with them, and the sentence that says so."""
    chosen = conventions_of(conventions)
    return ticks_of(chosen.rules(rules_of(rules))), chosen.sentence()
