"""What a page costs when engines check each other and a person reviews only where they differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engines.pricing import times
from evaluation.findings.leaderboard import Row
from evaluation.findings.word_checks import Committee
from metrics.correction_cost import Assumptions, PageCost, review_cost


@dataclass(frozen=True, slots=True)
class Review:
    """A committee's cost for one page; `low` and `high` are its labour with the interval of the words looked at."""

    committee: Committee
    cost: PageCost
    low: float
    high: float


def reviews(committees: Sequence[Committee], rows: Sequence[Row], assumed: Assumptions) -> tuple[Review, ...]:
    """The cheapest first, those with an unknown price last."""
    usd = {row.engine_id: times(row.price_per_1000, 1 / 1000).usd for row in rows}
    return tuple(sorted((_review(one, usd, assumed) for one in committees if one.words), key=lambda one: one.cost.rank))


def cheapest(found: Sequence[Review], target: float) -> Review | None:
    """The cheapest of which at most the share `target` of the words is wrong afterwards, or none."""
    return next((one for one in found if one.committee.wrong <= target), None)


def _review(committee: Committee, usd: Mapping[str, float | None], assumed: Assumptions) -> Review:
    prices = [usd.get(engine_id) for engine_id in committee.engine_ids]
    engine = None if None in prices else sum(price for price in prices if price is not None)
    words = committee.words / committee.pages
    share, interval = committee.looked_at / committee.words, committee.looked_at_interval
    low, high = (interval.low, interval.high) if interval else (share, share)
    costs = [review_cost(words * one, engine, assumed) for one in (share, low, high)]
    return Review(committee, costs[0], costs[1].labour, costs[2].labour)
