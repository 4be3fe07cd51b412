"""Reference texts from untrusted files: UTF-8, of a length that a page can have."""

from __future__ import annotations

from evaluation.datasets.contract import ItemUnreadable
from evaluation.datasets.file_tree import FileTree, read_bytes

MOST_TEXT_BYTES = 100_000


def read_reference(tree: FileTree, name: str) -> str:
    """The file's text without the line breaks at its end; raises `ItemUnreadable`."""
    data = read_bytes(tree, name, MOST_TEXT_BYTES)
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ItemUnreadable(f"has a reference that is not UTF-8 text ({name}); save it as UTF-8") from None
