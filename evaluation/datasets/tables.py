"""CSV and JSONL files as rows by column name, whatever writes them; a row that is in doubt is listed, not guessed.

Delimiters are told from the header; a quotation mark that is never closed must not swallow the rows that follow.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from engines.formats.layout import UnreadableFormat, decoded
from translations import N_, _

SUFFIXES = (".csv", ".tsv", ".jsonl")
MOST_ROWS = 200_000
DELIMITERS = (",", ";", "\t", "|")
MARKS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs")}
ANY_MARK = N_("its delimiter")
_DELIMITER_LINE = "sep="
"""What Excel writes above the header to say which delimiter follows."""

if TYPE_CHECKING:
    from _csv import Reader

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
