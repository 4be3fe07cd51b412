"""A CSV or JSONL table that names images, references and what is known of them. One row, one item.

Rows come by column name, whatever writes them; a row that is in doubt is listed, not guessed. Delimiters are told from
the header; a quotation mark that is never closed must not swallow the rows that follow.
"""

from __future__ import annotations

import csv
import json
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from engines.contract import Unit
from engines.formats.layout import UnreadableFormat, decoded
from evaluation.datasets.contract import ClusteredBy, Item, ItemUnreadable, Locator, Unreadable
from evaluation.datasets.file_tree import LAST_LETTER, FileTree, read_bytes
from evaluation.datasets.pictures import as_reference, read_reference
from translations import N_, _

if TYPE_CHECKING:
    from _csv import Reader


SUFFIXES = (".csv", ".tsv", ".jsonl")
MOST_ROWS = 200_000
DELIMITERS = (",", ";", "\t", "|")
MARKS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs")}
ANY_MARK = N_("its delimiter")
_DELIMITER_LINE = "sep="
"""What Excel writes above the header to say which delimiter follows."""


Cells = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row by lower-case column name; with a `fault`, worded to follow, none is to be trusted."""

    number: int
    cells: Cells
    fault: str = ""

    def text(self, columns: Sequence[str]) -> str:
        """The first of these cells that holds something, as text; empty if none does."""
        return next((str(self.cells[column]).strip() for column in columns if self.cells.get(column)), "")


@dataclass(frozen=True, slots=True)
class Table:
    """The columns and the rows in their order."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(data: bytes, name: str, key_columns: Collection[str], taken: Collection[str] = ()) -> Table:
    """The file's rows; `key_columns` tell the delimiter, `taken` are first cells that cannot be inside another cell.

    Raises `UnreadableFormat` for a file that is no text, or one of too many rows.
    """
    text = decoded(data)
    if name.lower().endswith(".jsonl"):
        found = list(islice(_json_rows(text), MOST_ROWS + 1))
        columns = dict.fromkeys(column for row in found for column in row.cells)
    else:
        reader = _csv_reader(text.replace("\r\n", "\n").replace("\r", "\n"), key_columns)
        columns = dict.fromkeys(cell.strip().lower() for cell in next(filter(any, reader), []))
        found = list(islice(_csv_rows(reader, columns, taken), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise UnreadableFormat(_("has more than {n} rows; split it", n=f"{MOST_ROWS:,}"))
    return Table(tuple(filter(None, columns)), tuple(found))


def _json_rows(text: str) -> Iterator[Row]:
    # Only a line feed ends a row: texts may hold the other characters that Python takes for line ends.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line, strict=False)  # texts may hold tabs and form feeds as they are
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            yield Row(number, {key.strip().lower(): value for key, value in values.items()})
        else:
            yield Row(number, {}, _("is not a JSON object"))


def _csv_reader(text: str, key_columns: Collection[str]) -> Reader:
    first, _end, rest = text.partition("\n")
    if first.lower().startswith(_DELIMITER_LINE):
        delimiter, text = first[len(_DELIMITER_LINE) :] or "\t", rest
    else:
        delimiter = _delimiter(first, key_columns)
    lines = text.split("\n")
    # Files cut by tabs are written without quotation marks, unless whole cells of the header have them.
    quoted = any(cell.startswith('"') and cell.endswith('"') and len(cell) > 1 for cell in lines[0].split(delimiter))
    bare = delimiter == "\t" and not quoted
    return csv.reader(
        (f"{line}\n" for line in lines),
        delimiter=delimiter[:1],
        quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL,
        strict=True,
    )


def _csv_rows(reader: Reader, columns: Collection[str], taken: Collection[str]) -> Iterator[Row]:
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Row(number, {}, _("cannot be cut into cells ({error}); put its texts in quotes", error=error))
            continue
        if cells is None:
            return
        if any(map(str.strip, cells)):
            named = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
            yield Row(number, named, _fault(cells, columns, reader.dialect.delimiter, taken))


def _fault(cells: Sequence[str], columns: Collection[str], delimiter: str, taken: Collection[str]) -> str:
    if any(map(str.strip, cells[len(columns) :])):
        marks = _(MARKS.get(delimiter, ANY_MARK))
        return _(
            "has {cells} cells under {columns} columns; put texts that hold {marks} in quotes",
            cells=len(cells),
            columns=len(columns),
            marks=marks,
        )
    inner = (line.split(delimiter)[0].strip() for cell in cells for line in cell.split("\n")[1:])
    swallowed = next((first for first in inner if first in taken), "")
    return _("runs into the row of {name}: a quotation mark is not closed", name=swallowed) if swallowed else ""


def _delimiter(header: str, key_columns: Collection[str]) -> str:
    """The one that cuts a known column out of the header, else the one that cuts it into most pieces."""

    def worth(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"').lower() for cell in header.split(delimiter)]
        return sum(cell in key_columns for cell in cells), len(cells)

    return max(DELIMITERS, key=worth)


NAMES = ("manifest.csv", "manifest.jsonl", "manifest.tsv", "metadata.csv", "metadata.jsonl", "metadata.tsv")
"""What a table is called that speaks for its folder; the first that is there."""
IMAGE = ("file", "image", "file_name", "filename", "path", "image_path", "image_file", "img")
TEXT = ("text", "reference", "transcription", "ground_truth", "gt", "transcript", "sentence", "label", "identity")
CLASSES = frozenset({"label", "identity"})
"""Columns that hold texts in some data sets and the numbers of classes in others."""
TEXT_FILE = ("text_file", "reference_file")
WRITER = ("writer", "writer_id", "author", "hand")
DOCUMENT = ("document", "document_id", "doc", "form", "form_id")
LANGUAGE = ("language", "lang")
OTHERS = ("level", "tags", "split")
KNOWN = frozenset({*IMAGE, *TEXT, *TEXT_FILE, *WRITER, *DOCUMENT, *LANGUAGE, *OTHERS})
SPLITS = frozenset({"train", "validation", "val", "dev", "test"})

Remark = Callable[[str], None]


def manifest_items(tree: FileTree, name: str, named: set[str], remark: Remark) -> Iterator[Item | Unreadable]:
    """The rows as items; what they name is added to `named`, and columns of no use are remarked upon."""
    named.add(name)
    before = frozenset(named)
    folder = PurePosixPath(name).parent
    prefix = name[: len(name) - len(PurePosixPath(name).name)]
    below = tree.names[bisect_left(tree.names, prefix) : bisect_left(tree.names, prefix + LAST_LETTER)]
    here = {file.removeprefix(prefix) for file in below}
    try:
        table = read_table(read_bytes(tree, name), name, IMAGE, here)
    except (UnreadableFormat, ItemUnreadable) as error:
        yield Unreadable(name, str(error))
        return
    if not any(column in table.columns for column in IMAGE):
        yield Unreadable(name, _why_no_images(table))
        return
    text_column = _text_column(table, name, remark)
    for row in table.rows:
        row_name = f"{name}, row {row.number}"
        try:
            item = _item(tree, folder, row, row_name, text_column, named)
        except ItemUnreadable as error:
            yield Unreadable(row.text(IMAGE) or row_name, str(error))
            continue
        if item.locator.file in before:
            reason = _("names {file}, which another table names already", file=item.locator.file)
            yield Unreadable(row_name, reason)
        else:
            yield item


def _why_no_images(table: Table) -> str:
    broken = next((row for row in table.rows if row.fault), None)
    if broken and not table.columns:
        return _("cannot be read: row {number} {fault}", number=broken.number, fault=broken.fault)
    return _(
        "names no image in any column ({columns}); call the one with their paths {name}",
        columns=_listed(table.columns),
        name=repr(IMAGE[0]),
    )


def find_named(tree: FileTree, folder: PurePosixPath, called: str) -> str | None:
    """The file that a table or an XML file in `folder` means: relative to it or to a folder above, encoded or not."""
    for name in dict.fromkeys((called, unquote(called))):
        path = PurePosixPath(name.replace("\\", "/"))
        if ".." in path.parts or path.is_absolute() or not path.parts:
            continue
        for above in (folder, *folder.parents):
            if found := tree.find(str(above / path)):
                return found
    return None


def _text_column(table: Table, name: str, remark: Remark) -> str:
    """The column of references, or an empty string; says which columns there are where none is known."""
    column = next((column for column in TEXT if column in table.columns), "")
    texts = [row.text((column,)) for row in table.rows] if column else []
    if not column and not any(file in table.columns for file in TEXT_FILE):
        remark(
            _(
                "{name} has no column that is known to hold transcriptions, only {columns}; call it 'text'.",
                name=name,
                columns=_listed(table.columns),
            )
        )
    elif column in CLASSES and any(texts) and all(text.isdecimal() for text in texts if text):
        remark(
            _(
                "{name}: the column {column} holds numbers of classes and no texts; give the texts in 'text'.",
                name=name,
                column=repr(column),
            )
        )
        column = ""
    if strangers := [column for column in table.columns if column not in KNOWN]:
        remark(_("{name}: not used are the columns {columns}.", name=name, columns=_listed(strangers)))
    return column


def _item(tree: FileTree, folder: PurePosixPath, row: Row, row_name: str, text_column: str, named: set[str]) -> Item:
    image, text_file = row.text(IMAGE), row.text(TEXT_FILE)
    if not image:
        raise ItemUnreadable(
            row.fault or _("names no image; give its path in a column called {name}", name=repr(IMAGE[0]))
        )
    file, beside = find_named(tree, folder, image), find_named(tree, folder, text_file) if text_file else None
    named.update(filter(None, (file, beside)))
    if row.fault:
        raise ItemUnreadable(f"{row.fault} ({row_name})")
    if file is None:
        raise ItemUnreadable(_("is named in {place}, but is not there", place=row_name))
    if text_file and beside is None:
        raise ItemUnreadable(_("has a reference in {file}, which is not there", file=text_file))
    reference = read_reference(tree, beside) if beside else as_reference(row.cells.get(text_column))
    cluster, clustered_by = _cluster(row, file)
    level: Unit = "line" if row.text(("level",)) == "line" else "page"
    return Item(file, Locator(file), reference, level, cluster, clustered_by, row.text(LANGUAGE), _tags(row, file))


def _tags(row: Row, file: str) -> tuple[str, ...]:
    """The row's own, and the split that a column or the image's innermost folder of such a name says."""
    tags = row.cells.get("tags") or ""
    own = map(str, tags) if isinstance(tags, list) else str(tags).split(";")
    split = row.text(("split",)) or split_of(file)
    return tuple(dict.fromkeys(tag.strip() for tag in (*own, split) if tag.strip()))


def split_of(file: str) -> str:
    """The split that the innermost folder of such a name says; empty for none."""
    return next((folder.name for folder in PurePosixPath(file).parents if folder.name.lower() in SPLITS), "")


def _cluster(row: Row, file: str) -> tuple[str, ClusteredBy]:
    if writer := row.text(WRITER):
        return writer, "writer"
    if document := row.text(DOCUMENT):
        return document, "document"
    return file, "page"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(repr(column[:40]) for column in columns[:12]) or _("it is empty")


def governing(name: str, by_folder: Mapping[str, str]) -> str | None:
    """The table in the file's folder, or in the nearest one above it."""
    return next((by_folder[str(above)] for above in PurePosixPath(name).parents if str(above) in by_folder), None)


def manifests_in(names: Sequence[str]) -> Mapping[str, str]:
    """Folder -> the table that speaks for it, the outermost first."""
    by_folder: dict[str, list[str]] = {}
    for name in names:
        if PurePosixPath(name).name.lower() in NAMES:
            by_folder.setdefault(str(PurePosixPath(name).parent), []).append(name)
    first = {
        folder: min(found, key=lambda name: NAMES.index(PurePosixPath(name).name.lower()))
        for folder, found in by_folder.items()
    }
    return dict(sorted(first.items(), key=lambda entry: (entry[1].count("/"), entry[1])))
