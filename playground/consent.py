"""Which companies a visitor agreed to send pages to, for the length of a session. Memory only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from engines.contract import DataHandling, EngineSpec
from engines.errors import EngineUnavailable

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
        self._agreed: dict[str, frozenset[str]] = {}
        self._lock = Lock()

    def agree(self, session: str, company_names: Iterable[str]) -> None:
        """The visitor agreed that these companies get pages of this session."""
        with self._lock:
            self._agreed[session] = self._agreed.get(session, frozenset()) | frozenset(company_names)
            if len(self._agreed) > MOST_SESSIONS:  # programs never say that they are done
                del self._agreed[next(iter(self._agreed))]

    def missing(self, session: str, specs: Iterable[EngineSpec]) -> tuple[Company, ...]:
        """The companies to ask about before these engines run; empty when nothing leaves without a yes."""
        agreed = self._agreed.get(session, frozenset())
        return tuple(company for company in companies(specs) if company.name not in agreed)

    def check(self, session: str, spec: EngineSpec) -> None:
        """Raises `ConsentMissing` for a cloud engine nobody agreed to."""
        for company in self.missing(session, [spec]):
            raise ConsentMissing(
                f"You have not agreed that {company.name} gets the page.", fix="Agree, and run it again."
            )

    def forget(self, session: str) -> None:
        """The session is over."""
        with self._lock:
            self._agreed.pop(session, None)
