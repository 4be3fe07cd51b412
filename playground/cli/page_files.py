"""The command line's files: images, the reference beside one, texts read from disk, and the formats to write."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path

from playground.share.layout_files import FORMATS

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".avif"}
)


class UnusableCommand(Exception):
    """The command cannot be carried out; the message is one sentence for the person who gave it."""


def image_files(paths: Iterable[Path]) -> list[Path]:
    """Files as given, and of each folder all its images, sorted; raises `UnusableCommand` for a folder without any."""
    return [image for path in paths for image in (_images_in(path) if path.is_dir() else [path])]


def reference_beside(image: Path) -> str | None:
    """The text of the file that is called like the image but ends in .txt, if there is one."""
    beside = image.with_suffix(".txt")
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


def formats_named(names: str) -> tuple[str, ...]:
    """Names of `FORMATS` from "alto,pdf"; for argparse, which shows what this raises."""
    asked = tuple(dict.fromkeys(name.strip().lower() for name in names.split(",") if name.strip()))
    for name in asked:
        if name not in FORMATS:
            raise ArgumentTypeError(f"There is no format {name!r}. Choose from: {', '.join(FORMATS)}.")
    return asked


def _images_in(folder: Path) -> list[Path]:
    images = sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file())
    if not images:
        raise UnusableCommand(f"There are no images in {folder}.")
    return images
