"""Comparisons in progress, one per visit: started, followed as a desk that changes, stopped. Knows no component."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter

from engines.contract import EngineSpec, ReadingTask
from playground.admission import NoRoom
from playground.comparison import EngineRun
from playground.guard import Visitor
from ui.desk import Desk
from ui.house import House
from ui.streaming import streamed

TICK_SECONDS = 0.5
"""How long a visitor who closed the page goes on costing, at most."""

News = EngineRun | tuple[str, str, float | None] | NoRoom


@dataclass(slots=True)
class Visit:
    """One comparison in progress; the reference may change while engines read."""

    reference: str
    rules: list[str]
    stop: Event = field(default_factory=Event)


@dataclass(frozen=True, slots=True)
class Change:
    """A new state of the desk; with `progress_of` nothing changed but what that engine is doing.

    With `refusal` the desk is as it was before, and the sentence says what to do.
    """

    desk: Desk
    progress_of: str = ""
    refusal: str = ""


class ComparisonRuns:
    """One per process; a visitor has at most one comparison in progress."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._visits: dict[str, Visit] = {}

    async def follow(
        self, desk: Desk, specs: Sequence[EngineSpec], task: ReadingTask, visitor: Visitor, visit: Visit
    ) -> AsyncIterator[Change | None]:
        """What changes, and None at every tick; ends early when another page was laid on the desk."""
        self._visits[visitor.session] = visit
        before, desk = desk, desk.starting(tuple(spec.id for spec in specs), task, perf_counter())
        try:
            arriving = streamed(self._producer(desk, specs, visitor, visit), TICK_SECONDS)
            yield Change(desk)
            async for news in arriving:
                if self._visits.get(visitor.session) is not visit:
                    return
                if isinstance(news, EngineRun):
                    desk = desk.finished(news)
                    yield Change(desk)
                elif isinstance(news, NoRoom):
                    yield Change(before, refusal=str(news))
                elif news is not None:
                    desk = desk.doing(*news)
                    yield Change(desk, progress_of=news[0])
                else:
                    yield None
        finally:
            visit.stop.set()
            if self._visits.get(visitor.session) is visit:
                del self._visits[visitor.session]

    def changed(self, session: str, reference: str, rules: list[str]) -> None:
        """The visitor typed: what engines bring from now on is scored by this."""
        visit = self._visits.get(session)
        if visit is not None:
            visit.reference, visit.rules = reference, rules

    def stop(self, session: str) -> None:
        """End the visitor's comparison, if one is in progress."""
        visit = self._visits.get(session)
        if visit is not None:
            visit.stop.set()

    def drop(self, session: str) -> None:
        """End it, and show nothing more of it."""
        self.stop(session)
        self._visits.pop(session, None)

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
                    emit(run)
            except NoRoom as refusal:
                emit(refusal)

        return produce
