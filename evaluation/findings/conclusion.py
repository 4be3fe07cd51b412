"""What a run comes to: figures first, which are costly to make, then what they mean for a buyer, which is quick. Pure.

Screen, terminal, memo and programs draw the same `Conclusion`, so that none of them can say something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from engines.catalogue import labels_of
from engines.contract import EngineSpec
from engines.pricing import about_dollars
from evaluation.findings.analysis import ErrorClasses
from evaluation.findings.faithfulness import CloseReading
from evaluation.findings.leaderboard import Leaderboard
from evaluation.findings.observations import Observation, Observations
from evaluation.findings.recommending import Advice, Requirements, advise, harm_weights, not_known, ruled_out
from evaluation.findings.statistics import FEW_CLUSTERS, FEWEST_CLUSTERS
from evaluation.findings.together import AgainstReference, ConfidenceCard
from evaluation.findings.total_cost import (
    BreakEven,
    GivenPages,
    Hosting,
    Throughput,
    TotalCost,
    break_evens,
    given_pages,
    hostings,
    throughputs,
    total_costs,
    with_hosting,
)
from evaluation.findings.word_checks import Review, WordChecks, reviews
from evaluation.findings.wording import between_dollars, clusters_counted, clusters_in_words, in_units, sureness
from metrics.error_rate import Assumptions
from translations import _
from translations.wording import listed


@dataclass(frozen=True)
class Findings:
    """What was seen on the pages, whatever anybody needs."""

    observations: Sequence[Observation]
    board: Leaderboard
    classes: Sequence[ErrorClasses]
    against_reference: Sequence[AgainstReference] = ()
    checks: WordChecks | None = None
    confidences: Sequence[ConfidenceCard] = ()
    close: Sequence[CloseReading] = ()

    @cached_property
    def given(self) -> Mapping[str, GivenPages]:
        """What costs follow from: made ready once, for every further need is asked about the same pages."""
        return given_pages(self.observations)

    @cached_property
    def clusters(self) -> int:
        """How many writers or documents, or pages where neither is known, the rates are over."""
        seen = Observations.of(self.observations)
        return len(set(seen.cluster[seen.has_cer]))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a buyer reads first, each a sentence; empty where nothing can be said."""

    best: str = ""
    runner_up: str = ""
    how_sure: str = ""
    a_month: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Those there are, in this order."""
        return tuple(filter(None, (self.best, self.runner_up, self.how_sure, self.a_month)))


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What to do about it, for these needs and under these assumptions."""

    labels: Mapping[str, str]
    needs: Requirements
    assumed: Assumptions
    board: Leaderboard
    decision: Decision
    advice: Advice
    costs: tuple[TotalCost, ...]
    """What a page costs in the end with each engine that was given one with a reference, cheapest first."""
    checks: WordChecks | None = None
    reviews: tuple[Review, ...] = ()
    """What a page costs with every committee, the cheapest first."""
    confidences: Sequence[ConfidenceCard] = ()
    hostings: tuple[Hosting, ...] = ()
    """The local engines on the machine that the buyer names."""
    break_evens: tuple[BreakEven, ...] = ()
    throughputs: tuple[Throughput, ...] = ()


def conclude(
    found: Findings,
    specs: Sequence[EngineSpec],
    needs: Requirements | None = None,
    assumed: Assumptions | None = None,
    today: date | None = None,
) -> Conclusion:
    """Reads no text and scores nothing: other needs are answered at once."""
    needs, assumed = needs or Requirements(), assumed or Assumptions()
    weights = harm_weights(found.classes, needs.harm)
    today = today or date.today()
    hosted = hostings(found.observations, specs, needs.machine)
    board = with_hosting(found.board, hosted, needs.pages_a_month)
    aside = {**ruled_out(board, specs, needs, today), **not_known(board, specs, needs, today)}
    costs = total_costs(found.given, board, assumed, weights, last=frozenset(aside), hosted=hosted)
    labels = labels_of(specs)
    advice = advise(board, specs, needs, costs, found.classes, today)
    decision = _decision([cost for cost in costs if cost.engine_id not in aside], labels, needs, found)
    committees = reviews(found.checks.committees if found.checks else (), board.rows, assumed)
    paying = break_evens(hosted, costs, specs, needs.pages_a_month)
    seen = found.checks, committees, found.confidences, tuple(hosted.values()), paying, throughputs(board, specs)
    return Conclusion(labels, needs, assumed, found.board, decision, advice, costs, *seen)


def _decision(costs: Sequence[TotalCost], labels: Mapping[str, str], needs: Requirements, found: Findings) -> Decision:
    """From the engines that meet the requirements."""
    if not costs:
        return Decision()
    best, name, unit = costs[0], labels[costs[0].engine_id], found.board.unit
    said, month = _costs_least(best, name, unit), _a_month(costs[:2], labels, needs, unit)
    if best.page.total is None and (until := _up_to_which_price(costs, labels, unit)):
        said = f"{said} {until}"
    if len(costs) == 1:
        return Decision(said, a_month=month)
    second = costs[1]
    other = labels[second.engine_id]
    next_one = (
        _("Next is {engine}, at {usd} a page to correct; its price is not known.")
        if second.page.total is None
        else _("Next is {engine}, at {usd} a page.")
    )
    next_one = in_units(next_one, unit).format(engine=other, usd=about_dollars(second.known))
    return Decision(said, next_one, _how_sure(second, name, other, found), month)


def _costs_least(best: TotalCost, name: str, unit: str) -> str:
    reach = " " + _("(95 % interval {reach})", reach=between_dollars(best.interval)) if best.interval else ""
    said = (
        _("{engine} costs least to correct: {usd} a page{reach}; its own price is not known.")
        if best.page.total is None
        else _("{engine} costs least in the end: {usd} a page with its correction{reach}.")
    )
    return in_units(said, unit).format(engine=name, usd=about_dollars(best.known), reach=reach)


def _up_to_which_price(costs: Sequence[TotalCost], labels: Mapping[str, str], unit: str) -> str:
    """From which price on the best of those whose price is known would cost less than the first, which has none."""
    priced = next((cost for cost in costs if cost.page.total is not None), None)
    if priced is None or priced.known <= costs[0].known:
        return ""
    gap = about_dollars(priced.known - costs[0].known)
    said = in_units(_("Below {usd} a page it costs less in the end than {engine}."), unit)
    return said.format(usd=gap, engine=labels[priced.engine_id])


def _a_month(costs: Sequence[TotalCost], labels: Mapping[str, str], needs: Requirements, unit: str) -> str:
    """What a month's pages cost, as far as prices are known."""
    sums = [about_dollars(cost.known * needs.pages_a_month) for cost in costs]
    names = [labels[cost.engine_id] for cost in costs]
    told = listed([_("{usd} with {engine}", usd=usd, engine=name) for usd, name in zip(sums, names, strict=True)])
    unpriced = [name for cost, name in zip(costs, names, strict=True) if cost.page.total is None]
    if not unpriced:
        said = _("{pages} pages a month come to {sums}.")
    elif len(unpriced) > 1:
        said = _("{pages} pages a month come to {sums}, their own prices not counted.")
    else:
        said = _("{pages} pages a month come to {sums}, the price of {engine} not counted.")
    pages = f"{needs.pages_a_month:,}"
    return in_units(said, unit).format(pages=pages, sums=told, engine="".join(unpriced))


def _how_sure(second: TotalCost, name: str, other: str, found: Findings) -> str:
    of, unit, clusters = found.clusters, found.board.unit, clusters_in_words(found.board.clusters)
    seen = clusters_counted(of, found.board.clusters)
    if second.sure is None:
        one = _(
            "{seen} is too few to say whether that order holds: bring pages with what they really say from at least "
            "{fewest} {clusters}, better {few}."
        )
        several = _(
            "{seen} are too few to say whether that order holds: bring pages with what they really say from at least "
            "{fewest} {clusters}, better {few}."
        )
        said = in_units(one if of == 1 else several, unit)
        return said.format(seen=seen, clusters=clusters, fewest=FEWEST_CLUSTERS, few=FEW_CLUSTERS)
    said = _(
        "On pages like these {engine} costs less than {other} with a probability of {sure}, as far as {n} {clusters} "
        "tell."
    )
    sure = sureness(second.sure)
    return in_units(said, unit).format(engine=name, other=other, sure=sure, n=of, clusters=clusters)
