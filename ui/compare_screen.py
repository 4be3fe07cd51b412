"""The parts of the Compare screen that follow from the desk: which they are, and what they show."""

from __future__ import annotations

import gradio as gr

from ui.compare_layout import CompareParts, rules_of
from ui.compare_view import running_panel, view_of
from ui.desk import Desk
from ui.house import House
from ui.parity_view import parity_html
from ui.price_view import price_html
from ui.streaming import Update
from ui.visitor import visitor_of


class CompareScreen:
    """Turns a desk into updates of components; decides nothing."""

    def __init__(self, house: House, parts: CompareParts) -> None:
        self._house = house
        self._parts = parts

    @property
    def parts(self) -> list[gr.HTML]:
        """What `shown` may update."""
        parts, disputes = self._parts, self._parts.disputes
        above = [parts.verdict, parts.task.price, parts.page.boxes]
        return [*above, *parts.panels, disputes.agreement, disputes.desk, parts.parity]

    def shown(self, desk: Desk, reference: str, rules: list[str], request: gr.Request, *, boxes: bool = True) -> Update:
        """The whole screen; without `boxes` those on the page stay."""
        offer, visitor = self._house.offer, visitor_of(request, self._house.hosting)
        view = view_of(desk, reference, rules_of(rules), offer, visitor.session, boxes=boxes)
        return {
            self._parts.verdict: view.verdict,
            self._parts.task.price: price_html(desk, self._house, visitor),
            self._parts.page.boxes: view.boxes if boxes else gr.skip(),
            **dict(zip(self._parts.panels, view.panels, strict=True)),
            **self._parts.disputes.shown(desk, rules_of(rules), visitor.session),
            self._parts.parity: parity_html(desk.shown_runs(), {spec.id: spec for spec in offer.specs}),
        }

    def progress(self, desk: Desk, engine_id: str) -> Update:
        """One panel: engines say what they do many times a second, and the rest of the screen stays as it is."""
        panel, running = self._parts.panels[desk.slots.index(engine_id)], desk.running.get(engine_id)
        return {panel: running_panel(self._house.offer.spec(engine_id), running)} if running else {}
