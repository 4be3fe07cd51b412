"""Untrusted texts as references, and which picture is meant by a name or a stem; and documents' pages.

A reference is a text of a length that a page can have, or none; never an empty one.

IAM's `lines.txt`, and the data sets made from it, are cut into tokens ("( Parlophone ) , it 's"): a perfect
transcription of three well-known IAM lines scores 5.3 % CER and 47 % WER against them. Here they are made natural
again.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from itertools import count
from pathlib import PurePosixPath
from typing import Literal

from engines.formats.layout import UnreadableFormat, decoded, is_blank
from evaluation.datasets.contract import ItemUnreadable
from evaluation.datasets.file_tree import LAST_LETTER, FileTree, folded, read_bytes
from playground.decoding import Refused
from playground.uploads import PAGE_SUFFIXES, decode_apart
from translations import N_, _

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


MOST_TEXT_BYTES = 100_000


def read_reference(tree: FileTree, name: str) -> str | None:
    """The file's text without the line breaks at its end, None for a blank one; raises `ItemUnreadable`."""
    try:
        return as_reference(decoded(read_bytes(tree, name, MOST_TEXT_BYTES)))
    except UnreadableFormat as error:
        raise ItemUnreadable(_("has a reference that {fault} ({name})", fault=error, name=name)) from None


def as_reference(value: object) -> str | None:
    """A cell as a reference, None for a blank one; raises `ItemUnreadable` for a list, a number or an object."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ItemUnreadable(_("has a reference that is no text but {kind}; give the text itself", kind=_kind(value)))
    text = _sequence(value) if value.lstrip().startswith("{") else value
    return None if is_blank(text) else text.rstrip("\r\n")


def _sequence(text: str) -> str:
    """What Donut's data sets wrap a plain text in, unwrapped; no other JSON object is what stands on a page."""
    try:
        wrapped = json.loads(text)
    except (ValueError, RecursionError):
        return text
    parsed = wrapped.get("gt_parse") if isinstance(wrapped, dict) else None
    sequence = parsed.get("text_sequence") if isinstance(parsed, dict) else None
    if not isinstance(sequence, str):
        raise ItemUnreadable(_("has a reference that is no text but a JSON object; give the text itself"))
    return sequence


KINDS: tuple[tuple[type, str], ...] = (
    (bool, N_("a yes or no")),
    (int, N_("a number")),
    (float, N_("a number")),
    (list, N_("a list")),
    (dict, N_("an object")),
    (bytes, N_("bytes")),
    (object, N_("something else")),
)


def _kind(value: object) -> str:
    return _(next(name for kind, name in KINDS if isinstance(value, kind)))


FEWEST_MARKS = 5
SHARE_APART = 0.9
NOTE = N_(
    "The references looked cut into tokens, as IAM's are (a space before commas and full stops); those spaces were "
    "removed before scoring."
)

# French writes a space before ; : ! ? so only these two tell.
_MARKS = re.compile(r"(\s?)[,.](?=\s|$)")
# A run of white space is looked at from its beginning only: from each of its places, a million of them take hours.
_REJOINED = (
    (re.compile(r"(?<!\s)\s++(?=[,.;:!?)\]}%](?:\s|$|[,.;:!?)\]'\"]))"), ""),
    (re.compile(r"(?<=[(\[{])\s+"), ""),
    (re.compile(r"(?<=\w)\s+(?='(?:s|t|d|m|ll|re|ve)\b)", re.IGNORECASE), ""),
    (re.compile(r"(?<=\w)\s+(?=n't\b)", re.IGNORECASE), ""),
)
_QUOTE = re.compile(r"(?:(?<!\s)(\s+))?+\"(\s*)")


def looks_tokenised(references: Iterable[str]) -> bool:
    """Whether nearly every comma and full stop stands apart from its word."""
    spaces = [match[1] for text in references for match in _MARKS.finditer(text)]
    return len(spaces) >= FEWEST_MARKS and sum(map(bool, spaces)) >= SHARE_APART * len(spaces)


def detokenised(text: str) -> str:
    """The text with marks back at their words; quotes open and close in turn."""
    for pattern, joined in _REJOINED:
        text = pattern.sub(joined, text)
    turn = count()
    return _QUOTE.sub(lambda match: f'{match[1] or ""}"' if next(turn) % 2 == 0 else f'"{match[2]}', text)
