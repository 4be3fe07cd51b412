"""Reference texts from untrusted files: a text of a length that a page can have, or none; never an empty one."""

from __future__ import annotations

import json

from engines.formats.layout import UnreadableFormat, is_blank
from engines.formats.plain_text import decoded
from evaluation.datasets.contract import ItemUnreadable
from evaluation.datasets.file_tree import FileTree, read_bytes

MOST_TEXT_BYTES = 100_000


def read_reference(tree: FileTree, name: str) -> str | None:
    """The file's text without the line breaks at its end, None for a blank one; raises `ItemUnreadable`."""
    try:
        return as_reference(decoded(read_bytes(tree, name, MOST_TEXT_BYTES)))
    except UnreadableFormat as error:
        raise ItemUnreadable(f"has a reference that {error} ({name})") from None


def as_reference(value: object) -> str | None:
    """A cell as a reference, None for a blank one; raises `ItemUnreadable` for a list, a number or an object."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ItemUnreadable(f"has a reference that is no text but {_kind(value)}; give the text itself")
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
        raise ItemUnreadable("has a reference that is no text but a JSON object; give the text itself")
    return sequence


def _kind(value: object) -> str:
    kinds: tuple[tuple[type, str], ...] = ((bool, "a yes or no"), (int, "a number"), (float, "a number"))
    kinds += ((list, "a list"), (dict, "an object"), (bytes, "bytes"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "something else")
