"""Gradio's Blocks, without what makes a long-lived server grow: the one place that knows how Gradio keeps sessions.

And how a listener yields from an iterator that blocks in threads.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextvars import copy_context
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any, TypeVar

import gradio as gr
from gradio import http_server, processing_utils, route_utils, routes, state_holder
from gradio.block_function import BlockFunction
from gradio.components import Component
from gradio.data_classes import FileData, ImageData, ListFiles, PredictBodyInternal
from gradio.queueing import Queue
from gradio.state_holder import SessionState, StateHolder
from pydantic import ValidationError
from starlette.requests import Request
from uvicorn.config import Config

from playground.host.shelf import Shelf, TooLarge
from translations import N_, _, speak, wished
from ui.first_paint import OwnFirstPaint
from ui.programs import MOST_LETTERS
from ui.routes.connections import TimelyConnection
from ui.routes.gate import Doors, Gate
from ui.routes.session import LONGEST_SESSION

MOST_SESSION_BYTES = 2_000_000_000
SESSION_BYTES = 4_000_000
"""What Gradio keeps of a session beside the page on its desk: components, and what was last written in them."""
UNREAD_BYTES = 100_000
"""Of an answer that nobody has fetched yet, more or less."""
KEPT_SECONDS = 600
"""Who lost the connection finds the desk again for that long."""
GOODBYE_SECONDS = 5
T = TypeVar("T")
Joined = tuple[bool, Any, str]
"""Whether an event is in Gradio's line, its id or why not, and which of the two."""
OF_ANOTHER_KIND = N_(
    "Something was sent that is of another kind than what is asked for here, such as a text for a file."
)
NOT_UPLOADED = N_("This file is no longer here, or was never uploaded. Upload it again; addresses are not fetched.")


class OwnServer(http_server.Server):
    """Gradio's, but no X-Forwarded-For becomes an address before `ui.routes.gate` has looked whom to believe.

    And no connection waits for ever.
    """

    def __init__(self, config: Config, *others: Any, **options: Any) -> None:  # noqa: ANN401
        config.proxy_headers = False
        config.http = TimelyConnection
        super().__init__(config, *others, **options)


class OwnSession(SessionState):
    """Gradio's, without what it writes down of every component and all that was typed, for deep links, which are shut.

    SECURITY: a stranger's new session would hold up everybody for the time that this takes.
    """

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks=()))  # type: ignore[arg-type]
        setattr(self.blocks_config, "config_for_block", lambda *_block: {})  # noqa: B010  (mypy knows it as a method)


class Sessions(StateHolder):
    """SECURITY: Gradio's sessions, of which a visitor who makes hundreds pushes out only their own.

    Gradio lets go of whichever was used least lately, and knows nothing of who has it nor of how large it is.
    """

    def __init__(
        self, payer_of: Callable[[gr.Request], str], size: Callable[[object], int], *, shared: bool = True
    ) -> None:
        """`size` is in bytes, of a value that a session keeps."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._payer_of = payer_of
        self._size = size
        self._kept = Shelf[tuple[str, int]](
            MOST_SESSION_BYTES, shared=shared, size=lambda kept: kept[1], gone=self._let_go
        )
        self._queue: Queue | None = None

    def set_blocks(self, blocks: gr.Blocks) -> None:
        super().set_blocks(blocks)
        self.capacity = sys.maxsize  # what is kept is decided here
        self._queue = blocks._queue

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self._kept:  # whose it is turns out when it is used
            self._kept.put(session_id, (session_id, _least_bytes(session_id)), "")
        return super().__getitem__(session_id)

    def values_of(self, session: str) -> Sequence[object]:
        """What listeners keep of this session, which need not exist; asking is no use of it."""
        state = self.session_data.get(session)
        return list(state.state_data.values()) if state else []

    def used(self, session: str, request: gr.Request) -> None:
        """This visitor's session has done something, and holds what it holds now, answers among it."""
        unread = len(self._queue.pending_event_ids_session.get(session, ())) if self._queue else 0
        size = _least_bytes(session) + UNREAD_BYTES * unread + sum(map(self._size, self.values_of(session)))
        try:
            self._kept.put(session, (session, size), self._payer_of(request))
        except TooLarge:
            self.forget(session)

    def forget(self, session: str) -> None:
        """Drop everything that is kept of it."""
        self._kept.drop(session)

    def _let_go(self, kept: tuple[str, int]) -> None:
        session, _size = kept
        if session not in self._kept:  # else it was only put anew
            self.session_data.pop(session, None)
            self.time_last_used.pop(session, None)
            if self._queue:
                self._queue.pending_messages_per_session.pop(session, None)
                self._queue.pending_event_ids_session.pop(session, None)


def _least_bytes(session: str) -> int:
    """A name may be as long as a request."""
    return max(SESSION_BYTES, 2 * len(session))


class Waiting(dict[str, T]):
    """What waits until a session fetches it; nobody ever fetches what comes for one that was let go."""

    def __init__(self, empty: Callable[[], T]) -> None:
        super().__init__()
        self._empty = empty

    def __missing__(self, _session: str) -> T:
        return self._empty()


class LastingBlocks(gr.Blocks):
    """To be used like `gr.Blocks`, but for `doors`: what a request may be, `sessions`: how many there may be, and this.

    `may_read` says whether a session may have an uploaded file read, which it names by its path.
    """

    def __init__(self, *, may_read: Callable[[str, str], bool] = lambda _path, _session: False, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self._may_read = may_read

    def launch(self, *, doors: Doors, sessions: Sessions | None = None, **options: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
        """As Gradio does, with our gate for its CORS and our first paint for its own, and nothing added on a Space.

        SECURITY: on a Space it starts a second server for live editing, on all addresses and without a password:
        whoever reaches its port reads the app's files and replaces its code. Its CORS lets any site read what a
        visitor's cookies open.
        """
        OwnFirstPaint.take_over()
        setattr(http_server, "Server", OwnServer)  # noqa: B010  (as below)
        for module in (state_holder, route_utils):
            setattr(module, "SessionState", OwnSession)  # noqa: B010
        http_server.get_space = lambda: None  # type: ignore[attr-defined]
        setattr(routes, "CustomCORSMiddleware", partial(Gate, doors=doors))  # noqa: B010  (mypy knows it as a class)
        self._sessions = sessions or Sessions(lambda _request: "", lambda _value: 0, shared=False)
        setattr(routes, "StateHolder", lambda: self._sessions)  # noqa: B010
        setattr(processing_utils, "async_move_files_to_cache", _files_stay)  # noqa: B010
        # Gradio looks for work a thousand times a second, which takes a twentieth of a core at rest.
        self._queue.sleep_when_free = 0.01
        self._queue.ANALYTICS_MAX_EVENTS = 0  # else a table of 10,000 after each of them, for a route that is shut
        setattr(self._queue, "push", partial(self._join, self._queue.push))  # noqa: B010
        setattr(self._queue, "pending_messages_per_session", Waiting[object](asyncio.Queue))  # noqa: B010
        setattr(self._queue, "pending_event_ids_session", Waiting[set[str]](set))  # noqa: B010
        return super().launch(**options)

    async def _join(
        self,
        push: Callable[..., Awaitable[Joined]],
        body: PredictBodyInternal,
        request: Request,
        username: str | None,
    ) -> Joined:
        """As Gradio does, but whose answer will be waiting is known from now on.

        SECURITY: it keeps answers that nobody fetches without end, and those of 2,000 sessions, whoever has them.
        """
        session = body.session_hash or ""
        if len(session) > LONGEST_SESSION or not session.isascii():
            return False, _("There is no such session here."), "error"
        joined = await push(body=body, request=request, username=username)
        self._sessions.used(body.session_hash or "", gr.Request(request, username=username))
        return joined

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: list[Any] | dict[Any, Any], state: SessionState | None
    ) -> list[Any]:
        """As Gradio does, but what replaces a component takes its id, too.

        Gradio gives the replacement a new id, files it under that once more at the next plain value, and never drops
        it: a quarter of a megabyte for every comparison.
        """
        if state is not None:
            for block in block_fn.outputs:
                if block._id in state:
                    replacement = state[block._id]
                    if isinstance(replacement, gr.blocks.Block):
                        replacement._id = block._id
        return await super().postprocess_data(block_fn, predictions, state)

    async def process_api(
        self,
        block_fn: BlockFunction | int,
        inputs: list[Any],
        *others: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """As Gradio does, but only with files that were uploaded here; then it is known what the session holds.

        SECURITY: it would fetch any address of the internet, and hand over whatever lies in its folder: the pictures
        of the samples, or what another visitor uploaded.
        """
        request = options.get("request")
        if isinstance(request, gr.Request):
            speak(wished(request.headers))  # of an event, Gradio's line forgets the request's context
        session = getattr(request, "session_hash", None) or ""
        if not all(self._may_read(path, session) for path in _paths_in(inputs)):
            raise gr.Error(_(NOT_UPLOADED), print_exception=False)
        if not all(len(text) <= MOST_LETTERS for text in _texts_in(inputs)):
            most = _("A text may have {most} characters at most.", most=f"{MOST_LETTERS:,}")
            raise gr.Error(most, print_exception=False)
        try:
            return await super().process_api(block_fn, inputs, *others, **options)
        except ValidationError:
            raise gr.Error(_(OF_ANOTHER_KIND), print_exception=False) from None
        finally:
            if session and isinstance(request, gr.Request):
                self._sessions.used(session, request)

    def forget_later(self, session: str, seconds: float = KEPT_SECONDS) -> None:
        """Drop everything Gradio keeps of a session that has ended, unless its visitor comes back before.

        Gradio empties the page off a desk after an hour and keeps the rest of it until 10,000 others have come.
        """
        left_at = datetime.now()

        def forget() -> None:
            used_at = self._sessions.time_last_used.get(session, left_at)
            if (used_at - left_at).total_seconds() < GOODBYE_SECONDS:
                self._sessions.forget(session)

        asyncio.get_running_loop().call_later(seconds, forget)


_move_files = processing_utils.async_move_files_to_cache


async def _files_stay(
    data: Any,  # noqa: ANN401
    block: gr.blocks.Block,
    postprocess: bool = False,
    check_in_upload_folder: bool = False,
    **options: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """As Gradio does, but what was sent names files of which `may_read` has said already that they were uploaded here.

    SECURITY: it looks for each on the disk, ten times and on the event loop: one request that names one file 6,000
    times kept everybody waiting for six seconds.
    """
    if check_in_upload_folder and not postprocess:
        return data
    return await _move_files(data, block, postprocess, check_in_upload_folder, **options)


def _paths_in(value: object) -> Iterator[str]:
    """The path of every file that a request names, however deep; the gate bounds how deep and how many.

    SECURITY: whatever else the file says of itself. Where Gradio's `ImageData` has no `meta` it puts in its own.
    """
    if isinstance(value, dict):
        if isinstance(value.get("path"), str):
            yield value["path"]
        value = [*value.values()]
    for part in value if isinstance(value, list) else ():
        yield from _paths_in(part)


def _texts_in(value: object) -> Iterator[str]:
    """Every text of a request but the address of a picture, which may be the picture itself."""
    if isinstance(value, str):
        yield value
    parts = [part for key, part in value.items() if key != "url"] if isinstance(value, dict) else value
    for part in parts if isinstance(parts, list) else ():
        yield from _texts_in(part)


def _bytes_and_name(_self: Component, payload: ImageData | FileData | None) -> tuple[bytes, str] | None:
    """The bytes as they came, or None without a file; the uploaded copy on disk is removed at once."""
    if payload is None:
        return None
    if payload.url and payload.url.startswith("data:"):
        return _from_data_url(payload.url), _("pasted image")
    if payload.path is None:
        return None
    path = Path(payload.path)
    data = path.read_bytes()
    path.unlink(missing_ok=True)
    return data, payload.orig_name or path.name


def _from_data_url(url: str) -> bytes:
    try:
        return base64.b64decode(url.partition(",")[2])
    except binascii.Error:
        return b""


UNTOUCHED = """An image input that hands over the uploaded bytes as they are.

SECURITY: Gradio's own preprocessing decodes the file (20 KB can become 1 GB), turns 16-bit scans white and fails on
HEIC before any code of ours runs; here only `playground.uploads` opens it.
"""
# Not a `class` statement: Gradio's metaclass would write a .pyi file beside this module each time it is imported.
UntouchedImage: type[gr.Image] = type.__new__(
    type(gr.Image),
    "UntouchedImage",
    (gr.Image,),
    {"__module__": __name__, "__doc__": UNTOUCHED, "is_template": True, "preprocess": _bytes_and_name},
)


UntouchedUpload: type[gr.UploadButton] = type.__new__(
    type(gr.UploadButton),
    "UntouchedUpload",
    (gr.UploadButton,),
    {
        "__module__": __name__,
        "__doc__": "A button for a file that hands over bytes and name.",
        "is_template": True,
        "preprocess": _bytes_and_name,
    },
)


def _paths(_self: gr.File, payload: ListFiles | FileData | None) -> list[Path]:
    files = payload.root if isinstance(payload, ListFiles) else [payload] if payload else []
    return [Path(file.path) for file in files]


def _file_input(name: str, doc: str, preprocess: Callable[..., object]) -> type[gr.File]:
    """Gradio's own leaves a second, empty file behind each time it is looked at."""
    parts = {"__module__": __name__, "__doc__": doc, "is_template": True, "preprocess": preprocess}
    return type.__new__(type(gr.File), name, (gr.File,), parts)


UntouchedFile = _file_input("UntouchedFile", "A file input that hands over bytes and name.", _bytes_and_name)
UploadedPaths = _file_input("UploadedPaths", "A file input that says where its uploads lie.", _paths)


END = object()
Update = dict[Any, Any]
"""Component -> its new value, as Gradio takes it."""


def streamed(
    produce: Callable[[Callable[[T], None]], None], tick_seconds: float, news: asyncio.Queue[T | object]
) -> AsyncIterator[Sequence[T]]:
    """What `produce` emits from its own thread, which starts at once: all that waits together, nothing at every tick.

    It arrives through `news`; what the loop's own code puts there before the end is told too. Gradio notices that a
    visitor has gone only when a listener yields: the ticks give it the chance. The context is copied, because ZeroGPU
    finds the visitor's quota through it.
    """
    loop = asyncio.get_running_loop()

    def emit(item: T | object) -> None:
        loop.call_soon_threadsafe(news.put_nowait, item)

    def work() -> None:
        try:
            produce(emit)
        finally:
            emit(END)

    Thread(target=copy_context().run, args=(work,), name="comparison", daemon=True).start()
    return _arriving(news, tick_seconds)


async def _arriving(news: asyncio.Queue[T | object], tick_seconds: float) -> AsyncIterator[Sequence[T]]:
    ended = False
    while not ended or not news.empty():
        try:
            waiting = [await asyncio.wait_for(news.get(), tick_seconds)]
        except TimeoutError:
            yield ()
            continue
        while not news.empty():
            waiting.append(news.get_nowait())
        items = [item for item in waiting if item is not END]
        ended = ended or len(items) < len(waiting)
        if items:
            yield items  # type: ignore[misc]  # only END is not a T


async def steady(updates: AsyncIterator[Update], resting: Update) -> AsyncIterator[Update]:
    """Each update, completed by the last texts of what it leaves out; `resting` holds those before the first.

    Gradio makes a new component for everything that is left out or skipped, a millisecond each, while a text that is
    the same costs nothing and is not sent. The last update of a listener is sent once more, whole.
    """
    values = dict(resting)
    async for update in updates:
        values |= {part: value for part, value in update.items() if isinstance(value, str)}
        yield {**update, **values}
