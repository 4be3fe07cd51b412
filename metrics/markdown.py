"""Markdown and HTML that an engine put around its transcription. Knows nothing of scores.

List dashes, numbers and lone * or # stay: those are handwriting. So does <anything> that is no tag of a page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from metrics.rewriting import Rewrite, TracedText

_MARKS = tuple(
    re.compile(pattern, re.MULTILINE | re.IGNORECASE)
    for pattern in (
        r"^[ \t]*(```[^\n`]*|~~~[^\n~]*)$",
        r"^[ ]{0,3}(\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?)[ \t]*$",
        r"^[ ]{0,3}((?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$",
        r"^[ ]{0,3}((?:>[ \t]?)+)",
        r"^[ ]{0,3}(#{1,6}[ \t]+)(?=\S)",
        r"(!\[[^\[\]\n]*\]\([^()\n]*\))",
        r"(\[)[^\[\]\n]+(\]\([^()\s]*\))",
        r"(\*\*)(?=[^\s*]|\*[^\s*])(?:[^*\n]|\*(?!\*)|\n(?!\s*\n))+(?<=\S)(\*\*)",
        r"(?<!\w)(__)(?=\S)(?:[^_\n]|_(?!_))+(?<=\S)(__)(?!\w)",
        r"(~~)(?=\S)[^~\n]+(?<=\S)(~~)",
        r"(?<![\w*\\\[])(\*)(?=[^\s*\]])[^*\n]+(?<=[^\s*\\\[])(\*)(?![\w*])",
        r"(?<![\w_\\])(_)(?=[^\s_])[^_\n]+(?<=[^\s_\\])(_)(?![\w_])",
        r"(?<!`)(`)[^`\n]+(`)(?!`)",
        r"(\\)(?=[\\`*_{}\[\]()#+.!|>~$&-])",
    )
)
"""What the groups capture is the mark. Each pattern sees the text the ones before it left, so nesting comes undone.

No repeat may run past the character it starts with: a text of 50,000 opening marks must not take the square of that.
"""

_ANY_MARK = re.compile(r"[#*_~`<>|\[\\&]|-{3}")
_TAG = re.compile(
    r"<!--(?:[^<]|<(?!!--))*?-->|<(style|script)\b[^<>]*>[^<]*</\1>|<!doctype\b[^<>]*>|</?([a-z][a-z0-9]{0,9})(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG_NAMES = (
    ("", "b i u s em strong sup sub small big mark del ins strike span a font code tt cite abbr q img input wbr"),
    (" ", "td th option label"),
    ("\n", "br hr p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd tr table thead tbody tfoot caption section"),
    ("\n", "article header footer main aside nav blockquote pre center figure figcaption"),
    ("\n", "colgroup col address form html head body title"),
)
_TAGS = {name: instead for instead, names in _TAG_NAMES for name in names.split()}
"""What stands in the place of a tag: words in neighbouring cells, items and paragraphs are not one word."""
_TABLE_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)


def without_markdown(traced: TracedText) -> tuple[TracedText, int]:
    """The text without its Markdown marks, and how many marks went."""
    if not _ANY_MARK.search(traced.text):
        return traced, 0
    count = 0
    for pattern in _MARKS:
        marks = [
            Rewrite(*match.span(group))
            for match in pattern.finditer(traced.text)
            for group in range(1, len(match.groups()) + 1)
        ]
        traced = traced.rewritten(marks)
        count += len(marks)
    tags = [Rewrite(*tag.span(), new) for tag in _TAG.finditer(traced.text) if (new := _instead(tag)) is not None]
    traced = traced.rewritten(tags)
    others = sorted([*_borders(traced.text), *_entities(traced.text)])
    return traced.rewritten(others), count + len(tags) + len(others)


def _instead(tag: re.Match[str]) -> str | None:
    """What stands in a tag's place; None where it is no tag at all."""
    return _TAGS.get(tag[2].lower()) if tag[2] else ""


def _borders(text: str) -> Iterator[Rewrite]:
    """Borders between the cells of a table leave a space."""
    for row in _TABLE_ROW.finditer(text):
        for border in _CELL_BORDER.finditer(row.group()):
            yield Rewrite(row.start() + border.start(), row.start() + border.end(), " ")


def _entities(text: str) -> Iterator[Rewrite]:
    """Names and numbers of characters, and the characters."""
    for entity in _ENTITY.finditer(text):
        character = html.unescape(entity.group())
        if character != entity.group():
            yield Rewrite(*entity.span(), character)
