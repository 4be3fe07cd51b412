"""The picture of the page that the browser shows: made once, kept in memory, served under an unguessable name."""

from __future__ import annotations

import io
import secrets
from threading import Lock

from cachetools import Cache, FIFOCache
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.contract import PageImage

LONGEST_SHOWN_EDGE = 2200
MOST_BYTES_KEPT = 64_000_000


class PageImages:
    """The pages on visitors' desks, oldest forgotten first. Nothing is written to disk."""

    def __init__(self, most_bytes: int = MOST_BYTES_KEPT) -> None:
        self._pictures: Cache[str, bytes] = FIFOCache(most_bytes, len)
        self._lock = Lock()

    def show(self, page: PageImage) -> str:
        """Keep a screen-sized picture of the page; the address is relative, so that it works under any root path."""
        return self.keep(_screen_picture(page))

    def keep(self, picture: bytes) -> str:
        """Keep a JPEG that was made here."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._pictures[name] = picture
        return f"inkquest/page/{name}"

    def forget(self, address: str) -> None:
        """Drop a picture that nobody looks at any more."""
        with self._lock:
            self._pictures.pop(address.rsplit("/", 1)[-1], None)

    def route(self) -> Route:
        """The route to mount in the app."""
        return Route("/inkquest/page/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        with self._lock:
            picture = self._pictures.get(request.path_params["name"])
        if picture is None:
            return Response("This page is no longer kept. Upload it again.", status_code=404)
        headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(picture, media_type="image/jpeg", headers=headers)


def _screen_picture(page: PageImage) -> bytes:
    with Image.open(io.BytesIO(page.png)) as image:
        image.thumbnail((LONGEST_SHOWN_EDGE, LONGEST_SHOWN_EDGE))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=88)
    return out.getvalue()
