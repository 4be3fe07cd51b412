"""Who pays with the host's money: a name for a visitor that survives a new session but tells nobody who they are."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from ipaddress import IPv6Address, ip_address, ip_network


@dataclass(slots=True)
class Payers:
    """Addresses are hashed with a salt of the day that lives in memory only, so that no store knows a visitor.

    A whole /24 or /64 counts as one: that many addresses are one customer's to choose from.
    """

    trusted_proxies: int = 0
    today: Callable[[], date] = lambda: datetime.now(UTC).date()
    _salt: tuple[date, bytes] = field(default=(date.min, b""), repr=False)

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
        today = self.today()
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
