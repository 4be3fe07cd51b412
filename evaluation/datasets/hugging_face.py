"""Parquet files in the layout of a Hugging Face data set: a column of images, a column of texts, one row an item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from evaluation.datasets.contract import ClusteredBy, Item, ItemUnreadable, Locator, Unreadable
from evaluation.datasets.file_tree import FileTree
from evaluation.datasets.manifest import DOCUMENT, LANGUAGE, TEXT, WRITER, split_of
from evaluation.datasets.pictures import as_reference
from translations import _
from translations.wording import listed

if TYPE_CHECKING:
    from pyarrow import Schema
    from pyarrow.parquet import ParquetFile

IMAGE_COLUMNS = ("image", "img", "page", "line_image", "pixel_values")
ROWS_AT_ONCE = 1000
NO_CLASS = -1
_SPLIT = re.compile(r"^(train|validation|val|dev|test)\b")


class ParquetTables:
    """Keeps the last row groups in memory, since neighbouring rows are asked for one after the other.

    SECURITY: with `most_unfolded_bytes` a file is refused of which the images of one row group come to more, so that
    whoever has walked it once, in a process that may be ended, knows what opening its images takes.
    """

    def __init__(self, tree: FileTree, most_unfolded_bytes: int | None = None) -> None:
        self._tree = tree
        self._most_unfolded_bytes = most_unfolded_bytes
        self._file = lru_cache(maxsize=4)(self._open)
        self._images = lru_cache(maxsize=2)(self._row_group)

    def items(self, name: str) -> Iterator[Item | Unreadable]:
        """One item a row; the split that the file or its folder is called after becomes a tag."""
        from pyarrow import ArrowInvalid

        split = _SPLIT.match(name.rpartition("/")[2])
        tags = tuple(filter(None, [split[1] if split else split_of(name)]))
        try:
            schema = self._file(name).schema_arrow
            self._refuse_swollen(name, image_column(schema))
            texts = _text_column(schema)
            if isinstance(texts, Unreadable):
                yield replace(texts, id=name)
                texts = TextColumn("")
            columns = {role: found for role, found in _columns(schema, texts).items() if found}
            batches = self._file(name).iter_batches(ROWS_AT_ONCE, columns=list(columns.values()))
            if not columns:
                rows = range(self._file(name).metadata.num_rows)
                yield from (_item(name, row, {}, columns, tags, texts) for row in rows)
                return
            row = 0
            for batch in batches:
                for values in batch.to_pylist():
                    yield _item(name, row, values, columns, tags, texts)
                    row += 1
        except (ArrowInvalid, OSError, ItemUnreadable) as error:
            yield Unreadable(name, _reason(error))

    def image(self, name: str, row: int) -> bytes:
        """The bytes of the picture in that row; raises `ItemUnreadable`."""
        from pyarrow import ArrowInvalid

        try:
            group, first = self._group_of(name, row)
            value = self._images(name, group)[row - first].as_py()
        except (ArrowInvalid, OSError, IndexError) as error:
            raise ItemUnreadable(_reason(error)) from None
        data = value.get("bytes") if isinstance(value, dict) else value
        if not isinstance(data, bytes):
            raise ItemUnreadable(_("holds no image bytes, only a path or nothing"))
        return data

    def _refuse_swollen(self, name: str, column: str) -> None:
        """Raises `ItemUnreadable`. One row at a time: the file's own figures may be wrong."""
        if self._most_unfolded_bytes is None:
            return
        for group in range(self._file(name).metadata.num_row_groups):
            unfolded = 0
            for batch in self._file(name).iter_batches(1, row_groups=[group], columns=[column]):
                unfolded += batch.nbytes
                if unfolded > self._most_unfolded_bytes:
                    most = f"{self._most_unfolded_bytes / 1e6:.0f} MB"
                    raise ItemUnreadable(
                        _("unfolds to more than {most} at once; write it with smaller row groups", most=most)
                    )

    def _open(self, name: str) -> ParquetFile:
        from pyarrow.parquet import ParquetFile

        return ParquetFile(self._tree.open(name))

    def _group_of(self, name: str, row: int) -> tuple[int, int]:
        metadata, first = self._file(name).metadata, 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            if row < first + rows:
                return group, first
            first += rows
        raise ItemUnreadable(_("is not in the table any more"))

    def _row_group(self, name: str, group: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
        file = self._file(name)
        column = image_column(file.schema_arrow)
        return file.read_row_group(group, columns=[column]).column(column)


def image_column(schema: Schema) -> str:
    """The column of images: a known name first, else the only one of that type; raises `ItemUnreadable`."""
    from pyarrow import types

    def holds_images(name: str) -> bool:
        kind = schema.field(name).type
        binary = types.is_binary(kind) or types.is_large_binary(kind)
        return bool(binary or (types.is_struct(kind) and kind.get_field_index("bytes") >= 0))

    found = [name for name in schema.names if holds_images(name)]
    known = [name for name in IMAGE_COLUMNS if name in found]
    if not known and len(found) != 1:
        raise ItemUnreadable(
            _("has no column of images among {columns}; call it 'image'", columns=", ".join(schema.names))
        )
    return known[0] if known else found[0]


@dataclass(frozen=True, slots=True)
class TextColumn:
    """The column of references; where it holds numbers of classes, their names, which are the texts."""

    name: str
    classes: tuple[str, ...] = ()

    def reference(self, value: object) -> str | None:
        """The cell as a reference; raises `ItemUnreadable`."""
        if not self.classes or value is None:
            return as_reference(value)
        # Hugging Face writes -1 for a row without a label.
        if value == NO_CLASS:
            return None
        if not isinstance(value, int) or not 0 <= value < len(self.classes):
            raise ItemUnreadable(_("has the class {value}, of which the table does not say the name", value=value))
        return as_reference(self.classes[value])


def _text_column(schema: Schema) -> TextColumn | Unreadable:
    """The first column of a known name that holds texts or classes with names, or why there is none."""
    from pyarrow import types

    classes = _class_names(schema)
    known = [name for role in TEXT for name in schema.names if name.lower() == role]
    for name in known:
        kind = schema.field(name).type
        kind = kind.value_type if types.is_dictionary(kind) else kind
        if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind):
            return TextColumn(name)
        if types.is_integer(kind) and name in classes:
            return TextColumn(name, classes[name])
    if known:
        kinds = listed([f"{name!r} ({schema.field(name).type})" for name in known[:3]])
        return Unreadable(
            "",
            _("holds no texts in {columns}: the column is no text; give the texts in a column 'text'", columns=kinds),
        )
    columns = ", ".join(repr(name[:40]) for name in schema.names[:12])
    return Unreadable(
        "",
        _("has no column that is known to hold transcriptions, only {columns}; call it 'text'", columns=columns),
    )


def _class_names(schema: Schema) -> Mapping[str, tuple[str, ...]]:
    """Column -> the names of its classes, as Hugging Face writes them beside the schema."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        return {
            column: tuple(map(str, feature["names"]))
            for column, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and isinstance(feature["names"], list)
        }
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def _columns(schema: Schema, texts: TextColumn) -> Mapping[str, str]:
    """Role -> the column that plays it, or an empty string."""
    roles = {"writer": WRITER, "document": DOCUMENT, "language": LANGUAGE}
    found = {role: next((name for name in names if name in schema.names), "") for role, names in roles.items()}
    return {"text": texts.name, **found}


def _item(
    name: str,
    row: int,
    values: Mapping[str, object],
    columns: Mapping[str, str],
    tags: tuple[str, ...],
    texts: TextColumn,
) -> Item | Unreadable:
    def value(role: str) -> str | None:
        found = values.get(columns.get(role, ""))
        return None if found is None else str(found)

    item_id = f"{name}, row {row + 1}"
    clusters: list[tuple[str | None, ClusteredBy]] = [(value("writer"), "writer"), (value("document"), "document")]
    cluster, clustered_by = next(((found, by) for found, by in clusters if found), (item_id, "page"))
    try:
        reference = texts.reference(values.get(texts.name))
    except ItemUnreadable as error:
        return Unreadable(item_id, str(error))
    return Item(item_id, Locator(name, row), reference, "page", cluster, clustered_by, value("language") or "", tags)


def _reason(error: Exception) -> str:
    if isinstance(error, ItemUnreadable):
        return str(error)
    return _("is not a readable Parquet file ({error}); download it again", error=type(error).__name__)
