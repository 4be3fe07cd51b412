"""Can I trust it? Three questions below the panels; each says its price first and runs the engines that have read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

import gradio as gr

from engines.catalogue import is_brought
from engines.contract import EngineSpec, PageImage
from engines.pricing import Free
from metrics.normalising import Rules
from playground.engine_runs import EngineRun, readings_of
from playground.host.admission import NoRoom
from playground.probes import Canary
from playground.trust import (
    INQUIRIES,
    Asked,
    DoesItEndure,
    DoesItInvent,
    Inquiry,
    IsItTheSame,
    Point,
    Question,
    Steadiness,
    TrapAnswer,
)
from ui.compare.choices import rules_of
from ui.compare.desk import Desk
from ui.house import House, visitor_of
from ui.html import render

QUESTIONS: dict[Question, str] = {
    "invent": "Does it invent? A blank strip, a masked word, an altered sentence",
    "repeat": "Is it the same each time? Three more readings",
    "endure": "Does it need a perfect scan? Turned, blurred, shrunk, compressed",
}
NOTHING_READ = "Compare the engines first: only engines that have read this page are asked."


class Trust:
    """Must be made inside `gr.Blocks`, where it is to stand."""

    def __init__(self, house: House) -> None:
        self._house = house
        with gr.Accordion("Can I trust it?", open=False, elem_id="trust"):
            with gr.Row():
                self._buttons = {question: gr.Button(label, size="sm") for question, label in QUESTIONS.items()}
            self._answer = gr.HTML(elem_id="trust-answer", apply_default_css=False)
        self._asked = gr.State(None)
        self._go = gr.Button("Read them", elem_id="trust-go", elem_classes="vh")

    def connect(self, desk: gr.State, reference: gr.Textbox, rules: gr.CheckboxGroup, quiet: dict[str, Any]) -> None:
        """Plan when a question is asked, read at once where it is free and otherwise when the price is accepted."""

        def ask(question: Question, paid: bool) -> Callable[..., Iterator[tuple[str, Question | None]]]:
            def listener(
                on_desk: Desk, text: str, ticked: list[str], asked: Question | None, request: gr.Request
            ) -> Iterator[tuple[str, Question | None]]:
                chosen = asked if paid else question
                try:
                    for html in self._run(chosen, on_desk, text, rules_of(ticked), request, paid):
                        yield html, chosen
                except NoRoom as refusal:
                    yield render("trust_plan.html", doing="", refusal=str(refusal)), chosen

            return listener

        facts = [desk, reference, rules, self._asked]
        for question, button in self._buttons.items():
            button.click(ask(question, paid=False), facts, [self._answer, self._asked], **quiet)
        self._go.click(ask("invent", paid=True), facts, [self._answer, self._asked], **quiet)

    def _run(
        self,
        question: Question | None,
        desk: Desk,
        reference: str,
        rules: Rules,
        request: gr.Request,
        paid: bool,
    ) -> Iterator[str]:
        readings = readings_of(run for run in desk.shown_runs().values() if not is_brought(run.engine_id))
        if desk.page is None or not desk.page.png or not readings or question is None:
            yield render("trust_plan.html", doing="", refusal=NOTHING_READ)
            return
        specs = {engine_id: self._house.offer.spec(engine_id) for engine_id in readings}
        inquiry = INQUIRIES[question](Asked(desk.page, readings, reference, rules))
        cost, total = inquiry.price(list(specs.values()), desk.task), len(inquiry.probes)
        if not isinstance(cost, Free) and not paid:
            calls = len(specs) * total
            yield render("trust_plan.html", doing="", refusal="", calls=calls, engines=len(specs), cost=cost)
            return
        visitor, guard = visitor_of(request, self._house.hosting), self._house.hosting.guard

        def read(page: PageImage) -> Iterator[EngineRun]:
            engines, on_gpu = list(specs.values()), self._house.offer.on_gpu
            return guard.compare(engines, page, desk.task, visitor, stop=Event(), on_gpu=on_gpu)

        for number, probe in enumerate(inquiry.run(read)):
            doing = f"Reading: {probe.name}, {number + 1} of {total}"
            yield render("trust_plan.html", doing=doing, done=number, total=total)
        yield _answer_html(inquiry, specs)


WIDTH, HEIGHT, LEFT, BOTTOM = 640, 230, 58, 30
Specs = Mapping[str, EngineSpec]


@dataclass(frozen=True, slots=True)
class Curve:
    """One engine in the plot; `points` in plot units, gaps where it did not read."""

    label: str
    points: tuple[tuple[float, float], ...]
    rates: tuple[Point, ...]


def _answer_html(inquiry: Inquiry[Any], specs: Specs) -> str:
    if isinstance(inquiry, DoesItInvent):
        return invented_html(inquiry.probes, inquiry.answer(), specs)
    if isinstance(inquiry, IsItTheSame):
        return repeated_html(inquiry.answer(), specs)
    assert isinstance(inquiry, DoesItEndure)
    return endured_html(inquiry.answer(), specs, has_reference=bool(inquiry.asked.reference.strip()))


def invented_html(canaries: Sequence[Canary], found: Mapping[str, Sequence[TrapAnswer]], specs: Specs) -> str:
    """Engine by engine what it made of each trap."""
    rows = [(specs[engine_id].label, answers) for engine_id, answers in found.items()]
    return render("trust_invented.html", canaries=canaries, rows=rows)


def repeated_html(found: Sequence[Steadiness], specs: Specs) -> str:
    """How far the readings of each engine lie apart."""
    return render("trust_repeated.html", rows=[(specs[one.engine].label, one) for one in found])


def endured_html(points: Mapping[str, Sequence[Point]], specs: Specs, *, has_reference: bool) -> str:
    """The plot, and the same figures as a table."""
    conditions = [point.condition for point in next(iter(points.values()))]
    most = max((point.rate for own in points.values() for point in own if point.rate is not None), default=0.0)
    top = max(0.05, most)
    step = (WIDTH - LEFT - 20) / max(1, len(conditions) - 1)

    def place(number: int, rate: float) -> tuple[float, float]:
        return LEFT + number * step, (HEIGHT - BOTTOM) - rate / top * (HEIGHT - BOTTOM - 14)

    curves = [
        Curve(
            specs[engine_id].label,
            tuple(place(number, point.rate) for number, point in enumerate(own) if point.rate is not None),
            tuple(own),
        )
        for engine_id, own in points.items()
    ]
    marks = [(name, LEFT + number * step) for number, name in enumerate(conditions)]
    return render(
        "trust_endured.html", curves=curves, marks=marks, top=top, width=WIDTH, height=HEIGHT, left=LEFT,
        floor=HEIGHT - BOTTOM, has_reference=has_reference,
    )  # fmt: skip
