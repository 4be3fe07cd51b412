"""What a page costs in the end: its engine, attempts billed in vain, and the person who corrects or types it. Pure.

This is the order of advice. An engine that is cheap to call and dear to correct stands where a buyer would put it.

Also how many pages an hour an engine gets through; what a local engine's page costs on a machine that somebody pays
for, and from how many pages that pays: the machine is kept on all month, as servers are; a page bears its share of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from engines.contract import EngineSpec, Pace
from engines.pricing import Usd, times
from evaluation.findings.leaderboard import Leaderboard
from evaluation.findings.observations import Observation, Observations, by_engine, in_common, numbered, summed
from evaluation.findings.statistics import Counts, Interval, rate_interval, surely_lower
from metrics.error_rate import Assumptions, PageCost, correction_seconds
from translations import N_


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


@dataclass(frozen=True, slots=True, eq=False)
class GivenPages:
    """The pages with a reference that one engine was given, as columns: other needs are answered while somebody waits.

    `page` is the number of page and repeat, `cluster` counts the writers or documents in the order in which the engine
    met them.
    """

    page: NDArray[np.int64]
    cluster: NDArray[np.int64]
    length: Counts
    errors: Counts
    """As many as the page has characters where nothing was read: it is typed."""
    typed: NDArray[np.bool_]
    usd: Counts
    """NaN where a page's own price is not known."""
    failed: NDArray[np.bool_]
    maybe_billed: NDArray[np.bool_]


def given_pages(observations: Sequence[Observation]) -> dict[str, GivenPages]:
    """By engine, in the order in which they first appear."""
    found = Observations.of(observations)
    places, page = np.unique(found.place, return_inverse=True)
    lengths = np.full(len(places), np.nan)
    lengths[page[found.has_cer]] = found.cer[found.has_cer, -1]
    given = by_engine(found.take(~np.isnan(lengths[page])))
    return {who: _columns(seen, lengths[np.searchsorted(places, seen.place)]) for who, seen in given.items()}


def _columns(seen: Observations, length: Counts) -> GivenPages:
    return GivenPages(
        seen.place,
        numbered(seen.cluster),
        length,
        np.where(seen.has_cer, seen.cer[:, :-1].sum(axis=1), length),
        ~seen.has_cer,
        np.array([cost.usd for cost in seen.cost], np.float64),
        seen.status == "failed",
        seen.maybe_billed,
    )


DEAREST, SURE_WITHOUT_PRICE = 1.0, 0.95
"""US dollars a page, several times what any row here costs; and how sure it must be that even this would be less."""


@dataclass(frozen=True, slots=True, eq=False)
class _Costs:
    """What each of one engine's pages costs; `paid` is None where the engine's price is not known."""

    pages: GivenPages
    seconds: Counts
    labour: Counts
    paid: Counts | None

    @property
    def known(self) -> Counts:
        """Labour, and what is known beyond it."""
        return self.labour if self.paid is None else self.labour + self.paid


def total_costs(
    given: Mapping[str, GivenPages],
    board: Leaderboard,
    assumed: Assumptions,
    weights: Mapping[str, float],
    last: Collection[str] = (),
    hosted: Collection[str] = (),
) -> tuple[TotalCost, ...]:
    """Every engine that was given a page with a reference, cheapest in the end first.

    `weights` says by engine how many edits one of its errors counts as, 1 where it is not named; the engines of `last`
    stand behind all others, because something else rules them out. Each page of a `hosted` one costs what it costs on
    average.
    """
    prices = {row.engine_id: times(row.price_per_1000, 1 / 1000).usd for row in board.rows}
    costs = {
        engine_id: _costs(pages, prices[engine_id], weights.get(engine_id, 1.0), assumed, hosted=engine_id in hosted)
        for engine_id, pages in given.items()
    }
    ordered = _ordered([_mean(engine_id, found) for engine_id, found in costs.items()], costs)
    ordered.sort(key=lambda cost: cost.engine_id in last)
    first = ordered[0].engine_id if ordered else ""
    return tuple(
        replace(cost, sure=_surely_dearer(costs[first], costs[cost.engine_id])) if number else cost
        for number, cost in enumerate(ordered)
    )


def _costs(pages: GivenPages, price: float | None, weight: float, assumed: Assumptions, *, hosted: bool) -> _Costs:
    """A page without a reading is typed: each of its characters is an edit."""
    edits = np.where(pages.typed, pages.length, np.minimum(pages.errors * weight, pages.length))
    seconds = correction_seconds(pages.length, edits, assumed)
    paid = None if price is None else _paid(pages, price, hosted=hosted)
    return _Costs(pages, seconds, seconds / 3600 * assumed.hourly_rate, paid)


def _paid(pages: GivenPages, price: float, *, hosted: bool) -> Counts:
    """An attempt that may have been billed in vain is taken to have cost what a reading costs."""
    unknown = np.where(pages.failed, 0.0, price)
    own = np.full_like(pages.usd, price) if hosted else np.where(np.isnan(pages.usd), unknown, pages.usd)
    return own + np.where(pages.maybe_billed, price, 0.0)


def _mean(engine_id: str, costs: _Costs) -> TotalCost:
    count = len(costs.seconds)
    mean = PageCost(
        _total(costs.seconds / 60) / count,
        _total(costs.labour) / count,
        None if costs.paid is None else _total(costs.paid) / count,
    )
    pages = costs.pages
    dollars, counted = summed(pages.cluster, costs.known), summed(pages.cluster, np.ones(count))
    interval = rate_interval(dollars, counted) if dollars.sum() > 0 else None
    return TotalCost(engine_id, mean, interval, count, int(pages.typed.sum()))


def _total(values: Counts) -> float:
    """Added up in order, so that no figure hangs on how an array is cut into pieces."""
    return float(np.cumsum(values)[-1])


def _ordered(means: Sequence[TotalCost], costs: Mapping[str, _Costs]) -> list[TotalCost]:
    """By total. Without a price by correction alone, behind whoever corrects as cheaply.

    Nor does it stand before every engine whose price is known, unless it surely costs less than the cheapest of them
    even at DEAREST a page.
    """
    priced = sorted((cost for cost in means if cost.page.total is not None), key=lambda cost: cost.known)
    cheapest = priced[0] if priced else None

    def rank(cost: TotalCost) -> tuple[float, bool, float, str]:
        if cost.page.total is not None or cheapest is None:
            return cost.known, False, cost.known, cost.engine_id
        as_good = (other.known for other in priced if other.page.labour <= cost.page.labour)
        dearer = _surely_dearer(costs[cost.engine_id], costs[cheapest.engine_id], DEAREST)
        least = cost.known if dearer is not None and dearer >= SURE_WITHOUT_PRICE else cheapest.known
        return max(cost.known, least, *as_good), True, cost.known, cost.engine_id

    return sorted(means, key=rank)


def _surely_dearer(first: _Costs, other: _Costs, price: float = 0.0) -> float | None:
    """On the pages that both were given; `price` is what each page of the first may cost beyond what is known."""
    ours, theirs = in_common(first.pages.page, other.pages.page)
    number = numbered(first.pages.cluster[ours].tolist())
    ours_usd, theirs_usd = summed(number, first.known[ours] + price), summed(number, other.known[theirs])
    return surely_lower(ours_usd, theirs_usd, summed(number, np.ones(len(number))))


def _known(cost: PageCost) -> float:
    return cost.labour + (cost.engine or 0.0)


HOURS_A_MONTH = 730


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine as its buyer names it."""

    usd_per_hour: float
    name: str = N_("a machine of your own")

    @property
    def usd_a_month(self) -> float:
        """Kept on all month."""
        return self.usd_per_hour * HOURS_A_MONTH


@dataclass(frozen=True, slots=True)
class Hosting:
    """One local engine on the machine; its speed was measured where the run was made, one page after the other."""

    engine_id: str
    machine: Machine
    pages_an_hour: float

    @property
    def usd_busy(self) -> float:
        """What a page costs at least: where the machine never waits, or is paid only while it reads."""
        return self.machine.usd_per_hour / self.pages_an_hour

    @property
    def most_pages(self) -> float:
        """What one machine reads in a month."""
        return self.pages_an_hour * HOURS_A_MONTH

    def usd_a_month(self, pages: float) -> float:
        """As many machines as that takes, one at least."""
        return max(1, ceil(pages / self.most_pages)) * self.machine.usd_a_month


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From how many pages a month a hosted engine costs less in the end than a vendor's; None for never.

    `low` and `high` come from both intervals' far ends, so the band is wider than 95 % asks for. At the vendor's price
    for its first pages.
    """

    hosted: str
    rival: str
    pages: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Throughput:
    """What an engine gets through, asked as this playground asks and as its vendor lets a new account ask."""

    engine_id: str
    seconds: float
    """The median of a page."""
    at_once: int
    pace: Pace | None

    @property
    def measured_an_hour(self) -> float:
        """As fast as it was, so many at once."""
        return 3600 * self.at_once / self.seconds

    @property
    def pages_an_hour(self) -> float:
        """The same, or what the vendor allows where that is less."""
        allowed = self.pace.pages_a_minute if self.pace else None
        return self.measured_an_hour if allowed is None else min(self.measured_an_hour, 60 * allowed)


def throughputs(board: Leaderboard, specs: Sequence[EngineSpec]) -> tuple[Throughput, ...]:
    """Of the engines that were timed, the fastest first; a local one reads one page after the other."""
    by_id = {spec.id: spec for spec in specs if spec.runs in ("cloud", "local")}
    timed = (
        Throughput(row.engine_id, row.seconds_median, spec.max_parallel if spec.runs == "cloud" else 1, spec.pace)
        for row in board.rows
        if (spec := by_id.get(row.engine_id)) and row.seconds_median
    )
    return tuple(sorted(timed, key=lambda one: -one.pages_an_hour))


def hostings(
    observations: Sequence[Observation], specs: Sequence[EngineSpec], machine: Machine | None
) -> dict[str, Hosting]:
    """By engine that reads here and gave a reading; none without a machine that costs something."""
    local = {spec.id for spec in specs if spec.runs == "local"}
    found = {}
    for engine_id, seen in by_engine(observations).items() if machine and machine.usd_per_hour > 0 else ():
        seconds = [taken for taken in seen.seconds[seen.is_timed].tolist() if taken]
        if machine and engine_id in local and seconds:
            found[engine_id] = Hosting(engine_id, machine, 3600 * len(seconds) / sum(seconds))
    return found


def with_hosting(board: Leaderboard, found: Mapping[str, Hosting], pages: int) -> Leaderboard:
    """The same, with a hosted engine's page at its share of the month's machines instead of free."""
    share = {engine_id: hosting.usd_a_month(pages) / pages for engine_id, hosting in found.items()}
    rows = (
        replace(row, price_per_1000=Usd(1000 * share[row.engine_id], measured=True)) if row.engine_id in share else row
        for row in board.rows
    )
    return replace(board, rows=tuple(rows)) if found else board


def break_evens(
    found: Mapping[str, Hosting], costs: Sequence[TotalCost], specs: Sequence[EngineSpec], pages: int
) -> tuple[BreakEven, ...]:
    """The best hosted engine against each vendor's whose price is known, in the order of `costs`, made for `pages`."""
    cloud = {spec.id for spec in specs if spec.runs == "cloud"}
    ours = next((cost for cost in costs if cost.engine_id in found), None)
    if ours is None:
        return ()
    hosting = found[ours.engine_id]
    rivals = (cost for cost in costs if cost.engine_id in cloud and cost.page.total is not None)
    return tuple(_break_even(hosting, ours, rival, hosting.usd_a_month(pages) / pages) for rival in rivals)


def _break_even(hosting: Hosting, ours: TotalCost, rival: TotalCost, share: float) -> BreakEven:
    low, high = (ours.interval.low, ours.interval.high) if ours.interval else (ours.known, ours.known)
    their_low, their_high = (rival.interval.low, rival.interval.high) if rival.interval else (rival.known, rival.known)
    return BreakEven(
        ours.engine_id,
        rival.engine_id,
        _pages(hosting, rival.known - ours.page.labour),
        _pages(hosting, their_high - max(0.0, low - share)),
        _pages(hosting, their_low - (high - share)),
    )


def _pages(hosting: Hosting, saved_a_page: float) -> float | None:
    """Where what is saved pays the machine; a second one, when the first is full, pays only if the first does."""
    if saved_a_page <= 0:
        return None
    pages = hosting.machine.usd_a_month / saved_a_page
    return pages if pages <= hosting.most_pages else None
