"""A path -> a data set: says which format it is, makes ids unique, and mends references that were cut into tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath

from evaluation.datasets.contract import (
    Dataset,
    DatasetUnusable,
    Item,
    Level,
    Locator,
    Unreadable,
)
from evaluation.datasets.file_tree import Archive, FileTree, Folder, read_bytes
from evaluation.datasets.hugging_face import ParquetTables
from evaluation.datasets.loose_files import loose_items
from evaluation.datasets.manifest import NAMES, manifest_items
from evaluation.datasets.pdf_pages import draw_page
from evaluation.datasets.tokenised_text import NOTE, detokenised, looks_tokenised
from playground.cli.page_files import IMAGE_SUFFIXES
from playground.uploads import MOST_BYTES

LOOKED_AT = 500
MANIFESTS = (".csv", ".jsonl")
SINGLE_FILES = frozenset({".parquet", ".pdf", ".xml", *IMAGE_SUFFIXES})


def open_dataset(path: Path, *, level: Level = "page") -> Dataset:
    """A folder, zip, manifest, Parquet file, PDF or image; `level` chooses pages or lines of PAGE and ALTO files.

    Raises `DatasetUnusable`.
    """
    if not path.exists():
        raise DatasetUnusable(f"There is no {path}.")
    suffix = path.suffix.lower()
    if path.is_dir():
        dataset = _TreeDataset(Folder(path), level)
    elif suffix == ".zip":
        dataset = _TreeDataset(Archive(path), level)
    elif suffix in MANIFESTS:
        dataset = _TreeDataset(Folder(path.parent), level, manifest=path.name)
    elif suffix in SINGLE_FILES:
        dataset = _TreeDataset(Folder(path.parent, stem=path.name.split(".")[0]), level)
    else:
        raise DatasetUnusable(f"{path.name} is none of: folder, zip, CSV, JSONL, Parquet, PDF, image.")
    return _mended(dataset)


class _TreeDataset:
    """A file tree read by the first format that fits: manifest, Parquet, else files that lie beside each other."""

    def __init__(self, tree: FileTree, level: Level, manifest: str = "") -> None:
        self.notes: tuple[str, ...] = ()
        self._tree = tree
        self._level = level
        self._manifest = manifest
        self._parquet = ParquetTables(tree)
        self._mend: Callable[[str], str] | None = None

    def items(self) -> Iterator[Item | Unreadable]:
        seen: Counter[str] = Counter()
        for item in self._all_items():
            seen[item.id] += 1
            unique = item if seen[item.id] == 1 else replace(item, id=f"{item.id} ({seen[item.id]})")
            if self._mend and isinstance(unique, Item) and unique.reference:
                unique = replace(unique, reference=self._mend(unique.reference))
            yield unique

    def image(self, locator: Locator) -> bytes:
        suffix = PurePosixPath(locator.file).suffix.lower()
        if suffix == ".parquet":
            return self._parquet.image(locator.file, locator.part or 0)
        if suffix == ".pdf":
            return draw_page(read_bytes(self._tree, locator.file), locator.part or 0)
        return read_bytes(self._tree, locator.file, MOST_BYTES)

    def mended_by(self, mend: Callable[[str], str], note: str) -> None:
        """Pass every reference through `mend` from now on, and say so."""
        self._mend, self.notes = mend, (*self.notes, note)

    def _all_items(self) -> Iterator[Item | Unreadable]:
        tree = self._tree
        if self._manifest:
            yield from manifest_items(tree, self._manifest, list_unnamed=False)
            return
        yield from tree.refused
        manifest = next((name for name in tree.names if PurePosixPath(name).name.lower() in NAMES), None)
        parquet = [name for name in tree.names if name.lower().endswith(".parquet")]
        if manifest:
            yield from manifest_items(tree, manifest, list_unnamed=True)
        elif parquet:
            for name in parquet:
                yield from self._parquet.items(name)
            others = sorted(set(tree.names).difference(parquet))
            yield from (Unreadable(name, "lies beside Parquet files and is none") for name in others)
        else:
            yield from loose_items(tree, self._level)


def _mended(dataset: _TreeDataset) -> Dataset:
    first = (item.reference for item in islice(dataset.items(), LOOKED_AT) if isinstance(item, Item) and item.reference)
    if looks_tokenised(first):
        dataset.mended_by(detokenised, NOTE)
    return dataset
