"""Comparisons, one at a time per visit: started, followed as a desk that changes, stopped. Knows no component."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter
from typing import Literal

from engines.contract import EngineSpec, ReadingTask
from playground.engine_runs import EngineRun, with_turn
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from ui.blocks import streamed
from ui.compare.desk import Desk
from ui.house import House

TICK_SECONDS = 0.8
"""How long a visitor who closed the page goes on costing, at most."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The visitor changed the reference or the rules."""


News = EngineRun | tuple[str, str, float | None] | NoRoom | Typed


@dataclass(slots=True, eq=False)
class Visit:
    """One comparison. While it lasts, it alone draws readings: two who draw would overtake one another.

    The reference may change meanwhile; when the page goes, the visit is `dropped`.
    """

    reference: str
    rules: list[str]
    over: bool = False
    dropped: bool = False
    stop: Event = field(default_factory=Event)
    news: asyncio.Queue[News | object] = field(default_factory=asyncio.Queue)


@dataclass(frozen=True, slots=True)
class Change:
    """A new state of the desk, what must be drawn anew for it, and the engines that say something new.

    With `refusal` the desk is as it was before, and the sentence says what to do.
    """

    desk: Desk
    draw: Literal["screen", "scores", "nothing"] = "nothing"
    doing: tuple[str, ...] = ()
    refusal: str = ""


class ComparisonRuns:
    """One per process; a visitor has at most one comparison in progress. All but `stop` and `drop` must be called on
    the event loop, where nothing comes between looking and doing."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._visits: dict[str, Visit] = {}

    def latest(self, session: str) -> Visit | None:
        """The comparison in progress, or else the last one of the page on the desk."""
        return self._visits.get(session)

    def in_progress(self, session: str) -> bool:
        """Whether engines read for this visitor."""
        visit = self.latest(session)
        return visit is not None and not visit.over

    async def follow(
        self, desk: Desk, specs: Sequence[EngineSpec], task: ReadingTask, visitor: Visitor, visit: Visit
    ) -> AsyncIterator[Change]:
        """The desk at the start, at every news and at every tick; ends early when another page was laid on it."""
        self._visits[visitor.session] = visit
        before, desk = desk, desk.starting(tuple(spec.id for spec in specs), task, perf_counter())
        try:
            arriving = streamed(self._producer(desk, specs, visitor, visit), TICK_SECONDS, visit.news)
            yield Change(desk, "screen")
            async for news in arriving:
                if visit.dropped:
                    return
                change = _changed(before, desk, news)
                desk = change.desk
                if change.draw != "nothing" or change.doing or not news:
                    yield change
        finally:
            visit.stop.set()
            visit.over = True

    def changed(self, session: str, reference: str, rules: list[str]) -> bool:
        """The visitor typed: true if a comparison in progress scores by this from now on, and draws it."""
        if not self.in_progress(session):
            return False
        visit = self._visits[session]
        visit.reference, visit.rules = reference, rules
        visit.news.put_nowait(Typed())
        return True

    def stop(self, session: str) -> None:
        """End the visitor's comparison, if one is in progress."""
        visit = self.latest(session)
        if visit is not None:
            visit.stop.set()

    def drop(self, session: str) -> None:
        """End it, and show nothing more of it."""
        visit = self._visits.pop(session, None)
        if visit is not None:
            visit.dropped = True
            visit.stop.set()

    def _producer(
        self, desk: Desk, specs: Sequence[EngineSpec], visitor: Visitor, visit: Visit
    ) -> Callable[[Callable[[News], None]], None]:
        page, guard, on_gpu = desk.page, self._house.hosting.guard, self._house.offer.on_gpu
        assert page is not None, "only a page can be compared"

        def produce(emit: Callable[[News], None]) -> None:
            def tell(engine_id: str, doing: str, share: float | None) -> None:
                emit((engine_id, doing, share))

            try:
                for run in guard.compare(
                    specs, page, desk.task, visitor, stop=visit.stop, on_progress=tell, on_gpu=on_gpu
                ):
                    emit(with_turn(run, desk.source.turned))
            except NoRoom as refusal:
                emit(refusal)

        return produce


def _changed(untouched: Desk, desk: Desk, news: Sequence[News]) -> Change:
    """All that waits, as one change; engines that only repeat themselves are no news."""
    before = desk
    for item in news:
        if isinstance(item, NoRoom):
            return Change(untouched, "screen", refusal=str(item))
        if isinstance(item, EngineRun):
            desk = desk.finished(item)
        elif not isinstance(item, Typed):
            desk = desk.doing(*item)
    doing = tuple(engine_id for engine_id, state in desk.running.items() if state != before.running[engine_id])
    if len(desk.running) < len(before.running):
        return Change(desk, "scores" if desk.running else "screen", doing)
    return Change(desk, "scores" if any(isinstance(item, Typed) for item in news) else "nothing", doing)
