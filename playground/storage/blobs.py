"""Named bytes, and the folder that keeps them so that a crash loses nothing. Knows nothing of what they mean."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class StoreUnavailable(Exception):
    """The database or the blob folder did not do what was asked; the message is for people and holds no content."""


class Blobs(Protocol):
    """Named bytes. A name is made by us, never by a visitor. All methods raise `StoreUnavailable`."""

    def put(self, name: str, content: bytes) -> None:
        """Keep the bytes; whole and on disk when this returns, absent or as before when it does not."""

    def get(self, name: str) -> bytes | None:
        """The bytes, or None."""

    def delete(self, name: str) -> None:
        """Remove the bytes; nothing happens where there are none."""

    def older_than(self, folder: str, seconds: float) -> list[str]:
        """Names under a folder that were written longer ago than this."""


class LocalBlobs:
    """Files under a folder. fsspec writes them in place and unsynced, which a crash leaves half-written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with store_errors():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, name: str, content: bytes) -> None:
        path = self._folder / name
        temporary = path.with_name(f".{secrets.token_hex(8)}.part")
        with store_errors():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            _sync_folder(path.parent)

    def get(self, name: str) -> bytes | None:
        with store_errors():
            try:
                return (self._folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def delete(self, name: str) -> None:
        path = self._folder / name
        with store_errors():
            path.unlink(missing_ok=True)
            if path.parent.exists():
                _sync_folder(path.parent)

    def older_than(self, folder: str, seconds: float) -> list[str]:
        before = time.time() - seconds
        with store_errors():
            files = (self._folder / folder).glob("*")
            return [f"{folder}/{path.name}" for path in files if path.stat().st_mtime < before]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn what a file system raises into `StoreUnavailable`."""
    try:
        yield
    except OSError as error:
        raise unavailable(error) from None


def unavailable(error: Exception) -> StoreUnavailable:
    """The error for people; the original's text is dropped, as it may hold paths, statements or content."""
    return StoreUnavailable(f"The store does not answer ({type(error).__name__}). Try again later.")
