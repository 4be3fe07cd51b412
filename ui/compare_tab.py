"""What happens on the Compare screen when someone touches it, the page itself apart (`page_choice`).

Where things stand is `compare_layout`, what they show `compare_screen`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import gradio as gr

from engines.contract import ReadingTask
from samples import load_samples
from ui.compare_layout import CompareParts, lay_out, rules_of, ticks_of
from ui.compare_screen import CompareScreen
from ui.comparison_runs import Change, ComparisonRuns, Visit
from ui.conventions_choice import conventions_of
from ui.desk import Desk
from ui.house import House
from ui.page_choice import PageChoice
from ui.streaming import Update, steady
from ui.visitor import session_of, visitor_of

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
TYPED: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": None, **QUIET}


class CompareTab:
    """One page, four engines. Must be made inside `gr.Blocks`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._offer = house.offer
        self._runs = ComparisonRuns(house)
        samples = load_samples()
        self._parts: CompareParts = lay_out(house, samples)
        self._screen = CompareScreen(house, self._parts)
        self._page = PageChoice(house, self._parts, self._screen, samples, self._runs.drop)
        self._facts = [self._parts.desk, self._parts.task.reference, self._parts.task.rules]
        self._page.connect(self._facts, QUIET)
        self._connect_engines()
        self._connect_scoring()

    def _connect_engines(self) -> None:
        parts, task, facts, screen = self._parts, self._parts.task, self._facts, self._screen.parts
        compared = [parts.desk, task.run, task.stop, *parts.pickers, *parts.consent.shown, *screen]
        compare: dict[str, Any] = {"concurrency_limit": None, **QUIET}
        task.run.click(self._compare, [*facts, task.conventions], compared, **compare)
        agreed = parts.consent.agree.click(self._agree, parts.desk, parts.consent.box, **QUIET)
        agreed.then(self._compare, [*facts, task.conventions], compared, **compare)
        task.stop.click(self._stop, None, None, queue=False, **QUIET)
        choices = [picker.input for picker in parts.pickers]
        gr.on(choices, self._choose, [*facts, *parts.pickers], [parts.desk, *screen], **TYPED)
        local = [*facts, task.local_only]
        task.local_only.input(self._keep_local, local, [parts.desk, *parts.pickers, *screen], **QUIET)
        parts.keys_changed.click(self._screen.shown, facts, screen, **QUIET)

    def _connect_scoring(self) -> None:
        parts, task, facts = self._parts, self._parts.task, self._facts
        rescored = [task.rules_sentence, *self._screen.parts]
        # `change`, not `input`: Gradio's textbox fires that on key presses only, so that pasting would not count.
        gr.on([task.reference.change, task.rules.input], self._rescore, facts, rescored, **TYPED)
        task.conventions.input(
            _choose_conventions, [task.conventions, task.rules], [task.rules, task.conventions_sentence], **QUIET
        ).then(self._rescore, facts, rescored, **QUIET)
        parts.share.connect(parts.desk, task.reference, task.rules, rules_of)
        parts.disputes.connect(parts.desk, task.rules, rules_of, QUIET)
        parts.trust.connect(parts.desk, task.reference, task.rules, rules_of, QUIET)

    def connect_session(self, blocks: gr.Blocks) -> None:
        """The first paint of a visit, and its end."""
        arrival = self._page.connect_arrival(blocks, self._facts, QUIET)
        # Models load while the visitor looks for a page.
        arrival.then(self._offer.warm, None, None, **QUIET)
        blocks.unload(self._leave)

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
        return {self._parts.desk: desk, **self._screen.shown(desk, reference, rules, request)}

    def _keep_local(self, desk: Desk, reference: str, rules: list[str], only: bool, request: gr.Request) -> Update:
        desk = replace(desk, slots=self._offer.local_slots(desk.slots) if only else desk.slots)
        choices = self._offer.choices(local_only=only)
        pickers = {
            picker: gr.update(choices=choices, value=slot)
            for picker, slot in zip(self._parts.pickers, desk.slots, strict=True)
        }
        return {self._parts.desk: desk, **pickers, **self._screen.shown(desk, reference, rules, request)}

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
            return self._screen.progress(change.desk, change.progress_of)
        return {self._parts.desk: change.desk, **self._screen.shown(change.desk, visit.reference, visit.rules, request)}

    def _agree(self, desk: Desk, request: gr.Request) -> Update:
        specs = [self._offer.spec(engine_id) for engine_id in desk.slots]
        self._parts.consent.agreed(session_of(request), specs)
        return {self._parts.consent.box: gr.update(visible=False)}

    def _stop(self, request: gr.Request) -> None:
        self._runs.stop(session_of(request))

    def _leave(self, request: gr.Request) -> None:
        """The visitor has gone: stop what costs, forget their page, keys and consent."""
        self._runs.drop(session_of(request))
        self._parts.disputes.forget(session_of(request))
        self._house.hosting.guard.forget(session_of(request))

    def _rescore(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        self._runs.changed(session_of(request), reference, rules)
        sentence = {self._parts.task.rules_sentence: rules_of(rules).sentence()}
        return {**sentence, **self._screen.shown(desk, reference, rules, request, boxes=False)}

    def _buttons(self, *, running: bool) -> Update:
        task = self._parts.task
        pickers = {picker: gr.update(interactive=not running) for picker in self._parts.pickers}
        return {task.run: gr.update(visible=not running), task.stop: gr.update(visible=running), **pickers}


def _choose_conventions(conventions: list[str], rules: list[str]) -> tuple[list[str], str]:
    """The rules that go with them, and the sentence that says so."""
    chosen = conventions_of(conventions)
    return ticks_of(chosen.rules(rules_of(rules))), chosen.sentence()
