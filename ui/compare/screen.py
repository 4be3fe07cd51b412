"""The parts of the Compare screen that follow from the desk: which they are, and what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Event

import gradio as gr

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, output_room
from engines.pricing import together, worst_case
from playground.comparing import billing_day
from playground.engine_runs import EngineRun, readings_of, unequal_treatment
from playground.host.admission import NoRoom
from playground.host.budget import Left
from playground.host.guard import Visitor
from playground.offer import A4_AT_150_DPI
from playground.scoring import rules_of
from translations import _
from ui.blocks import Update
from ui.compare.desk import Desk, account_html
from ui.compare.layout import CompareParts
from ui.compare.panels import View, running_panel, view_of
from ui.compare.picker import chips_html
from ui.house import House, visitor_of
from ui.html import render

LONG = 40_000
"""Letters of a reference and all readings together: four readings of a page full of writing."""


def is_long(desk: Desk, reference: str) -> bool:
    """Whether drawing the readings takes so long that nobody else should wait for it."""
    return (
        len(reference) + sum(len(reading.text) for reading in readings_of(desk.shown_runs().values()).values()) > LONG
    )


class CompareScreen:
    """Turns a desk into updates of components; decides nothing."""

    def __init__(self, house: House, parts: CompareParts) -> None:
        self._house = house
        self._parts = parts

    @property
    def parts(self) -> list[gr.HTML]:
        """What `shown` may update."""
        parts = self._parts
        said = [parts.standing, parts.picker.chips, parts.task.price, parts.trust.answer, parts.account]
        return [*said, parts.page.boxes, parts.parity, *self.scored_parts]

    @property
    def scored_parts(self) -> list[gr.HTML]:
        """What `scored` may update."""
        parts, disputes = self._parts, self._parts.disputes
        return [parts.verdict, *parts.panels, parts.together, disputes.agreement, disputes.desk]

    def shown(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """The whole screen."""
        offer, visitor = self._house.offer, visitor_of(request, self._house.hosting)
        view = self._view(desk, reference, rules, visitor)
        return {
            self._parts.standing: standing_html(self._house, visitor),
            self._parts.picker.chips: chips_html(desk, offer, visitor.session),
            self._parts.task.price: price_html(desk, self._house, visitor),
            self._parts.page.boxes: view.boxes,
            self._parts.parity: parity_html(desk.shown_runs(), {spec.id: spec for spec in offer.specs}),
            self._parts.trust.answer: self._parts.trust.drawn(visitor, desk),
            self._parts.account: account_html(desk, self._house.seal),
            **self._scores(desk, rules, view, request),
            **dict(zip(self._parts.panels, view.panels, strict=True)),
        }

    def scored(
        self, desk: Desk, reference: str, rules: list[str], request: gr.Request, *, ended: bool = False
    ) -> Update:
        """What follows from readings and reference, and from an engine that has ended.

        The panels of engines at work stay as they are.
        """
        view = self._view(desk, reference, rules, visitor_of(request, self._house.hosting), boxes=ended)
        new: Update = {}
        if ended:
            new = {self._parts.page.boxes: view.boxes, self._parts.account: account_html(desk, self._house.seal)}
        return {**new, **self._scores(desk, rules, view, request)}

    def refused(self, why: str, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> Update:
        """What to do instead, over the verdict, which stays."""
        view = self._view(desk, reference, rules, visitor_of(request, self._house.hosting), boxes=False)
        return {self._parts.verdict: render("problem.html", message=why) + view.verdict}

    def doing(self, desk: Desk, engine_ids: Sequence[str]) -> Update:
        """The panels of these engines, which are at work."""
        return {
            panel: running_panel(self._house.offer.spec_in_slot(engine_id), desk.running[engine_id])
            for panel, engine_id in zip(self._parts.panels, desk.slots, strict=True)
            if engine_id in engine_ids
        }

    def _view(self, desk: Desk, reference: str, rules: list[str], visitor: Visitor, *, boxes: bool = True) -> View:
        """SECURITY: texts of several pages take seconds, so that whoever brings such waits for their own turn."""
        hosting = self._house.hosting
        turn = hosting.answering.turn(visitor.payer, Event()) if is_long(desk, reference) else nullcontext()
        try:
            with turn:
                marks = self._parts.trust.marks(visitor.session, desk.page)
                offer, session = self._house.offer, visitor.session
                return view_of(desk, reference, rules_of(rules), offer, session, boxes=boxes, marks=marks)
        except NoRoom as refusal:
            raise gr.Error(str(refusal), print_exception=False) from None

    def _scores(self, desk: Desk, rules: list[str], view: View, request: gr.Request) -> Update:
        slots = zip(self._parts.panels, desk.slots, view.panels, strict=True)
        return {
            self._parts.verdict: view.verdict,
            self._parts.together: view.together,
            **{panel: html for panel, engine_id, html in slots if engine_id not in desk.running},
            **self._parts.disputes.shown(desk, rules_of(rules), visitor_of(request, self._house.hosting)),
        }


def parity_html(runs: Mapping[str, EngineRun], specs: Mapping[str, EngineSpec]) -> str:
    """Empty until an engine has read here: what was brought along nobody sent."""
    rows = [
        (specs[engine_id].label, run, run.outcome)
        for engine_id, run in runs.items()
        if isinstance(run.outcome, Reading) and engine_id in specs
    ]
    if not rows:
        return ""
    sent = {label: reading.sent for label, _run, reading in rows if reading.sent is not None}
    return render("parity.html", rows=rows, warnings=unequal_treatment(sent))


def price_html(desk: Desk, house: House, visitor: Visitor) -> str:
    """The expected price of the engines in the slots that can run; where the host pays, what this visitor has left."""
    offer, guard = house.offer, house.hosting.guard
    specs = [offer.spec_in_slot(engine_id) for engine_id in dict.fromkeys(desk.slots)]
    cloud = [spec for spec in specs if spec.runs == "cloud" and offer.missing(spec, visitor.session) is None]
    page = desk.page or A4_AT_150_DPI
    task = ReadingTask(max_output_tokens=output_room(page))
    prices = {spec.label: offer.price(spec, page, task) for spec in cloud}
    hosts = [spec for spec in cloud if offer.keys.is_hosts(spec, _key(spec, house, visitor))]
    left = guard.budget.left(visitor.payer) if guard.budget and hosts else None
    asides = _set_aside(hosts, page, task, left) if left else []
    return render("price.html", prices=prices, total=together(prices.values()), left=left, asides=asides)


@dataclass(frozen=True, slots=True)
class Aside:
    """The most that is set aside for an engine's call until its cost is known, and why that does not fit, if so."""

    label: str
    usd: float | None
    why_not: str


def _set_aside(specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask, left: Left) -> list[Aside]:
    """For engines that are asked at once: what one has set aside the next cannot."""
    asides = []
    for spec in specs:
        usd = worst_case(spec, page, task, billing_day()).usd
        why_not = _("it has no published price") if usd is None else left.why_not(spec.id, usd)
        asides.append(Aside(spec.label, usd, why_not))
        if usd is not None and not why_not:
            left = left.after(spec.id, usd)
    return asides


def _key(spec: EngineSpec, house: House, visitor: Visitor) -> str | None:
    key = house.offer.keys.key_for(spec, visitor.session)
    return key.get_secret_value() if key else None


def standing_html(house: House, visitor: Visitor) -> str:
    """What this visitor may spend of the host's money today, and whose keys of their own are in use."""
    vault, budget = house.offer.keys.vault, house.hosting.guard.budget
    vendors = {spec.vendor for spec in house.offer.specs if spec.key_env and vault.get(visitor.session, spec.key_env)}
    left = budget.left(visitor.payer) if budget else None
    return render("standing.html", left=left, vendors=sorted(vendors))
