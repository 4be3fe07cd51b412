"""SECURITY: whose turn it is, how long a connection may stay without a request, how many of one payer may be open.

uvicorn closes no connection on which nothing arrives, or a header letter by letter, and takes as many as there are file
descriptors; Gradio keeps a stream open for whoever asks. A stranger with a thousand of either would leave no room.

Who asks a hundred times waits for their own answers, not the others for theirs. A place that takes a core for a while
is given back before the answer is sent and never waits for a body, as a client may drip the one and never read the
other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any, ClassVar

from anyio.to_thread import run_sync
from starlette.datastructures import Address, Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.host.admission import GIVEN_UP, Admission, NoRoom
from playground.host.budget import Payers
from translations import _
from ui.programs import THREADS


def payer_of(payers: Payers, peer: Address | None, headers: Mapping[str, str], account: str = "") -> str:
    """Who pays for a request; `ui.routes.gate` leaves one X-Forwarded-For, and none where no proxy is trusted."""
    return payers.of(peer.host if peer else "", headers.get("x-forwarded-for", ""), account)


@dataclass(frozen=True, slots=True)
class Turns:
    """Places for one kind of request."""

    admission: Admission
    payers: Payers

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer when it is the payer's turn, and not at all once they hung up; raises `NoRoom`."""
        body = await _whole(receive)
        if body["type"] == "http.disconnect":
            return
        gone, unread = Event(), [body]
        watching = asyncio.create_task(_until_gone(receive, gone))
        GIVEN_UP.set(gone)  # for the threads in which it will be answered, which are others than that of the turn
        peer = Address(*scope["client"]) if scope.get("client") else None
        turn = ExitStack()

        def take_turn() -> bool:
            return turn.enter_context(self.admission.turn(payer_of(self.payers, peer, Headers(scope=scope)), gone))

        async def take() -> Message:
            if unread:
                return unread.pop()
            await asyncio.shield(watching)
            return {"type": "http.disconnect"}

        async def tell(message: Message) -> None:
            turn.close()
            await send(message)

        with turn:
            if await run_sync(take_turn, limiter=THREADS) and not gone.is_set():
                await app(scope, take, tell)
        watching.cancel()


async def _whole(receive: Receive) -> Message:
    parts = [await receive()]
    while parts[-1].get("more_body"):
        parts.append(await receive())
    return {**parts[-1], "body": b"".join(part.get("body", b"") for part in parts)}


async def _until_gone(receive: Receive, gone: Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()


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
