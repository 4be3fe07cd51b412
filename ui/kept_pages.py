"""A visitor's own pages on disk for as long as a run needs them: one folder an upload, under an unguessable name.

SECURITY: file names are strangers' words; only their last part is used, and nothing is unpacked or decoded here.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

MANIFEST_SUFFIXES = frozenset({".csv", ".jsonl"})
MOST_FILES = 2000


class TooMuchError(Exception):
    """More was uploaded than this host keeps; the message is one sentence that says what to do."""


class KeptPages:
    """Uploads below one folder."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def take(self, files: Sequence[Path]) -> Path:
        """Keep these files and give back what a data set is opened from; raises `TooMuchError`."""
        if len(files) > MOST_FILES:
            raise TooMuchError(f"At most {MOST_FILES} files at once. Put them into one zip.")
        if sum(file.stat().st_size for file in files) > self._most_bytes:
            raise TooMuchError(f"At most {self._most_bytes / 1e6:.0f} MB here. Send fewer or smaller pages.")
        folder = self._folder / secrets.token_urlsafe(12)
        folder.mkdir(parents=True)
        for file, name in zip(files, _names(files), strict=True):
            _place(file, folder / name)
        alone = len(files) == 1 and files[0].suffix.lower() not in MANIFEST_SUFFIXES
        return folder / files[0].name if alone else folder

    def drop(self, path: Path) -> None:
        """Delete an upload that no run uses; raises nothing, and touches nothing outside the folder."""
        inside = path.resolve()
        if inside.is_relative_to(self._folder.resolve()) and inside != self._folder.resolve():
            top = inside.relative_to(self._folder.resolve()).parts[0]
            shutil.rmtree(self._folder / top, ignore_errors=True)

    def drop_older(self, seconds: float) -> None:
        """Delete the uploads that came so long ago, whether a run uses them or not."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):  # its visitor took it away meanwhile
                if time.time() - folder.stat().st_mtime >= seconds:
                    shutil.rmtree(folder, ignore_errors=True)


def _names(files: Sequence[Path]) -> Iterable[str]:
    """Unique names; a page and its text that came twice keep each other. The only table is taken as the manifest."""
    tables = [file for file in files if file.suffix.lower() in MANIFEST_SUFFIXES]
    seen: dict[str, int] = {}
    for file in files:
        name = f"manifest{file.suffix.lower()}" if tables == [file] and len(files) > 1 else file.name
        times = seen[name] = seen.get(name, 0) + 1
        stem, dot, rest = name.partition(".")
        yield name if times == 1 else f"{stem} ({times}){dot}{rest}"


def _place(file: Path, target: Path) -> None:
    """A second name for the same bytes where the disk allows it, as the upload's own name is soon deleted."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
