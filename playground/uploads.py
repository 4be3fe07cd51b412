"""Untrusted bytes -> `PageImage` or a reading, or one sentence that says what to do. Knows nothing of screens.

The file's content decides, never its name. Pixels are decoded by `playground.decoding` in a process of its own, which
sees no key and is stopped when it takes too much memory or time; nothing is written to disk.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from engines.brought import brought_spec
from engines.contract import EngineSpec, PageImage
from engines.formats.foreign import read_foreign
from engines.formats.layout import ForeignReading, UnreadableFormat
from engines.pricing import Usd
from playground import decoding
from playground.engine_runs import EngineRun

MOST_BYTES = 25_000_000
MOST_SECONDS = 30.0
MOST_CHARACTERS = 100_000
MOST_REGIONS = 20_000
"""A page of a newspaper has a tenth of either."""


class UploadRefused(Exception):
    """The file is no page or reading that can be used; the message is one sentence for the person who sent it."""


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


@dataclass(frozen=True, slots=True)
class OwnReading:
    """One page as it was read elsewhere, by whoever is called so, and what that cost if it is known."""

    name: str
    foreign: ForeignReading
    usd: float | None = None

    @property
    def spec(self) -> EngineSpec:
        """Its row, as if it were an engine's."""
        return brought_spec(self.name)

    def run_on(self, page: PageImage) -> EngineRun:
        """As an engine's run on this page; its boxes are moved to the page's size."""
        cost = None if self.usd is None else Usd(self.usd, measured=True)
        reading = self.foreign.on_page(page.width, page.height)
        return EngineRun(self.spec.id, reading, seconds=None, cost=cost)


def accept_reading(data: bytes, file_name: str = "") -> ForeignReading:
    """What a text, Markdown, hOCR, ALTO, PAGE or vendor's JSON file says; raises UploadRefused.

    SECURITY: nothing of it is opened but as text, and it is no larger than a page can be.
    """
    try:
        found = read_foreign(file_name, data)
    except UnreadableFormat as error:
        raise UploadRefused(_sentence(file_name, str(error), "This text")) from None
    if len(found.reading.text) > MOST_CHARACTERS or len(found.reading.regions) > MOST_REGIONS:
        raise UploadRefused(
            _sentence(file_name, "holds more than a page; give the part that is this page", "This text")
        )
    return found


def refuse_namesakes(readings: Sequence[OwnReading]) -> None:
    """Raises UploadRefused where two readings could not be told apart."""
    if len({one.spec.id for one in readings}) < len(readings):
        raise UploadRefused("Two readings have the same name. Give each another.")


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


def _sentence(name: str, reason: str, unnamed: str = "This file") -> str:
    subject = "".join(letter for letter in PurePath(name).name if letter.isprintable())[:80]
    return f"{subject or unnamed} {reason}."
