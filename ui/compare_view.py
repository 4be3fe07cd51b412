"""What the Compare screen shows for a desk: panels, verdict, boxes. Pure: a desk and a reference in, HTML out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from engines.availability import ending
from engines.contract import EngineSpec, Reading, ReadingTask
from metrics.agreement import DisputedSpan, disagreements
from metrics.comparing_texts import DiffSpan, compare_texts
from metrics.normalising import Rules
from playground.borrowing import lend_boxes
from playground.comparison import EngineRun, Failure
from playground.offer import Offer
from playground.scoring import Scores, score_runs
from ui.boxes_view import boxes_html
from ui.desk import Desk, Running
from ui.html import render
from ui.tokens import paint_against, paint_disputes, twins_of, word_starts
from ui.verdict import verdict_html


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
        price=offer.estimated_usd(spec, desk.page, ReadingTask()),
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
        state="read",
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
        self._texts = {score.engine_id: _text(runs[score.engine_id]) for score in scores.engines}
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


def _text(run: EngineRun) -> str:
    return run.outcome.text if isinstance(run.outcome, Reading) else ""
