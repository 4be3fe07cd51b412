"""A path -> a data set: says which format it is, makes ids unique, and mends references that were cut into tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath

from engines.formats.foreign import LAYOUT_SUFFIXES
from evaluation.datasets import tables
from evaluation.datasets.contract import Dataset, DatasetUnusable, Item, Level, Locator, Unreadable
from evaluation.datasets.file_tree import Archive, FileTree, Folder, read_bytes
from evaluation.datasets.findings import Findings, findings_of
from evaluation.datasets.hugging_face import ParquetTables
from evaluation.datasets.loose_files import loose_items
from evaluation.datasets.manifest import Remark, governing, manifest_items, manifests_in
from evaluation.datasets.pictures import draw_page
from evaluation.datasets.readings import ItemFinder, ReadingSet, read_set, readings_among
from evaluation.datasets.reference_text import NOTE, detokenised, looks_tokenised
from playground.cli.page_files import IMAGE_SUFFIXES
from playground.uploads import MOST_BYTES

LOOKED_AT = 500
SINGLE_FILES = IMAGE_SUFFIXES | LAYOUT_SUFFIXES | {".parquet", ".pdf"}


def open_dataset(path: Path, *, level: Level = "page", most_unfolded_bytes: int | None = None) -> Dataset:
    """A folder, zip, manifest, Parquet file, PDF or image; `level` chooses pages or lines of PAGE and ALTO files.

    `most_unfolded_bytes`: see `ParquetTables`. Raises `DatasetUnusable`.
    """
    if not path.exists():
        raise DatasetUnusable(f"There is no {path}.")
    suffix = path.suffix.lower()
    if path.is_dir():
        return _TreeDataset(Folder(path), level, most_unfolded_bytes)
    if suffix == ".zip":
        return _TreeDataset(Archive(path), level, most_unfolded_bytes)
    if suffix in tables.SUFFIXES:
        return _TreeDataset(Folder(path.parent), level, most_unfolded_bytes, manifest=path.name)
    if suffix in SINGLE_FILES:
        return _TreeDataset(Folder(path.parent, stem=path.name.split(".")[0]), level, most_unfolded_bytes)
    raise DatasetUnusable(f"{path.name} is none of: folder, zip, CSV, JSONL, Parquet, PDF, image.")


class _TreeDataset:
    """A file tree read by the formats that fit: tables for their folders, Parquet, else files that lie together."""

    def __init__(self, tree: FileTree, level: Level, most_unfolded_bytes: int | None, manifest: str = "") -> None:
        self._tree = tree
        self._level = level
        self._manifest = manifest
        self._parquet = ParquetTables(tree, most_unfolded_bytes)

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
        suffix = PurePosixPath(locator.file).suffix.lower()
        if suffix == ".parquet":
            return self._parquet.image(locator.file, locator.part or 0)
        if suffix == ".pdf" or locator.part is not None:
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
            remarks.append(NOTE)
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
        for manifest in manifests.values():
            yield from manifest_items(tree, manifest, named, remark)
        rest = {name: governing(name, manifests) for name in names if name not in named}
        yield from (Unreadable(name, f"is not named in {manifest}") for name, manifest in rest.items() if manifest)
        yield from self._without_table([name for name, manifest in rest.items() if not manifest], remark)

    def _without_table(self, names: Sequence[str], remark: Remark) -> Iterator[Item | Unreadable]:
        parquet = [name for name in names if name.lower().endswith(".parquet")]
        for name in parquet:
            yield from self._parquet.items(name)
        if parquet:
            others = sorted(set(names).difference(parquet))
            yield from (Unreadable(name, "lies beside Parquet files and is none") for name in others)
        else:
            yield from loose_items(self._tree, names, self._level, remark)


def _detokenised(item: Item | Unreadable) -> Item | Unreadable:
    if isinstance(item, Unreadable) or not item.reference:
        return item
    return replace(item, reference=detokenised(item.reference))
