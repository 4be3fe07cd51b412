"""`/inkquest/mcp`: compare, score, engines and languages as tools for assistants, over MCP's streamable HTTP.

SECURITY: off where strangers visit unless INKQUEST_MCP says otherwise. No session is kept; `ui.routes.gate` turns away
pages of other sites and names that somebody points at this machine.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ui.programs import Programs

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/inkquest/mcp"
ROOM_FOR_TEXT = 2**20


class McpEndpoint:
    """An ASGI app; its server is made at the first call, and runs as long as the process."""

    def __init__(self, programs: Programs) -> None:
        settings = programs.offer.settings
        self._programs = programs
        self._most_bytes = settings.limits.upload_megabytes * 2**20 * 4 // 3 + ROOM_FOR_TEXT
        self._manager: StreamableHTTPSessionManager | None = None
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def route(self) -> Route:
        """The route to mount in the app."""
        return Route(PATH, self, methods=["POST"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._lock:
            manager = self._manager = self._manager or await self._started()
        await manager.handle_request(scope, receive, send)

    async def _started(self) -> StreamableHTTPSessionManager:
        from mcp.server.transport_security import TransportSecuritySettings

        from ui.routes.mcp_tools import server_of

        server = server_of(self._programs)
        server.streamable_http_app(
            streamable_http_path=PATH,
            json_response=True,
            stateless_http=True,
            max_request_body_size=self._most_bytes,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the gate looks
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
