"""What a page costs in the end: its engine, attempts billed in vain, and the person who corrects or types it. Pure.

This is the order of advice. An engine that is cheap to call and dear to correct stands where a buyer would put it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engines.pricing import Unknown, times
from evaluation.findings.leaderboard import Leaderboard, Observation, by_engine
from evaluation.findings.statistics import Counts, Interval, rate_interval, surely_lower
from metrics.correction_cost import Assumptions, PageCost, page_cost

Place = tuple[int, int]
"""A page and the how-manieth reading of it."""


@dataclass(frozen=True, slots=True)
class TotalCost:
    """What one engine's page costs on average, over all pages with a reference that it was given."""

    engine_id: str
    page: PageCost
    interval: Interval | None
    """Of the total in dollars a page; of the labour alone where the engine's price is not known."""
    pages: int
    typed: int
    """Pages without a reading: somebody types them."""
    sure: float | None = None
    """How probable it is that the first in the order costs less; None with too few pages, and for the first itself."""

    @property
    def known(self) -> float:
        """The total, or as much of it as is known."""
        return _known(self.page)


@dataclass(frozen=True, slots=True)
class _Page:
    cluster: str
    cost: PageCost
    typed: bool


def total_costs(
    observations: Sequence[Observation],
    board: Leaderboard,
    assumed: Assumptions,
    weights: Mapping[str, float],
    last: Collection[str] = (),
) -> tuple[TotalCost, ...]:
    """Every engine that was given a page with a reference, cheapest in the end first.

    `weights` says by engine how many edits one of its errors counts as, 1 where it is not named; the engines of `last`
    stand behind all others, because something else rules them out.
    """
    lengths = {_place(one): one.cer.reference_length for one in observations if one.cer is not None}
    prices = {row.engine_id: times(row.price_per_1000, 1 / 1000).usd for row in board.rows}
    pages: dict[str, dict[Place, _Page]] = {}
    for engine_id, seen in by_engine(observations).items():
        weight, price = weights.get(engine_id, 1.0), prices[engine_id]
        found = {
            place: _page(one, lengths[place], price, weight, assumed)
            for one in seen
            if (place := _place(one)) in lengths
        }
        if found:
            pages[engine_id] = found
    ordered = _ordered([_mean(engine_id, found) for engine_id, found in pages.items()])
    ordered.sort(key=lambda cost: cost.engine_id in last)
    first = pages[ordered[0].engine_id] if ordered else {}
    return tuple(
        replace(cost, sure=_surely_dearer(first, pages[cost.engine_id])) if number else cost
        for number, cost in enumerate(ordered)
    )


def _place(one: Observation) -> Place:
    return one.position, one.repeat


def _page(one: Observation, length: int, price: float | None, weight: float, assumed: Assumptions) -> _Page:
    """A page without a reading is typed: each of its characters is an edit."""
    edits = length if one.cer is None else one.cer.errors * weight
    paid = None if price is None else _paid(one, price)
    return _Page(one.cluster, page_cost(length, edits, paid, assumed), one.cer is None)


def _paid(one: Observation, price: float) -> float:
    """An attempt that may have been billed in vain is taken to have cost what a reading costs."""
    known = None if isinstance(one.cost, Unknown) else one.cost.usd
    own = known if known is not None else 0.0 if one.status == "failed" else price
    return own + (price if one.maybe_billed else 0.0)


def _mean(engine_id: str, pages: Mapping[Place, _Page]) -> TotalCost:
    costs, count = [page.cost for page in pages.values()], len(pages)
    paid = [cost.engine for cost in costs if cost.engine is not None]
    mean = PageCost(
        sum(cost.minutes for cost in costs) / count,
        sum(cost.labour for cost in costs) / count,
        sum(paid) / count if len(paid) == count else None,
    )
    dollars, counted = _by_cluster(pages.values())
    interval = rate_interval(dollars, counted) if dollars.sum() > 0 else None
    return TotalCost(engine_id, mean, interval, count, sum(page.typed for page in pages.values()))


def _ordered(costs: Sequence[TotalCost]) -> list[TotalCost]:
    """By total. Without a price by correction alone, behind whoever corrects as cheaply, and never first."""
    priced = [cost for cost in costs if cost.page.total is not None]
    cheapest = min((cost.known for cost in priced), default=0.0)

    def rank(cost: TotalCost) -> tuple[float, bool, str]:
        if cost.page.total is not None:
            return cost.known, False, cost.engine_id
        as_good = (other.known for other in priced if other.page.labour <= cost.page.labour)
        return max(cost.known, cheapest, *as_good), True, cost.engine_id

    return sorted(costs, key=rank)


def _surely_dearer(first: Mapping[Place, _Page], other: Mapping[Place, _Page]) -> float | None:
    """On the pages that both were given."""
    common = [place for place in first if place in other]
    ours, pages = _by_cluster(first[place] for place in common)
    theirs, _ = _by_cluster(other[place] for place in common)
    return surely_lower(ours, theirs, pages)


def _by_cluster(pages: Iterable[_Page]) -> tuple[Counts, Counts]:
    """Dollars and pages of each cluster."""
    sums: dict[str, list[float]] = {}
    for page in pages:
        counted = sums.setdefault(page.cluster, [0.0, 0.0])
        counted[0] += _known(page.cost)
        counted[1] += 1
    dollars, counts = np.array(list(sums.values())).reshape(-1, 2).T
    return dollars, counts


def _known(cost: PageCost) -> float:
    return cost.labour + (cost.engine or 0.0)
