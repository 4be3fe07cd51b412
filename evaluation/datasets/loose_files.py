"""Files without a table: PDFs, and images with a text or a layout file beside them. Every file is listed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from evaluation.datasets import tables
from evaluation.datasets.contract import Item, ItemUnreadable, Level, Locator, Unreadable
from evaluation.datasets.file_tree import FileTree, folded, read_bytes
from evaluation.datasets.layout_files import layout_items
from evaluation.datasets.manifest import NAMES, Remark
from evaluation.datasets.pdf_pages import count_pages
from evaluation.datasets.pictures import PDF, RENDERINGS, Pictures, rendering_of, split_page
from evaluation.datasets.reference_text import as_reference, read_reference

TEXT_ENDINGS = (".gt.txt", ".txt", ".text")
TEXT_FOLDERS = frozenset(
    {"gt", "ground_truth", "ground-truth", "groundtruth", "labels", "references", "text", "texts", "transcriptions",
     "transcripts", "txt"}
)  # fmt: skip
"""Folders whose texts are references for pictures elsewhere; a folder of any other name may hold readings."""


def loose_items(tree: FileTree, names: Collection[str], level: Level, remark: Remark) -> Iterator[Item | Unreadable]:
    """Layout files with their pictures first, then the other images and PDFs, then whatever was of no use."""
    used: set[str] = set()
    pictures = Pictures(names)
    yield from layout_items(tree, pictures, level, used, remark)
    texts, texts_of_pages = _texts_of(tree, pictures, used), _texts_of_pages(pictures.names)
    for name in pictures.pictures:
        if name in used:
            continue
        used.add(name)
        if PurePosixPath(name).suffix.lower() == PDF:
            yield from _pdf_items(tree, name, texts.get(name), texts_of_pages, used)
        elif (richer := _richer_rendering(name, pictures)) and richer in texts:
            yield Unreadable(name, f"shows the same as {richer}")
        else:
            yield _image_item(tree, name, texts.get(name), used)
    by_stem = {folded(rendering_of(picture)[0]): picture for picture in pictures.pictures}
    for name in pictures.names:
        if name not in used:
            yield Unreadable(name, _why_unused(name, by_stem))


def _why_unused(name: str, by_stem: Mapping[str, str]) -> str:
    if picture := by_stem.get(_without_ending(name)):
        return f"lies beside {picture}, whose reference is another file"
    if name.lower().endswith(tables.SUFFIXES):
        return f"is a table of a name that says nothing; call it {NAMES[0]}, or give it in place of its folder"
    return "belongs to no image here and is no image, PDF, PAGE XML or ALTO file itself"


def _texts_of(tree: FileTree, pictures: Pictures, used: Collection[str]) -> dict[str, str]:
    """Picture -> its text file: beside it under its name, or in a folder of references."""
    texts = {name: text for name in pictures.pictures if name not in used and (text := _beside(tree, name))}
    taken = set(texts.values())
    for name in pictures.names:
        stem = _without_ending(name)
        if stem and name not in taken and PurePosixPath(name).parent.name.lower() in TEXT_FOLDERS:
            candidates = pictures.with_stem(PurePosixPath(stem).name)
            bare = [picture for picture in candidates if picture not in texts and picture not in used]
            if len(bare) == 1:
                texts[bare[0]] = name
    return texts


def _without_ending(name: str) -> str:
    """The folded name of a text file without what texts end in; empty for any other file."""
    return next((folded(name)[: -len(ending)] for ending in TEXT_ENDINGS if folded(name).endswith(ending)), "")


def _beside(tree: FileTree, picture: str) -> str | None:
    """The text called like the picture, with its suffix or without, or without the mark of a rendering."""
    stems = (str(PurePosixPath(picture).with_suffix("")), rendering_of(picture)[0], picture)
    return next((text for stem in stems for ending in TEXT_ENDINGS if (text := tree.find(stem + ending))), None)


def _richer_rendering(name: str, pictures: Pictures) -> str | None:
    """Another picture of the same thing that shows more; both would count the same writing twice."""
    stem, mark = rendering_of(name)
    if not mark:
        return None
    path = PurePosixPath(stem)
    better = [path.name, *(f"{path.name}.{richer}" for richer in RENDERINGS[: RENDERINGS.index(mark)])]
    found = (
        other for stem in better for other in pictures.with_stem(stem) if PurePosixPath(other).parent == path.parent
    )
    return next(found, None)


def _image_item(tree: FileTree, name: str, text: str | None, used: set[str]) -> Item | Unreadable:
    try:
        reference = read_reference(tree, text) if text else None
    except ItemUnreadable as error:
        return Unreadable(name, str(error))
    finally:
        used.update([text] if text else [])
    return Item(name, Locator(name), reference, "page", name)


def _pdf_items(
    tree: FileTree, name: str, text: str | None, texts_of_pages: Mapping[str, Mapping[int, str]], used: set[str]
) -> Iterator[Item | Unreadable]:
    try:
        pages = count_pages(read_bytes(tree, name))
    except ItemUnreadable as error:
        yield Unreadable(name, str(error))
        return
    texts = texts_of_pages.get(folded(str(PurePosixPath(name).with_suffix(""))), {})
    used.update(texts.values())
    whole: list[str | None] = [None] * pages
    if text:
        used.add(text)
        try:
            whole = _by_page(read_reference(tree, text), pages)
        except ItemUnreadable as error:
            yield Unreadable(text, str(error))
    for page in range(pages):
        item_id = f"{name}, page {page + 1}"
        try:
            reference = read_reference(tree, texts[page + 1]) if page + 1 in texts else whole[page]
        except ItemUnreadable as error:
            yield Unreadable(item_id, str(error))
            continue
        yield Item(item_id, Locator(name, page), reference, cluster=name, clustered_by="document")


def _by_page(text: str | None, pages: int) -> list[str | None]:
    """One text for each page, cut at form feeds where there are several; raises `ItemUnreadable`."""
    parts = (text or "").split("\f")
    if len(parts) == pages + 1 and not parts[-1].strip():
        parts.pop()
    if len(parts) != pages:
        raise ItemUnreadable(f"is one text for {pages} pages; give each page its own, called like the PDF with -1")
    return [as_reference(part.strip("\r\n")) for part in parts]


def _texts_of_pages(names: Sequence[str]) -> Mapping[str, Mapping[int, str]]:
    """Document -> page -> its text, by names like "letter-1.txt" and "letter_page_02.gt.txt"."""
    found: dict[str, dict[int, str]] = {}
    for name in names:
        page = split_page(_without_ending(name))
        if page:
            found.setdefault(page[0], {})[page[1]] = name
    return found
