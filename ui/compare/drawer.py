"""What opens beside the result: can I trust it, and sharing or exporting what is on the desk.

Of trust three questions, asked one by one or together; the price is said first, and who has read is asked.

Sharing is a deliberate click that says exactly what becomes public; before it nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any

import gradio as gr
from markupsafe import Markup

from engines.catalogue import is_brought
from engines.contract import EngineSpec, PageImage
from engines.pricing import Free, together
from metrics.normalising import Rules
from playground.engine_runs import EngineRun, readings_of
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from playground.host.hosting import Hosting
from playground.host.shelf import Shelf
from playground.probes import Canary
from playground.scoring import rules_of
from playground.share.pictures import Rectangle, public_picture
from playground.share.sharing import (
    Expiry,
    NotShareable,
    ShareChoices,
    SharedComparison,
    refuse_more_than_a_page,
)
from playground.storage.blobs import StoreUnavailable
from playground.trust import (
    INQUIRIES,
    Asked,
    DoesItEndure,
    DoesItInvent,
    Inquiry,
    IsItTheSame,
    Mark,
    Point,
    Question,
    Steadiness,
    TrapAnswer,
)
from translations import N_, _
from ui.compare.desk import Answered, Desk
from ui.house import House, visitor_of
from ui.html import laid_out, render
from ui.routes.downloads import COMPARISON_FILES, ExportShelf, reading_files

QUESTIONS: dict[Question, str] = {
    "invent": N_("Does it invent? A blank strip, a masked word, an altered sentence"),
    "repeat": N_("Is it the same each time? Three more readings"),
    "endure": N_("Does it need a perfect scan? Turned, blurred, shrunk, compressed"),
}
ALL = tuple(QUESTIONS)
NOTHING_READ = N_("Compare the engines first: only engines that have read this page are asked.")
MOST_KEPT = 500


class Trust:
    """Must be made inside `gr.Blocks`, where it is to stand. Answers stay until another page is asked about."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._answered = Shelf[Answered](MOST_KEPT, shared=house.offer.settings.public)
        with gr.Accordion(N_("Can I trust it?"), open=False, elem_id="trust"):
            with gr.Row():
                everything = gr.Button(N_("Ask all three"), size="sm", variant="primary")
                self._buttons: dict[tuple[Question, ...], gr.Button] = {ALL: everything}
                for question, label in QUESTIONS.items():
                    self._buttons[(question,)] = gr.Button(label, size="sm")
            self.answer = gr.HTML(elem_id="trust-answer", apply_default_css=False)
        self._asked = gr.State(())
        self._go = gr.Button(N_("Read them"), elem_id="trust-go", elem_classes="vh")

    def connect(
        self, desk: gr.State, reference: gr.Textbox, rules: gr.CheckboxGroup, quiet: dict[str, Any]
    ) -> list[gr.events.Dependency]:
        """Plan when a question is asked, read at once where it is free and otherwise when the price is accepted.

        What is returned ends when there is something new to mark the engines with.
        """

        def ask(questions: tuple[Question, ...], paid: bool) -> Callable[..., Iterator[tuple[str, object]]]:
            def listener(
                on_desk: Desk, text: str, ticked: list[str], asked: tuple[Question, ...], request: gr.Request
            ) -> Iterator[tuple[str, object]]:
                chosen = asked if paid else questions
                visitor = visitor_of(request, self._house.hosting)
                try:
                    for html in self._run(chosen, on_desk, text, rules_of(ticked), visitor, paid):
                        yield html, chosen
                except NoRoom as refusal:
                    yield self.drawn(visitor, on_desk, refusal=str(refusal)), chosen

            return listener

        facts, shown = [desk, reference, rules, self._asked], [self.answer, self._asked]
        asked = [button.click(ask(one, paid=False), facts, shown, **quiet) for one, button in self._buttons.items()]
        return [*asked, self._go.click(ask((), paid=True), facts, shown, **quiet)]

    def marks(self, session: str, page: PageImage | None) -> Mapping[str, Sequence[Mark]]:
        """What the questions asked of this page say of each engine, in the questions' order."""
        found: dict[str, list[Mark]] = {}
        for _html, marks in self._answers(session, page).values():
            for engine_id, mark in marks.items():
                found.setdefault(engine_id, []).append(mark)
        return found

    def bring_back(self, sealed: bytes, visitor: Visitor) -> None:
        """What this visitor's browser kept of the answers. SECURITY: drawn as they are, for only this host seals."""
        answered = self._house.seal.opened(sealed, Answered)
        if answered:
            self._answered.put(visitor.session, answered, visitor.payer)

    def forget(self, session: str) -> None:
        """The visitor has gone."""
        self._answered.drop(session)

    def _answers(self, session: str, page: PageImage | None) -> Mapping[Question, tuple[str, Mapping[str, Mark]]]:
        kept = self._answered.get(session)
        known = kept.answers if kept and page and kept.page == page.sha256 else {}
        return {question: known[question] for question in QUESTIONS if question in known}

    def drawn(self, visitor: Visitor, desk: Desk, **news: object) -> str:
        """What is going on, and below it all answers that are there."""
        plan = render("trust_plan.html", **{"doing": "", "refusal": "", **news}) if news else ""
        answers = self._answers(visitor.session, desk.page)
        told = [(_(QUESTIONS[one]), Markup(html)) for one, (html, _marks) in answers.items()]  # noqa: S704 - our own templates
        sealed = self._house.seal.put_on(Answered(desk.page.sha256, answers)) if desk.page and answers else ""
        return plan + render("trust_answers.html", answers=told, sealed=sealed)

    def _run(
        self,
        questions: Sequence[Question],
        desk: Desk,
        reference: str,
        rules: Rules,
        visitor: Visitor,
        paid: bool,
    ) -> Iterator[str]:
        readings = readings_of(run for run in desk.shown_runs().values() if not is_brought(run.engine_id))
        if desk.page is None or not desk.page.png or not readings or not questions:
            yield self.drawn(visitor, desk, refusal=_(NOTHING_READ))
            return
        specs = {engine_id: self._house.offer.spec(engine_id) for engine_id in readings}
        inquiries = {one: INQUIRIES[one](Asked(desk.page, readings, reference, rules)) for one in questions}
        cost = together(one.price(list(specs.values()), desk.task) for one in inquiries.values())
        total = sum(len(one.probes) for one in inquiries.values())
        if not isinstance(cost, Free) and not paid:
            yield self.drawn(visitor, desk, calls=len(specs) * total, engines=len(specs), cost=cost)
            return
        done = 0
        for question, inquiry in inquiries.items():
            for probe in inquiry.run(self._reader(list(specs.values()), desk, visitor)):
                doing = _("Reading: {page}, {n} of {all}", page=_(probe.name), n=done + 1, all=total)
                yield self.drawn(visitor, desk, doing=doing, done=done, total=total)
                done += 1
            answer = _answer_html(inquiry, specs), inquiry.marks()
            answers = {**self._answers(visitor.session, desk.page), question: answer}
            self._answered.put(visitor.session, Answered(desk.page.sha256, answers), visitor.payer)
        yield self.drawn(visitor, desk)

    def _reader(
        self, engines: Sequence[EngineSpec], desk: Desk, visitor: Visitor
    ) -> Callable[[PageImage], Iterator[EngineRun]]:
        guard, on_gpu = self._house.hosting.guard, self._house.offer.on_gpu
        return lambda page: guard.compare(engines, page, desk.task, visitor, stop=Event(), on_gpu=on_gpu)


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


EXPIRIES = {N_("in 1 day"): Expiry.DAY, N_("in 30 days"): Expiry.MONTH, N_("never"): Expiry.NEVER}
MOST_RECTANGLES = 200


class ShareSection:
    """Must be made inside `gr.Blocks`."""

    def __init__(self, hosting: Hosting, shelf: ExportShelf) -> None:
        self._hosting = hosting
        self._shelf = shelf
        offered = hosting.sharing.expiries if hosting.sharing else ()
        with gr.Accordion(N_("Share or export"), open=False, elem_id="share"):
            gr.HTML(laid_out("share_intro.html", links=hosting.sharing is not None), apply_default_css=False)
            with gr.Row(visible=hosting.sharing is not None):
                self.with_picture = gr.Checkbox(True, label=N_("Show the page itself"), elem_id="share-picture")
                self.expiry = gr.Radio(
                    [label for label, expiry in EXPIRIES.items() if expiry in offered],
                    value="in 30 days",
                    label=N_("The link ends"),
                    elem_id="share-expiry",
                )
            # Written by the script while somebody draws on the page; hidden, not absent, so that the script finds it.
            self.blurred = gr.Textbox("[]", elem_id="blurred", elem_classes="vh", show_label=False, container=False)
            with gr.Row():
                self.share = gr.Button(
                    N_("Make a public link"),
                    variant="primary",
                    elem_id="make-link",
                    visible=hosting.sharing is not None,
                )
                self.export = gr.Button(N_("Export files"), elem_id="make-export")
            # Apart from what was exported: the link by which all is deleted is shown only once.
            self.result = gr.HTML(elem_id="share-result", apply_default_css=False)
            self.exported = gr.HTML(elem_id="export-result", apply_default_css=False)

    def connect(self, desk: gr.State, reference: gr.Textbox, rules: gr.CheckboxGroup) -> None:
        """Let the buttons work on what is on the desk."""
        facts = [desk, reference, rules]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        choices = [self.with_picture, self.blurred, self.expiry]
        self.share.click(self._share, [*facts, *choices], self.result, **quiet)
        self.export.click(self._export, facts, self.exported, **quiet)

    def _share(
        self,
        desk: Desk,
        reference: str,
        rules: list[str],
        with_picture: bool,
        blurred: str,
        expiry: str,
        request: gr.Request,
    ) -> str:
        if not desk.shown_runs() or desk.page is None or not desk.page.png:
            return _said(_("Compare a page of your own first: there is nothing to share yet."))
        visitor = visitor_of(request, self._hosting)
        try:
            choices = ShareChoices(with_picture, rectangles_of(blurred), EXPIRIES[expiry], rules_of(rules))
            with self._hosting.answering.turn(visitor.payer, Event()):
                shared = self._hosting.share(desk.comparison(reference, datetime.now(UTC)), desk.page, choices, visitor)
        except (NotShareable, StoreUnavailable, NoRoom) as refusal:
            return _said(str(refusal))
        return render("share_result.html", shared=shared, with_picture=with_picture, blurred=len(choices.blurred))

    def _export(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> str:
        if not desk.shown_runs() or desk.page is None or not desk.page.png:
            return _said(_("Compare a page of your own first: there is nothing to export yet."))
        now, payer = datetime.now(UTC), visitor_of(request, self._hosting).payer
        try:
            comparison = desk.comparison(reference, now)
            refuse_more_than_a_page(comparison)
            shared = SharedComparison("", comparison, rules_of(rules), now, None, True, False)
            with self._hosting.answering.turn(payer, Event()):
                picture = public_picture(desk.page)
                folder = self._shelf.put(shared, picture, payer)
                readings = reading_files(shared, picture, self._shelf.specs)
        except (NotShareable, NoRoom) as refusal:
            return _said(str(refusal))
        return render("export_result.html", folder=folder, files=tuple(COMPARISON_FILES), readings=readings)


def rectangles_of(text: str) -> tuple[Rectangle, ...]:
    """What the script wrote: a list of [left, top, right, bottom] in page pixels.

    SECURITY: raises `NotShareable` for anything else, as a page must not become public with less blurred than drawn.
    """
    try:
        rectangles = tuple(Rectangle(*(int(edge) for edge in row)) for row in json.loads(text))
    except (ValueError, TypeError):
        raise NotShareable(_("The blurred parts did not arrive. Draw them again, or leave the page out.")) from None
    if len(rectangles) > MOST_RECTANGLES:
        raise NotShareable(_("At most {n} parts can be blurred. Draw fewer, larger ones.", n=MOST_RECTANGLES))
    return rectangles


def _said(sentence: str) -> str:
    return render("problem.html", message=sentence)
