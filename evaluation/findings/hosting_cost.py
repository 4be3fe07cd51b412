"""How many pages an hour an engine gets through; what a local engine's page costs on a machine that somebody pays for,
and from how many pages that pays. Pure.

The machine is kept on all month, as servers are; a page bears its share of it, whatever else the machine could do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from engines.contract import EngineSpec, Pace
from engines.pricing import Usd
from evaluation.findings.leaderboard import Leaderboard
from evaluation.findings.observations import Observation, by_engine
from evaluation.findings.total_cost import TotalCost
from translations import N_

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
