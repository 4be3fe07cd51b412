"""Routes of a visitor's session and of whoever runs the host: own keys, health, counters.

SECURITY: a key is posted here and nowhere else. As a component's value Gradio would write it to the browser's storage,
its run history and its deep links.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engines.contract import EngineSpec
from playground.host.budget import Payers
from playground.host.guard import Counters
from playground.host.keys import Keys, UnusableKey
from translations import _
from ui.routes.connections import payer_of
from ui.routes.downloads import HEADERS

LONGEST_SESSION = 64


class SessionRoutes:
    """To be mounted before Gradio's own routes; `is_healthy` says whether the store answers."""

    def __init__(
        self,
        keys: Keys,
        specs: Sequence[EngineSpec],
        counters: Counters,
        payers: Payers,
        *,
        is_healthy: Callable[[], bool],
        metrics_token: str,
    ) -> None:
        self._keys = keys
        self._specs = {spec.id: spec for spec in specs}
        self._payers = payers
        self._counters = counters
        self._is_healthy = is_healthy
        self._metrics_token = metrics_token

    def routes(self) -> list[Route]:
        """What to mount in the app."""
        return [
            Route("/inkquest/keys", self._take_account, methods=["POST"]),
            Route("/inkquest/keys", self._remove_account, methods=["DELETE"]),
            Route("/inkquest/health", self._health),
            Route("/inkquest/metrics", self._metrics),
        ]

    async def _take_account(self, request: Request) -> Response:
        """`{session_hash, engine, values}` -> 204. No answer ever repeats what was sent."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        if not self._keys.fields(asked.spec):
            return _error(400, _("This engine takes no key of yours here."))
        try:
            payer = payer_of(self._payers, request.client, request.headers)
            self._keys.take(asked.session, asked.spec, asked.values, payer)
        except UnusableKey as error:
            return _error(422, str(error), variable=error.variable)
        return Response(status_code=204, headers=HEADERS)

    async def _remove_account(self, request: Request) -> Response:
        """`{session_hash, engine}` -> 204."""
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        self._keys.vault.remove(asked.session, asked.spec.key_env or "")
        return Response(status_code=204, headers=HEADERS)

    async def _asked(self, request: Request) -> _Asked | Response:
        refusal = _refuse_unread(request)
        if refusal:
            return refusal
        try:
            asked = _SENT.validate_json(await request.body())
        except (ValidationError, RecursionError):
            return _error(400, "Send session_hash, engine and values as JSON.")
        spec = self._specs.get(asked.engine)
        if not 0 < len(asked.session_hash) <= LONGEST_SESSION or spec is None:
            return _error(400, _("There is no such session or no such engine here."))
        return _Asked(asked.session_hash, spec, asked.values)

    def _health(self, _request: Request) -> Response:
        healthy = self._is_healthy()
        return JSONResponse({"healthy": healthy}, 200 if healthy else 503, headers=HEADERS)

    def _metrics(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._metrics_token or not hmac.compare_digest(given.encode(), self._metrics_token.encode()):
            return _error(404, "Not found.")
        return Response(self._counters.exposition(), media_type="text/plain; version=0.0.4", headers=HEADERS)


@dataclass(frozen=True, slots=True)
class _Sent:
    session_hash: str
    engine: str
    values: dict[str, str] = field(default_factory=dict)


_SENT = TypeAdapter(_Sent)


@dataclass(frozen=True, slots=True)
class _Asked:
    session: str
    spec: EngineSpec
    values: Mapping[str, str]


def _refuse_unread(request: Request) -> Response | None:
    """Only our own page posts here: `ui.routes.gate` has turned away those of other sites, and a form is not JSON."""
    if "origin" not in request.headers:
        return _error(403, "Keys are taken from this app's own page only.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return _error(415, "Send JSON.")
    return None


def _error(status: int, message: str, **more: str) -> Response:
    return JSONResponse({"error": message, **more}, status, headers=HEADERS)
