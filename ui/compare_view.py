"""What the Compare screen shows for a desk: panels, verdict, boxes. Pure: a desk and a reference in, HTML out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from engines.availability import ending
from engines.contract import EngineSpec, Reading, ReadingTask
from metrics.agreement import DisputedSpan, disagreements
from metrics.comparing_texts import DiffSpan, compare_texts
from metrics.normalising import Rules
from metrics.painting import painted
from playground.borrowing import lend_boxes
from playground.comparison import EngineRun, Failure
from playground.offer import Offer
from playground.scoring import Scores, score_runs
from ui.boxes_view import boxes_html
from ui.desk import Desk, Running
from ui.html import render
from ui.tokens import Piece, Token, disputed_pieces, pieces_of, tokens_of
from ui.verdict import verdict_html


@dataclass(frozen=True, slots=True)
class View:
    """HTML for every part of the screen that depends on the desk."""

    panels: tuple[str, ...]
    verdict: str
    boxes: str


def view_of(desk: Desk, reference: str, rules: Rules, offer: Offer, visitor: str = "") -> View:
    """The whole screen; scores are derived anew each time."""
    runs = desk.shown_runs()
    scores = score_runs(runs.values(), reference, rules)
    specs = {engine_id: offer.spec(engine_id) for engine_id in desk.slots}
    lending = lend_boxes(runs)
    desk = replace(desk, runs=lending.runs)
    painter = _Painter(runs, scores)
    panels = tuple(_panel(specs[engine_id], desk, painter, offer, visitor) for engine_id in desk.slots)
    boxes = boxes_html(lending, specs, desk.page.width, desk.page.height) if desk.page else ""
    return View(panels, verdict_html(desk, specs, scores), boxes)


def _panel(spec: EngineSpec, desk: Desk, painter: _Painter, offer: Offer, visitor: str) -> str:
    running, run = desk.running.get(spec.id), desk.runs.get(spec.id)
    if running is not None:
        return _running_panel(spec, running)
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
        price=offer.estimated_usd(spec, desk.page, ReadingTask()),
        ending=ending(spec, date.today()),
    )


def _running_panel(spec: EngineSpec, running: Running) -> str:
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
    tokens, disagreement = painter.paint(spec.id, reading)
    return render(
        "panel.html",
        state="read",
        spec=spec,
        run=run,
        score=painter.scores.of(spec.id) if painter.has_reference else None,
        tied=painter.tied,
        tokens=tokens,
        disagreement=disagreement,
        lines=sum(1 for line in reading.text.splitlines() if line.strip()),
    )


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

    def paint(self, engine_id: str, reading: Reading) -> tuple[tuple[Token, ...], str | None]:
        """The tokens to draw, and without a reference how much the engine disagrees."""
        score = self.scores.of(engine_id)
        if score is not None and self.has_reference:
            pieces = pieces_of(painted(score.spans))
            return tokens_of(engine_id, reading, pieces, score.spans, self.scores.reference), None
        disputed = self._disputed.get(engine_id)
        if disputed is None or not reading.text.strip():
            whole = [Piece("equal", reading.text, reading.text, 0)]
            return tokens_of(engine_id, reading, whole, (), ""), None
        places = sum(span.agreeing < len(self._texts) for span in disputed)
        words = "place" if places == 1 else "places"
        tokens = tokens_of(engine_id, reading, disputed_pieces(disputed), self._to_pivot(reading.text), self._pivot)
        return tokens, f"differs in {places} {words}"

    @property
    def _pivot(self) -> str:
        """The text whose words number the twins when there is no reference."""
        return next(iter(self._texts.values()))

    def _to_pivot(self, text: str) -> Sequence[DiffSpan]:
        return compare_texts(self._pivot, text, self.scores.rules).spans


def _text(run: EngineRun) -> str:
    return run.outcome.text if isinstance(run.outcome, Reading) else ""
