"""A CSV or JSONL table that names images, references and what is known of them. One row, one item."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import PurePosixPath

from evaluation.datasets.contract import ClusteredBy, Item, ItemUnreadable, Level, Locator, Unreadable
from evaluation.datasets.file_tree import FileTree, read_bytes
from evaluation.datasets.reference_text import read_reference

NAMES = frozenset({"manifest.csv", "manifest.jsonl", "metadata.csv", "metadata.jsonl"})
IMAGE = ("file", "image", "file_name", "filename", "path")
TEXT = ("text", "reference", "transcription", "ground_truth", "gt")
TEXT_FILE = ("text_file", "reference_file")
WRITER = ("writer", "writer_id", "author", "hand")
DOCUMENT = ("document", "document_id", "doc", "form", "form_id")

Row = Mapping[str, str]


def manifest_items(tree: FileTree, name: str, *, list_unnamed: bool) -> Iterator[Item | Unreadable]:
    """The rows as items, then the files that no row names if they are to be listed."""
    folder, named = PurePosixPath(name).parent, {name}
    try:
        for number, row in _rows(read_bytes(tree, name).decode("utf-8-sig"), name):
            if isinstance(row, Unreadable):
                yield row
                continue
            named.update(str(folder / _first(row, column)) for column in (IMAGE, TEXT_FILE) if _first(row, column))
            try:
                yield _item(tree, folder, row, f"{name}, row {number}")
            except ItemUnreadable as error:
                yield Unreadable(_first(row, IMAGE) or f"{name}, row {number}", str(error))
    except (UnicodeDecodeError, csv.Error) as error:
        yield Unreadable(name, f"cannot be read on ({error}); save it as UTF-8")
    if list_unnamed:
        yield from (Unreadable(other, f"is not named in {name}") for other in tree.names if other not in named)


def _rows(text: str, name: str) -> Iterator[tuple[int, Row | Unreadable]]:
    if not name.endswith(".jsonl"):
        for number, row in enumerate(csv.DictReader(StringIO(text, newline="")), start=2):
            yield number, {key.strip().lower(): (value or "").strip() for key, value in row.items() if key}
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, _json_row(line) or Unreadable(f"{name}, row {number}", "is not a JSON object")


def _json_row(line: str) -> Row | None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    return {
        key.lower(): ";".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in values.items()
        if value is not None
    }


def _item(tree: FileTree, folder: PurePosixPath, row: Row, row_name: str) -> Item:
    image = _first(row, IMAGE)
    if not image:
        raise ItemUnreadable(f"names no image; give its path in a column called {IMAGE[0]!r}")
    file = str(folder / image)
    if file not in tree:
        raise ItemUnreadable(f"is named in {row_name}, but is not there")
    text_file = _first(row, TEXT_FILE)
    has_text = any(column in row for column in TEXT)
    reference = read_reference(tree, str(folder / text_file)) if text_file else _first(row, TEXT) if has_text else None
    cluster, clustered_by = _cluster(row, file)
    level: Level = "line" if row.get("level") == "line" else "page"
    tags = tuple(tag.strip() for tag in row.get("tags", "").split(";") if tag.strip())
    return Item(file, Locator(file), reference, level, cluster, clustered_by, row.get("language", ""), tags)


def _cluster(row: Row, file: str) -> tuple[str, ClusteredBy]:
    if writer := _first(row, WRITER):
        return writer, "writer"
    if document := _first(row, DOCUMENT):
        return document, "document"
    return file, "page"


def _first(row: Row, columns: tuple[str, ...]) -> str:
    return next((row[column] for column in columns if row.get(column)), "")
