"""Whose turn it is: who pays for a request, and places for requests that take a core for a while.

SECURITY: who asks a hundred times waits for their own answers, not the others for theirs. A place is given back before
the answer is sent and never waits for a body, as a client may drip the one and never read the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event

from anyio.to_thread import run_sync
from starlette.datastructures import Address, Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.host.admission import GIVEN_UP, Admission
from playground.host.budget import Payers
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
