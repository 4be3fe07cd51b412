"""SECURITY: what stands before every route: which are open, whose pages may call them, and how much they may be sent.

Gradio opens some sixty routes, lets every site read their answers with a visitor's cookies, and takes bodies of any
size. Here a route is shut unless this app uses it, other sites' pages are turned away before anything is done for them,
and bytes are counted while they are read: a header can lie about their number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KILO, MEGA = 1024, 1024 * 1024
DEEPEST = 40
"""How far JSON may nest: no request of ours needs half of that, and reading a deeper one exhausts Python's stack."""
MULTIPART_EXTRA = 64 * KILO

# Path and most bytes of a body. `/gradio_api/upload` takes the largest page, and what multipart adds.
OPEN = (
    (r"/|/config/?|/theme\.css|/robots\.txt|/favicon\.ico|/manifest\.json|/pwa_icon(/.*)?", 0),
    (r"/(static|assets|svelte)/.*|/gradio_api/(theme\.css|startup-events)", 0),
    (r"/login/?|/login/(huggingface|callback)|/logout", 8 * KILO),
    (r"/gradio_api/(info/?|openapi\.json)|/openapi\.json", 0),
    (r"/gradio_api/(queue/data|upload_progress|heartbeat/[^/]+)", 0),
    (r"/gradio_api/(file=|proxy=).*", 0),
    (r"/gradio_api/(queue/join|cancel|reset/?)", 4 * MEGA),
    (r"/gradio_api/(run|api|call|call/v2)/[^/]+(/[^/]*)?", 4 * MEGA),
    (r"/r/.*", 4 * KILO),
    (r"/inkquest/keys", 8 * KILO),
    (r"/inkquest/(insight|partial|correction)", 4 * MEGA),
    (r"/inkquest/.*", 4 * MEGA),
)  # fmt: skip
UPLOAD = "/gradio_api/upload"
SHARED = re.compile(r"/r/[^/]+/delete$")


@dataclass(frozen=True, slots=True)
class Doors:
    """What depends on the host: the largest upload in bytes, and whether only names of this machine lead here."""

    upload_bytes: int
    own_names_only: bool = False


class Gate:
    """To be put where Gradio puts its own CORS middleware; takes and ignores that one's options."""

    def __init__(self, app: ASGIApp, doors: Doors, **_of_gradio_s_own: object) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most_bytes = self._most_bytes(scope)
        refusal = _unknown_route() if most_bytes is None else self._stranger(Headers(scope=scope), scope)
        if most_bytes is None or refusal:
            await (refusal or _unknown_route())(scope, receive, send)
            return
        body = _Counted(receive, send, most_bytes)
        try:
            if _holds_json(Headers(scope=scope)):
                await body.read_whole()
            await self._app(scope, body.receive, body.send)
        except _TooMuch as error:
            if not body.answering:
                await _refused(error.status, str(error))(scope, receive, send)

    def _most_bytes(self, scope: Scope) -> int | None:
        """How large a body may be, or None for a route that is shut."""
        path = scope["path"]
        prefix = scope.get("root_path", "").rstrip("/")
        paths = {path, path.removeprefix(prefix)} if prefix else {path}
        if UPLOAD in paths:
            return self._doors.upload_bytes + MULTIPART_EXTRA
        found = (most for pattern, most in OPEN for path in paths if re.fullmatch(pattern, path))
        return next(found, None)

    def _stranger(self, headers: Headers, scope: Scope) -> JSONResponse | None:
        """Why whoever sends this is turned away, or None. A program sends no Origin; a browser always does.

        A shared page asks browsers to say nothing of where they come from, so its form to delete sends "null"; what
        lets it delete is the token in it.
        """
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._doors.own_names_only and not _is_own_name(urlsplit(f"//{host}").hostname or ""):
            return _refused(403, "This app answers to the names of its own machine only.")
        changes = scope["method"] not in {"GET", "HEAD"} and not SHARED.search(scope["path"])
        if origin is not None and changes and _netloc(origin) != host:
            return _refused(403, "This is taken from this app's own page only.")
        return None


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _is_own_name(name: str) -> bool:
    """Whether nobody else can make the name lead here: an address, or a name that no public registry gives away."""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith((".localhost", ".local", ".lan", ".internal", ".home.arpa"))
    return True


def _holds_json(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _unknown_route() -> JSONResponse:
    return _refused(404, "Not found.")


def _refused(status: int, message: str) -> JSONResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Connection": "close"}
    return JSONResponse({"error": message}, status, headers=headers)


class _TooMuch(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Counted:
    """A request's body, no longer than it may be."""

    def __init__(self, receive: Receive, send: Send, most_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._left = most_bytes
        self._read: list[Message] = []
        self.answering = False

    async def receive(self) -> Message:
        """The next message; raises `_TooMuch`."""
        if self._read:
            return self._read.pop(0)
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _TooMuch(413, "That is larger than anything this app takes here.")
        return message

    async def read_whole(self) -> None:
        """Take in all of it and look whether its JSON nests too deep; raises `_TooMuch`."""
        messages = [await self.receive()]
        while messages[-1].get("more_body"):
            messages.append(await self.receive())
        if _depth(b"".join(message.get("body", b"") for message in messages)) > DEEPEST:
            raise _TooMuch(400, "This JSON nests deeper than any request of this app.")
        self._read = messages

    async def send(self, message: Message) -> None:
        """Let the answer through."""
        self.answering = True
        await self._send(message)


_OUTSIDE_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for found in _OUTSIDE_STRINGS.finditer(body):
        sign = found.group()
        depth += (sign in b"[{") - (sign in b"]}") if len(sign) == 1 else 0
        deepest = max(deepest, depth)
    return deepest
