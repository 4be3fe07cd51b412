"""A path -> a data set: says which format it is, makes ids unique, and mends references that were cut into tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol

from engines.contract import Unit
from engines.formats.foreign import LAYOUT_SUFFIXES
from evaluation.datasets import manifest
from evaluation.datasets.contract import Dataset, DatasetUnusable, Findings, Item, Locator, Unreadable, findings_of
from evaluation.datasets.file_tree import Archive, FileTree, Folder, read_bytes
from evaluation.datasets.hugging_face import ParquetTables
from evaluation.datasets.loose_files import loose_items
from evaluation.datasets.manifest import Remark, governing, manifest_items, manifests_in
from evaluation.datasets.pictures import NOTE, PDF, detokenised, draw_page, looks_tokenised
from evaluation.datasets.readings import ItemFinder, ReadingSet, read_set, readings_among
from playground.uploads import MOST_BYTES, PAGE_SUFFIXES
from translations import _

LOOKED_AT = 500


def _kind(suffix: str) -> str:
    return suffix[1:].capitalize()


class Reader(Protocol):
    """Reads files that hold many pages or lines with their pictures and texts."""

    def items(self, name: str) -> Iterator[Item | Unreadable]:
        """What the file holds; each item's locator has the file and in `part` its row there, from 0."""

    def image(self, name: str, row: int) -> bytes:
        """The untrusted bytes of a picture; raises `ItemUnreadable`."""


READERS: Mapping[str, Callable[[FileTree, int | None], Reader]] = {".parquet": ParquetTables}
"""By the suffix of such files: made of the tree in which they lie, and of the most bytes that they may unfold to."""
SINGLE_FILES = PAGE_SUFFIXES | LAYOUT_SUFFIXES | READERS.keys()


def kinds_of_data_sets() -> str:
    """What a data set may be, for people."""
    of_tables = [*(suffix[1:].upper() for suffix in manifest.SUFFIXES), *map(_kind, READERS)]
    return _("folder, zip, {tables}, PAGE or ALTO XML, hOCR, PDF or image", tables=", ".join(of_tables))


def open_dataset(path: Path, *, level: Unit = "page", most_unfolded_bytes: int | None = None) -> Dataset:
    """What `kinds_of_data_sets` names; `level` chooses pages or lines of PAGE and ALTO files.

    `most_unfolded_bytes`: see `ParquetTables`. Raises `DatasetUnusable`.
    """
    if not path.exists():
        raise DatasetUnusable(_("There is no {path}.", path=path))
    suffix = path.suffix.lower()
    if path.is_dir():
        return _TreeDataset(Folder(path), level, most_unfolded_bytes)
    if suffix == ".zip":
        return _TreeDataset(Archive(path), level, most_unfolded_bytes)
    if suffix in manifest.SUFFIXES:
        return _TreeDataset(Folder(path.parent), level, most_unfolded_bytes, manifest=path.name)
    if suffix in SINGLE_FILES:
        return _TreeDataset(Folder(path.parent, stem=path.name.split(".")[0]), level, most_unfolded_bytes)
    raise DatasetUnusable(_("{name} is none of: {kinds}.", name=path.name, kinds=kinds_of_data_sets()))


class _TreeDataset:
    """A file tree read by the formats that fit: tables for their folders, Parquet, else files that lie together."""

    def __init__(self, tree: FileTree, level: Unit, most_unfolded_bytes: int | None, manifest: str = "") -> None:
        self._tree = tree
        self._level = level
        self._manifest = manifest
        self._readers = {suffix: reader(tree, most_unfolded_bytes) for suffix, reader in READERS.items()}

    @property
    def notes(self) -> tuple[str, ...]:
        return (self.findings.sentence, *self.findings.remarks)

    @cached_property
    def findings(self) -> Findings:
        return findings_of(*self._walked)

    @cached_property
    def readings(self) -> Mapping[str, ReadingSet]:
        finder = ItemFinder(item for item in self.items() if isinstance(item, Item))
        return {name: read_set(self._tree, names, finder, name) for name, names in self._brought.items()}

    def items(self) -> Iterator[Item | Unreadable]:
        return iter(self._walked[0])

    def image(self, locator: Locator) -> bytes:
        suffix = _suffix(locator.file)
        if suffix in self._readers:
            return self._readers[suffix].image(locator.file, locator.part or 0)
        if suffix == PDF or locator.part is not None:
            return draw_page(read_bytes(self._tree, locator.file), locator.part or 0)
        return read_bytes(self._tree, locator.file, MOST_BYTES)

    @cached_property
    def _brought(self) -> Mapping[str, Sequence[str]]:
        return {} if self._manifest else readings_among(self._tree.names)

    @cached_property
    def _walked(self) -> tuple[Sequence[Item | Unreadable], Sequence[str]]:
        """Everything in its order, with ids that are unique and references made whole, and what is remarked upon."""
        remarks: list[str] = []
        seen: Counter[str] = Counter()
        found: list[Item | Unreadable] = []
        for item in self._all_items(remarks.append):
            seen[item.id] += 1
            found.append(item if seen[item.id] == 1 else replace(item, id=f"{item.id} ({seen[item.id]})"))
        texts = (item.reference for item in found if isinstance(item, Item) and item.reference)
        if looks_tokenised(islice(texts, LOOKED_AT)):
            remarks.append(_(NOTE))
            found = [_detokenised(item) for item in found]
        return found, remarks

    def _all_items(self, remark: Remark) -> Iterator[Item | Unreadable]:
        tree, named = self._tree, set[str]()
        if self._manifest:
            yield from manifest_items(tree, self._manifest, named, remark)
            return
        yield from tree.refused
        brought = {name for names in self._brought.values() for name in names}
        names = [name for name in tree.names if name not in brought]
        manifests = manifests_in(names)
        for of_folder in manifests.values():
            yield from manifest_items(tree, of_folder, named, remark)
        rest = {name: governing(name, manifests) for name in names if name not in named}
        for name, table in rest.items():
            if table:
                yield Unreadable(name, _("is not named in {table}", table=table))
        yield from self._without_table([name for name, table in rest.items() if not table], remark)

    def _without_table(self, names: Sequence[str], remark: Remark) -> Iterator[Item | Unreadable]:
        read = [name for name in names if _suffix(name) in self._readers]
        for name in read:
            yield from self._readers[_suffix(name)].items(name)
        if read:
            reason = _("lies beside {kind} files and is none", kind=_kind(_suffix(read[0])))
            yield from (Unreadable(name, reason) for name in sorted(set(names).difference(read)))
        else:
            yield from loose_items(self._tree, names, self._level, remark)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _detokenised(item: Item | Unreadable) -> Item | Unreadable:
    if isinstance(item, Unreadable) or not item.reference:
        return item
    return replace(item, reference=detokenised(item.reference))
