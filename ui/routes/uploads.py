"""`/gradio_api/upload` as Gradio's own, but each upload has a folder of its own, which goes when its session ends.

SECURITY: Gradio keeps an upload until it is old, and equal files of two visitors under one name, so that reading the
one removes the other. The page's script says in a header whose upload it is; a program's goes once read, or when old.
"""

from __future__ import annotations

import secrets
import shutil
from collections import defaultdict
from pathlib import Path

from gradio.route_utils import upload_fn
from gradio.routes import file_upload_statuses
from gradio.utils import get_upload_folder
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ui.blocks import MOST_SESSIONS

WHOSE = "x-inkquest-session"


class SessionUploads:
    """To be mounted before Gradio's own routes. A plain dictionary: what it drops has to leave the disk too."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._folders: defaultdict[str, list[Path]] = defaultdict(list)

    def route(self) -> Route:
        """What to mount in the app."""
        return Route("/gradio_api/upload", self._take, methods=["POST"])

    def forget(self, session: str) -> None:
        """Delete what is left of a session's uploads: it has ended."""
        for folder in self._folders.pop(session, []):
            shutil.rmtree(folder, ignore_errors=True)

    async def _take(self, request: Request) -> Response:
        folder = Path(get_upload_folder()) / secrets.token_urlsafe(12)
        self._remember(request.headers.get(WHOSE, ""), folder)
        upload_id = request.query_params.get("upload_id")
        progress = file_upload_statuses if upload_id else None
        try:
            files, _, _ = await upload_fn(request, folder, self._most_bytes, upload_id, upload_progress=progress)
        except MultiPartException as error:
            shutil.rmtree(folder, ignore_errors=True)
            return PlainTextResponse(error.message, 413 if "maximum allowed size" in error.message else 400)
        request.app.get_blocks().upload_file_set.update(files)  # Gradio deletes these when they are old
        return JSONResponse(files)

    def _remember(self, session: str, folder: Path) -> None:
        if session:
            self._folders[session].append(folder)
        if len(self._folders) > MOST_SESSIONS:
            self.forget(next(iter(self._folders)))
