"""Files without a manifest: PDFs, and images with a text or a PAGE/ALTO file beside them. Every file is listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from engines.formats.foreign import read_layouts
from engines.formats.layout import Layout, LayoutLine, UnreadableFormat
from engines.formats.xml_reading import MOST_XML_BYTES
from evaluation.datasets.contract import Crop, Item, ItemUnreadable, Level, Locator, Unreadable
from evaluation.datasets.file_tree import FileTree, read_bytes
from evaluation.datasets.pdf_pages import count_pages
from evaluation.datasets.reference_text import read_reference
from playground.cli.page_files import IMAGE_SUFFIXES

TEXT_ENDINGS = (".gt.txt", ".txt")


def loose_items(tree: FileTree, level: Level) -> Iterator[Item | Unreadable]:
    """XML files with their images first, then the other images and the PDFs, then whatever was of no use."""
    used: set[str] = set()
    for name in tree.names:
        if name.lower().endswith(".xml"):
            used.add(name)
            yield from _xml_items(tree, name, level, used)
    for name in tree.names:
        suffix = PurePosixPath(name).suffix.lower()
        if suffix in IMAGE_SUFFIXES and name not in used:
            used.add(name)
            yield _image_item(tree, name, used)
        elif suffix == ".pdf":
            used.add(name)
            yield from _pdf_items(tree, name)
    for name in tree.names:
        if name not in used:
            yield Unreadable(name, "belongs to no image here and is no image, PDF, PAGE XML or ALTO file itself")


def _image_item(tree: FileTree, name: str, used: set[str]) -> Item | Unreadable:
    stem = name[: -len(PurePosixPath(name).suffix)]
    beside = next((stem + ending for ending in TEXT_ENDINGS if stem + ending in tree), None)
    try:
        reference = read_reference(tree, beside) if beside else None
    except ItemUnreadable as error:
        return Unreadable(name, str(error))
    finally:
        used.update(stem + ending for ending in TEXT_ENDINGS)
    return Item(name, Locator(name), reference, "page", name)


def _pdf_items(tree: FileTree, name: str) -> Iterator[Item | Unreadable]:
    try:
        pages = count_pages(read_bytes(tree, name))
    except ItemUnreadable as error:
        yield Unreadable(name, str(error))
        return
    for page in range(pages):
        yield Item(f"{name}, page {page + 1}", Locator(name, page), cluster=name, clustered_by="document")


def _xml_items(tree: FileTree, name: str, level: Level, used: set[str]) -> Iterator[Item | Unreadable]:
    try:
        layout = _layout(tree, name)
        image = _image_of(tree, name, layout)
        if image in used:
            raise ItemUnreadable(f"describes {image}, which another XML file describes already")
    except ItemUnreadable as error:
        yield Unreadable(name, str(error))
        return
    used.add(image)
    if level == "page":
        yield Item(image, Locator(image), layout.text, "page", image)
    else:
        yield from (_line_item(image, layout, line, number) for number, line in enumerate(layout.lines, start=1))


def _layout(tree: FileTree, name: str) -> Layout:
    try:
        return read_layouts(read_bytes(tree, name, MOST_XML_BYTES))[0][0]
    except UnreadableFormat as error:
        raise ItemUnreadable(str(error)) from None


def _image_of(tree: FileTree, name: str, layout: Layout) -> str:
    """The image an XML file is about: named in it or called like it, in its folder or the one above."""
    path = PurePosixPath(name)
    called = PurePosixPath(layout.image.replace("\\", "/")).name
    candidates = [called, *(path.stem + suffix for suffix in sorted(IMAGE_SUFFIXES))]
    for folder in (path.parent, path.parent.parent):
        for candidate in candidates:
            if candidate and str(folder / candidate) in tree:
                return str(folder / candidate)
    raise ItemUnreadable(f"has no image beside it (it names {called or 'none'})")


def _line_item(image: str, layout: Layout, line: LayoutLine, number: int) -> Item | Unreadable:
    item_id = f"{image}, line {line.id or number}"
    if not line.polygon:
        return Unreadable(item_id, "has no outline in its XML file")
    crop = Crop(line.polygon, layout.width, layout.height)
    return Item(item_id, Locator(image, crop=crop), line.text, "line", image)
