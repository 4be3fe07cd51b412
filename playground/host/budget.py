"""SECURITY: the host's money. The worst case is reserved before a call and settled after; in doubt nothing is spent.

One row per call, and what is left is a sum over the day's rows. A reservation that is never settled, because the
process died or the vendor fell silent, stays at its worst case until the day is over.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from engines.contract import EngineSpec
from engines.errors import EngineUnavailable
from playground.settings import Caps
from playground.storage.blobs import StoreUnavailable
from playground.storage.database import Database
from playground.storage.money import in_usd, nanodollars

log = logging.getLogger(__name__)

OWN_KEY = "Give your own key, or choose an engine that runs on this server."

_RESERVE = """
insert into charge (id, day, visitor, engine, nanodollars, settled)
select cast(:id as text), cast(:day as text), cast(:visitor as text), cast(:engine as text), cast(:cost as bigint), 0
where :cost + (select coalesce(sum(nanodollars), 0) from charge where day = :day) <= :day_cap
  and :cost + (select coalesce(sum(nanodollars), 0) from charge where day = :day and engine = :engine) <= :engine_cap
  and :cost + (select coalesce(sum(nanodollars), 0) from charge where day = :day and visitor = :visitor) <= :visitor_cap
returning id
"""
_SETTLE = "update charge set nanodollars = :cost, settled = 1 where id = :id and settled = 0"
_SPENT = """
select coalesce(sum(nanodollars), 0), coalesce(sum(case when visitor = :visitor then nanodollars else 0 end), 0)
from charge where day = :day
"""
_ANY = "select 1 from charge limit 1"


class BudgetSpent(EngineUnavailable):
    """The host's key may not pay for this call."""


@dataclass(frozen=True, slots=True)
class Left:
    """US dollars that the host's keys may still spend today, for one visitor and for everybody."""

    visitor_usd: float
    day_usd: float


class Budget:
    """What the host's keys may spend in a day (UTC). `visitor` is whoever pays less by returning: see `visitors`."""

    def __init__(
        self, database: Database, caps: Caps, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._caps = caps
        self._clock = clock

    def reserve(self, visitor: str, spec: EngineSpec, usd: float | None) -> str:
        """Set the worst case aside and give the charge's id; raises `BudgetSpent`, also for an unknown price."""
        if usd is None:
            raise BudgetSpent(f"{spec.label} has no published price, so this host's key does not pay.", fix=OWN_KEY)
        charge = secrets.token_hex(16)
        caps = self._caps
        try:
            rows = self._database.write(
                _RESERVE,
                id=charge,
                day=self._day(),
                visitor=visitor,
                engine=spec.id,
                cost=nanodollars(usd),
                day_cap=nanodollars(caps.day_usd),
                engine_cap=nanodollars(caps.engine_usd),
                visitor_cap=nanodollars(caps.visitor_usd),
            )
        except StoreUnavailable:
            raise BudgetSpent("The budget cannot be checked, so this host's key does not pay.", fix=OWN_KEY) from None
        if not rows:
            raise BudgetSpent(f"What this host pays for {spec.label} is used up for today.", fix=OWN_KEY)
        return charge

    def settle(self, charge: str, usd: float) -> None:
        """Replace the worst case by what the call cost; where that cannot be written the worst case stays."""
        try:
            self._database.write(_SETTLE, id=charge, cost=nanodollars(usd))
        except StoreUnavailable as error:
            log.warning("A charge stays at its worst case: %s", error)

    def left(self, visitor: str) -> Left:
        """What may still be spent today; nothing while the store does not answer."""
        try:
            [(everybody, this_visitor)] = self._database.read(_SPENT, day=self._day(), visitor=visitor)
        except StoreUnavailable:
            return Left(0, 0)
        day = max(0.0, self._caps.day_usd - in_usd(int(everybody)))
        return Left(min(day, max(0.0, self._caps.visitor_usd - in_usd(int(this_visitor)))), day)

    def assume_half_spent(self) -> None:
        """Where an empty store may mean a lost one: count half of today's budget as gone. Raises `StoreUnavailable`."""
        if not self._database.read(_ANY):
            statement = "insert into charge values (:id, :day, '', '', :cost, 1)"
            self._database.write(
                statement, id=secrets.token_hex(16), day=self._day(), cost=nanodollars(self._caps.day_usd / 2)
            )

    def _day(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()
