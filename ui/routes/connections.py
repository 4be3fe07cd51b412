"""SECURITY: how long a connection may stay without a request, and how many requests of one payer may be open at once.

uvicorn closes no connection on which nothing arrives, or a header letter by letter, and takes as many as there are file
descriptors; Gradio keeps a stream open for whoever asks. A stranger with a thousand of either would leave no room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, ClassVar

from starlette.datastructures import Address, Headers
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.host.admission import NoRoom
from playground.host.budget import Payers
from translations import _
from ui.routes.turns import payer_of


class TimelyConnection(H11Protocol):
    """Closed when no request has come whole for one to two times `idle_seconds`, whatever drips in meanwhile.

    Of those that wait for a request one address has at most so many; a proxy opens one when it has a request.
    """

    idle_seconds: ClassVar[float] = 15
    most_waiting: ClassVar[int] = 200

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  (as in uvicorn)
        """Take it, unless its address has too many already."""
        super().connection_made(transport)
        self._seen: tuple[bool, object] = False, None
        self._next_look = self.loop.call_later(self.idle_seconds, self._look)
        if sum(map(self._waits_beside, self.connections)) > self.most_waiting:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._next_look.cancel()
        super().connection_lost(exc)

    @property
    def waits(self) -> bool:
        """Whether no request is in progress."""
        return self.cycle is None or self.cycle.response_complete

    def _waits_beside(self, other: object) -> bool:
        return isinstance(other, TimelyConnection) and other.waits and _host(other) == _host(self)

    def _look(self) -> None:
        now = self.waits, self.cycle
        if self.waits and self._seen == now:  # since the last look, and for the same request
            self.transport.close()
            return
        self._seen = now
        self._next_look = self.loop.call_later(self.idle_seconds, self._look)


BURST_SECONDS = 4.0
"""So much of its pace a network may send at once: a class of pupils, each a photo."""


def _host(connection: TimelyConnection) -> str:
    return connection.client[0] if connection.client else ""


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """Requests in progress by payer: streams, uploads that drip, answers that nobody reads.

    `most_bytes_each` are of what is on its way in, in memory or on the disk, and on no shelf yet. Taking it in costs
    everybody's time: what comes faster than `bytes_a_second` for longer than `BURST_SECONDS` waits outside.
    """

    payers: Payers
    most_each: int
    most_bytes_each: int
    bytes_a_second: float
    clock: Callable[[], float] = monotonic
    _open: Counter[str] = field(default_factory=Counter, repr=False)
    _bytes: Counter[str] = field(default_factory=Counter, repr=False)
    _taken_in_at: dict[str, float] = field(default_factory=dict, repr=False)
    """When all that came so far would have come at that pace."""

    @contextmanager
    def one(self, scope: Scope) -> Iterator[Callable[[int], float]]:
        """For as long as the request is open; raises `NoRoom`, as does what is to be told of each piece's bytes.

        That says how many seconds to wait before the next piece. To be used on the event loop alone.
        """
        peer = Address(*scope["client"]) if scope.get("client") else None
        payer = payer_of(self.payers, peer, Headers(scope=scope))
        if self._open[payer] >= self.most_each:
            raise NoRoom(_("Many requests from your network are open already."))
        self._open[payer] += 1
        held = 0

        def came(more: int) -> float:
            nonlocal held
            if self._bytes[payer] + more > self.most_bytes_each:
                raise NoRoom(_("Much is being sent from your network already."))
            held += more
            self._bytes[payer] += more
            return self._wait(payer, more)

        try:
            yield came
        finally:
            for counted, own in ((self._open, 1), (self._bytes, held)):
                counted[payer] -= own
                if not counted[payer]:
                    del counted[payer]

    def _wait(self, payer: str, more: int) -> float:
        now = self.clock()
        for gone in [one for one, at in self._taken_in_at.items() if at <= now]:
            del self._taken_in_at[gone]
        at = self._taken_in_at.get(payer, now) + more / self.bytes_a_second
        self._taken_in_at[payer] = at
        return max(0.0, at - now - BURST_SECONDS)
