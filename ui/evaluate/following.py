"""A run while it runs: progress and leaderboard as they grow, its buttons, the way back to it after a reload."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from evaluation.evaluations import Snapshot
from evaluation.hosted_runs import NotStarted
from ui.evaluate.findings import Findings
from ui.evaluate.layout import EvaluateParts
from ui.evaluate.view import run_html
from ui.house import House, visitor_of
from ui.html import render

Update = dict[Any, Any]
"""Component -> its new value, as Gradio takes it."""
TICK_SECONDS = 0.7
KEEP = "(ticket) => { if (ticket) sessionStorage.setItem('inkquest-evaluation', ticket); }"
FETCH = "() => sessionStorage.getItem('inkquest-evaluation') ?? ''"
"""How a run is found again after the page was loaded anew; another tab of the browser knows nothing of it."""
GONE = "This run is no longer open here. Choose it among the earlier runs, or start a new one."


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

    async def follow(self, ticket: str | None) -> AsyncIterator[Update]:
        """The run until nobody works on it any more, and what it found whenever it rests."""
        # A generator that ends without a yield would empty every output.
        yield {self._parts.run.board: gr.skip()}
        held = self._runs.held(ticket or "")
        if ticket is None or held is None:
            return
        before = None
        while True:
            seen = await asyncio.to_thread(self._runs.evaluations.look, held.run_id)
            now = (seen.progress, seen.state, seen.running)
            yield self._shown(seen) if now != before else {self._parts.run.board: gr.skip()}
            over = seen.finished or not seen.running
            rests = over or seen.state == "paused"
            if rests and now != before and seen.board.rows:
                found = await asyncio.to_thread(self._findings.all_of, ticket)
                rested = await asyncio.to_thread(self._runs.evaluations.look, held.run_id)
                yield {**found, self._parts.run.board: run_html(rested)}
            if over:
                return
            before = now
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
            yield self._problem(GONE)
            return
        evaluations = self._runs.evaluations
        if missing := self._consents.missing(visitor.session, evaluations.specs(held.run_id)):
            names = ", ".join(company.name for company in missing)
            yield self._problem(f"{names} would get more of these pages. Agree to that on the Compare screen first.")
            return
        worked_on = evaluations.look(held.run_id).running
        try:
            self._runs.resume(held, visitor)
        except NotStarted as refusal:
            yield self._problem(str(refusal))
            return
        yield {self._parts.form.problem: gr.update(visible=False)}
        if not worked_on:  # else somebody follows it already
            async for update in self.follow(ticket):
                yield update

    def _cancel(self, ticket: str) -> None:
        if held := self._runs.held(ticket):
            self._runs.evaluations.cancel(held.run_id)

    def _open_earlier(self, run_id: str | None) -> str:
        return "" if run_id is None or self._runs.public else self._runs.hold(run_id)

    def _problem(self, message: str) -> Update:
        return {self._parts.form.problem: gr.update(value=render("problem.html", message=message), visible=True)}
