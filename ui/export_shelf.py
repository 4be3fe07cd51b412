"""Files of a comparison to take along: made when they are asked for, under an unguessable name, from memory."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.contract import EngineSpec
from playground.sharing import SharedComparison
from ui.shared_export import EXPORTS

MOST_KEPT = 100


class ExportShelf:
    """The latest comparisons that visitors asked to take along. Nothing is written to disk."""

    def __init__(self, specs: Sequence[EngineSpec]) -> None:
        self._specs = specs
        self._kept: OrderedDict[str, tuple[SharedComparison, bytes]] = OrderedDict()
        self._lock = Lock()

    def put(self, shared: SharedComparison, picture: bytes) -> list[tuple[str, str]]:
        """File names and their addresses, relative to the app."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[name] = (shared, picture)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return [(file, f"inkquest/export/{name}/{file}") for file in EXPORTS]

    def route(self) -> Route:
        """The route to mount in the app."""
        return Route("/inkquest/export/{name}/{file}", self._serve)

    async def _serve(self, request: Request) -> Response:
        kept, made = self._kept.get(request.path_params["name"]), EXPORTS.get(request.path_params["file"])
        if kept is None or made is None:
            return Response("This export is no longer kept. Make it again.", status_code=404)
        media_type, export = made
        body = await run_in_threadpool(export, *kept, self._specs)
        headers = {
            "Content-Disposition": f'attachment; filename="{request.path_params["file"]}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(body, media_type=media_type, headers=headers)
