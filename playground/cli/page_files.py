"""The command line's files: images, the reference beside one, texts read from disk, and the formats to write."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from pathlib import Path

from engines.contract import PageImage
from engines.languages import language_code
from engines.page_orientation import Orientation, OrientationFinder, turned
from playground.share.exporting import FORMATS
from playground.uploads import PAGE_SUFFIXES, accept_page


@dataclass(frozen=True, slots=True)
class TakenPage:
    """A page as engines get it, by how many degrees it was turned, and what people are told of it."""

    page: PageImage
    turned: int
    remark: str


class UnusableCommand(Exception):
    """The command cannot be carried out; the message is one sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file and which of its pages is meant, from 1; without a number it is the first, whose file says how many."""

    path: Path
    number: int | None = None

    def __str__(self) -> str:
        """As it was asked for."""
        return str(self.path) if self.number is None else f"{self.path}:{self.number}"

    @property
    def stem(self) -> str:
        """What files made of this page are called."""
        return self.path.stem if self.number is None else f"{self.path.stem}-p{self.number}"


def page_file(asked: Path) -> PageFile:
    """`letter.pdf:3` is the third page of letter.pdf, unless a file is called so."""
    name, colon, number = str(asked).rpartition(":")
    if colon and number.isdecimal() and int(number) and not asked.exists():
        return PageFile(Path(name), int(number))
    return PageFile(asked)


def page_files(paths: Iterable[Path]) -> list[PageFile]:
    """Files as given, and of each folder all its pages, sorted; raises `UnusableCommand` for a folder without any."""
    return [page for path in paths for page in (_pages_in(path) if path.is_dir() else [page_file(path)])]


def reference_beside(page: PageFile) -> str | None:
    """The text of the file that is called like the image but ends in .txt, or in -3.txt for the third page."""
    stem = page.path.with_suffix("")
    beside = stem.with_name(f"{stem.name}-{page.number}.txt" if page.number else f"{stem.name}.txt")
    return read_text(str(beside)) if beside.is_file() else None


def read_text(path: str) -> str:
    """A UTF-8 text file, or standard input for `-`; raises `UnusableCommand`."""
    data = sys.stdin.buffer.read() if path == "-" else read_bytes(Path(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableCommand(f"{path} is not UTF-8 text; save it as UTF-8.") from None


def read_bytes(path: Path) -> bytes:
    """The file's bytes; raises `UnusableCommand`."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnusableCommand(f"There is no file {path}.") from None
    except OSError as error:
        raise UnusableCommand(f"{path} cannot be read: {error.strerror}.") from None


def name_and_path(text: str) -> tuple[str, Path]:
    """NAME=FILE for argparse: whose readings, and where they are."""
    name, equals, path = text.partition("=")
    if not equals or not name.strip() or not path:
        raise ArgumentTypeError(f"{text!r} is not of the form NAME=FILE, such as vendor=answers.json")
    return name.strip(), Path(path)


def language_named(text: str) -> str:
    """The code for a code or an English name; for argparse, which shows what this raises."""
    code = language_code(text)
    if code is None:
        raise ArgumentTypeError(f"{text[:40]!r} is no language. Say one such as en, de, zh-Hant or German.")
    return code


def amount(text: str) -> float:
    """A finite number, 0 or more; for argparse, which shows what this raises."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < inf:
        raise ArgumentTypeError(f"{text[:40]!r} is no number such as 20.")
    return number


def above_zero(text: str) -> float:
    """A finite number above 0; for argparse, which shows what this raises."""
    number = amount(text)
    if number == 0:
        raise ArgumentTypeError("It must be above 0.")
    return number


def count(text: str) -> int:
    """A whole number above 0; for argparse, which shows what this raises."""
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text[:40]!r} is no whole number above 0.")
    return int(text)


def formats_named(names: str) -> tuple[str, ...]:
    """Names of `FORMATS` from "alto,pdf"; for argparse, which shows what this raises."""
    asked = tuple(dict.fromkeys(name.strip().lower() for name in names.split(",") if name.strip()))
    for name in asked:
        if name not in FORMATS:
            raise ArgumentTypeError(f"There is no format {name!r}. Choose from: {', '.join(FORMATS)}.")
    return asked


def _pages_in(folder: Path) -> list[PageFile]:
    pages = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PAGE_SUFFIXES and path.is_file())
    if not pages:
        raise UnusableCommand(f"There are no images or PDFs in {folder}.")
    return [PageFile(path) for path in pages]


def take_page(asked: PageFile, orientation: OrientationFinder | None) -> TakenPage:
    """The page, turned where `orientation` is certain; raises `UploadRefused` and `UnusableCommand`."""
    taken = accept_page(read_bytes(asked.path), asked.path.name, asked.number or 1)
    found = orientation.find(taken.page) if orientation else Orientation()
    remarks = [found.sentence]
    if taken.pages > 1 and not asked.number:
        remarks.append(f"It has {taken.pages} pages, and this is the first; for another write {asked.path.name}:2.")
    return TakenPage(turned(taken.page, found.done), found.done, " ".join(filter(None, remarks)))
