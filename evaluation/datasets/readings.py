"""Readings that were made elsewhere and brought along: one file for each page, or one table for all of them.

A page that they do not speak of was not read; it has no reading, least of all an empty one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import Field, TypeAdapter

from engines.contract import Reading, Region
from engines.formats import foreign
from engines.formats.foreign import read_foreign
from engines.formats.layout import ForeignReading, UnreadableFormat
from evaluation.datasets import manifest
from evaluation.datasets.contract import DatasetUnusable, Item, ItemUnreadable, Unreadable
from evaluation.datasets.file_tree import Archive, FileTree, Folder, folded, read_bytes
from evaluation.datasets.manifest import Row, read_table
from evaluation.datasets.pictures import split_page
from playground.uploads import PAGE_SUFFIXES
from translations import _

FOLDER = "readings"
"""In a data set, each folder in the folder of this name holds one set of readings, called like it."""
PAGE = ("page", "id", "item", "file", "image", "file_name", "filename", "path")
TEXT = ("text", "reading", "transcription", "prediction", "hypothesis", "output", "ocr")
SECONDS = ("seconds", "duration")
USD = ("usd", "cost", "cost_usd")
CONFIDENCES = ("word_confidences", "confidences")
"""A list of pairs, each a word of the text and how sure the engine was of it, 0 to 1: as exports write it."""


@dataclass(frozen=True, slots=True)
class BroughtReading:
    """A page as someone else has read it, with what that took where they say so."""

    foreign: ForeignReading
    seconds: float | None = None
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class ReadingSet:
    """What one engine or person has read, by the id of the item; `unused` is what belongs to no item, or is none."""

    name: str
    by_item: Mapping[str, BroughtReading]
    unused: tuple[Unreadable, ...]

    def sentence(self, items: int) -> str:
        """How much of so many items was read."""
        read, missing, unused = len(self.by_item), items - len(self.by_item), len(self.unused)
        said = [_("{name}: readings of {n} of {all} pages were brought along", name=self.name, n=read, all=items)]
        if missing:
            said.append(_("{n} were not read", n=missing))
        if unused:
            first = f"{self.unused[0].id[:80]} {self.unused[0].reason}"
            several = _("not used: {n} ({first}, and others)", n=unused, first=first)
            said.append(several if unused > 1 else _("not used: {n} ({first})", n=unused, first=first))
        return "; ".join(said) + "."


def open_readings(name: str, path: Path, items: Iterable[Item]) -> ReadingSet:
    """A folder or zip with one file for each page, or a CSV or JSONL of page, text, seconds, usd, word_confidences.

    Raises `DatasetUnusable`.
    """
    if not path.exists():
        raise DatasetUnusable(_("There is no {path}.", path=path))
    if path.suffix.lower() in manifest.SUFFIXES:
        return read_set(Folder(path.parent), [path.name], ItemFinder(items), name)
    if path.is_dir() or path.suffix.lower() == ".zip":
        tree = Folder(path) if path.is_dir() else Archive(path)
        return read_set(tree, tree.names, ItemFinder(items), name)
    raise DatasetUnusable(
        _("{name} holds no readings: give a folder, a zip, or a CSV or JSONL of page and text.", name=path.name)
    )


def readings_among(names: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Set -> its files, where the data set has a folder of readings; one with images in it is no such folder."""
    found: dict[str, list[str]] = {}
    for name in names:
        parts = PurePosixPath(name).parts
        at = next((place for place, part in enumerate(parts[:2]) if part.lower() == FOLDER), None)
        if at is None or len(parts) < at + 2:
            continue
        if PurePosixPath(name).suffix.lower() in PAGE_SUFFIXES:
            return {}
        set_name = parts[at + 1] if len(parts) > at + 2 else PurePosixPath(name).stem
        found.setdefault(set_name, []).append(name)
    return found


def read_set(tree: FileTree, names: Sequence[str], finder: ItemFinder, set_name: str) -> ReadingSet:
    """What these files say of these items; a single table speaks for all of them."""
    by_item: dict[str, BroughtReading] = {}
    unused: list[Unreadable] = []
    table = len(names) == 1 and names[0].lower().endswith(manifest.SUFFIXES)
    for source, called, brought in _from_table(tree, names[0]) if table else _from_files(tree, names):
        item = finder.find(called) if isinstance(brought, BroughtReading) else None
        if isinstance(brought, str):
            unused.append(Unreadable(source, brought))
        elif item is None:
            unused.append(Unreadable(source, _("is a reading of no page here")))
        elif item.id in by_item:
            unused.append(Unreadable(source, _("is a second reading of {page}", page=item.id)))
        else:
            by_item[item.id] = brought
    return ReadingSet(set_name, by_item, tuple(unused))


Found = tuple[str, str, BroughtReading | str]
"""Where it stands, what page it says it is of, and the reading, or why there is none."""


def _from_files(tree: FileTree, names: Sequence[str]) -> Iterator[Found]:
    common = _common_folder(names)
    for name in names:
        called = str(PurePosixPath(name).relative_to(common))
        if PurePosixPath(name).suffix.lower() not in foreign.SUFFIXES:
            yield name, called, _("is no file of a kind that holds a reading")
            continue
        try:
            yield name, called, BroughtReading(read_foreign(name, read_bytes(tree, name, foreign.MOST_BYTES)))
        except (UnreadableFormat, ItemUnreadable) as error:
            yield name, called, str(error)


def _from_table(tree: FileTree, name: str) -> Iterator[Found]:
    try:
        table = read_table(read_bytes(tree, name), name, (*PAGE, *TEXT))
    except (UnreadableFormat, ItemUnreadable) as error:
        yield name, "", str(error)
        return
    if missing := [kind for kind in (PAGE, TEXT) if not any(column in table.columns for column in kind)]:
        yield name, "", _without_column(repr(missing[0][0]), table.columns)
    for row in table.rows if not missing else ():
        brought = row.fault or _of_row(row, explicit=name.lower().endswith(".jsonl"))
        yield f"{name}, row {row.number}", row.text(PAGE), brought


def _without_column(name: str, columns: Sequence[str]) -> str:
    if not columns:
        return _("has no column {name}, only none", name=name)
    found = ", ".join(repr(column[:40]) for column in columns[:12])
    return _("has no column {name}, only {columns}", name=name, columns=found)


def _of_row(row: Row, *, explicit: bool) -> BroughtReading | str:
    """The row's reading; only JSON can tell an empty text from one that is missing."""
    text = next((row.cells[column] for column in TEXT if row.cells.get(column) is not None), None)
    if text is None or (text == "" and not explicit):
        return _("has no text, so the page was not read")
    if not isinstance(text, str):
        return _("has a text that is no text; give it as one string")
    try:
        seconds, usd = _number(row, SECONDS), _number(row, USD)
    except ValueError:
        return _("has seconds or a cost that is no number, or below zero")
    try:
        regions = tuple(Region("word", word, (), sure) for word, sure in _confidences(row))
    except ValueError:
        return _('has word_confidences that are no list like [["Dear", 0.98], ["Sir", 0.91]]')
    return BroughtReading(ForeignReading(Reading(text, regions), "text"), seconds, usd)


def _confidences(row: Row) -> list[tuple[str, float]]:
    """Raises ValueError, of which pydantic's is one."""
    written = next((row.cells[column] for column in CONFIDENCES if row.cells.get(column)), None)
    if written is None:
        return []
    pairs = TypeAdapter(list[tuple[str, Annotated[float, Field(ge=0, le=1)]]])
    return pairs.validate_json(written) if isinstance(written, str) else pairs.validate_python(written)


def _number(row: Row, columns: Sequence[str]) -> float | None:
    """Of the first of these columns that the table has: beside `usd`, `cost` may say what kind of cost it is."""
    column = [name for name in columns if name in row.cells][:1]
    written = row.text(column).removeprefix("$").strip()
    if not written and all(row.cells[name] in {None, ""} for name in column):
        return None
    value = float(written or "0")
    if not math.isfinite(value) or value < 0:
        raise ValueError(written)
    return value


class ItemFinder:
    """Items by what files and rows call them: the id, the path, the bare name, each with the suffix or without."""

    def __init__(self, items: Iterable[Item]) -> None:
        items = list(items)
        self._items: dict[str | tuple[str, int], list[Item]] = {}
        of_file = Counter(item.locator.file for item in items)
        for item in items:
            for name in set(_names_of(item, alone=of_file[item.locator.file] == 1)):
                self._items.setdefault(name, []).append(item)

    def find(self, called: str) -> Item | None:
        """The only item that is called so; longer names are asked first."""
        path = PurePosixPath(folded(called.strip().replace("\\", "/")))
        stems = [str(path)]
        while PurePosixPath(stems[-1]).suffix and len(stems) < 4:
            stems.append(str(PurePosixPath(stems[-1]).with_suffix("")))
        names = [*stems, *(PurePosixPath(stem).name for stem in stems)]
        keys: list[str | tuple[str, int]] = [*names, *filter(None, map(split_page, names))]
        for key in keys:
            found = self._items.get(key, [])
            if len(found) == 1:
                return found[0]
        return None


def _names_of(item: Item, *, alone: bool) -> Iterator[str | tuple[str, int]]:
    yield folded(item.id)
    if item.locator.crop is not None:
        return
    path = PurePosixPath(folded(item.locator.file))
    for stem in {str(path), str(path.with_suffix("")), path.name, path.stem}:
        if item.locator.part is None or alone:
            yield stem
        if item.locator.part is not None:
            yield stem, item.locator.part + 1


def _common_folder(names: Sequence[str]) -> PurePosixPath:
    """The folder that all of them are in: what it is called says nothing of the pages."""
    parents = [PurePosixPath(name).parent for name in names]
    common = parents[0] if parents else PurePosixPath()
    while not all(parent.is_relative_to(common) for parent in parents):
        common = common.parent
    return common
