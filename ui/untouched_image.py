"""An image input that hands over the uploaded bytes as they are.

SECURITY: Gradio's own preprocessing decodes the file (20 KB can become 1 GB), turns 16-bit scans white and fails on
HEIC before any code of ours runs; here only `playground.uploads` opens it.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import gradio as gr
from gradio.data_classes import ImageData


def _bytes_and_name(_self: gr.Image, payload: ImageData | None) -> tuple[bytes, str] | None:
    """The bytes as they came, or None without an image; the uploaded copy on disk is removed at once."""
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


# Not a `class` statement: Gradio's metaclass would write a .pyi file beside this module each time it is imported.
UntouchedImage: type[gr.Image] = type.__new__(
    type(gr.Image),
    "UntouchedImage",
    (gr.Image,),
    {"__module__": __name__, "__doc__": __doc__, "is_template": True, "preprocess": _bytes_and_name},
)
