"""Named bytes in a folder or an object store, kept so that a crash loses nothing. Knows nothing of what they mean."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import fsspec

from translations import _

BUCKETS = "hf://buckets/"


class StoreUnavailable(Exception):
    """The database or the blob folder did not do what was asked; the message is for people and holds no content.

    SECURITY: `detail` is the driver's word, which may name paths and hosts: for whoever runs the program, not visitors.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


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


def open_blobs(url: str) -> Blobs:
    """The blobs at an fsspec URL or local folder; raises `StoreUnavailable`."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme == "file":
        return LocalBlobs(Path(rest if separator else url))
    return RemoteBlobs(url)


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


class RemoteBlobs:
    """Objects behind fsspec: S3, a Space's Storage Bucket, memory. A put is whole or absent there by itself."""

    def __init__(self, url: str) -> None:
        if url.startswith(BUCKETS):
            _refuse_public_bucket("/".join(url.removeprefix(BUCKETS).split("/")[:2]))
        with store_errors():
            self._files, self._root = fsspec.core.url_to_fs(url)

    def put(self, name: str, content: bytes) -> None:
        with store_errors():
            self._files.pipe_file(f"{self._root}/{name}", content)

    def get(self, name: str) -> bytes | None:
        with store_errors():
            try:
                self._files.invalidate_cache()  # another process may have written or deleted it
                return bytes(self._files.cat_file(f"{self._root}/{name}"))
            except FileNotFoundError:
                return None

    def delete(self, name: str) -> None:
        with store_errors():
            try:
                self._files.rm_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return

    def older_than(self, folder: str, seconds: float) -> list[str]:
        before = time.time() - seconds
        with store_errors():
            self._files.invalidate_cache()
            try:
                paths = self._files.ls(f"{self._root}/{folder}", detail=False)
            except FileNotFoundError:
                return []
            return [
                f"{folder}/{path.rsplit('/', 1)[-1]}"
                for path in paths
                if self._files.modified(path).timestamp() < before
            ]


def _refuse_public_bucket(bucket_id: str) -> None:
    """A bucket is public unless its owner says otherwise, and then everybody could read every share."""
    from huggingface_hub import bucket_info

    with store_errors():
        if not bucket_info(bucket_id).private:
            raise StoreUnavailable(f"The bucket {bucket_id} is public. Make it private in its settings.")


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
    """The error for people: statements and content, which the original may hold, are in no part of it."""
    detail = str(getattr(error, "orig", None) or error).partition("\n")[0]
    told = _("The store does not answer ({error}). Try again later.", error=type(error).__name__)
    return StoreUnavailable(told, detail)
