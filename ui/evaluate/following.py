"""A run on the screen: progress and leaderboard as they grow, its buttons, the way back to it; then what it found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any, TypeVar

import gradio as gr

from evaluation.datasets.contract import DatasetUnusable, ItemUnreadable
from evaluation.evaluations import Snapshot
from evaluation.findings.conclusion import Conclusion
from evaluation.findings.conclusion import Findings as Seen
from evaluation.hosted_runs import Held, NotStarted
from evaluation.report.memo import Cut
from playground.engine_runs import readings_of
from playground.host.admission import NoRoom, NotCounted
from playground.host.guard import Visitor
from translations import N_, _
from ui.blocks import Update
from ui.evaluate.layout import EvaluateParts, Given
from ui.evaluate.view import (
    advice_html,
    against_list_html,
    changes_html,
    files_html,
    page_html,
    plots_html,
    run_html,
    worst_choices,
)
from ui.house import House, NoAmount, in_turn, visitor_of
from ui.html import render


class Findings:
    """The part of the screen below the leaderboard."""

    def __init__(self, house: House, parts: EvaluateParts) -> None:
        self._runs = house.evaluation
        self._images = house.images
        self._hosting = house.hosting
        self._parts = parts
        found = parts.found
        self._figures: list[Any] = [found.plots, found.against, found.advice]
        self.outputs: list[Any] = [
            found.box,
            *self._figures,
            found.worst,
            found.page,
            found.files,
            found.earlier,
            found.changes,
        ]

    def connect(self, quiet: dict[str, Any]) -> None:
        """Open pages, and answer again when the needs change."""
        parts, found = self._parts, self._parts.found
        latest = {**quiet, "trigger_mode": "always_last"}
        found.worst.input(self._open_page, [parts.ticket, found.worst], found.page, **latest)
        corrected = [parts.ticket, found.worst, found.corrected]
        found.corrected.input(self._correct, corrected, [parts.run.board, *self._figures], **latest)
        # Not `input`, which a dropdown fires twice for one choice.
        found.earlier.change(self._compare, [parts.ticket, found.earlier], found.changes, **latest)
        needs = parts.needs.fields
        changed = [field.change for field in needs]  # type: ignore[attr-defined]
        gr.on(changed, self._advise, {parts.ticket, *needs}, found.advice, **latest)

    def all_of(self, ticket: str) -> dict[Any, Any]:
        """Everything, for a run that rests."""
        held, found = self._runs.held(ticket), self._parts.found
        if held is None:
            return {found.box: gr.skip()}
        seen = self._runs.evaluations.findings(held.run_id)
        worst = worst_choices(seen)
        return {
            **self._figures_of(held, seen),
            found.box: gr.update(visible=True),
            found.worst: gr.update(
                choices=worst,
                value=None,
                visible=bool(worst),
                label=_("Worst lines first") if seen.board.unit == "line" else _("Worst pages first"),
            ),
            found.page: "",
            found.earlier: gr.update(choices=self._others(held), value=held.against or None),
            found.changes: self._changes(held),
            found.files: files_html(ticket),
        }

    def _figures_of(self, held: Held, seen: Seen) -> dict[Any, Any]:
        found, conclusion = self._parts.found, self._runs.conclusion(held)
        return {
            found.plots: plots_html(seen, conclusion.labels),
            found.against: against_list_html(seen),
            found.advice: self._advice_of(held, conclusion),
        }

    def _advice_of(self, held: Held, conclusion: Conclusion) -> str:
        """With the ink of what was not read right, where something has to be and there is room to open pages."""
        cuts: tuple[Cut, ...] = ()
        if held.needs.least_right:
            with suppress(NoRoom), self._hosting.decoding.turn(held.run_id, Event()):
                cuts = self._runs.evaluations.cut_missed(held.run_id, conclusion)
        return advice_html(conclusion, cuts)

    async def _correct(self, ticket: str, position: str | None, reference: str, request: gr.Request) -> dict[Any, Any]:
        """The opened page has another reference: every figure follows, the page stays open as it is."""
        try:
            visitor = visitor_of(request, self._hosting)
            return await in_turn(self._hosting, visitor, partial(self._corrected, ticket, position, reference))
        except (NoRoom, DatasetUnusable) as refusal:
            raise gr.Error(str(refusal), print_exception=False) from None

    def _corrected(self, ticket: str, position: str | None, reference: str) -> dict[Any, Any]:
        held, board = self._runs.held(ticket), self._parts.run.board
        if held is None or position is None or not reference.strip():
            return {board: gr.skip()}
        evaluations = self._runs.evaluations
        self._runs.correct(held, int(position), reference)
        seen = evaluations.findings(held.run_id)
        return {**self._figures_of(held, seen), board: run_html(evaluations.look(held.run_id))}

    def _others(self, held: Held) -> list[tuple[str, str]]:
        return [(name, run_id) for name, run_id in self._runs.earlier() if run_id != held.run_id]

    def _compare(self, ticket: str, run_id: str | None) -> str:
        held = self._runs.held(ticket)
        if held is None:
            return ""
        if run_id and run_id not in {other for _name, other in self._others(held)}:
            return ""
        held.against = run_id or ""
        return self._changes(held)

    def _changes(self, held: Held) -> str:
        if not held.against:
            return ""
        evaluations = self._runs.evaluations
        board = evaluations.look(held.run_id).board
        labels = {spec.id: spec.label for spec in evaluations.specs(held.run_id)}
        return changes_html(evaluations.changes(held.run_id, held.against), labels, held.against, board.unit)

    async def _open_page(self, ticket: str, position: str | None, request: gr.Request) -> str:
        held, visitor = self._runs.held(ticket), visitor_of(request, self._hosting)
        if held is None or position is None:
            return ""
        try:
            return await in_turn(self._hosting, visitor, partial(self._opened_page, held, int(position), visitor.payer))
        except (ItemUnreadable, DatasetUnusable, NoRoom) as error:
            return render("problem.html", message=_("This page cannot be shown again: {error}", error=error))

    def _opened_page(self, held: Held, position: int, payer: str) -> str:
        with self._hosting.decoding.turn(payer, Event()):
            opened = self._runs.evaluations.open_page(held.run_id, position)
        picture = self._images.show(opened.page, payer)
        letters = len(opened.reference or "") + sum(len(reading.text) for reading in readings_of(opened.runs).values())
        laid = replace(opened, page=replace(opened.page, png=b""))
        return self._hosting.apart.run(letters, page_html, laid, picture)

    async def _advise(self, given: Given, request: gr.Request) -> str:
        try:
            return await in_turn(self._hosting, visitor_of(request, self._hosting), partial(self._advised, given))
        except NoRoom as refusal:
            return render("problem.html", message=str(refusal))

    def _advised(self, given: Given) -> str:
        parts = self._parts
        held = self._runs.held(given[parts.ticket])
        if held is None:
            return ""
        try:
            held.needs = parts.needs.requirements(given)
        except NoAmount as error:
            return render("problem.html", message=str(error))
        held.hourly_rate = max(0.0, given[parts.needs.hourly] or 0.0)
        return self._advice_of(held, self._runs.conclusion(held))


Answer = TypeVar("Answer")
TICK_SECONDS = 0.7
KEEP = """(ticket) => {
  document.body.classList.remove('form-open');
  if (ticket) sessionStorage.setItem('inkquest-evaluation', ticket);
}"""
FETCH = "(_, ...rest) => [sessionStorage.getItem('inkquest-evaluation') ?? '', ...rest]"
"""How a run is found again after the page was loaded anew; another tab of the browser knows nothing of it."""
GONE = N_("This run is no longer open here. Choose it among the earlier runs, or start a new one.")


class Following:
    """What the buttons below the form do, and what is shown until the run is over."""

    def __init__(self, house: House, parts: EvaluateParts, findings: Findings) -> None:
        self._runs = house.evaluation
        self._hosting = house.hosting
        self._consents = house.hosting.guard.consents
        self._parts = parts
        self._findings = findings
        run = parts.run
        buttons = [run.start, run.pause, run.resume, run.cancel]
        self.outputs: list[Any] = [run.board, *buttons, parts.form.problem, *findings.outputs]

    def connect(self, quiet: dict[str, Any]) -> None:
        """Let the buttons work, and show the run again when the page is loaded again."""
        parts, run = self._parts, self._parts.run
        following = {**quiet, "concurrency_limit": None}
        run.pause.click(self._pause, parts.ticket, None, **quiet)
        run.cancel.click(self._cancel, parts.ticket, None, **quiet)
        run.resume.click(self._resume, parts.ticket, self.outputs, **following)
        # Not `input`, which a dropdown fires twice for one choice: the second opening would close what is open.
        parts.form.earlier.change(self._open_earlier, parts.form.earlier, parts.ticket, **quiet)
        parts.ticket.change(None, parts.ticket, None, js=KEEP, **quiet)
        parts.ticket.change(self.follow, parts.ticket, self.outputs, **following)

    async def follow(self, ticket: str | None, request: gr.Request) -> AsyncIterator[Update]:
        """The run until nobody works on it any more, and what it found whenever it rests."""
        # A generator that ends without a yield would empty every output.
        yield {self._parts.run.board: gr.skip()}
        held, visitor = self._runs.held(ticket or ""), visitor_of(request, self._hosting)
        if ticket is None or held is None:
            return
        try:
            async for update in self._followed(ticket, held, visitor):
                yield update
        except NotCounted as refusal:
            yield self._problem(str(refusal))

    async def _followed(self, ticket: str, held: Held, visitor: Visitor) -> AsyncIterator[Update]:
        before, look = None, partial(self._runs.evaluations.look, held.run_id)
        while True:
            seen = await self._in_turn(visitor, look)
            now = (seen.progress, seen.state, seen.running)
            yield self._shown(seen) if now != before else {self._parts.run.board: gr.skip()}
            over = seen.finished or not seen.running
            rests = over or seen.state == "paused"
            if rests and now != before and seen.board.rows:
                found = await self._in_turn(visitor, partial(self._findings.all_of, ticket))
                rested = await self._in_turn(visitor, look)
                yield {**found, self._parts.run.board: run_html(rested)}
            if over:
                return
            before = now
            await asyncio.sleep(TICK_SECONDS)

    async def _in_turn(self, visitor: Visitor, ask: Callable[[], Answer]) -> Answer:
        """Whoever follows a run has time: where even the line is full they ask again. Raises `NotCounted`."""
        while True:
            try:
                return await in_turn(self._hosting, visitor, ask)
            except NotCounted:
                raise
            except NoRoom:
                await asyncio.sleep(TICK_SECONDS)

    def _shown(self, seen: Snapshot) -> Update:
        run, state = self._parts.run, seen.state
        over = seen.finished or not seen.running
        to_do = not seen.finished and state != "cancelled"
        return {
            run.board: run_html(seen),
            run.start: gr.update(visible=over),
            run.pause: gr.update(visible=to_do and not over and state == "running"),
            run.resume: gr.update(visible=to_do and (over or state == "paused")),
            run.cancel: gr.update(visible=to_do),
        }

    def _pause(self, ticket: str) -> None:
        if held := self._runs.held(ticket):
            self._runs.evaluations.pause(held.run_id)

    async def _resume(self, ticket: str, request: gr.Request) -> AsyncIterator[Update]:
        held, visitor = self._runs.held(ticket), visitor_of(request, self._hosting)
        if held is None:
            yield self._problem(_(GONE))
            return
        evaluations = self._runs.evaluations
        if missing := self._consents.missing(visitor.session, evaluations.specs(held.run_id)):
            names = ", ".join(_(company.name) for company in missing)
            yield self._problem(
                _("{names} would get more of these pages. Agree to that on the Compare screen first.", names=names)
            )
            return
        try:
            worked_on = (await self._in_turn(visitor, partial(evaluations.look, held.run_id))).running
            self._runs.resume(held, visitor)
        except (NotStarted, NotCounted) as refusal:
            yield self._problem(str(refusal))
            return
        yield {self._parts.form.problem: gr.update(visible=False)}
        if not worked_on:  # else somebody follows it already
            async for update in self.follow(ticket, request):
                yield update

    def _cancel(self, ticket: str) -> None:
        if held := self._runs.held(ticket):
            self._runs.evaluations.cancel(held.run_id)

    def _open_earlier(self, run_id: str | None) -> str:
        return "" if run_id is None or self._runs.public else self._runs.hold(run_id)

    def _problem(self, message: str) -> Update:
        return {self._parts.form.problem: gr.update(value=render("problem.html", message=message), visible=True)}
