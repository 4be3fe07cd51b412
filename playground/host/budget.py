"""SECURITY: the host's money, and the visitor's consent. The worst case is reserved before a call and settled after.

One row per call, and what is left is a sum over the day's rows; in doubt nothing is spent. A reservation that is never
settled, because the process died or the vendor fell silent, stays at its worst case until the day is over.

Which companies a visitor agreed to send pages to is kept for the length of a session, in memory only.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from math import inf
from threading import Lock

from engines.contract import DataHandling, EngineSpec
from engines.errors import EngineUnavailable
from engines.pricing import dollars
from playground.host.shelf import Shelf
from playground.settings import Caps
from playground.storage.blobs import StoreUnavailable
from playground.storage.database import Database, in_usd, nanodollars
from translations import N_, _

log = logging.getLogger(__name__)

OWN_KEY = N_("Give your own key, or choose an engine that runs on this server.")

_RESERVE = """
insert into charge (id, day, visitor, engine, nanodollars, settled)
select cast(:id as text), cast(:day as text), cast(:visitor as text), cast(:engine as text), cast(:cost as bigint), 0
where (:last = '' or exists (select 1 from charge where id = :last))
  and :cost + (select coalesce(sum(nanodollars), 0) from charge where day = :day) <= :day_cap
  and :cost + (select coalesce(sum(nanodollars), 0) from charge where day = :day and engine = :engine) <= :engine_cap
  and :cost + (select coalesce(sum(nanodollars), 0) from charge where day = :day and visitor = :visitor) <= :visitor_cap
returning id
"""
_SETTLE = "update charge set nanodollars = :cost, settled = 1 where id = :id and settled = 0"
_SPENT = """
select engine, count(*), sum(nanodollars), sum(case when settled = 0 then nanodollars else 0 end),
 sum(case when visitor = :visitor then nanodollars else 0 end)
from charge where day = :day group by engine order by 3 desc
"""
_ANY = "select 1 from charge limit 1"


ROUNDING_USD = 1e-9


class BudgetSpent(EngineUnavailable):
    """The host's key may not pay for this call."""


@dataclass(frozen=True, slots=True)
class Left:
    """US dollars that the host's keys may still spend today, for one visitor and for everybody."""

    visitor_usd: float
    day_usd: float
    engine_usd: Mapping[str, float] = field(default_factory=dict)
    """By the id of each engine that has been used today; the others have all that one engine may spend."""
    each_engine_usd: float = inf

    def why_not(self, engine_id: str, usd: float) -> str:
        """What a call that may cost so much does not fit into, or nothing where it fits."""
        pots = {
            N_("{usd} is left of your share"): self.visitor_usd,
            N_("{usd} is left of this engine's share"): self.engine_usd.get(engine_id, self.each_engine_usd),
            N_("{usd} is left of today's budget"): self.day_usd,
        }
        short = (said for said, left in pots.items() if usd > left + ROUNDING_USD)
        return next((_(said, usd=dollars(max(0.0, pots[said]))) for said in short), "")

    def after(self, engine_id: str, usd: float) -> Left:
        """What is left while so much is set aside for an engine."""
        own = self.engine_usd.get(engine_id, self.each_engine_usd)
        engines = {**self.engine_usd, engine_id: own - usd}
        return replace(self, visitor_usd=self.visitor_usd - usd, day_usd=self.day_usd - usd, engine_usd=engines)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one engine has cost the host in a day; of `usd`, `unsettled_usd` is set aside for calls not yet counted."""

    engine_id: str
    calls: int
    usd: float
    unsettled_usd: float


class Budget:
    """What the host's keys may spend in a day (UTC). `visitor` is whoever pays less by returning: see `visitors`."""

    def __init__(
        self, database: Database, caps: Caps, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._caps = caps
        self._clock = clock
        self._last = ""
        """The last charge that was written from here: where it is gone, so are others, and nothing more is paid."""

    def reserve(self, visitor: str, spec: EngineSpec, usd: float | None) -> str:
        """Set the worst case aside and give the charge's id; raises `BudgetSpent`, also for an unknown price."""
        if usd is None:
            unpriced = _("{engine} has no published price, so this host's key does not pay.", engine=spec.label)
            raise BudgetSpent(unpriced, fix=_(OWN_KEY))
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
                last=self._last,
                day_cap=nanodollars(caps.day_usd),
                engine_cap=nanodollars(caps.engine_usd),
                visitor_cap=nanodollars(caps.visitor_usd),
            )
        except StoreUnavailable:
            unknown = _("The budget cannot be checked, so this host's key does not pay.")
            raise BudgetSpent(unknown, fix=_(OWN_KEY)) from None
        if not rows:
            spent = _("What this host pays for {engine} is used up for today.", engine=spec.label)
            raise BudgetSpent(spent, fix=_(OWN_KEY))
        self._last = charge
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
            rows = self._database.read(_SPENT, day=self._day(), visitor=visitor)
        except StoreUnavailable:
            return Left(0, 0, each_engine_usd=0)
        caps = self._caps
        day = max(0.0, caps.day_usd - in_usd(sum(int(row[2]) for row in rows)))
        own = max(0.0, caps.visitor_usd - in_usd(sum(int(row[4]) for row in rows)))
        engines = {row[0]: min(day, max(0.0, caps.engine_usd - in_usd(int(row[2])))) for row in rows}
        return Left(min(day, own), day, engines, min(day, caps.engine_usd))

    def spending(self, day: str = "") -> list[Spent]:
        """What each engine has cost on a day, such as 2026-11-28, or today; raises `StoreUnavailable`."""
        return spending(self._database, day or self._day())

    def assume_half_spent(self) -> None:
        """Where an empty store may mean a lost one: count half of today's budget as gone. Raises `StoreUnavailable`."""
        if not self._database.read(_ANY):
            statement = "insert into charge values (:id, :day, '', '', :cost, 1)"
            self._database.write(
                statement, id=secrets.token_hex(16), day=self._day(), cost=nanodollars(self._caps.day_usd / 2)
            )

    def _day(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()


def spending(database: Database, day: str) -> list[Spent]:
    """What each engine has cost on that day, the dearest first; raises `StoreUnavailable`."""
    rows = database.read(_SPENT, day=day, visitor="")
    return [Spent(row[0], int(row[1]), in_usd(int(row[2])), in_usd(int(row[3]))) for row in rows]


MOST_SESSIONS = 10_000


class ConsentMissing(EngineUnavailable):
    """The visitor has not agreed that this company gets the page; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who would get the page, through which engines, and what they say they do with it."""

    name: str
    engines: tuple[str, ...]
    data_handling: DataHandling | None


def companies(specs: Iterable[EngineSpec]) -> tuple[Company, ...]:
    """The companies behind the cloud engines among these rows, each once."""
    cloud = [spec for spec in specs if spec.runs == "cloud"]
    by_name = {spec.vendor: [other for other in cloud if other.vendor == spec.vendor] for spec in cloud}
    return tuple(
        Company(name, tuple(row.label for row in rows), rows[0].data_handling) for name, rows in by_name.items()
    )


class Consents:
    """Agreements by session."""

    def __init__(self) -> None:
        # Programs never say that they are done.
        self._agreed = Shelf[frozenset[str]](MOST_SESSIONS)
        self._lock = Lock()

    def agree(self, session: str, company_names: Iterable[str], payer: str = "") -> None:
        """The visitor agreed that these companies get pages of this session."""
        with self._lock:
            before = self._agreed.get(session) or frozenset()
            self._agreed.put(session, before | frozenset(company_names), payer)

    def missing(self, session: str, specs: Iterable[EngineSpec]) -> tuple[Company, ...]:
        """The companies to ask about before these engines run; empty when nothing leaves without a yes."""
        agreed = self._agreed.get(session) or frozenset()
        return tuple(company for company in companies(specs) if company.name not in agreed)

    def check(self, session: str, spec: EngineSpec) -> None:
        """Raises `ConsentMissing` for a cloud engine nobody agreed to."""
        for company in self.missing(session, [spec]):
            told = _("You have not agreed that {company} gets the page.", company=_(company.name))
            raise ConsentMissing(told, fix=_("Agree, and run it again."))

    def forget(self, session: str) -> None:
        """The session is over."""
        self._agreed.drop(session)


@dataclass(slots=True)
class Payers:
    """Addresses are hashed with a salt of the day that lives in memory only, so that no store knows a visitor.

    A whole /24 or /64 counts as one: that many addresses are one customer's to choose from.
    """

    trusted_proxies: int = 0
    today: Callable[[], date] = lambda: datetime.now(UTC).date()
    _salt: tuple[date, bytes] = field(default=(date.min, b""), repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def of(self, peer: str, forwarded_for: str = "", account: str = "") -> str:
        """The payer behind a connection: the account where one is signed in, else the network of the address.

        `forwarded_for` is the header as it came: anybody may write to its front, only our proxies write to its end.
        """
        who = f"account {account}" if account else _network(self._address(peer, forwarded_for))
        return hashlib.sha256(self._salt_of_today() + who.encode()).hexdigest()[:32]

    def _address(self, peer: str, forwarded_for: str) -> str:
        hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()] if self.trusted_proxies else []
        return hops[-min(self.trusted_proxies, len(hops))] if hops else peer

    def _salt_of_today(self) -> bytes:
        """SECURITY: two who ask at once on a new day share its salt, or one visitor would have two shares."""
        today = self.today()
        with self._lock:
            if self._salt[0] != today:
                self._salt = (today, secrets.token_bytes(16))
            return self._salt[1]


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"  # all who cannot be told apart share one budget
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ip_network(f"{parsed}/{64 if parsed.version == 6 else 24}", strict=False))
