"""SECURITY: answers that take work wait for their visitor's turn, as comparisons do, and end with whoever asked.

A browser that asks a hundred times and hangs up would else keep every thread from the others.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.host.admission import Admission, NoRoom, Room
from playground.host.consent import Payers

LOOK_SECONDS = 0.5
"""How long a visitor who hung up still stands in the line."""
_THREADS = CapacityLimiter(math.inf)
"""Not those of the screens: admission bounds how many wait."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Who may be answered now."""

    payers: Payers
    admission: Admission

    @classmethod
    def alone(cls) -> Turns:
        """Where nobody else visits."""
        return cls(Payers(), Admission(Room.unshared(4, 64)))

    def payer(self, request: Request) -> str:
        """Whose share an answer is."""
        peer = request.client.host if request.client else ""
        return self.payers.of(peer, ",".join(request.headers.getlist("x-forwarded-for")))

    async def answer(self, request: Request, work: Callable[[], Response], headers: Mapping[str, str]) -> Response:
        """What `work` gives, done in a thread when it is this visitor's turn, or why it is not."""
        stop, answers = Event(), list[Response]()

        def wait_and_work() -> None:
            with self.admission.turn(self.payer(request), stop) as admitted:
                if admitted:
                    answers.append(work())

        async def watch() -> None:
            while not await request.is_disconnected():
                await asyncio.sleep(LOOK_SECONDS)
            stop.set()

        watching = asyncio.create_task(watch())
        try:
            await to_thread.run_sync(wait_and_work, limiter=_THREADS)
        except NoRoom as refusal:
            return PlainTextResponse(str(refusal), 503, headers={**headers, "Retry-After": "60"})
        finally:
            watching.cancel()
        return answers[0] if answers else Response(status_code=503)
