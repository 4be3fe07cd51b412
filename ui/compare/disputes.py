"""When agreement is counted and disputes are shown: after engines have read, never while somebody types."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from engines.contract import EngineSpec
from metrics.critical_tokens import Alarm
from metrics.normalising import Rules
from metrics.reading_slots import family_of
from playground.boxes import Box, PlacedReadings, joined, lend_boxes
from playground.disputes import Dispute, Line, Settlement, agreement_of, settle
from playground.engine_runs import readings_of, texts_of
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from playground.host.shelf import Shelf
from playground.insight import AnswerAtRisk, WordAtRisk, answers_at_risk, likeliest
from playground.scoring import rules_of
from playground.together import places_against, why_not_together
from translations import N_, _
from ui.compare.desk import Desk
from ui.house import House, in_turn, visitor_of
from ui.html import Ink, against_html, pieces_of, render

MOST_SEEN = 500
Seen = tuple[tuple[tuple[str, str], ...], Rules, str]


class Disputes:
    """The part of the Compare screen above the panels. Must be made inside `gr.Blocks`, where it is to stand.

    Counting takes a fifth of a second for long pages, so each visitor's last answer is kept until they leave.
    """

    def __init__(self, house: House) -> None:
        self._offer = house.offer
        self._hosting = house.hosting
        self._last = Shelf[Seen](MOST_SEEN, shared=house.offer.settings.public)
        self.agreement = gr.HTML(elem_id="agreement", apply_default_css=False)
        self.desk = gr.HTML(elem_id="settling", apply_default_css=False)
        self._risks = gr.HTML(elem_id="risks", apply_default_css=False)
        self._shade = gr.Button(N_("Shade words by risk"), elem_id="shade", elem_classes="vh")
        self._check = gr.Button(N_("Check words"), elem_id="words", elem_classes="vh")
        self._which = gr.Textbox(visible=False)
        self._settle = gr.Button(N_("Settle the disputes"), elem_id="settle", elem_classes="vh")
        self._against = gr.Button(N_("Where all agree against the reference"), elem_id="against", elem_classes="vh")

    def connect(self, desk: gr.State, reference: gr.Textbox, rules: gr.CheckboxGroup, quiet: dict[str, Any]) -> None:
        """Show what the buttons in the agreement and in the verdict ask for."""

        async def show(on_desk: Desk, ticked: list[str], request: gr.Request) -> str:
            return await self._answered(lambda: settling_html(on_desk, self._specs(on_desk), rules_of(ticked)), request)

        async def show_against(on_desk: Desk, written: str, ticked: list[str], request: gr.Request) -> str:
            return await self._answered(lambda: against(on_desk, written, ticked), request)

        def against(on_desk: Desk, written: str, ticked: list[str]) -> str:
            if on_desk.page is None:
                return ""
            ink = Ink(on_desk.page_address, on_desk.page.width, on_desk.page.height)
            runs, counted = tuple(on_desk.shown_runs().values()), rules_of(ticked)
            found = places_against(runs, written, counted, self._specs(on_desk))
            return against_html(found, runs, written, counted, ink, REFERENCE)

        async def show_risks(on_desk: Desk, ticked: list[str], request: gr.Request) -> str:
            return await self._answered(lambda: risks_html(self._at_risk(on_desk, ticked)), request)

        async def show_check(reader: str, on_desk: Desk, ticked: list[str], request: gr.Request) -> str:
            return await self._answered(lambda: check(reader, on_desk, ticked), request)

        def check(reader: str, on_desk: Desk, ticked: list[str]) -> str:
            asked = likeliest(one for one in self._at_risk(on_desk, ticked) if reader in {one.reader, ""})
            return check_html(asked, on_desk) if asked else ""

        self._settle.click(show, [desk, rules], self.desk, **quiet)
        self._shade.click(show_risks, [desk, rules], self._risks, **quiet)
        self._check.click(show_check, [self._which, desk, rules], self.desk, js=ASKED_FOR, **quiet)
        self._against.click(show_against, [desk, reference, rules], self.desk, **quiet)

    async def _answered(self, ask: Callable[[], str], request: gr.Request) -> str:
        """SECURITY: of long readings it takes half a minute, so that whoever asks waits for their own turn."""
        try:
            return await in_turn(self._hosting, visitor_of(request, self._hosting), ask)
        except NoRoom as refusal:
            raise gr.Error(str(refusal), print_exception=False) from None

    def _at_risk(self, desk: Desk, ticked: list[str]) -> tuple[AnswerAtRisk, ...]:
        runs = () if desk.running else tuple(desk.shown_runs().values())
        return answers_at_risk(runs, self._specs(desk), rules_of(ticked), desk.language)

    def shown(self, desk: Desk, rules: Rules, visitor: Visitor) -> dict[Any, Any]:
        """What changes on the screen; new readings put away the disputes of the old ones."""
        texts = {} if desk.running else texts_of(desk.shown_runs().values())
        seen = tuple(texts.items()), rules, desk.language
        if texts and self._last.get(visitor.session) == seen:
            return {self.agreement: gr.skip(), self.desk: gr.skip()}
        html = agreement_html(texts, self._specs(desk), rules, desk.language)
        self._last.put(visitor.session, seen, visitor.payer)
        return {self.agreement: html, self.desk: ""}

    def forget(self, session: str) -> None:
        """The visitor has gone."""
        self._last.drop(session)

    def _specs(self, desk: Desk) -> dict[str, EngineSpec]:
        return {engine_id: self._offer.spec_in_slot(engine_id) for engine_id in desk.slots}


LINES_TO_CHECK = 3
ASKED_FOR = "(_which, ...rest) => [document.body.dataset.check ?? '', ...rest]"
"""Whose words are to be checked, as the script on the screen was told."""
REFERENCE = "#reference textarea"
BY_LETTER = N_("voted letter by letter")


@dataclass(frozen=True, slots=True)
class Voice:
    """One way to read a place, and who reads it so."""

    text: str
    labels: str


def agreement_html(texts: Mapping[str, str], specs: Mapping[str, EngineSpec], rules: Rules, language: str = "") -> str:
    """What can be asked of readings; alarms, ranking and matrix of two or more. Empty where nothing was read."""
    if not texts:
        return ""
    families = {engine_id: specs[engine_id].family for engine_id in texts}
    found = agreement_of(texts, families, rules, language)
    if found is None:
        return render("agreement.html", alone=True)
    pairs = {frozenset((pair.one, pair.other)): pair for pair in found.disagreements}
    return render(
        "agreement.html",
        alone=False,
        alarms=[(alarm.kind, _voices(alarm, specs)) for alarm in found.alarms],
        standings=[(specs[one.reader].label, max(0.0, 1 - one.disagreement)) for one in found.agreement],
        rows=[(specs[one].label, [pairs.get(frozenset((one, other))) for other in texts]) for one in texts],
        labels=[specs[engine_id].label for engine_id in texts],
        votes=len({family_of(engine_id, families) for engine_id in texts}),
        not_together=why_not_together(texts, families),
    )


def _voices(alarm: Alarm, specs: Mapping[str, EngineSpec]) -> list[Voice]:
    return [Voice(variant.text, _listed(variant.readers, specs)) for variant in alarm.variants]


def settling_html(desk: Desk, specs: Mapping[str, EngineSpec], rules: Rules) -> str:
    """The disputes of the page with the ink they are about; empty without a page or with fewer than two readings."""
    texts = texts_of(desk.shown_runs().values())
    if desk.page is None or len(texts) < 2:
        return ""
    settlement = settle(texts, {engine_id: specs[engine_id].family for engine_id in texts}, rules, desk.language)
    lent = lend_boxes(desk.shown_runs(), rules).runs
    placed = PlacedReadings(readings_of(lent.values()))
    boxes = {number: placed.box(slot) for number, slot in enumerate(settlement.slots)}
    # What must not be wrong comes first: whoever stops early has settled that.
    disputes = sorted(settlement.disputes(), key=lambda dispute: dispute.kind is None)
    checks = settlement.lines_to_check(LINES_TO_CHECK, seed=secrets.randbelow(2**32))
    items = [
        *(_dispute_item(dispute, boxes, specs) for dispute in disputes),
        *(_check_item(line, settlement, boxes) for line in checks),
    ]
    return render(
        "settling.html",
        kind="settle",
        target=REFERENCE,
        address=desk.page_address,
        width=desk.page.width,
        height=desk.page.height,
        items=json.dumps(items),
        disputes=len(disputes),
        critical=sum(dispute.kind is not None for dispute in disputes),
        checks=len(checks),
        lines=list(_flow(settlement)),
    )


def _dispute_item(dispute: Dispute, boxes: Mapping[int, Box | None], specs: Mapping[str, EngineSpec]) -> object:
    supported = dispute.supported
    first = {"text": dispute.suggested, "who": _listed(supported.readers, specs) if supported else _(BY_LETTER)}
    rest = [variant for variant in dispute.variants if variant is not supported]
    near = boxes[dispute.number] or joined(boxes.get(dispute.number + step) for step in (-1, 1))
    variants = [first, *({"text": one.text, "who": _listed(one.readers, specs)} for one in rest)]
    said = {"about": dispute.kind or "", "clear": dispute.clear}
    return {"kind": "dispute", "numbers": [dispute.number], "variants": variants, "box": _corners(near), **said}


def _check_item(line: Line, settlement: Settlement, boxes: Mapping[int, Box | None]) -> object:
    everybody = [{"text": settlement.text(line), "who": _("every engine")}]
    box = joined(boxes[number] for number in line.numbers)
    return {"kind": "check", "numbers": list(line.numbers), "variants": everybody, "box": _corners(box)}


def risks_html(answers: Iterable[AnswerAtRisk]) -> str:
    """For the script that shades: of each answer its words (start, end, per cent, reason) and how many to check."""
    told = {
        answer.reader: {
            "words": [(one.word.start, one.word.end, round(100 * one.risk), one.reason) for one in answer.words],
            "check": len(answer.to_check),
        }
        for answer in answers
    }
    return render("risks.html", answers=json.dumps(told, separators=(",", ":")))


def check_html(answer: AnswerAtRisk, desk: Desk) -> str:
    """The walk through the words to check of an answer, the riskiest first, with the ink of each."""
    if desk.page is None:
        return ""
    placed = PlacedReadings(answer.readings)
    return render(
        "settling.html",
        kind="words",
        label=answer.label,
        target=REFERENCE,
        address=desk.page_address,
        width=desk.page.width,
        height=desk.page.height,
        items=json.dumps([_word_item(number, answer.words[number], placed) for number in answer.to_check]),
        places=len(answer.to_check),
        words=len(answer.words),
        left=answer.left,
        text=answer.text,
        lines=[pieces_of(answer.text, [(number, answer.words[number].word) for number in sorted(answer.to_check)])],
    )


def _word_item(number: int, found: WordAtRisk, placed: PlacedReadings) -> object:
    """The first is what holds unless somebody says otherwise."""
    variants = [
        {"text": found.word.text, "who": found.reason},
        *({"text": other.text, "who": other.labels} for other in found.others),
    ]
    note = _("about {share} likely to be wrong", share=f"{found.risk:.0%}")
    own = [place for place in found.word.places if place.reader in found.word.readers]
    box = placed.box_around(own) or placed.box_around(found.word.places)
    return {"kind": "word", "numbers": [number], "variants": variants, "box": _corners(box), "note": note}


def _corners(box: Box | None) -> list[float] | None:
    return [box.left, box.top, box.right, box.bottom] if box else None


def _flow(settlement: Settlement) -> Iterator[list[tuple[int, str, bool]]]:
    """Line by line: every slot's number, its text as suggested, and whether it is disputed."""
    suggested = {dispute.number: dispute.suggested for dispute in settlement.disputes()}
    for line in settlement.lines():
        yield [
            (number, suggested.get(number, settlement.suggested[number]), number in suggested)
            for number in line.numbers
        ]


def _listed(readers: tuple[str, ...], specs: Mapping[str, EngineSpec]) -> str:
    return ", ".join(specs[reader].label for reader in readers)
