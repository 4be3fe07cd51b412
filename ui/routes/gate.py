"""SECURITY: what stands before every route: which are open, whose pages may call them, and how much they may be sent.

Gradio opens some sixty routes, lets every site read their answers with a visitor's cookies, and takes bodies of any
size. Here a route is shut unless this app uses it, other sites' pages are turned away before anything is done for them,
and bytes are counted while they are read: a header can lie about their number.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.host.admission import NoRoom
from playground.share.sharing import SHARE_ID
from translations import N_, _, speak, wished
from ui.routes.connections import OpenRequests, Turns

KILO, MEGA = 1024, 1024 * 1024
DEEPEST = 40
"""How far JSON may nest: no request of ours needs half of that, and reading a deeper one exhausts Python's stack."""
MOST_SIGNS = 100_000
"""Quotes, brackets and commas in JSON: a page of readings has some thousands, and each one makes a value to look at."""
MULTIPART_EXTRA = 64 * KILO
PIECE_SECONDS, BODY_SECONDS = 30, 60
"""How long the next piece of a body may take, and the whole of one that holds no files."""
Work = Literal["quick", "opening", "drawing"]
"""Whether a request waits for its payer's turn: to open the app, or to have something counted and drawn."""

# Path, most bytes of a body, and the work. `/gradio_api/upload` takes a data set's files, and what multipart adds.
OPEN: tuple[tuple[str, int, Work], ...] = (
    (r"/|/config/?|/gradio_api/(info/?|openapi\.json)", 0, "opening"),
    (r"/theme\.css|/robots\.txt|/favicon\.ico|/manifest\.json|/pwa_icon(/.*)?", 0, "quick"),
    (r"/(static|assets|svelte)/.*|/gradio_api/(theme\.css|startup-events)", 0, "quick"),
    (r"/login/(huggingface|callback)|/logout", 0, "quick"),
    (r"/gradio_api/(queue/data|upload_progress|heartbeat/[^/]{1,64})", 0, "quick"),
    (r"/gradio_api/file=.*", 0, "quick"),
    (r"/gradio_api/(queue/join|cancel|reset/?)", 4 * MEGA, "quick"),
    (r"/gradio_api/(run|call|call/v2)/[^/]+(/[^/]*)?", 4 * MEGA, "quick"),
    (r"/r/.*", 4 * KILO, "drawing"),
    (r"/inkquest/(keys|health|metrics)", 8 * KILO, "quick"),
    (r"/inkquest/(insight|partial|correction)", 400 * KILO, "drawing"),
    (r"/inkquest/desk", 4 * KILO, "drawing"),
    (r"/inkquest/(export|evaluation)/.*", 0, "drawing"),
    (r"/inkquest/(page|sample|fonts)/.*|/inkquest/preview\.jpg", 0, "quick"),
)  # fmt: skip
FORWARDED_FOR = b"x-forwarded-for"
UPLOAD, ASSISTANTS = "/gradio_api/upload", "/inkquest/mcp"
READING = frozenset({"GET", "HEAD"})
SHARED = re.compile(r"/r/[^/]+/delete$")


@dataclass(frozen=True, slots=True)
class Doors:
    """What depends on the host.

    `page_bytes` and `upload_bytes` are the largest page and the largest data set. `names` lead here besides addresses
    and names of a local network; None means that any name does. `framed_by` may show the app in a frame.
    """

    page_bytes: int
    upload_bytes: int
    turns: Mapping[Work, Turns] = field(default_factory=dict)
    open_requests: OpenRequests | None = None
    names: frozenset[str] | None = None
    trusted_proxies: int = 0
    framed_by: str = "'self'"


class Gate:
    """To be put where Gradio puts its own CORS middleware; takes and ignores that one's options."""

    def __init__(self, app: ASGIApp, doors: Doors, **_of_gradio_s_own: object) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["headers"] = _one_forwarded_for(scope["headers"], self._doors.trusted_proxies)
        headers, door = Headers(scope=scope), self._door(scope)
        speak(wished(headers))
        refusal = _refused(404, "Not found.") if door is None else self._stranger(headers, scope)
        if door is None or refusal is not None:
            await (refusal or _refused(404, "Not found."))(scope, receive, send)
            return
        most_bytes, work = door
        body = _Counted(receive, send, most_bytes, self._doors.framed_by)
        try:
            with self._doors.open_requests.one(scope) if self._doors.open_requests else nullcontext(_uncounted) as came:
                body.came = came
                await self._let_in(scope, body, work)
        except _TooMuch as error:
            if not body.answering:
                await _refused(error.status, str(error))(scope, receive, send)
        except NoRoom:
            busy = _("Too many requests from your network, or from all, at this moment. Try again in a minute.")
            await _refused(503, busy)(scope, receive, send)

    async def _let_in(self, scope: Scope, body: _Counted, work: Work) -> None:
        if scope["method"] not in READING and UPLOAD not in self._paths(scope):  # else JSON, whatever it says it is
            await body.read_whole()
        turns = self._doors.turns.get(work)
        answer = partial(turns.answer, self._app) if turns else self._app
        await answer(scope, body.receive, body.send)

    def _door(self, scope: Scope) -> tuple[int, Work] | None:
        """How large a body may be and whether it waits for a turn; None for a route that is shut."""
        paths = self._paths(scope)
        if UPLOAD in paths:
            return self._doors.upload_bytes + MULTIPART_EXTRA, "quick"
        if ASSISTANTS in paths:
            return self._doors.page_bytes * 4 // 3 + MEGA, "quick"  # a page in base64
        found = ((most, work) for pattern, most, work in OPEN for path in paths if re.fullmatch(pattern, path))
        return next(found, None)

    def _paths(self, scope: Scope) -> AbstractSet[str]:
        """What is asked for, with and without the prefix that a proxy may have left."""
        path, prefix = scope["path"], scope.get("root_path", "").rstrip("/")
        return {path, path.removeprefix(prefix)} if prefix else {path}

    def _stranger(self, headers: Headers, scope: Scope) -> JSONResponse | None:
        """Why whoever sends this is turned away, or None. A program sends no Origin; a browser always does.

        A shared page asks browsers to say nothing of where they come from, so its form to delete sends "null"; what
        lets it delete is the token in it.
        """
        hosts = [headers.get("host", "")]
        if self._doors.names is not None and not self._leads_here(hosts[0]):
            return _refused(403, _("This app does not answer to that name. Whoever runs it can add the name."))
        if self._doors.trusted_proxies:
            hosts.append(headers.get("x-forwarded-host", "").partition(",")[0].strip())
        changes = scope["method"] not in READING and not SHARED.search(scope["path"])
        origin = headers.get("origin")
        if origin is not None and changes and _netloc(origin) not in hosts and not self._is_named(_netloc(origin)):
            return _refused(403, _("This is taken from this app's own page only."))
        return None

    def _leads_here(self, host: str) -> bool:
        return _is_own_name(_name_of(host)) or self._is_named(host)

    def _is_named(self, host: str) -> bool:
        return _name_of(host) in (self._doors.names or ())


def _one_forwarded_for(headers: list[tuple[bytes, bytes]], trusted_proxies: int) -> list[tuple[bytes, bytes]]:
    """One X-Forwarded-For of all lines, as a proxy may add another; none where only a visitor can have sent it."""
    others = [(name, value) for name, value in headers if name != FORWARDED_FOR]
    lines = [value for name, value in headers if name == FORWARDED_FOR]
    return [*others, (FORWARDED_FOR, b", ".join(lines))] if lines and trusted_proxies else others


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return "no.name"


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc or "no.name"
    except ValueError:
        return "no.name"


LOCAL_ENDINGS = (
    ".localhost", ".localdomain", ".local", ".lan", ".home", ".corp", ".intranet", ".internal", ".home.arpa",
)  # fmt: skip


def _is_own_name(name: str) -> bool:
    """Whether nobody else can make the name lead here: an address, or a name that no public registry gives away."""
    try:
        ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(LOCAL_ENDINGS))
    return True


def _uncounted(_bytes: int) -> float:
    return 0.0


def _refused(status: int, message: str) -> JSONResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Connection": "close"}
    return JSONResponse({"error": message}, status, headers=headers)


SLOW = N_("This took too long to arrive. Send it again.")


class _TooMuch(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Counted:
    """A request's body, no longer than it may be, and its answer, which no stranger may put into a frame."""

    def __init__(self, receive: Receive, send: Send, most_bytes: int, framed_by: str) -> None:
        self._receive = receive
        self._send = send
        self._left = most_bytes
        self._framed_by = framed_by
        self._read: list[Message] = []
        self._unfinished = True
        self.answering = False
        self.came: Callable[[int], float] = _uncounted
        """Is told how many bytes came, and says how long to wait for more; may raise `NoRoom`."""

    async def receive(self) -> Message:
        """The next message; raises `_TooMuch`."""
        if self._read:
            return self._read.pop(0)
        try:
            async with asyncio.timeout(PIECE_SECONDS if self._unfinished else None):
                message = await self._receive()
        except TimeoutError:
            raise _TooMuch(408, _(SLOW)) from None
        self._unfinished = bool(message.get("more_body"))
        self._left -= len(message.get("body", b""))
        wait = self.came(len(message.get("body", b"")))
        if self._left < 0:
            raise _TooMuch(413, _("That is larger than anything this app takes here."))
        if wait:
            await asyncio.sleep(wait)
        return message

    async def read_whole(self) -> None:
        """Take in all of it and look whether its JSON nests too deep; raises `_TooMuch`."""
        messages: list[Message] = []
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while self._unfinished:
                    messages.append(await self.receive())
        except TimeoutError:
            raise _TooMuch(408, _(SLOW)) from None
        body = b"".join(message.get("body", b"") for message in messages)
        if sum(map(body.count, b'",[{')) > MOST_SIGNS or _depth(body) > DEEPEST:
            raise _TooMuch(400, "This JSON holds more, or nests deeper, than any request of this app.")
        self._read = messages

    async def send(self, message: Message) -> None:
        """Let the answer through."""
        self.answering = True
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("content-security-policy", f"frame-ancestors {self._framed_by}")
        await self._send(message)


# Strings in long steps, as one may be a whole request: sign by sign four megabytes stop everybody for half a second.
_OUTSIDE_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for found in _OUTSIDE_STRINGS.finditer(body):
        sign = found.group()
        depth += (sign in b"[{") - (sign in b"]}") if len(sign) == 1 else 0
        deepest = max(deepest, depth)
    return deepest


class BehindProxy(Route):
    """A route that is found whether or not the proxy has taken the prefix off.

    Starlette takes it off every path that begins with it. Behind a proxy that has done so already that cuts our own
    addresses where they begin like the prefix: `/inkquest/health` under `/inkquest`, `/r/<id>` under `/r`.
    """

    def __init__(self, route: Route) -> None:
        super().__init__(route.path, route.endpoint, methods=sorted(route.methods or ()))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = super().matches(scope)
        if found[0] is not Match.NONE:
            return found
        whole, child = super().matches({**scope, "root_path": ""})
        share_id = child.get("path_params", {}).get("share_id")
        if share_id is not None and not SHARE_ID.fullmatch(share_id):
            return found  # under `/r` any of Gradio's own addresses looks like that of a share
        return whole, child
