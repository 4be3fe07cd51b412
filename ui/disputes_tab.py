"""When agreement is counted and disputes are shown: after engines have read, never while somebody types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from engines.contract import EngineSpec
from metrics.normalising import Rules
from playground.offer import Offer
from ui.blocks import MOST_SESSIONS
from ui.desk import Desk
from ui.disputes_view import agreement_html, settling_html, texts_of

RulesOf = Callable[[Sequence[str]], Rules]
Seen = tuple[tuple[tuple[str, str], ...], Rules]


class Disputes:
    """The part of the Compare screen above the panels. Must be made inside `gr.Blocks`, where it is to stand.

    Counting takes a fifth of a second for long pages, so each visitor's last answer is kept until they leave.
    """

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self._last: dict[str, Seen] = {}
        self.agreement = gr.HTML(elem_id="agreement", apply_default_css=False)
        self.desk = gr.HTML(elem_id="settling", apply_default_css=False)
        self._settle = gr.Button("Settle the disputes", elem_id="settle", elem_classes="vh")

    def connect(self, desk: gr.State, rules: gr.CheckboxGroup, rules_of: RulesOf, quiet: dict[str, Any]) -> None:
        """Show the disputes when the button in the agreement is pressed."""

        def show(on_desk: Desk, ticked: list[str]) -> str:
            return settling_html(on_desk, self._specs(on_desk), rules_of(ticked))

        self._settle.click(show, [desk, rules], self.desk, **quiet)

    def shown(self, desk: Desk, rules: Rules, visitor: str) -> dict[Any, Any]:
        """What changes on the screen; new readings put away the disputes of the old ones."""
        texts = {} if desk.running else texts_of(desk)
        seen = tuple(texts.items()), rules
        last = self._last.get(visitor)
        if texts and last == seen:
            return {self.agreement: gr.skip(), self.desk: gr.skip()}
        html = agreement_html(texts, self._specs(desk), rules)
        self._last[visitor] = seen
        if len(self._last) > MOST_SESSIONS:
            del self._last[next(iter(self._last))]
        return {self.agreement: html, self.desk: ""}

    def forget(self, visitor: str) -> None:
        """The visitor has gone."""
        self._last.pop(visitor, None)

    def _specs(self, desk: Desk) -> dict[str, EngineSpec]:
        return {engine_id: self._offer.spec(engine_id) for engine_id in desk.slots}
