"""Requirements + what was measured -> a shortlist with its reasons, and what was ruled out by which requirement. Pure.

Three questions: how much a month and for how much money; may pages leave this machine; which error hurts most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, dropwhile
from typing import Literal

from engines.availability import ending
from engines.catalogue import MARK, is_brought
from engines.contract import EngineSpec, Level
from engines.pricing import Charge, Free, Unknown, a_month, about_dollars, change_in_words, dollars, times
from evaluation.findings.analysis import ErrorClasses
from evaluation.findings.data_requirements import DataNeeds, asked_of
from evaluation.findings.faithfulness import LeastRight, Shown, shown_right
from evaluation.findings.hosting_cost import Machine
from evaluation.findings.leaderboard import Leaderboard, Row
from evaluation.findings.published import on_inkbench, published_for
from evaluation.findings.statistics import SURE
from evaluation.findings.total_cost import TotalCost
from evaluation.findings.wording import between, between_dollars, in_units, sureness
from metrics.wording import percent

Harm = Literal["any", "digit", "missing", "extra", "case", "punctuation"]
"""The error that hurts: any, wrong numbers, text left out, text added, ..."""
HARM_NAMES: Mapping[Harm, str] = {
    "any": "any wrong character",
    "digit": "wrong digits",
    "missing": "text left out",
    "extra": "text added",
    "case": "wrong capitals",
    "punctuation": "wrong punctuation",
}
HARM_WEIGHT = 10
"""How many edits an error that hurts counts as: it is looked for, and one overlooked costs more than its mending."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the buyer needs; the first four are asked, the others are options."""

    pages_a_month: int = 1000
    usd_a_month: float | None = None
    must_stay_local: bool = False
    harm: Harm = "any"
    data: DataNeeds = field(default_factory=DataNeeds)
    boxes: Level | None = None
    languages: tuple[str, ...] = ()
    most_seconds: float | None = None
    least_right: LeastRight = ()
    machine: Machine | None = None
    """Where local engines would run and somebody pays for it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine of the shortlist: what was seen on these pages, what was only read, and what may change it."""

    engine_id: str
    measured: tuple[str, ...]
    published: tuple[str, ...]
    risks: tuple[str, ...]
    a_month: Charge


@dataclass(frozen=True, slots=True)
class RuledOut:
    """An engine that cannot meet a requirement."""

    engine_id: str
    requirement: str
    because: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Cheapest in the end first, up to those that surely cost more; then what was put aside, and why."""

    shortlist: tuple[Candidate, ...]
    worse: tuple[RuledOut, ...]
    ruled_out: tuple[RuledOut, ...]
    caveats: tuple[str, ...]
    unsure: tuple[RuledOut, ...] = ()
    """Every requirement that an engine may or may not meet: nobody here knows, and its vendor has to be asked."""


def advise(
    board: Leaderboard,
    specs: Sequence[EngineSpec],
    needs: Requirements,
    costs: Sequence[TotalCost] = (),
    classes: Sequence[ErrorClasses] = (),
    today: date | None = None,
) -> Advice:
    """The engines to choose from; `costs` in their order, among the engines that meet the requirements.

    Without references on the pages nobody can be said to be worse, and the price decides.
    """
    today = today or date.today()
    by_id = {spec.id: spec for spec in specs}
    of_engine = {cost.engine_id: cost for cost in costs}
    out, unsure = ruled_out(board, specs, needs, today), not_known(board, specs, needs, today)
    fit = [row for row in board.rows if row.engine_id not in out and row.engine_id not in unsure]
    harm = {found.engine_id: found for found in classes}
    order = {engine_id: number for number, engine_id in enumerate(of_engine)}
    dear = {row.engine_id: _dearness(_monthly(row, by_id[row.engine_id], needs)) for row in fit}
    ranked = sorted(fit, key=lambda row: (order.get(row.engine_id, len(order)), dear[row.engine_id]))
    best = of_engine.get(ranked[0].engine_id) if ranked else None
    worse = _dearer(of_engine, ranked, by_id)
    beside = {row.engine_id: tuple(_in_the_end(of_engine.get(row.engine_id), best, by_id)) for row in ranked}
    short = (
        _candidate(row, by_id[row.engine_id], needs, beside[row.engine_id], harm.get(row.engine_id), today)
        for row in ranked
        if row.engine_id not in worse
    )
    return Advice(
        tuple(_in_units(one, board.unit) for one in short),
        tuple(worse.values()),
        tuple(out.values()),
        tuple(_caveats(board, needs)),
        tuple(one for questions in unsure.values() for one in questions),
    )


def _in_units(one: Candidate, unit: str) -> Candidate:
    """All but what its vendor publishes, whose pages are pages."""
    measured, risks = (tuple(in_units(said, unit) for said in part) for part in (one.measured, one.risks))
    return replace(one, measured=measured, risks=risks)


def ruled_out(board: Leaderboard, specs: Sequence[EngineSpec], needs: Requirements, today: date) -> dict[str, RuledOut]:
    """By engine, the first requirement that it does not meet."""
    by_id = {spec.id: spec for spec in specs}
    found = (_rule_out(row, by_id[row.engine_id], needs, today) for row in board.rows)
    return {out.engine_id: out for out in found if out}


def not_known(
    board: Leaderboard, specs: Sequence[EngineSpec], needs: Requirements, today: date
) -> dict[str, tuple[RuledOut, ...]]:
    """By engine that misses no requirement, those of which nobody here knows whether it meets them."""
    by_id, out = {spec.id: spec for spec in specs}, ruled_out(board, specs, needs, today)
    left = (row for row in board.rows if row.engine_id not in out)
    found = {row.engine_id: tuple(_questions(row, by_id[row.engine_id], needs)) for row in left}
    return {engine_id: questions for engine_id, questions in found.items() if questions}


def _questions(row: Row, spec: EngineSpec, needs: Requirements) -> Iterator[RuledOut]:
    elsewhere = spec.runs == "elsewhere"
    if elsewhere and needs.must_stay_local:
        yield RuledOut(row.engine_id, "pages stay here", MARK)
    for asked in asked_of(spec, needs.data):
        if asked.answer == "unknown":
            yield RuledOut(row.engine_id, asked.requirement, asked.because)
    if elsewhere and needs.boxes is not None and needs.boxes not in spec.box_levels:
        yield RuledOut(row.engine_id, f"{needs.boxes} boxes", "whether it gives any is not known")
    if elsewhere and needs.most_seconds is not None and row.seconds_p95 is None:
        yield RuledOut(row.engine_id, f"at most {needs.most_seconds:g} s a page", "how long it took is not known")
    if needs.usd_a_month is not None and isinstance(_monthly(row, spec, needs), Unknown):
        yield RuledOut(row.engine_id, "a budget", "its price is not known")


def _rule_out(row: Row, spec: EngineSpec, needs: Requirements, today: date) -> RuledOut | None:
    missed = chain(_unwelcome(spec, needs, today), _unfit(row, spec, needs), _too_dear(row, spec, needs))
    return next((RuledOut(row.engine_id, requirement, because) for requirement, because in missed), None)


def _unwelcome(spec: EngineSpec, needs: Requirements, today: date) -> Iterator[tuple[str, str]]:
    """What no figure can mend: where pages go, and whether the model is still there."""
    if needs.must_stay_local and spec.runs == "cloud":
        yield "pages stay here", f"sends pages to {spec.vendor}"
    if spec.ends_on and spec.ends_on <= today:
        yield "still on offer", ending(spec, today)
    yield from ((one.requirement, one.because) for one in asked_of(spec, needs.data) if one.answer == "missed")


def _unfit(row: Row, spec: EngineSpec, needs: Requirements) -> Iterator[tuple[str, str]]:
    if row.pages and row.failed == row.pages:
        yield "reads at all", f"failed on all {row.pages} pages"
    if needs.boxes is not None and needs.boxes not in spec.box_levels and spec.runs != "elsewhere":
        yield f"{needs.boxes} boxes", f"gives {', '.join(spec.box_levels) or 'no'} boxes"
    if needs.most_seconds is not None and row.seconds_p95 is not None and row.seconds_p95 > needs.most_seconds:
        yield f"at most {needs.most_seconds:g} s a page", f"95 of 100 pages took up to {row.seconds_p95:.1f} s"
    yield from ((one.requirement, one.because) for one in _shown(row, needs, "missed"))


def _shown(row: Row, needs: Requirements, answer: str) -> list[Shown]:
    return [one for one in shown_right(row.faithful, needs.least_right) if one.answer == answer]


def _too_dear(row: Row, spec: EngineSpec, needs: Requirements) -> Iterator[tuple[str, str]]:
    if needs.usd_a_month is None:
        return
    monthly = _monthly(row, spec, needs)
    if not isinstance(monthly, Unknown) and monthly.usd > needs.usd_a_month:
        yield f"${needs.usd_a_month:,.0f} a month", f"${monthly.usd:,.0f} for {needs.pages_a_month:,} pages"


def _dearer(
    costs: Mapping[str, TotalCost], ranked: Sequence[Row], by_id: Mapping[str, EngineSpec]
) -> dict[str, RuledOut]:
    """From the first engine on whose pages surely cost more in the end than those of the best that fits.

    Who stands behind it goes with it: it costs more still, and that its interval is wider makes it no better choice.
    """
    in_order = [costs[row.engine_id] for row in ranked if row.engine_id in costs]
    if not in_order:
        return {}
    best, *others = in_order
    label = by_id[best.engine_id].label
    found = {}
    for cost in dropwhile(lambda cost: cost.sure is None or cost.sure < SURE, others):
        sure = f", {sureness(cost.sure)} sure" if cost.sure is not None else ""
        gap = f"{about_dollars(cost.known)} a page against {about_dollars(best.known)} with {label}{sure}"
        found[cost.engine_id] = RuledOut(cost.engine_id, "what a page costs in the end", gap)
    return found


def _monthly(row: Row, spec: EngineSpec, needs: Requirements) -> Charge:
    return a_month(spec, times(row.price_per_1000, 1 / 1000), needs.pages_a_month)


def _dearness(charge: Charge) -> float:
    return float("inf") if isinstance(charge, Unknown) else charge.usd


def _in_the_end(cost: TotalCost | None, best: TotalCost | None, by_id: Mapping[str, EngineSpec]) -> Iterator[str]:
    """What a page costs, and how sure it is that another engine's costs less."""
    if cost is None or best is None:
        return
    reach = f", 95 % interval: {between_dollars(cost.interval)}" if cost.interval else ""
    if cost.page.total is None:
        yield f"a page costs {about_dollars(cost.known)} to correct{reach}; its price is not known and not counted"
    else:
        yield f"a page costs {about_dollars(cost.known)} in the end, correction included{reach}"
    if cost.typed:
        yield f"{cost.typed} of {cost.pages} pages had no reading and are counted as typed by hand"
    if cost is not best and cost.sure is not None:
        yield f"only {sureness(cost.sure)} sure to cost more than {by_id[best.engine_id].label}: not ruled out"


def harm_weights(classes: Sequence[ErrorClasses], harm: Harm) -> dict[str, float]:
    """How many edits an error of each engine counts as, by the share of its errors that hurt."""
    if harm == "any":
        return {}
    totals = {found.engine_id: sum(count for _, count in found.counts) for found in classes}
    return {
        found.engine_id: 1 + (HARM_WEIGHT - 1) * dict(found.counts).get(harm, 0) / totals[found.engine_id]
        for found in classes
        if totals[found.engine_id]
    }


def _candidate(
    row: Row,
    spec: EngineSpec,
    needs: Requirements,
    in_the_end: tuple[str, ...],
    classes: ErrorClasses | None,
    today: date,
) -> Candidate:
    monthly = _monthly(row, spec, needs)
    met = (f"{one.requirement}: {one.because}" for one in _shown(row, needs, "met"))
    open_ = (f"{one.requirement}: these pages do not show it, {one.because}" for one in _shown(row, needs, "not shown"))
    return Candidate(
        row.engine_id,
        (*in_the_end, *met, *measured(row, spec, needs.pages_a_month, monthly, _harm_done(needs, classes))),
        tuple(published(spec)),
        (*open_, *_conditions(spec, needs), *risks(row, spec, today)),
        monthly,
    )


def _conditions(spec: EngineSpec, needs: Requirements) -> Iterator[str]:
    """What the buyer has to see to for a requirement to be met."""
    for asked in asked_of(spec, needs.data):
        if asked.only_if:
            yield f"{asked.requirement} only if {asked.only_if}"


def _harm_done(needs: Requirements, classes: ErrorClasses | None) -> str:
    if needs.harm == "any" or classes is None:
        return ""
    return f"{HARM_NAMES[needs.harm]}: {classes.per_thousand(needs.harm):.1f} in 1,000 characters"


def _caveats(board: Leaderboard, needs: Requirements) -> Iterator[str]:
    if not any(row.cer.rate is not None for row in board.rows):
        yield "No page has a reference, so nothing is known of how well anybody reads."
    if any(row.cer_interval and row.cer_interval.few for row in board.rows):
        yield f"There are fewer than 20 {board.clusters}: the intervals are wide for that reason."
    if len({row.pages for row in board.rows}) > 1:
        yield "Not every engine was given all pages: what a page costs may differ for that reason, too."
    if needs.harm != "any":
        yield f"{HARM_NAMES[needs.harm].capitalize()} count {HARM_WEIGHT} times in what a page costs in the end."
    if needs.languages:
        yield f"How {', '.join(needs.languages)} is read shows in the slices by language, if such pages were there."


FAILS_OFTEN = 0.05


def measured(row: Row, spec: EngineSpec, pages_a_month: int, monthly: Charge, harm_done: str) -> Iterator[str]:
    """What was seen on these pages."""
    if row.cer.rate is not None:
        reach = f", 95 % interval: {between(row.cer_interval)}" if row.cer_interval else ""
        yield f"CER {percent(row.cer.rate)} on {row.scored} pages{reach}"
    if harm_done:
        yield harm_done
    unread = row.failed + row.refused
    yield f"no reading of {unread} of {row.pages} pages" if unread else f"read all of its {row.pages} pages"
    if row.seconds_median is not None:
        yield f"{row.seconds_median:.1f} s a page (median)"
    if isinstance(monthly, Free):
        yield "runs on your own machine, no price per page"
    elif isinstance(monthly, Unknown):
        if row.cer.rate is None:  # else what a page costs says so
            yield "its price is not known"
    else:
        paid = "by the usage it reported" if monthly.measured else "estimated from list prices"
        if is_brought(spec.id):
            paid = "by the prices that came with its readings"
        how = "for the machine that it runs on" if spec.runs == "local" else paid
        yield f"{about_dollars(monthly.usd)} a month for {pages_a_month:,} pages, {how}"


def published(spec: EngineSpec) -> Iterator[str]:
    """What was only read."""
    found = published_for(spec.id)
    if found and found.cer_percent is not None:
        yield f"CER {found.cer_percent} % on IAM ({found.source}, read {found.read_on})"
    if other := on_inkbench(spec.id):
        yield f"CER {other.cer_percent} % on InkBench's 120 handwritten pages, by its own rules ({other.source})"
    if spec.data_handling:
        said = [
            (point, statement.words if statement else "not found") for point, statement in spec.data_handling.points
        ]
        yield "; ".join(f"{point}: {words}" for point, words in said)
    if spec.price:
        yield f"list price from {spec.price.source}, read {spec.price.as_of}"
        for rate in spec.price.volume:
            yield (
                f"{dollars(rate.usd_per_page * 1000)} per 1,000 pages beyond {rate.beyond_pages_a_month:,} a month "
                f"({rate.source}, read {rate.as_of})"
            )


def risks(row: Row, spec: EngineSpec, today: date) -> Iterator[str]:
    """What may make the choice a bad one later."""
    if notice := ending(spec, today):
        yield notice
    if change := change_in_words(spec, today):
        yield f"its price changes: {change}"
    if row.failure_rate > FAILS_OFTEN:
        yield f"gave no reading on {row.failure_rate:.0%} of the pages"
    if caught := sum(one.caught for one in row.canaries):
        yield f"read what is not there on {caught} of {len(row.canaries)} canary pages"
    if heavy := row.heavy_page:
        # A public link says it, too, so that the page has no name here.
        yield f"one page makes {100 * heavy.share:.0f} % of its errors: without it CER {percent(heavy.cer.rate)}"
    if stuck := row.faithful.stuck if row.faithful else 0:
        yield f"says the same again and again on {stuck} of {row.scored} pages"
    if row.truncated:
        yield f"{row.truncated} pages were cut off at the length limit"
    if spec.runs == "elsewhere":
        yield f"{MARK}: try it on pages of yours yourself before you rely on it"
    if spec.runs == "cloud":
        yield "the vendor may change the model behind this name: repeat this run from time to time"
