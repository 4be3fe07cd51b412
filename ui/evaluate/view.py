"""A plan, a run and its findings as HTML. `evaluation` is imported where it is used: that takes seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.contract import EngineSpec, Reading
from metrics.wording import listed
from playground.comparison import Failure
from playground.scoring import score_runs
from ui.html import percent, render
from ui.routes.evaluation_files import addresses
from ui.tokens import paint_against

if TYPE_CHECKING:
    from evaluation.evaluations import OpenedPage, Snapshot
    from evaluation.findings.leaderboard import Leaderboard, Row
    from evaluation.findings.statistics import Interval
    from evaluation.report.memo import Memo
    from evaluation.work.planning import Plan

Labels = Mapping[str, str]
STRIP = 120.0
"""Width of the picture of an interval, in its own units."""
MOST_TOLD = 3.0
"""A rate of 300 %: an interval that reaches beyond is no help to anybody."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A rate and its interval on a common scale, for a small picture."""

    low: float
    at: float
    high: float


def plan_html(planned: Plan) -> str:
    """Pages, price and time before anything is run."""
    from evaluation.report.wording import duration

    return render(
        "evaluate_plan.html",
        plan=planned,
        items=len(planned.contents.items),
        unreadable=planned.contents.unreadable,
        notes=planned.contents.settings.notes,
        labels=_labels(planned.contents.settings.engines),
        duration=duration,
        longest=max((one.seconds for one in planned.estimates), default=0.0),
    )


def run_html(seen: Snapshot) -> str:
    """Progress, the leaderboard so far, what was paid, what could not be read."""
    from evaluation.report.wording import pair_sentence, price_of

    labels = _labels(seen.run.settings.engines)
    done, total = sum(one.total - one.left for one in seen.progress), sum(one.total for one in seen.progress)
    return render(
        "evaluate_run.html",
        seen=seen,
        headline=_headline(seen, done, total),
        verdict=verdict(seen.board, labels),
        board=seen.board,
        strips=_strips(seen.board.rows),
        few=any(row.cer_interval and row.cer_interval.few for row in seen.board.rows),
        pairs=[pair_sentence(pair, labels) for pair in seen.board.pairs],
        labels=labels,
        between=_between,
        price_of=price_of,
    )


def verdict(board: Leaderboard, labels: Labels) -> str:
    """Who reads best, as far as the pages show it."""
    ranked = [row for row in board.rows if row.cer.rate is not None]
    if not ranked:
        return ""
    best = ranked[0]
    equal = [labels[row.engine_id] for row in ranked[1:] if set(row.letters) & set(best.letters)]
    name, rate = labels[best.engine_id], f"{percent(best.cer.rate)} % of characters wrong"
    if not equal:
        return f"{name} reads best: {rate}."
    return f"{name} is in front with {rate}; these pages cannot tell it from {listed(equal)}."


def plots_html(memo: Memo) -> str:
    """The pictures of a run."""
    from evaluation.report.plots import svg

    return render("evaluate_plots.html", pictures=[(picture.title, svg(picture)) for picture in memo.pictures])


def worst_choices(memo: Memo) -> list[tuple[str, str]]:
    """Pages to open: what people see, and the position."""
    return [(f"{page.item_id} · {percent(page.mean_cer)} %", str(page.position)) for page in memo.worst]


def advice_html(memo: Memo) -> str:
    """The shortlist with its reasons, and what was put aside."""
    return render("evaluate_advice.html", memo=memo, labels=memo.labels, advice=memo.advice)


def files_html(ticket: str) -> str:
    """What can be taken along."""
    return render("evaluate_files.html", files=addresses(ticket))


@dataclass(frozen=True, slots=True)
class Column:
    """One engine's reading of an opened page."""

    spec: EngineSpec
    rate: float | None
    word_rate: float | None
    seconds: float
    failure: Failure | None
    text: str
    paint: str


def page_html(opened: OpenedPage, picture: str) -> str:
    """One page and what everybody read on it, coloured against its reference."""
    scores = score_runs(opened.runs, opened.reference or "", opened.settings.rules)
    by_id = {spec.id: spec for spec in opened.settings.engines}
    columns = []
    for run in opened.runs:
        score = scores.of(run.engine_id) if opened.reference else None
        failed = run.outcome if isinstance(run.outcome, Failure) else None
        columns.append(
            Column(
                by_id[run.engine_id],
                score.cer.rate if score else None,
                score.wer.rate if score else None,
                run.seconds,
                failed,
                run.outcome.text if isinstance(run.outcome, Reading) else "",
                paint_against(score.compared) if score else "[]",
            )
        )
    columns.sort(key=lambda column: (column.rate is None, column.rate or 0.0))
    return render("evaluate_page.html", opened=opened, picture=picture, columns=columns)


def _labels(specs: Sequence[EngineSpec]) -> Labels:
    return {spec.id: spec.label for spec in specs}


def _headline(seen: Snapshot, done: int, total: int) -> str:
    if seen.state == "cancelled":
        return f"Cancelled after {done} of {total} readings"
    if seen.finished:
        return f"Finished: {total} readings"
    if seen.state == "paused":
        return f"Paused at {done} of {total} readings"
    if not seen.running:
        return f"Interrupted at {done} of {total} readings"
    return f"Reading: {done} of {total}"


def _between(interval: Interval | None) -> str:
    """Words where the interval says nothing: over two or three pages it may span a million percent."""
    from evaluation.report.wording import between

    return "too few pages" if interval is None or interval.high > MOST_TOLD else between(interval)


def _strips(rows: Sequence[Row]) -> list[Strip | None]:
    ends = (row.cer_interval.high if row.cer_interval else row.cer.rate or 0.0 for row in rows)
    scale = STRIP / (min(max(ends, default=0.0), 1.5) or 1.0)

    def place(rate: float) -> float:
        return max(0.0, min(STRIP, rate * scale))

    found: list[Strip | None] = []
    for row in rows:
        rate, interval = row.cer.rate, row.cer_interval
        if rate is None:
            found.append(None)
        else:
            low, high = (interval.low, interval.high) if interval and interval.high <= MOST_TOLD else (rate, rate)
            found.append(Strip(place(low), place(rate), place(high)))
    return found
