"""`/gradio_api/upload` as Gradio's own, but each upload has a folder of its own, which goes when its session ends.

SECURITY: Gradio keeps an upload until it is old, and for good once one comes while it looks which are; what was cut
off for good, too, and equal files of two visitors under one name, so that reading the one removes the other. The page's
script says in a header whose upload it is; all go once read, or when old. Whoever fills the disk loses their own.

The picture of the page that the browser shows is made once, kept in memory, served under an unguessable name.
"""

from __future__ import annotations

import io
import secrets
import shutil
from asyncio import Event, get_running_loop
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from cachetools import LRUCache
from gradio import route_utils
from gradio.route_utils import GradioMultiPartParser, upload_fn
from gradio.routes import file_upload_statuses
from gradio.utils import get_upload_folder
from PIL import Image
from python_multipart.exceptions import FormParserError
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from engines.contract import PageImage
from playground.host.budget import Payers
from playground.host.shelf import Shelf, TooLarge
from translations import _
from ui.routes.connections import payer_of

WHOSE = "x-inkquest-session"
MOST_BYTES_KEPT = 4_000_000_000
MOST_WATCHED = 500
"""Uploads whose progress is told."""
UNREAD_SECONDS = 600
"""How long a file lies here that nobody has read."""
LONGEST_ID = 64
FOLDER_BYTES = 4096
"""What even an empty file takes of a disk."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What came with one request."""

    session: str
    """Empty where a program sent it: whoever knows the unguessable path may have it read."""
    folder: Path
    bytes: int


class _FilesOnly(GradioMultiPartParser):
    """Other fields of a form would be kept in memory, however long they are."""

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if self._current_part.file is None:
            raise MultiPartException("Only files are taken here.")


class _Signals(LRUCache[str, Event]):
    """SECURITY: Gradio keeps one for every upload that anybody ever asked after, under whatever name."""

    def __missing__(self, upload_id: str) -> Event:
        self[upload_id] = signal = Event()
        return signal


class SessionUploads:
    """To be mounted before Gradio's own routes."""

    def __init__(
        self,
        most_bytes: int,
        payers: Payers,
        *,
        shared: bool = True,
        most_bytes_kept: int = MOST_BYTES_KEPT,
        unread_seconds: float = UNREAD_SECONDS,
    ) -> None:
        """`most_bytes` is for one upload, `most_bytes_kept` for all that lie here at once."""
        self._most_bytes = most_bytes
        self._unread_seconds = unread_seconds
        self._payers = payers
        self._kept = Shelf[Upload](most_bytes_kept, shared=shared, size=lambda one: one.bytes, gone=self._erase)
        self._names: defaultdict[str, set[str]] = defaultdict(set)

    def route(self) -> Route:
        """What to mount in the app."""
        setattr(route_utils, "GradioMultiPartParser", _FilesOnly)  # noqa: B010  (mypy knows it as a class)
        setattr(file_upload_statuses, "_statuses", LRUCache(MOST_WATCHED))  # noqa: B010
        setattr(file_upload_statuses, "_signals", _Signals(MOST_WATCHED))  # noqa: B010
        return Route("/gradio_api/upload", self._take, methods=["POST"])

    def may_read(self, path: str, session: str) -> bool:
        """Whether this is a file that was uploaded here, in this session or by a program."""
        folder = Path(path).parent.parent
        upload = self._kept.get(folder.name)
        if upload is None or upload.folder != folder or ".." in Path(path).parts:
            return False
        return upload.session in {"", session}

    def forget(self, session: str) -> None:
        """Delete what is left of a session's uploads: it has ended."""
        for name in tuple(self._names.get(session, ())):
            self._kept.drop(name)

    async def _take(self, request: Request) -> Response:
        folder = Path(get_upload_folder()) / secrets.token_urlsafe(12)
        upload_id = request.query_params.get("upload_id")
        progress = file_upload_statuses if upload_id and len(upload_id) <= LONGEST_ID else None
        try:
            files, *_others = await upload_fn(request, folder, self._most_bytes, upload_id, upload_progress=progress)
            self._remember(request, folder)
        except MultiPartException as error:
            return PlainTextResponse(error.message, 413 if "maximum allowed size" in error.message else 400)
        except FormParserError:  # Gradio knows of one kind
            return PlainTextResponse(_("This form cannot be read."), 400)
        except ClientDisconnect:  # nobody is there to be told; raised on, it would fill the log
            return PlainTextResponse("The upload broke off.", 400)
        except TooLarge:
            return PlainTextResponse(_("These files are more than one visitor may keep here."), 413)
        finally:  # cut off, refused, or whatever else
            if folder.name not in self._kept:
                shutil.rmtree(folder, ignore_errors=True)
        return JSONResponse(files)

    def _remember(self, request: Request, folder: Path) -> None:
        size = FOLDER_BYTES + sum(path.stat().st_size for path in folder.rglob("*"))
        upload = Upload(request.headers.get(WHOSE, ""), folder, size)
        self._kept.put(folder.name, upload, payer_of(self._payers, request.client, request.headers))
        self._names[upload.session].add(folder.name)
        get_running_loop().call_later(self._unread_seconds, self._kept.drop, folder.name)

    def _erase(self, upload: Upload) -> None:
        shutil.rmtree(upload.folder, ignore_errors=True)
        names = self._names[upload.session]
        names.discard(upload.folder.name)
        if not names:
            del self._names[upload.session]


LONGEST_SHOWN_EDGE = 2200
MOST_BYTES_OF_PICTURES = 64_000_000


class PageImages:
    """The pages on visitors' desks. Nothing is written to disk."""

    def __init__(self, most_bytes: int = MOST_BYTES_OF_PICTURES, *, shared: bool = True) -> None:
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
