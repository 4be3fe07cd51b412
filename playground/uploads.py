"""Untrusted bytes -> `PageImage`, or one sentence that says what to do. Knows nothing of screens or engines.

The file's content decides, never its name. Pixels are decoded by `playground.decoding` in a process of its own, which
sees no key and is stopped when it takes too much memory or time; nothing is written to disk.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from pathlib import PurePath

from engines.contract import PageImage
from playground import decoding

MOST_BYTES = 25_000_000
MOST_SECONDS = 30.0


class UploadRefused(Exception):
    """The file is not a page that can be read; the message is one sentence for the person who sent it."""


def accept(data: bytes, name: str = "") -> PageImage:
    """The file's picture, upright, in RGB on white, without metadata; `name` only appears in the refusal.

    Of an animation or a multi-picture photo the first frame is taken, as viewers show it first; a TIFF of several
    pages, a PDF and an SVG are refused. All pixels are kept. Raises UploadRefused.
    """
    reason = _refuse_unopened(data)
    if reason:
        raise UploadRefused(_sentence(name, reason))
    try:
        png = _decode_apart(data)
    except decoding.Refused as refusal:
        raise UploadRefused(_sentence(name, str(refusal))) from None
    width, height = struct.unpack(">II", png[16:24])
    return PageImage(sha256=hashlib.sha256(png).hexdigest(), png=png, width=width, height=height)


def _refuse_unopened(data: bytes) -> str:
    """Why the file need not be opened at all; empty if it must be."""
    head = data[:4096].lstrip().lower()
    if not data:
        return "is empty; choose an image of the page"
    if len(data) > MOST_BYTES:
        return f"has {len(data) / 1e6:.0f} MB; save it smaller, at most {MOST_BYTES / 1e6:.0f} MB, for instance as JPEG"
    if b"%pdf-" in head[:1024]:
        return "is a PDF; export the page you want as PNG or JPEG, at 300 dots an inch, and upload that"
    if b"<svg" in head:
        return "is an SVG drawing; export it as PNG and upload that"
    return ""


def _decode_apart(data: bytes) -> bytes:
    """Run `playground.decoding` on the bytes; raises decoding.Refused."""
    command = [sys.executable, "-I", decoding.__file__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, env={}, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise decoding.Refused("takes too long to open; open it in an image program and save it anew as PNG") from None
    if done.returncode == decoding.REFUSED:
        raise decoding.Refused(done.stderr.decode().strip())
    if done.returncode != 0:
        raise decoding.Refused("is damaged or cut off; send it again, or open it in an image program and save it anew")
    return done.stdout


def _sentence(name: str, reason: str) -> str:
    subject = "".join(letter for letter in PurePath(name).name if letter.isprintable())[:80]
    return f"{subject or 'This file'} {reason}."
