"""Which picture is meant by a name or a stem, among all images and documents of a data set; and documents' pages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Literal

from evaluation.datasets.contract import ItemUnreadable
from evaluation.datasets.file_tree import LAST_LETTER, folded
from playground.decoding import Refused
from playground.uploads import PAGE_SUFFIXES, decode_apart
from translations import _

PDF = ".pdf"
TIFF = (".tif", ".tiff")
BIG_TIFF = 43
RENDERINGS = ("raw", "color", "rgb", "gray", "grey", "nrm", "dew", "bin")
"""What OCRopus and Calamari put before the suffix of the same picture, the richest first."""

_PAGE_OF_DOCUMENT = re.compile(r"(.+?)[ _.,:-]{1,3}(?:page|p)?[ _.-]{0,2}0{0,5}(\d{1,5})", re.IGNORECASE)


class Pictures:
    """The pictures among these names."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = tuple(sorted(names))
        self.pictures = tuple(name for name in self.names if PurePosixPath(name).suffix.lower() in PAGE_SUFFIXES)
        self._known = frozenset(self.pictures)
        self._by_name: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        for name in self.pictures:
            path = PurePosixPath(name)
            self._by_name.setdefault(folded(path.name), []).append(name)
            self._by_stem.setdefault(folded(path.stem), []).append(name)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def called(self, name: str) -> Sequence[str]:
        """The pictures of that file name in any folder."""
        return self._by_name.get(folded(name), [])

    def with_stem(self, stem: str) -> Sequence[str]:
        """The pictures called so up to their suffix, in any folder."""
        return self._by_stem.get(folded(stem), [])

    def nearest(self, candidates: Sequence[str], folder: PurePosixPath) -> str | None:
        """The one in the folder, else below it, else near the folder above, and so on; None for no candidates.

        Raises `ItemUnreadable` where two are equally near.
        """
        if not candidates:
            return None
        for above in (folder, *folder.parents):
            prefix = "" if above == PurePosixPath() else f"{above}/"
            first, last = bisect_left(candidates, prefix), bisect_left(candidates, prefix + LAST_LETTER)
            below = candidates[first:last]
            below = [name for name in below if "/" not in name[len(prefix) :]] or below
            if len(below) == 1:
                return below[0]
            if below:
                raise ItemUnreadable(
                    _("may be about {one} or {other}; name the image with its folder", one=below[0], other=below[1])
                )
        return None


def split_page(name: str) -> tuple[str, int] | None:
    """A document's name and a page of it, counted from 1: "letter-2", "letter_page_02", "letter.pdf, page 2"."""
    found = _PAGE_OF_DOCUMENT.fullmatch(name)
    return (found[1], int(found[2])) if found else None


def rendering_of(name: str) -> tuple[str, str]:
    """The picture's path without suffix, and without the mark of a rendering, which comes second: "1.nrm.png"."""
    path = PurePosixPath(name)
    stem = str(path.with_suffix(""))
    mark = PurePosixPath(stem).suffix[1:].lower()
    return (str(PurePosixPath(stem).with_suffix("")), mark) if mark in RENDERINGS else (stem, "")


MOST_PAGES = 5000


def has_pages(name: str, data: bytes) -> bool:
    """Whether it is a PDF, or a TIFF in which more follows its first picture."""
    if name.lower().endswith(PDF):
        return True
    return name.lower().endswith(TIFF) and _goes_on(data)


def _goes_on(tiff: bytes) -> bool:
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"
    long = 8 if int.from_bytes(tiff[2:4], order) == BIG_TIFF else 4

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], order)

    first, size = (number(8, 8), 20) if long == 8 else (number(4, 4), 12)
    count = 8 if long == 8 else 2
    return number(first + count + size * number(first, count), long) != 0


def count_pages(document: bytes) -> int:
    """How many pages it has; raises `ItemUnreadable`."""
    try:
        pages = int(decode_apart(document, "count").stderr.split()[-1])
    except Refused as refusal:
        raise ItemUnreadable(str(refusal)) from None
    if not 0 < pages <= MOST_PAGES:
        raise ItemUnreadable(_("has {n} pages; split it into files of 1 to {most}", n=pages, most=MOST_PAGES))
    return pages


def draw_page(document: bytes, page: int) -> bytes:
    """One page, counted from 0, as PNG; raises `ItemUnreadable`."""
    try:
        return decode_apart(document, "page", str(page + 1)).stdout
    except Refused as refusal:
        raise ItemUnreadable(str(refusal)) from None
