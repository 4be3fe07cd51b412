"""`/inkquest/mcp`: compare, score, engines and languages as tools for assistants, over MCP's streamable HTTP.

SECURITY: off where strangers visit unless INKQUEST_MCP says otherwise. No session is kept; a page of another site may
not call, nor may a name that somebody points at this machine.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ui.programs import Programs

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/inkquest/mcp"
OF_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
ROOM_FOR_TEXT = 2**20


class McpEndpoint:
    """An ASGI app; its server is made at the first call, and runs as long as the process."""

    def __init__(self, programs: Programs) -> None:
        settings = programs.offer.settings
        self._programs = programs
        self._at_home = settings.host in OF_THIS_MACHINE and not settings.trusted_proxies
        self._most_bytes = settings.limits.upload_megabytes * 2**20 * 4 // 3 + ROOM_FOR_TEXT
        self._manager: StreamableHTTPSessionManager | None = None
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def route(self) -> Route:
        """The route to mount in the app."""
        return Route(PATH, self, methods=["POST"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := self._refusal(Request(scope)):
            await JSONResponse({"error": refusal}, 403)(scope, receive, send)
            return
        async with self._lock:
            manager = self._manager = self._manager or await self._started()
        await manager.handle_request(scope, receive, send)

    def _refusal(self, request: Request) -> str:
        host, origin = request.headers.get("host", ""), request.headers.get("origin", "")
        if self._at_home and urlsplit(f"//{host}").hostname not in OF_THIS_MACHINE:
            return "This app serves its own machine only. Call it as 127.0.0.1."
        return "Pages of other sites may not call." if origin and urlsplit(origin).netloc != host else ""

    async def _started(self) -> StreamableHTTPSessionManager:
        from mcp.server.transport_security import TransportSecuritySettings

        from ui.routes.mcp_tools import server_of

        server = server_of(self._programs)
        server.streamable_http_app(
            streamable_http_path=PATH,
            json_response=True,
            stateless_http=True,
            max_request_body_size=self._most_bytes,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # we have looked
        )
        manager = server.session_manager
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def run() -> None:
            async with manager.run():
                started.set_result(None)
                await asyncio.Event().wait()

        self._task = asyncio.create_task(run(), name="mcp")
        await started
        return manager
