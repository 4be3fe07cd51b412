"""Which companies a visitor agreed to send pages to, for the length of a session. Memory only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from engines.contract import DataHandling, EngineSpec
from engines.errors import EngineUnavailable
from playground.host.shelf import Shelf
from translations import _

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
            told = _("You have not agreed that {company} gets the page.", company=company.name)
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
