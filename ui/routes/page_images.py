"""The picture of the page that the browser shows: made once, kept in memory, served under an unguessable name."""

from __future__ import annotations

import io
import secrets

from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.contract import PageImage
from playground.host.shelf import Shelf
from translations import _

LONGEST_SHOWN_EDGE = 2200
MOST_BYTES_KEPT = 64_000_000


class PageImages:
    """The pages on visitors' desks. Nothing is written to disk."""

    def __init__(self, most_bytes: int = MOST_BYTES_KEPT, *, shared: bool = True) -> None:
        self._pictures = Shelf[bytes](most_bytes, shared=shared, size=len)

    def show(self, page: PageImage, payer: str) -> str:
        """Keep a screen-sized picture of the page; the address is relative, so that it works under any root path."""
        return self.keep(_screen_picture(page), payer)

    def keep(self, picture: bytes, payer: str) -> str:
        """Keep a JPEG that was made here."""
        name = secrets.token_urlsafe(16)
        self._pictures.put(name, picture, payer)
        return f"inkquest/page/{name}"

    def forget(self, address: str) -> None:
        """Drop a picture that nobody looks at any more."""
        self._pictures.drop(address.rsplit("/", 1)[-1])

    def route(self) -> Route:
        """The route to mount in the app."""
        return Route("/inkquest/page/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        picture = self._pictures.get(request.path_params["name"])
        if picture is None:
            return Response(_("This page is no longer kept. Upload it again."), status_code=404)
        headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(picture, media_type="image/jpeg", headers=headers)


def _screen_picture(page: PageImage) -> bytes:
    with Image.open(io.BytesIO(page.png)) as image:
        image.thumbnail((LONGEST_SHOWN_EDGE, LONGEST_SHOWN_EDGE))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=88)
    return out.getvalue()
