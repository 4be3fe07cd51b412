"""PAGE, ALTO and hOCR files with the images or PDF pages they are about, as pages or as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from engines.formats.foreign import LAYOUT_SUFFIXES, read_layouts
from engines.formats.hocr import is_hocr
from engines.formats.layout import Layout, LayoutLine, UnreadableFormat
from engines.formats.xml_reading import MOST_XML_BYTES
from evaluation.datasets.contract import (
    NOT_TRANSCRIBED,
    ClusteredBy,
    Crop,
    Item,
    ItemUnreadable,
    Level,
    LineCount,
    Locator,
    Unreadable,
)
from evaluation.datasets.file_tree import FileTree, read_bytes
from evaluation.datasets.manifest import Remark, find_named
from evaluation.datasets.pdf_pages import count_pages
from evaluation.datasets.pictures import PDF, Pictures


@dataclass(frozen=True, slots=True)
class _Described:
    """A layout file and the picture it is about."""

    name: str
    picture: str
    layouts: tuple[Layout, ...]

    @property
    def letters(self) -> int:
        return sum(len(layout.text or "") for layout in self.layouts)


def layout_items(
    tree: FileTree, pictures: Pictures, level: Level, used: set[str], remark: Remark
) -> Iterator[Item | Unreadable]:
    """Every layout file in turn; what is read or refused is added to `used`.

    Of several files about one picture, as workspaces keep them, the one with the most text is the reference.
    """
    best: dict[str, _Described] = {}
    found: list[_Described | Unreadable] = []
    for name in pictures.names:
        if PurePosixPath(name).suffix.lower() in LAYOUT_SUFFIXES and name not in used:
            one = _described(tree, pictures, name)
            if one is not None:
                used.add(name)
                found.append(one)
            if isinstance(one, _Described) and one.letters > getattr(best.get(one.picture), "letters", -1):
                best[one.picture] = one
    for one in found:
        if isinstance(one, Unreadable):
            yield one
        elif best[one.picture] is not one:
            yield Unreadable(one.name, f"describes {one.picture}, which {best[one.picture].name} describes already")
        else:
            used.add(one.picture)
            if len(one.layouts) > 1 and not one.picture.lower().endswith(PDF):
                remark(f"{one.name} describes {len(one.layouts)} pages of one image; their texts were joined.")
            yield from _items(tree, one, level)


def _described(tree: FileTree, pictures: Pictures, name: str) -> _Described | Unreadable | None:
    """None for a web page that is no hOCR: it may be anything."""
    try:
        data = read_bytes(tree, name, MOST_XML_BYTES)
        if not name.lower().endswith(".xml") and not is_hocr(data):
            return None
        layouts, _ = read_layouts(data)
        # Outlines of words serve no data set, and take most of the room.
        slim = tuple(replace(page, lines=tuple(replace(line, words=()) for line in page.lines)) for page in layouts)
        return _Described(name, _picture_of(tree, pictures, name, slim[0].image), slim)
    except (UnreadableFormat, ItemUnreadable) as error:
        return Unreadable(name, str(error))


def _picture_of(tree: FileTree, pictures: Pictures, name: str, called: str) -> str:
    """The picture that the file names, with its folders or without, under any suffix; else the one called like it."""
    folder = PurePosixPath(name).parent
    if called and (found := find_named(tree, folder, called)) and found in pictures:
        return found
    base = PurePosixPath(unquote(called).replace("\\", "/")).name
    stems = [PurePosixPath(base).stem, PurePosixPath(name).stem, PurePosixPath(name).name.split(".")[0]]
    for candidates in (pictures.called(base), *map(pictures.with_stem, filter(None, stems))):
        if picture := pictures.nearest(candidates, folder):
            return picture
    raise ItemUnreadable(f"has no image beside it (it names {base[:80] or 'none'})")


def _items(tree: FileTree, one: _Described, level: Level) -> Iterator[Item | Unreadable]:
    parts: Sequence[int | None] = [None]
    if one.picture.lower().endswith(PDF):
        try:
            parts = range(count_pages(read_bytes(tree, one.picture)))
        except ItemUnreadable as error:
            yield Unreadable(one.picture, str(error))
            return
    if len(parts) not in {1, len(one.layouts)}:
        reason = f"describes {len(one.layouts)} pages, but {one.picture} has {len(parts)}; give each page its file"
        yield Unreadable(one.name, reason)
        return
    several = len(parts) > 1
    for place, part in enumerate(parts):
        layouts = one.layouts[place : place + 1] if several else one.layouts
        item_id = one.picture if part is None else f"{one.picture}, page {part + 1}"
        if level == "page":
            yield _page_item(item_id, one.picture, part, layouts)
        else:
            yield from _line_items(item_id, one.picture, part, layouts)


def _page_item(item_id: str, picture: str, part: int | None, layouts: Sequence[Layout]) -> Item:
    """The picture with all the text there is for it: a file may cut one picture into several pages."""
    lines = [line for layout in layouts for line in layout.lines if line.level == "line"]
    count = LineCount(len(lines), sum(line.text is None for line in lines), sum(line.in_table for line in lines))
    text = "\n".join(layout.text for layout in layouts if layout.text) or None
    if any(line.level == "paragraph" for layout in layouts for line in layout.lines):
        # The regions' texts stand in for those of their lines.
        count = replace(count, untranscribed=0)
    clustered_by: ClusteredBy = "page" if part is None else "document"
    return Item(item_id, Locator(picture, part), text, "page", picture, clustered_by, lines=count)


def _line_items(item_id: str, picture: str, part: int | None, layouts: Sequence[Layout]) -> Iterator[Item | Unreadable]:
    transcribed = any(layout.text for layout in layouts)
    numbered = enumerate(((layout, line) for layout in layouts for line in layout.lines), start=1)
    for number, (layout, line) in numbered:
        line_id = f"{item_id}, line {line.id or number}"
        if reason := _unusable(line, transcribed=transcribed):
            yield Unreadable(line_id, reason)
            continue
        crop = Crop(line.polygon, layout.width, layout.height)
        count = LineCount(1, int(line.text is None), int(line.in_table))
        yield Item(line_id, Locator(picture, part, crop), line.text, "line", picture, lines=count)


def _unusable(line: LayoutLine, *, transcribed: bool) -> str:
    """Why the line is no item; lines of a page that nobody has transcribed are read like any without a reference."""
    if line.level == "paragraph":
        return "is a region with one text for all its lines; read it by page"
    if line.text is None and transcribed:
        return NOT_TRANSCRIBED
    return "" if line.polygon else "has no outline in its XML file"
