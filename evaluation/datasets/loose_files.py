"""Files without a table: documents and images with a text, PAGE, ALTO or hOCR file beside them; every file is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from engines.contract import Unit
from engines.formats.foreign import LAYOUT_SUFFIXES, read_layouts
from engines.formats.hocr import is_hocr
from engines.formats.layout import MOST_XML_BYTES, Layout, LayoutLine, UnreadableFormat
from evaluation.datasets import manifest
from evaluation.datasets.contract import (
    NOT_TRANSCRIBED,
    ClusteredBy,
    Crop,
    Item,
    ItemUnreadable,
    LineCount,
    Locator,
    Unreadable,
)
from evaluation.datasets.file_tree import FileTree, folded, read_bytes
from evaluation.datasets.manifest import NAMES, SPLITS, Remark, find_named, split_of
from evaluation.datasets.pictures import (
    PDF,
    RENDERINGS,
    TIFF,
    Pictures,
    as_reference,
    count_pages,
    has_pages,
    read_reference,
    rendering_of,
    split_page,
)
from translations import _


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
    tree: FileTree, pictures: Pictures, level: Unit, used: set[str], remark: Remark
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
            other = best[one.picture].name
            reason = _("describes {picture}, which {other} describes already", picture=one.picture, other=other)
            yield Unreadable(one.name, reason)
        else:
            used.add(one.picture)
            if len(one.layouts) > 1 and not _is_document(tree, one.picture):
                remark(
                    _(
                        "{name} describes {n} pages of one image; their texts were joined.",
                        name=one.name,
                        n=len(one.layouts),
                    )
                )
            yield from _items(tree, one, level)


def _described(tree: FileTree, pictures: Pictures, name: str) -> _Described | Unreadable | None:
    """None for a web page that is no hOCR: it may be anything."""
    try:
        data = read_bytes(tree, name, MOST_XML_BYTES)
        if not name.lower().endswith(".xml") and not is_hocr(data):
            return None
        layouts, _kind = read_layouts(data)
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
    if base:
        raise ItemUnreadable(_("has no image beside it (it names {name})", name=base[:80]))
    raise ItemUnreadable(_("has no image beside it (it names none)"))


def _items(tree: FileTree, one: _Described, level: Unit) -> Iterator[Item | Unreadable]:
    parts: Sequence[int | None] = [None]
    if _is_document(tree, one.picture):
        try:
            parts = range(count_pages(read_bytes(tree, one.picture)))
        except ItemUnreadable as error:
            yield Unreadable(one.picture, str(error))
            return
    if len(parts) not in {1, len(one.layouts)}:
        reason = _(
            "describes {described} pages, but {picture} has {n}; give each page its file",
            described=len(one.layouts),
            picture=one.picture,
            n=len(parts),
        )
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
        if unusable := _unusable(line_id, line, transcribed=transcribed):
            yield unusable
            continue
        crop = Crop(line.polygon, layout.width, layout.height)
        count = LineCount(1, int(line.text is None), int(line.in_table))
        yield Item(line_id, Locator(picture, part, crop), line.text, "line", picture, lines=count)


def _unusable(line_id: str, line: LayoutLine, *, transcribed: bool) -> Unreadable | None:
    """Why the line is no item; lines of a page that nobody has transcribed are read like any without a reference."""
    if line.level == "paragraph":
        return Unreadable(line_id, _("is a region with one text for all its lines; read it by page"))
    if line.text is None and transcribed:
        return Unreadable(line_id, _(NOT_TRANSCRIBED), untranscribed=True)
    return None if line.polygon else Unreadable(line_id, _("has no outline in its XML file"))


TEXT_ENDINGS = (".gt.txt", ".txt", ".text")
TEXT_FOLDERS = frozenset(
    {"gt", "ground_truth", "ground-truth", "groundtruth", "labels", "references", "text", "texts", "transcriptions",
     "transcripts", "txt"}
)  # fmt: skip
"""Folders whose texts are references for pictures elsewhere; a folder of any other name may hold readings."""


def loose_items(tree: FileTree, names: Collection[str], level: Unit, remark: Remark) -> Iterator[Item | Unreadable]:
    """Layout files with their pictures first, then the other images and PDFs, then whatever was of no use."""
    used: set[str] = set()
    pictures = Pictures(names)
    yield from layout_items(tree, pictures, level, used, remark)
    texts, texts_of_pages = _texts_of(tree, pictures, used), _texts_of_pages(pictures.names)
    for name in pictures.pictures:
        if name in used:
            continue
        used.add(name)
        if _is_document(tree, name):
            yield from _document_items(tree, name, texts.get(name), texts_of_pages, used)
        elif (richer := _richer_rendering(name, pictures)) and richer in texts:
            yield Unreadable(name, _("shows the same as {other}", other=richer))
        else:
            yield _image_item(tree, name, texts.get(name), used)
    by_stem = {folded(rendering_of(picture)[0]): picture for picture in pictures.pictures}
    for name in pictures.names:
        if name not in used:
            yield Unreadable(name, _why_unused(name, by_stem))


def _why_unused(name: str, by_stem: Mapping[str, str]) -> str:
    if picture := by_stem.get(_without_ending(name)):
        return _("lies beside {picture}, whose reference is another file", picture=picture)
    if name.lower().endswith(manifest.SUFFIXES):
        return _(
            "is a table of a name that says nothing; call it {name}, or give it in place of its folder", name=NAMES[0]
        )
    return _("belongs to no image here and is no image, PDF, PAGE XML or ALTO file itself")


def _texts_of(tree: FileTree, pictures: Pictures, used: Collection[str]) -> dict[str, str]:
    """Picture -> its text file: beside it under its name, or in a folder of references."""
    texts = {name: text for name in pictures.pictures if name not in used and (text := _beside(tree, name))}
    taken = set(texts.values())
    for name in pictures.names:
        stem = _without_ending(name)
        if stem and name not in taken and _holds_texts(PurePosixPath(name).parent):
            candidates = pictures.with_stem(PurePosixPath(stem).name)
            # Each split may have a picture of that name.
            bare = [one for one in candidates if one not in texts and one not in used and _may_share_a_split(one, name)]
            with suppress(ItemUnreadable):
                if picture := pictures.nearest(bare, PurePosixPath(name).parent.parent):
                    texts[picture] = name
    return texts


def _may_share_a_split(picture: str, text: str) -> bool:
    splits = {split_of(picture), split_of(text)}
    return len(splits) == 1 or "" in splits


def _holds_texts(folder: PurePosixPath) -> bool:
    return (folder.parent if folder.name.lower() in SPLITS else folder).name.lower() in TEXT_FOLDERS


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


def _is_document(tree: FileTree, name: str) -> bool:
    """A file of pages; what cannot be read says so where it is read as a picture."""
    with suppress(ItemUnreadable):
        return name.lower().endswith((PDF, *TIFF)) and has_pages(name, read_bytes(tree, name))
    return False


def _document_items(
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
        raise ItemUnreadable(_("is one text for {n} pages; give each page its own, called like it with -1", n=pages))
    return [as_reference(part.strip("\r\n")) for part in parts]


def _texts_of_pages(names: Sequence[str]) -> Mapping[str, Mapping[int, str]]:
    """Document -> page -> its text, by names like "letter-1.txt" and "letter_page_02.gt.txt"."""
    found: dict[str, dict[int, str]] = {}
    for name in names:
        page = split_page(_without_ending(name))
        if page:
            found.setdefault(page[0], {})[page[1]] = name
    return found
