"""What the Compare screen shows for a desk: panels, verdict, boxes. Pure: a desk and a reference in, HTML out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from types import MappingProxyType

from engines.contract import EngineSpec, Level, Point, Reading, ReadingTask
from engines.pricing import Usd, about, in_words, times
from engines.registry import not_known_to_read
from metrics.comparing_texts import compare_texts
from metrics.error_rate import Assumptions
from metrics.normalising import Rules
from playground.boxes import Lending, lend_boxes
from playground.comparing import billing_day
from playground.engine_runs import EngineRun, readings_of, texts_of
from playground.offer import Offer, coming_changes
from playground.panel import Figure, Panels, PanelView, panels_of
from playground.trust import Mark, trust_figure
from playground.verdict import A_MONTH, AGREEING, SCORED, Verdict, is_partial, verdict_of
from translations import N_, _, ngettext
from translations.wording import in_clauses
from ui.compare.desk import Desk, Running
from ui.compare.picker import account_of
from ui.html import box_id, doubts_json, paint_against, paint_disputes, places_json, render, twins_of, word_starts


@dataclass(frozen=True, slots=True)
class View:
    """HTML for every part of the screen that depends on the desk."""

    panels: tuple[str, ...]
    together: str
    verdict: str
    boxes: str


def view_of(
    desk: Desk,
    reference: str,
    rules: Rules,
    offer: Offer,
    visitor: str = "",
    *,
    boxes: bool = True,
    marks: Mapping[str, Sequence[Mark]] = MappingProxyType({}),
) -> View:
    """The whole screen; scores are derived anew each time. Boxes are the desk's alone: typing does not change them.

    `marks` are what was found out about whom to trust.
    """
    runs = desk.shown_runs()
    specs = {engine_id: offer.spec_in_slot(engine_id) for engine_id in desk.slots}
    found = panels_of(runs.values(), reference, rules, specs)
    pivot = reference if found.has_reference else next(iter(texts_of(runs.values()).values()), "")
    answers = {panel.run.engine_id: _answer_panel(panel, pivot, rules, desk.language) for panel in found.panels}
    panels = tuple(
        _waiting_panel(specs[engine_id], desk, offer, visitor) or answers[engine_id] for engine_id in desk.slots
    )
    overlay = boxes_html(lend_boxes(runs), specs, desk.page.width, desk.page.height) if boxes and desk.page else ""
    together = "" if desk.running else _together_panel(found, pivot, rules)
    waiting = [(specs[engine_id].label, _state(specs[engine_id], desk, offer, visitor)) for engine_id in desk.slots]
    rates = {panel.run.engine_id: panel.score.cer.rate for panel in found.panels if panel.score}
    trust = {engine_id: _trusted(of_engine, rates.get(engine_id)) for engine_id, of_engine in marks.items()}
    verdict = verdict_html(desk, found, waiting, json.dumps(word_starts(pivot)), trust)
    return View(panels, together, verdict, overlay)


@dataclass(frozen=True, slots=True)
class Trusted:
    """What is known of whom to trust, as a figure, and whether it is nothing but good."""

    figure: Figure
    passed: bool


def _trusted(marks: Sequence[Mark], rate: float | None) -> Trusted:
    figure = trust_figure(marks, rate)
    return Trusted(figure, bool(figure.text) and all(mark.passed for mark in marks))


def _state(spec: EngineSpec, desk: Desk, offer: Offer, visitor: str) -> str:
    """What an engine that has not read says in the table; empty for one that has."""
    if spec.id in desk.running or (desk.is_example and not desk.runs and spec.runs == "local"):
        return _("reading …")
    if spec.id in desk.runs:
        return ""
    if spec.runs == "elsewhere":
        return _("bring it below")
    missing, price = offer.missing(spec, visitor), offer.price(spec, desk.page, ReadingTask())
    if missing:
        return _("needs {what}", what=missing.what)
    if not isinstance(price, Usd):
        return _("ready, {price}", price=in_words(price))
    return _("ready, {price} for {pages} pages", price=about(times(price, A_MONTH)), pages=f"{A_MONTH:,}")


def _waiting_panel(spec: EngineSpec, desk: Desk, offer: Offer, visitor: str) -> str:
    """The panel of an engine at work, or of one that has not read yet; empty for any other."""
    if running := desk.running.get(spec.id):
        return running_panel(spec, running)
    return "" if spec.id in desk.runs else _idle_panel(spec, desk, offer, visitor)


def _idle_panel(spec: EngineSpec, desk: Desk, offer: Offer, visitor: str) -> str:
    if spec.runs == "elsewhere":
        return render("panel.html", state="own", spec=spec, panel=None, has_page=desk.page is not None)
    missing, (fields, own) = offer.missing(spec, visitor), account_of(spec, offer, visitor)
    return render(
        "panel.html",
        state="missing" if missing else "idle",
        spec=spec,
        panel=None,
        missing=missing,
        fields=fields,
        own=own,
        public=offer.settings.public,
        session=visitor,
        price=offer.price(spec, desk.page, ReadingTask()),
        ending=coming_changes(spec, billing_day()),
        unread=_unread(spec, desk.language),
    )


def running_panel(spec: EngineSpec, running: Running) -> str:
    """The panel of an engine at work."""
    return render(
        "panel.html",
        state="running",
        spec=spec,
        panel=None,
        elapsed=perf_counter() - running.since,
        doing=running.doing,
        share=running.share,
    )


def _answer_panel(panel: PanelView, pivot: str, rules: Rules, language: str) -> str:
    """An engine's reading, refusal or failure; the words of the text `pivot` are the numbers of its twins."""
    state = "failed" if panel.reading is None else "refused" if panel.run.refused else "read"
    drawn, unread = _painted(panel, pivot, rules), _unread(panel.spec, language)
    return render("panel.html", state=state, spec=panel.spec, panel=panel, drawn=drawn, unread=unread)


def _unread(spec: EngineSpec | None, language: str) -> str:
    return "" if spec is None else not_known_to_read(spec, [language])


def _together_panel(found: Panels, pivot: str, rules: Rules) -> str:
    """What the engines read together, or why there is nothing; empty until two have read."""
    panel = found.together
    drawn = _painted(panel, pivot, rules) if panel else None
    return render("together.html", panel=panel, drawn=drawn, why=found.not_together)


def _painted(panel: PanelView, pivot: str, rules: Rules) -> Painted:
    doubts = doubts_json(panel.doubts)
    if panel.score:
        return Painted(paint_against(panel.score.compared), doubts=doubts)
    if panel.reading and (panel.disputed is not None or doubts):
        twins = twins_of(compare_texts(pivot, panel.reading.text, rules).spans)
        return Painted(paint_disputes(panel.disputed or ()), twins, doubts)
    return Painted("[]")


@dataclass(frozen=True, slots=True)
class Painted:
    """A reading as the browser draws it (see `ui.html`); without `twins` the spans themselves lead to the pivot."""

    spans: str
    twins: str = ""
    doubts: str = ""


LEVELS: tuple[Level, ...] = ("character", "word", "line", "paragraph", "page")


@dataclass(frozen=True, slots=True)
class Box:
    """One polygon in page pixels."""

    id: str
    polygon: tuple[Point, ...]
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """All boxes of one level of one engine."""

    engine_id: str
    level: Level
    boxes: tuple[Box, ...]
    places: str = "[]"
    """Which stretch of the text each box stands for, as JSON (see `ui.html`)."""


def boxes_html(lending: Lending, specs: Mapping[str, EngineSpec], width: int, height: int) -> str:
    """The overlay for a page of this size in pixels; empty while no engine has returned a box."""
    layers = tuple(layer for run in lending.runs.values() for layer in _layers(run, run.engine_id in lending.lenders))
    with_boxes = dict.fromkeys(layer.engine_id for layer in layers)
    return render(
        "boxes.html",
        layers=layers,
        width=width,
        height=height,
        engines=[(engine_id, _label(engine_id, lending, specs)) for engine_id in with_boxes],
        levels=[level for level in LEVELS if any(layer.level == level for layer in layers)],
    )


def _label(engine_id: str, lending: Lending, specs: Mapping[str, EngineSpec]) -> str:
    lender = lending.lenders.get(engine_id)
    label = specs[engine_id].label
    return _("{engine} (words borrowed from {lender})", engine=label, lender=specs[lender].label) if lender else label


def _layers(run: EngineRun, borrows: bool) -> tuple[Layer, ...]:
    if not isinstance(run.outcome, Reading):
        return ()
    numbered = list(enumerate(run.outcome.regions))
    layers = (
        Layer(
            run.engine_id,
            level,
            tuple(
                Box(box_id(run.engine_id, n), region.polygon, borrows and level == "word")
                for n, region in numbered
                if region.level == level
            ),
            places_json(run.outcome, level) if level in {"word", "line"} else "[]",
        )
        for level in LEVELS
    )
    return tuple(layer for layer in layers if layer.boxes)


NO_REFERENCE = N_(
    "Dashed words are where engines disagree. Agreement is not accuracy: engines that share a weakness agree with each "
    "other. Type what the page says, or start from one reading and correct it, to see CER and WER."
)
OF_EXAMPLE = (
    N_("One engine reads this letter. {errors}."),
    N_("Two engines read this letter. {errors}."),
    N_("Three engines read this letter. {errors}."),
    N_("Four engines read this letter. {errors}."),
)
NOBODY_READ = N_("No engine could read this page. Each says below why.")
SHORT = N_("Your reference is much shorter than what the engines read.")
SHORT_MEANS = N_("The panels count everything beyond it as extra. If you typed some lines only, score just those:")


def verdict_html(
    desk: Desk, found: Panels, waiting: Sequence[tuple[str, str]], word_starts: str, trust: Mapping[str, Trusted]
) -> str:
    """Where everybody stands, `waiting` those who have not read; carries what the script needs to know."""
    verdict = verdict_of(found, desk.language)
    scores = found.scores
    partial = is_partial(scores.reference, texts_of(desk.shown_runs().values()).values())
    return render(
        "verdict.html",
        verdict=verdict,
        trust=trust,
        columns=SCORED if found.has_reference else AGREEING,
        headline=_headline(verdict, desk, partial=partial),
        meaning="" if desk.running or partial else verdict.meaning or _unranked(found),
        example=desk.is_example,
        explanation=_explanation(found, partial=partial),
        waiting=[(label, state) for label, state in waiting if state],
        places={engine_id: number for number, engine_id in enumerate(desk.slots)},
        rules=json.dumps(asdict(scores.rules)),
        language=desk.language,
        word_starts=word_starts,
        partial=partial,
        against=found.has_reference and not partial and found.together is not None,
        assumed=Assumptions(),
        has_reference=found.has_reference and not partial and bool(verdict.headline),
    )


def _unranked(found: Panels) -> str:
    """What to do where readings are there and nothing says who of them is right."""
    if found.has_reference or not readings_of(panel.run for panel in found.panels):
        return ""
    return _("Nothing here says yet who is right: type what the page says, or settle the disputes.")


def _explanation(found: Panels, *, partial: bool) -> str:
    if not readings_of(panel.run for panel in found.panels):
        return ""
    if not found.has_reference:
        return _(NO_REFERENCE)
    return _(SHORT_MEANS) if partial else found.scores.rules.sentence()


def _headline(verdict: Verdict, desk: Desk, *, partial: bool) -> str:
    if desk.running:
        ended = sum(engine_id in desk.runs for engine_id in set(desk.slots))
        return _("Reading: {n} of {all} engines have ended.", n=ended, all=ended + len(desk.running))
    if desk.is_example:
        return _of_example(verdict)
    if not verdict.headline:
        if desk.shown_runs():
            return _(NOBODY_READ)
        return _("Drop a page of handwriting, or take a sample.") if desk.page is None else _("Ready: press Compare.")
    return _(SHORT) if partial else verdict.headline


def _of_example(verdict: Verdict) -> str:
    errors = [(row.panel.label, row.panel.score.cer.errors) for row in verdict.ranked if row.panel.score]
    if not errors:
        return _("A letter, and what it really says. Engines are reading it.")
    (best, fewest), *others = errors
    first = ngettext("{engine}: {n} wrong character", "{engine}: {n} wrong characters", fewest, engine=best)
    told = in_clauses([first, *(f"{_('{point}:', point=label)} {wrong}" for label, wrong in others)])
    return _(OF_EXAMPLE[len(errors) - 1], errors=told)
