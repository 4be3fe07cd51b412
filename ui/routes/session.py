"""Routes of a visitor's session and of whoever runs the host: own keys, health, counters.

SECURITY: a key is posted here and nowhere else. As a component's value Gradio would write it to the browser's storage,
its run history and its deep links.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.host.consent import Payers
from playground.host.guard import Counters
from playground.host.keys import Keys, UnusableKey
from ui.routes.turns import payer_of

LONGEST_SESSION = 64
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class SessionRoutes:
    """To be mounted before Gradio's own routes; `is_healthy` says whether the store answers."""

    def __init__(
        self, keys: Keys, counters: Counters, payers: Payers, *, is_healthy: Callable[[], bool], metrics_token: str
    ) -> None:
        self._keys = keys
        self._payers = payers
        self._counters = counters
        self._is_healthy = is_healthy
        self._metrics_token = metrics_token

    def routes(self) -> list[Route]:
        """What to mount in the app."""
        return [
            Route("/inkquest/keys", self._take_key, methods=["POST"]),
            Route("/inkquest/health", self._health),
            Route("/inkquest/metrics", self._metrics),
        ]

    async def _take_key(self, request: Request) -> Response:
        """`{session_hash, variable, key}` -> 204. No answer ever repeats what was sent."""
        refusal = _refuse_unread(request)
        if refusal:
            return refusal
        try:
            fields = json.loads(await request.body())
            session, variable, key = fields["session_hash"], fields["variable"], fields["key"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return _error(400, "Send session_hash, variable and key as JSON.")
        if not all(isinstance(value, str) for value in (session, variable, key)):
            return _error(400, "Send session_hash, variable and key as JSON.")
        if not 0 < len(session) <= LONGEST_SESSION or variable not in self._keys.variables:
            return _error(400, "There is no such session or no such key here.")
        try:
            payer = payer_of(self._payers, request.client, request.headers)
            self._keys.vault.put(session, variable, key, payer)
        except UnusableKey as error:
            return _error(422, str(error))
        return Response(status_code=204, headers=HEADERS)

    def _health(self, _request: Request) -> Response:
        healthy = self._is_healthy()
        return JSONResponse({"healthy": healthy}, 200 if healthy else 503, headers=HEADERS)

    def _metrics(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._metrics_token or not hmac.compare_digest(given.encode(), self._metrics_token.encode()):
            return _error(404, "Not found.")
        return Response(self._counters.exposition(), media_type="text/plain; version=0.0.4", headers=HEADERS)


def _refuse_unread(request: Request) -> Response | None:
    """Only our own page posts here: `ui.routes.gate` has turned away those of other sites, and a form is not JSON."""
    if "origin" not in request.headers:
        return _error(403, "Keys are taken from this app's own page only.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return _error(415, "Send JSON.")
    return None


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status, headers=HEADERS)
