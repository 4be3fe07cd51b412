"""Refuses a zip by its last bytes, before the standard library makes an object for every entry it claims to have."""

from __future__ import annotations

import struct
from pathlib import Path

from evaluation.datasets.contract import DatasetUnusable

MOST_ENTRIES = 20_000
MOST_DIRECTORY_BYTES = 4_000_000
_END = struct.Struct("<4s4H2LH")
"""End of central directory: signature, disk numbers (2), entries here, entries, directory size, its offset, comment."""
_LONGEST_COMMENT = 65_535


def refuse_swollen_directory(path: Path) -> None:
    """Raise `DatasetUnusable` for a file that is no zip or lists more entries than we take."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END.size - _LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise DatasetUnusable(f"{path.name} is not a whole zip file; make it again.")
    _, _, _, _, entries, directory_bytes, _, _ = _END.unpack_from(tail, at)
    zip64 = tail[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    # The claimed count can be forged, the directory's size cannot: it is what will be parsed.
    if zip64 or entries > MOST_ENTRIES or directory_bytes > MOST_DIRECTORY_BYTES:
        raise DatasetUnusable(f"{path.name} holds more than {MOST_ENTRIES:,} files; unpack it and give the folder.")
