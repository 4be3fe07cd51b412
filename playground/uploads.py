"""Untrusted bytes -> `PageImage` or a reading, or one sentence that says what to do. Knows nothing of screens.

The file's content decides, never its name. Pixels come from `playground.decoding`: a process of its own, which sees no
key and is stopped when it takes too much memory or time; nothing is written to disk.
"""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from engines.catalogue import brought_spec
from engines.contract import EngineSpec, PageImage
from engines.formats.foreign import read_foreign
from engines.formats.layout import ForeignReading, UnreadableFormat
from playground import decoding
from playground.engine_runs import EngineRun, brought_run
from translations import N_, _

PAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".avif", ".pdf"}
)
"""By which pages are found among other files."""
MOST_BYTES = 25_000_000
MOST_SECONDS = 30.0
MOST_CHARACTERS = 100_000
MOST_REGIONS = 20_000
"""A page of a newspaper has a tenth of either."""
MOST_PAGES = 500
"""Of one file that a person chooses from; a data set may hold more."""
MOST_THUMBNAILS = 60
TAKES_LONG = N_("takes too long to open; open it in an image program and save it anew as PNG")
DAMAGED = N_("is damaged or cut off; send it again, or open it in an image program and save it anew")


class UploadRefused(Exception):
    """The file is no page or reading that can be used; the message is one sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class PageOfFile:
    """A page, its number in its file counted from 1, and how many the file has."""

    page: PageImage
    number: int = 1
    pages: int = 1


def accept(data: bytes, name: str = "") -> PageImage:
    """The only page of the file; raises UploadRefused, also where there are several of them (see `accept_page`)."""
    taken = accept_page(data, name)
    if taken.pages > 1:
        reason = _("holds more than one page ({pages}); choose one, or save it as a file of its own", pages=taken.pages)
        raise UploadRefused(_sentence(name, reason))
    return taken.page


def accept_page(data: bytes, name: str = "", number: int = 1) -> PageOfFile:
    """One page of a picture, a TIFF or a PDF: upright, in RGB on white, without metadata, all pixels kept.

    `name` only appears in the refusal. Of an animation or a multi-picture photo the first frame is taken, as viewers
    show it first; an SVG is refused. A PDF is drawn at 200 dots an inch, with what was typed into its form. Raises
    UploadRefused.
    """
    done = _asked(data, name, "page", number)
    pages = int(done.stderr.decode().split()[-1])
    if pages > MOST_PAGES:
        reason = _("has {pages} pages; save those you want as a file of at most {most}", pages=pages, most=MOST_PAGES)
        raise UploadRefused(_sentence(name, reason))
    width, height = struct.unpack(">II", done.stdout[16:24])
    page = PageImage(sha256=hashlib.sha256(done.stdout).hexdigest(), png=done.stdout, width=width, height=height)
    return PageOfFile(page, number, pages)


def thumbnails(data: bytes, name: str = "") -> Sequence[bytes]:
    """Small JPEGs of the first pages, empty for one that cannot be drawn; raises UploadRefused."""
    rest = _asked(data, name, "thumbnails", MOST_THUMBNAILS).stdout
    pictures: list[bytes] = []
    while rest:
        length = int.from_bytes(rest[:4], "big")
        pictures.append(rest[4 : 4 + length])
        rest = rest[4 + length :]
    return pictures


def _asked(data: bytes, name: str, what: str, number: int = 1) -> subprocess.CompletedProcess[bytes]:
    """The answer of the process that opens such files; raises UploadRefused."""
    reason = _refuse_unopened(data)
    if reason:
        raise UploadRefused(_sentence(name, reason))
    try:
        return decode_apart(data, what, str(max(1, number)))
    except decoding.Refused as refusal:
        raise UploadRefused(_sentence(name, _(refusal.reason, **refusal.values))) from None


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

    def run_on(self, page: PageImage, turn: int = 0) -> EngineRun:
        """As an engine's run on this page, turned by so many degrees since it lay in its file; its boxes move along."""
        return brought_run(self.spec.id, self.foreign.on_page(page.width, page.height, turn), None, self.usd)


def accept_reading(data: bytes, file_name: str = "") -> ForeignReading:
    """What a text, Markdown, hOCR, ALTO, PAGE or vendor's JSON file says; raises UploadRefused.

    SECURITY: nothing of it is opened but as text, and it is no larger than a page can be.
    """
    try:
        found = read_foreign(file_name, data)
    except UnreadableFormat as error:
        raise UploadRefused(_sentence(file_name, str(error), _("This text"))) from None
    if len(found.reading.text) > MOST_CHARACTERS or len(found.reading.regions) > MOST_REGIONS:
        raise UploadRefused(
            _sentence(file_name, _("holds more than a page; give the part that is this page"), _("This text"))
        )
    return found


def reading_or_refusal(data: bytes, file_name: str) -> ForeignReading | str:
    """As `accept_reading`, for another process: what is raised there arrives here as nothing but an end."""
    try:
        return accept_reading(data, file_name)
    except UploadRefused as refusal:
        return str(refusal)


def refuse_namesakes(readings: Sequence[OwnReading]) -> None:
    """Raises UploadRefused where two readings could not be told apart."""
    if len({one.spec.id for one in readings}) < len(readings):
        raise UploadRefused(_("Two readings have the same name. Give each another."))


def _refuse_unopened(data: bytes) -> str:
    """Why the file need not be opened at all; empty if it must be."""
    head = data[:4096].lstrip().lower()
    if not data:
        return _("is empty; choose an image of the page")
    if len(data) > MOST_BYTES:
        size, most = f"{len(data) / 1e6:.0f}", f"{MOST_BYTES / 1e6:.0f}"
        return _("has {size} MB; save it smaller, at most {most} MB, for instance as JPEG", size=size, most=most)
    if b"<svg" in head:
        return _("is an SVG drawing; export it as PNG and upload that")
    return ""


def decode_apart(data: bytes, *asked: str) -> subprocess.CompletedProcess[bytes]:
    """Run `decoding` on bytes of any size, asked as stands there; raises decoding.Refused."""
    command = [sys.executable, "-I", decoding.__file__, *asked]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, env={}, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise decoding.Refused(TAKES_LONG) from None
    if done.returncode == decoding.REFUSED:
        raise _refusal(done.stderr)
    if done.returncode != 0:
        raise decoding.Refused(DAMAGED)
    return done


def _refusal(told: bytes) -> decoding.Refused:
    """The reason comes last: image libraries warn of large files there too, and with the path of their own code."""
    try:
        reason, values = json.loads(told.decode(errors="replace").strip().rpartition("\n")[2])
    except ValueError:
        return decoding.Refused(DAMAGED)
    return decoding.Refused(reason, **values)


def _sentence(name: str, reason: str, unnamed: str = "") -> str:
    subject = "".join(letter for letter in PurePath(name).name if letter.isprintable())[:80]
    return _("{file} {reason}.", file=subject or unnamed or _("This file"), reason=reason)
