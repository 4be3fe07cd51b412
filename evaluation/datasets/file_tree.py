"""A folder or a zip as named files that can be read and nothing else. SECURITY: no name leads out of the tree.

Names are labels with forward slashes, sorted. A zip is never unpacked to disk: each entry is read when it is asked for,
and never beyond the size that was checked when the zip was opened.
"""

from __future__ import annotations

import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol
from unicodedata import normalize

from evaluation.datasets.contract import DatasetUnusable, ItemUnreadable, Unreadable
from translations import N_, _

MOST_ENTRIES = 20_000
MOST_DIRECTORY_BYTES = 4_000_000
_END = struct.Struct("<4s4H2LH")
"""End of central directory: signature, disk numbers (2), entries here, entries, directory size, its offset, comment."""
_LONGEST_COMMENT = 65_535
BROKEN = N_("{name} is not a whole zip file; make it again.")


def refuse_swollen_directory(path: Path) -> None:
    """Raise `DatasetUnusable` for a file that is no zip or lists more entries than we take."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END.size - _LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise DatasetUnusable(_(BROKEN, name=path.name))
    *_before, entries, directory_bytes, _offset, _comment = _END.unpack_from(tail, at)
    zip64 = tail[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    # The claimed count can be forged, the directory's size cannot: it is what will be parsed.
    if zip64 or entries > MOST_ENTRIES or directory_bytes > MOST_DIRECTORY_BYTES:
        raise DatasetUnusable(
            _("{name} holds more than {n} files; unpack it and give the folder.", name=path.name, n=f"{MOST_ENTRIES:,}")
        )


MOST_ENTRY_BYTES = 100_000_000
MOST_ZIP_BYTES = 2_000_000_000
MOST_RATIO = 100
DEEPEST = 40
RATIO_MATTERS_FROM = 10_000_000
LAST_LETTER = "\U0010ffff"
"""Sorts behind whatever may follow a folder's name."""
_NAME_IS_UTF_8 = 0x800
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError)
"""What reading an entry of a damaged zip, or of one that is packed in no known way, may raise."""
ARCHIVES = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"})


class FileTree(Protocol):
    """Where a data set's files are."""

    names: tuple[str, ...]
    refused: tuple[Unreadable, ...]
    """Files that are there and will not be opened."""

    def find(self, name: str) -> str | None:
        """The one of `names` that is meant: called exactly so, else the only one that differs in case or accents' form.

        Macs write an accent as a character of its own, and cameras suffixes in capitals.
        """

    def open(self, name: str) -> BinaryIO:
        """One of `names`; raises `ItemUnreadable`."""


def read_bytes(tree: FileTree, name: str, most_bytes: int = MOST_ENTRY_BYTES) -> bytes:
    """A whole file; raises `ItemUnreadable`, also for one that is larger than `most_bytes`."""
    try:
        with tree.open(name) as file:
            data = file.read(most_bytes + 1)
    except UNREADABLE as error:
        raise ItemUnreadable(_("cannot be read ({error}); send it again", error=type(error).__name__)) from None
    if len(data) > most_bytes:
        raise ItemUnreadable(_("has more than {megabytes} MB; save it smaller", megabytes=f"{most_bytes / 1e6:.1f}"))
    return data


def folded(name: str) -> str:
    """What names have in common that a person takes for one."""
    return normalize("NFC", normalize("NFC", name).casefold())


class _Names:
    """Names that can be found as people write them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(sorted(names))
        self._known = frozenset(self.names)
        self._alike: dict[str, list[str]] = {}
        for name in self.names:
            self._alike.setdefault(folded(name), []).append(name)

    def find(self, name: str) -> str | None:
        if name in self._known:
            return name
        alike = self._alike.get(folded(name), [])
        same_case = [found for found in alike if normalize("NFC", found) == normalize("NFC", name)]
        return next((found[0] for found in (same_case, alike) if len(found) == 1), None)


class Folder(_Names):
    """The files below a folder; hidden ones and links that lead out of it are left alone.

    With `stem`, only the files directly in the folder that are called so up to their first dot.
    """

    def __init__(self, path: Path, stem: str = "") -> None:
        self._root = path.resolve()
        named = (
            file.name
            for file in self._root.iterdir()
            if folded(file.name.split(".")[0]) == folded(stem) and file.is_file()
        )
        found = sorted(named if stem else self._walk())
        outside = {name for name in found if not (self._root / name).resolve().is_relative_to(self._root)}
        super().__init__(name for name in found if name not in outside)
        self.refused = tuple(Unreadable(name, _("is a link that leads out of the folder")) for name in sorted(outside))

    def open(self, name: str) -> BinaryIO:
        if name not in self._known:
            raise ItemUnreadable(_("is not in the data set"))
        return (self._root / name).open("rb")

    def _walk(self) -> Iterator[str]:
        for folder, subfolders, files in os.walk(self._root):
            subfolders[:] = [name for name in subfolders if not name.startswith(".")]
            relative = PurePosixPath(Path(folder).relative_to(self._root).as_posix())
            yield from (str(relative / name) for name in files if not name.startswith("."))


class Archive(_Names):
    """The entries of a zip; raises `DatasetUnusable` for one that is broken or built to do harm."""

    def __init__(self, path: Path) -> None:
        refuse_swollen_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise DatasetUnusable(_(BROKEN, name=path.name)) from error
        entries = {_written(info): info for info in self._zip.infolist() if not info.is_dir()}
        entries = {name: info for name, info in entries.items() if not _hidden(name)}
        _refuse_bomb(path, entries.values())
        reasons = {name: reason for name, info in entries.items() if (reason := _refuse_entry(name, info))}
        self.refused = tuple(Unreadable(name, reason) for name, reason in sorted(reasons.items()))
        self._entries = {name: info for name, info in entries.items() if name not in reasons}
        super().__init__(self._entries)

    def open(self, name: str) -> BinaryIO:
        if name not in self._known:
            raise ItemUnreadable(_("is not in the data set"))
        # zipfile gives no more than the size in the entry's header, which `_refuse_bomb` has seen.
        with self._zip.open(self._entries[name]) as entry:
            return BytesIO(entry.read())


def _written(info: zipfile.ZipInfo) -> str:
    """The entry's name; Macs write UTF-8 without the flag that says so, and some Windows programs backslashes."""
    name = info.filename
    if not info.flag_bits & _NAME_IS_UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") and part != ".." for part in parts)


def _refuse_bomb(path: Path, entries: Collection[zipfile.ZipInfo]) -> None:
    unfolded, packed = sum(info.file_size for info in entries), path.stat().st_size
    if unfolded > MOST_ZIP_BYTES:
        raise DatasetUnusable(
            _(
                "{name} unfolds to {gigabytes} GB; unpack it and give the folder.",
                name=path.name,
                gigabytes=f"{unfolded / 1e9:.1f}",
            )
        )
    if unfolded > RATIO_MATTERS_FROM and unfolded > MOST_RATIO * packed:
        raise DatasetUnusable(
            _("{name} unfolds to over {n} times its size, which no images do.", name=path.name, n=MOST_RATIO)
        )


def _refuse_entry(name: str, info: zipfile.ZipInfo) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return _("has a path that leads out of the zip")
    if len(path.parts) > DEEPEST:
        return _("lies in more than {n} folders within one another", n=DEEPEST)
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("is a link, not a file")
    if info.flag_bits & 1:
        return _("is encrypted; make the zip without a password")
    if info.file_size > MOST_ENTRY_BYTES:
        return _("unfolds to more than {megabytes} MB", megabytes=f"{MOST_ENTRY_BYTES / 1e6:.0f}")
    return _("is an archive within the archive; unpack it first") if path.suffix.lower() in ARCHIVES else ""
