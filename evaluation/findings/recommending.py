"""Requirements + what was measured -> a shortlist with its reasons, and what was ruled out by which requirement. Pure.

Three questions: how much a month and for how much money; may pages leave this machine; which error hurts most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, dropwhile
from typing import Literal

from engines.catalogue import MARK, is_brought
from engines.contract import EngineSpec, Level
from engines.pricing import Charge, Free, Unknown, Usd, a_month, about_dollars, change_in_words, dollars, times
from engines.registry import ending
from evaluation.findings.analysis import ErrorClasses
from evaluation.findings.data_requirements import DataNeeds, asked_of
from evaluation.findings.faithfulness import LeastRight, Shown, asked_right, shown_right
from evaluation.findings.leaderboard import Leaderboard, Row
from evaluation.findings.published import on_inkbench, published_for
from evaluation.findings.statistics import SURE
from evaluation.findings.total_cost import Machine, TotalCost
from evaluation.findings.wording import begun, between, between_dollars, clauses, clusters_in_words, in_units, sureness
from translations import N_, _
from translations.wording import percent

Harm = Literal["any", "digit", "missing", "extra", "case", "punctuation"]
"""The error that hurts: any, wrong numbers, text left out, text added, ..."""
HARM_NAMES: Mapping[Harm, str] = {
    "any": N_("any wrong character"),
    "digit": N_("wrong digits"),
    "missing": N_("text left out"),
    "extra": N_("text added"),
    "case": N_("wrong capitals"),
    "punctuation": N_("wrong punctuation"),
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

    @property
    def asked_besides(self) -> tuple[str, ...]:
        """What is asked of readings, boxes and time, each as the memo names it."""
        asked = [asked_right(kind, share) for kind, share in self.least_right]
        asked += [_boxes(self.boxes)] if self.boxes else []
        asked += [_in_time(self.most_seconds)] if self.most_seconds is not None else []
        return tuple(asked)


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
        yield RuledOut(row.engine_id, _("pages stay here"), _(MARK))
    for asked in asked_of(spec, needs.data):
        if asked.answer == "unknown":
            yield RuledOut(row.engine_id, asked.requirement, asked.because)
    if elsewhere and needs.boxes is not None and needs.boxes not in spec.box_levels:
        yield RuledOut(row.engine_id, _boxes(needs.boxes), _("whether it gives any is not known"))
    if elsewhere and needs.most_seconds is not None and row.seconds_p95 is None:
        yield RuledOut(row.engine_id, _in_time(needs.most_seconds), _("how long it took is not known"))
    if needs.usd_a_month is not None and isinstance(_monthly(row, spec, needs), Unknown):
        yield RuledOut(row.engine_id, _("a budget"), _("its price is not known"))


LEVEL_NAMES: Mapping[Level, str] = {
    "character": N_("character"),
    "word": N_("word"),
    "line": N_("line"),
    "paragraph": N_("paragraph"),
    "page": N_("page"),
}


def _boxes(level: Level) -> str:
    return _("{level} boxes", level=_(LEVEL_NAMES[level]))


def _in_time(most_seconds: float) -> str:
    return _("at most {seconds} s a page", seconds=f"{most_seconds:g}")


def _rule_out(row: Row, spec: EngineSpec, needs: Requirements, today: date) -> RuledOut | None:
    missed = chain(_unwelcome(spec, needs, today), _unfit(row, spec, needs), _too_dear(row, spec, needs))
    return next((RuledOut(row.engine_id, requirement, because) for requirement, because in missed), None)


def _unwelcome(spec: EngineSpec, needs: Requirements, today: date) -> Iterator[tuple[str, str]]:
    """What no figure can mend: where pages go, and whether the model is still there."""
    if needs.must_stay_local and spec.runs == "cloud":
        yield _("pages stay here"), _("sends pages to {vendor}", vendor=spec.vendor)
    if spec.ends_on and spec.ends_on <= today:
        yield _("still on offer"), ending(spec, today)
    yield from ((one.requirement, one.because) for one in asked_of(spec, needs.data) if one.answer == "missed")


def _unfit(row: Row, spec: EngineSpec, needs: Requirements) -> Iterator[tuple[str, str]]:
    if row.pages and row.failed == row.pages:
        yield _("reads at all"), _("failed on all {pages} pages", pages=row.pages)
    if needs.boxes is not None and needs.boxes not in spec.box_levels and spec.runs != "elsewhere":
        levels = ", ".join(_(LEVEL_NAMES[level]) for level in spec.box_levels)
        yield _boxes(needs.boxes), _("gives {levels} boxes", levels=levels) if levels else _("gives no boxes")
    if needs.most_seconds is not None and row.seconds_p95 is not None and row.seconds_p95 > needs.most_seconds:
        took = _("95 of 100 pages took up to {seconds} s", seconds=f"{row.seconds_p95:.1f}")
        yield _in_time(needs.most_seconds), took
    yield from ((one.requirement, one.because) for one in _shown(row, needs, "missed"))


def _shown(row: Row, needs: Requirements, answer: str) -> list[Shown]:
    return [one for one in shown_right(row.faithful, needs.least_right) if one.answer == answer]


def _too_dear(row: Row, spec: EngineSpec, needs: Requirements) -> Iterator[tuple[str, str]]:
    if needs.usd_a_month is None:
        return
    monthly = _monthly(row, spec, needs)
    if not isinstance(monthly, Unknown) and monthly.usd > needs.usd_a_month:
        usd, pages = f"${monthly.usd:,.0f}", f"{needs.pages_a_month:,}"
        asked = _("{usd} a month", usd=f"${needs.usd_a_month:,.0f}")
        yield asked, _("{usd} for {pages} pages", usd=usd, pages=pages)


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
        usd, least = about_dollars(cost.known), about_dollars(best.known)
        gap = _("{usd} a page against {least} with {engine}", usd=usd, least=least, engine=label)
        if cost.sure is not None:
            gap = _("{gap}, {sure} sure", gap=gap, sure=sureness(cost.sure))
        found[cost.engine_id] = RuledOut(cost.engine_id, _("what a page costs in the end"), gap)
    return found


def _monthly(row: Row, spec: EngineSpec, needs: Requirements) -> Charge:
    return a_month(spec, times(row.price_per_1000, 1 / 1000), needs.pages_a_month)


def _dearness(charge: Charge) -> float:
    return float("inf") if isinstance(charge, Unknown) else charge.usd


def _in_the_end(cost: TotalCost | None, best: TotalCost | None, by_id: Mapping[str, EngineSpec]) -> Iterator[str]:
    """What a page costs, and how sure it is that another engine's costs less."""
    if cost is None or best is None:
        return
    unpriced = cost.page.total is None
    said = _("a page costs {usd} to correct") if unpriced else _("a page costs {usd} in the end, correction included")
    said = said.format(usd=about_dollars(cost.known))
    if cost.interval:
        said = _("{said}, 95 % interval: {reach}", said=said, reach=between_dollars(cost.interval))
    yield clauses([said, _("its price is not known and not counted")]) if unpriced else said
    if cost.typed:
        yield _("{n} of {pages} pages had no reading and are counted as typed by hand", n=cost.typed, pages=cost.pages)
    if cost is not best and cost.sure is not None:
        sure, label = sureness(cost.sure), by_id[best.engine_id].label
        yield _("only {sure} sure to cost more than {engine}: not ruled out", sure=sure, engine=label)


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
    met = (_("{lead}: {said}", lead=one.requirement, said=one.because) for one in _shown(row, needs, "met"))
    open_ = (
        _("{requirement}: these pages do not show it, {because}", requirement=one.requirement, because=one.because)
        for one in _shown(row, needs, "not shown")
    )
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
            yield _("{requirement} only if {condition}", requirement=asked.requirement, condition=asked.only_if)


def _harm_done(needs: Requirements, classes: ErrorClasses | None) -> str:
    if needs.harm == "any" or classes is None:
        return ""
    many = f"{classes.per_thousand(needs.harm):.1f}"
    return _("{errors}: {n} in 1,000 characters", errors=_(HARM_NAMES[needs.harm]), n=many)


def _caveats(board: Leaderboard, needs: Requirements) -> Iterator[str]:
    if not any(row.cer.rate is not None for row in board.rows):
        yield _("No page has a reference, so nothing is known of how well anybody reads.")
    if any(row.cer_interval and row.cer_interval.few for row in board.rows):
        clusters = clusters_in_words(board.clusters)
        yield _("There are fewer than 20 {clusters}: the intervals are wide for that reason.", clusters=clusters)
    if len({row.pages for row in board.rows}) > 1:
        yield _("Not every engine was given all pages: what a page costs may differ for that reason, too.")
    if needs.harm != "any":
        errors = begun(_(HARM_NAMES[needs.harm]))
        yield _("{errors} count {times} times in what a page costs in the end.", errors=errors, times=HARM_WEIGHT)
    if needs.languages:
        languages = ", ".join(needs.languages)
        yield _(
            "How {languages} is read shows in the slices by language, if such pages were there.", languages=languages
        )


FAILS_OFTEN = 0.05


def measured(row: Row, spec: EngineSpec, pages_a_month: int, monthly: Charge, harm_done: str) -> Iterator[str]:
    """What was seen on these pages."""
    if row.cer.rate is not None:
        said = _("CER {rate} on {pages} pages", rate=percent(row.cer.rate), pages=row.scored)
        if row.cer_interval:
            said = _("{said}, 95 % interval: {reach}", said=said, reach=between(row.cer_interval))
        yield said
    if harm_done:
        yield harm_done
    unread = row.failed + row.refused
    yield (
        _("no reading of {n} of {pages} pages", n=unread, pages=row.pages)
        if unread
        else _("read all of its {pages} pages", pages=row.pages)
    )
    if row.seconds_median is not None:
        yield _("{seconds} s a page (median)", seconds=f"{row.seconds_median:.1f}")
    if isinstance(monthly, Free):
        yield _("runs on your own machine, no price per page")
    elif isinstance(monthly, Unknown):
        if row.cer.rate is None:  # else what a page costs says so
            yield _("its price is not known")
    else:
        yield _paid(spec, monthly).format(usd=about_dollars(monthly.usd), pages=f"{pages_a_month:,}")


def _paid(spec: EngineSpec, monthly: Usd) -> str:
    if spec.runs == "local":
        return _("{usd} a month for {pages} pages, for the machine that it runs on")
    if is_brought(spec.id):
        return _("{usd} a month for {pages} pages, by the prices that came with its readings")
    if monthly.measured:
        return _("{usd} a month for {pages} pages, by the usage it reported")
    return _("{usd} a month for {pages} pages, estimated from list prices")


def published(spec: EngineSpec) -> Iterator[str]:
    """What was only read."""
    found = published_for(spec.id)
    if found and found.cer_percent is not None:
        rate, source, date_read = found.cer_percent, found.source, found.read_on
        yield _("CER {rate} % on IAM ({source}, read {date})", rate=rate, source=source, date=date_read)
    if other := on_inkbench(spec.id):
        yield _(
            "CER {rate} % on InkBench's 120 handwritten pages, by its own rules ({source})",
            rate=other.cer_percent,
            source=other.source,
        )
    if spec.data_handling:
        told = (
            (point, statement.words if statement else _("not found")) for point, statement in spec.data_handling.points
        )
        yield clauses([_("{lead}: {said}", lead=point, said=words) for point, words in told])
    if spec.price:
        yield _("list price from {source}, read {date}", source=spec.price.source, date=spec.price.as_of)
        for volume in spec.price.volume:
            yield _(
                "{usd} per 1,000 pages beyond {pages} a month ({source}, read {date})",
                usd=dollars(volume.usd_per_page * 1000),
                pages=f"{volume.beyond_pages_a_month:,}",
                source=volume.source,
                date=volume.as_of,
            )


def risks(row: Row, spec: EngineSpec, today: date) -> Iterator[str]:
    """What may make the choice a bad one later."""
    if notice := ending(spec, today):
        yield notice
    if change := change_in_words(spec, today):
        yield _("its price changes: {change}", change=change)
    if row.failure_rate > FAILS_OFTEN:
        yield _("gave no reading on {share} of the pages", share=f"{row.failure_rate:.0%}")
    yield from _seen_risks(row)
    if spec.runs == "elsewhere":
        yield _("{brought}: try it on pages of yours yourself before you rely on it", brought=_(MARK))
    if spec.runs == "cloud":
        yield _("the vendor may change the model behind this name: repeat this run from time to time")


def _seen_risks(row: Row) -> Iterator[str]:
    """What its readings themselves show."""
    if caught := sum(one.caught for one in row.canaries):
        yield _("read what is not there on {n} of {pages} canary pages", n=caught, pages=len(row.canaries))
    if heavy := row.heavy_page:
        # A public link says it, too, so that the page has no name here.
        share, rate = f"{100 * heavy.share:.0f}", percent(heavy.cer.rate)
        yield _("one page makes {share} % of its errors: without it CER {rate}", share=share, rate=rate)
    if stuck := row.faithful.stuck if row.faithful else 0:
        yield _("says the same again and again on {n} of {pages} pages", n=stuck, pages=row.scored)
    if row.truncated:
        yield _("{n} pages were cut off at the length limit", n=row.truncated)
