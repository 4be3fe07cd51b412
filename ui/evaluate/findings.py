"""What a run found: plots, worst pages and the pages themselves, advice for what the buyer needs, files."""

from __future__ import annotations

from threading import Event
from typing import Any

import gradio as gr

from evaluation.datasets.contract import DatasetUnusable, ItemUnreadable
from evaluation.findings.conclusion import Findings as Seen
from evaluation.hosted_runs import Held
from playground.host.admission import NoRoom
from ui.amounts import NoAmount
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
from ui.house import House, visitor_of
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
                choices=worst, value=None, visible=bool(worst), label=f"Worst {seen.board.unit}s first"
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
            found.advice: advice_html(conclusion),
        }

    def _correct(self, ticket: str, position: str | None, reference: str) -> dict[Any, Any]:
        """The opened page has another reference: every figure follows, the page stays open as it is."""
        held, board = self._runs.held(ticket), self._parts.run.board
        if held is None or position is None or not reference.strip():
            return {board: gr.skip()}
        evaluations = self._runs.evaluations
        evaluations.correct_reference(held.run_id, int(position), reference)
        seen = evaluations.findings(held.run_id)
        return {**self._figures_of(held, seen), board: run_html(evaluations.look(held.run_id))}

    def _others(self, held: Held) -> list[tuple[str, str]]:
        return [(name, run_id) for name, run_id in self._runs.earlier() if run_id != held.run_id]

    def _compare(self, ticket: str, run_id: str | None) -> str:
        held = self._runs.held(ticket)
        if held is None:
            return ""
        if run_id and run_id not in {other for _, other in self._others(held)}:
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

    def _open_page(self, ticket: str, position: str | None, request: gr.Request) -> str:
        held = self._runs.held(ticket)
        if held is None or position is None:
            return ""
        payer = visitor_of(request, self._hosting).payer
        try:
            with self._hosting.decoding.turn(payer, Event()):
                opened = self._runs.evaluations.open_page(held.run_id, int(position))
        except (ItemUnreadable, DatasetUnusable, NoRoom) as error:
            return render("problem.html", message=f"This page cannot be shown again: {error}")
        return page_html(opened, self._images.show(opened.page, payer))

    def _advise(self, given: Given) -> str:
        parts = self._parts
        held = self._runs.held(given[parts.ticket])
        if held is None:
            return ""
        try:
            held.needs = parts.needs.requirements(given)
        except NoAmount as error:
            return render("problem.html", message=str(error))
        held.hourly_rate = max(0.0, given[parts.needs.hourly] or 0.0)
        return advice_html(self._runs.conclusion(held))
