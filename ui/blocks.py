"""Gradio's Blocks, without what makes a long-lived server grow: the one place that knows how Gradio keeps sessions."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio import http_server, routes
from gradio.block_function import BlockFunction
from gradio.components import Component
from gradio.data_classes import FileData, ImageData, ListFiles
from gradio.state_holder import SessionState

from ui.first_paint import OwnFirstPaint
from ui.routes.gate import Doors, Gate

MOST_SESSIONS = 500
"""Desks kept at once, each with its page and readings: a megabyte or a few. The one longest untouched goes first."""
KEPT_SECONDS = 600
"""Who lost the connection finds the desk again for that long."""
GOODBYE_SECONDS = 5


class LastingBlocks(gr.Blocks):
    """To be used like `gr.Blocks`, but for `doors`: what a request may be."""

    def launch(self, *, doors: Doors, **options: Any) -> Any:  # type: ignore[override]  # noqa: ANN401  (Gradio's own)
        """As Gradio does, with our gate for its CORS and our first paint for its own, and nothing added on a Space.

        SECURITY: on a Space it starts a second server for live editing, on all addresses and without a password:
        whoever reaches its port reads the app's files and replaces its code. Its CORS lets any site read what a
        visitor's cookies open.
        """
        OwnFirstPaint.take_over()
        http_server.get_space = lambda: None  # type: ignore[attr-defined]
        setattr(routes, "CustomCORSMiddleware", partial(Gate, doors=doors))  # noqa: B010  (mypy knows it as a class)
        return super().launch(**options)

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

    def forget_later(self, session: str, seconds: float = KEPT_SECONDS) -> None:
        """Drop everything Gradio keeps of a session that has ended, unless its visitor comes back before.

        Gradio empties the page off a desk after an hour and keeps the rest of it until 10,000 others have come.
        """
        left_at = datetime.now()

        def forget() -> None:
            used_at = self.state_holder.time_last_used.get(session, left_at)
            if (used_at - left_at).total_seconds() < GOODBYE_SECONDS:
                self.state_holder.session_data.pop(session, None)
                self.state_holder.time_last_used.pop(session, None)

        asyncio.get_running_loop().call_later(seconds, forget)


def _bytes_and_name(_self: Component, payload: ImageData | FileData | None) -> tuple[bytes, str] | None:
    """The bytes as they came, or None without a file; the uploaded copy on disk is removed at once."""
    if payload is None:
        return None
    if payload.url and payload.url.startswith("data:"):
        return _from_data_url(payload.url), "pasted image"
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
