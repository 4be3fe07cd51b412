"""What the Compare screen shows for a desk: panels, verdict, boxes. Pure: a desk and a reference in, HTML out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from time import perf_counter

from engines.availability import ending
from engines.contract import EngineSpec, Level, Point, Reading, ReadingTask
from metrics.agreement import DisputedSpan, disagreements
from metrics.comparing_texts import DiffSpan, compare_texts
from metrics.correction_cost import Assumptions
from metrics.normalising import Rules
from playground.boxes import Lending, lend_boxes
from playground.comparison import EngineRun, Failure, readings_of, texts_of
from playground.offer import Offer
from playground.partial import is_partial
from playground.scoring import EngineScore, Scores, score_runs
from ui.compare.desk import Desk, Running
from ui.html import percent, render
from ui.tokens import box_id, paint_against, paint_disputes, places_json, twins_of, word_starts


@dataclass(frozen=True, slots=True)
class View:
    """HTML for every part of the screen that depends on the desk."""

    panels: tuple[str, ...]
    verdict: str
    boxes: str


def view_of(desk: Desk, reference: str, rules: Rules, offer: Offer, visitor: str = "", *, boxes: bool = True) -> View:
    """The whole screen; scores are derived anew each time. Boxes are the desk's alone: typing does not change them."""
    runs = desk.shown_runs()
    scores = score_runs(runs.values(), reference, rules)
    specs = {engine_id: offer.spec(engine_id) for engine_id in desk.slots}
    painter = _Painter(runs, scores)
    panels = tuple(_panel(specs[engine_id], desk, painter, offer, visitor) for engine_id in desk.slots)
    overlay = boxes_html(lend_boxes(runs), specs, desk.page.width, desk.page.height) if boxes and desk.page else ""
    return View(panels, verdict_html(desk, specs, scores, painter.word_starts()), overlay)


def _panel(spec: EngineSpec, desk: Desk, painter: _Painter, offer: Offer, visitor: str) -> str:
    running, run = desk.running.get(spec.id), desk.runs.get(spec.id)
    if running is not None:
        return running_panel(spec, running)
    if run is None:
        return _idle_panel(spec, desk, offer, visitor)
    if isinstance(run.outcome, Failure):
        return render("panel.html", state="failed", spec=spec, run=run, score=None)
    return _read_panel(spec, run, run.outcome, painter)


def _idle_panel(spec: EngineSpec, desk: Desk, offer: Offer, visitor: str) -> str:
    missing = offer.missing(spec, visitor)
    return render(
        "panel.html",
        state="missing" if missing else "idle",
        spec=spec,
        score=None,
        missing=missing,
        own_key=spec.key_env if spec.key_env and offer.keys.key_for(spec, visitor) is None else "",
        session=visitor,
        price=offer.price(spec, desk.page, ReadingTask()),
        ending=ending(spec, date.today()),
    )


def running_panel(spec: EngineSpec, running: Running) -> str:
    """The panel of an engine at work."""
    return render(
        "panel.html",
        state="running",
        spec=spec,
        score=None,
        elapsed=perf_counter() - running.since,
        doing=running.doing,
        share=running.share,
    )


def _read_panel(spec: EngineSpec, run: EngineRun, reading: Reading, painter: _Painter) -> str:
    drawn = painter.paint(spec.id, reading)
    return render(
        "panel.html",
        state="refused" if reading.refused else "read",
        spec=spec,
        run=run,
        score=painter.scores.of(spec.id) if painter.has_reference else None,
        tied=painter.tied,
        drawn=drawn,
        lines=sum(1 for line in reading.text.splitlines() if line.strip()),
    )


@dataclass(frozen=True, slots=True)
class Painted:
    """A reading as the browser draws it (see `ui.tokens`); without `twins` the spans themselves lead to the pivot."""

    spans: str
    twins: str = ""
    disagreement: str | None = None


class _Painter:
    """Colours readings against the reference, or against each other while there is none."""

    def __init__(self, runs: Mapping[str, EngineRun], scores: Scores) -> None:
        self.scores = scores
        self.has_reference = bool(scores.reference.strip())
        self.tied = sum(score.best_cer for score in scores.engines) > 1
        self._texts = texts_of(runs.values())
        self._disputed: Mapping[str, Sequence[DisputedSpan]] = {}
        if not self.has_reference and len(self._texts) > 1:
            self._disputed = disagreements(self._texts, scores.rules)

    def paint(self, engine_id: str, reading: Reading) -> Painted:
        """What to draw, and without a reference how much the engine disagrees."""
        score = self.scores.of(engine_id)
        if score is not None and self.has_reference:
            return Painted(paint_against(score.compared))
        disputed = self._disputed.get(engine_id)
        if disputed is None or not reading.text.strip():
            return Painted("[]")
        places = sum(span.agreeing < len(self._texts) for span in disputed)
        words = "place" if places == 1 else "places"
        return Painted(paint_disputes(disputed), twins_of(self._to_pivot(reading.text)), f"differs in {places} {words}")

    def word_starts(self) -> str:
        """Where the pivot's words start."""
        return json.dumps(word_starts(self.scores.reference if self.has_reference else self._pivot))

    @property
    def _pivot(self) -> str:
        """The text whose words number the twins when there is no reference."""
        return next(iter(self._texts.values()), "")

    def _to_pivot(self, text: str) -> Sequence[DiffSpan]:
        return compare_texts(self._pivot, text, self.scores.rules).spans


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
    """Which stretch of the text each box stands for, as JSON (see `ui.tokens`)."""


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
    return f"{specs[engine_id].label} (words borrowed from {specs[lender].label})" if lender else specs[engine_id].label


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


NO_REFERENCE = (
    "Dashed words are where engines disagree. Agreement is not accuracy: engines that share a weakness agree with each "
    "other. Type what the page says, or start from one reading and correct it, to see CER and WER."
)
SHORT = "Your reference is much shorter than what the engines read."
SHORT_MEANS = "The panels count everything beyond it as extra. If you typed some lines only, score just those:"


def verdict_html(desk: Desk, specs: Mapping[str, EngineSpec], scores: Scores, word_starts: str) -> str:
    """Empty until an engine has read; carries what the script needs to know of all panels."""
    read = readings_of(desk.shown_runs().values())
    if not read:
        return ""
    if not scores.reference.strip():
        headline = f"{len(read)} readings, no reference yet." if len(read) > 1 else "One reading, no reference yet."
        return _rendered(desk, scores, word_starts, headline, NO_REFERENCE)
    if is_partial(scores.reference, texts_of(desk.shown_runs().values()).values()):
        return _rendered(desk, scores, word_starts, SHORT, SHORT_MEANS, partial=True)
    best = [score for score in scores.engines if score.best_cer]
    return _rendered(desk, scores, word_starts, _headline(best, specs), scores.rules.sentence())


def _rendered(
    desk: Desk, scores: Scores, word_starts: str, headline: str, explanation: str, *, partial: bool = False
) -> str:
    return render(
        "verdict.html",
        headline=headline,
        explanation=explanation,
        rules=json.dumps(asdict(scores.rules)),
        language=desk.language,
        word_starts=word_starts,
        partial=partial,
        assumed=Assumptions(),
        has_reference=bool(scores.reference.strip()) and not partial,
    )


def _headline(best: list[EngineScore], specs: Mapping[str, EngineSpec]) -> str:
    if not best:
        return "Scored against your reference."
    names = " and ".join(specs[score.engine_id].label for score in best)
    cer = best[0].cer
    verb = "are" if len(best) > 1 else "is"
    return (
        f"{names} {verb} closest to your reference: CER {percent(cer.rate)} %, "
        f"{cer.errors} of {cer.reference_length} characters wrong."
    )
