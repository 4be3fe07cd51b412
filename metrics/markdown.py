"""Markdown marks that an engine put around its transcription. Knows nothing of scores.

List dashes, numbers and lone * or # stay: those are handwriting.
"""

from __future__ import annotations

import re

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
        r"(?<![\w*\\])(\*)(?=[^\s*])[^*\n]+(?<=[^\s*\\])(\*)(?![\w*])",
        r"(?<![\w_\\])(_)(?=[^\s_])[^_\n]+(?<=[^\s_\\])(_)(?![\w_])",
        r"(?<!`)(`)[^`\n]+(`)(?!`)",
        r"(</?(?:b|i|u|s|em|strong|sup|sub|small|mark|del|ins|p|div|span|center|pre|code"
        r"|table|thead|tbody|tr|td|th|ul|ol|li|h[1-6])(?:\s[^<>\n]*)?>)",
        r"(\\)(?=[\\`*_{}\[\]()#+.!|>~$&-])",
    )
)
"""What the groups capture is the mark. Each pattern sees the text the ones before it left, so nesting comes undone.

No repeat may run past the character it starts with: a text of 50,000 opening marks must not take the square of that.
"""

_ANY_MARK = re.compile(r"[#*_~`<>|\[\\&]|-{3}")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TABLE_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#39);")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&nbsp;": " ", "&#39;": "'"}


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
    spaces = _spaces_instead(traced.text)
    return traced.rewritten(spaces), count + len(spaces)


def _spaces_instead(text: str) -> list[Rewrite]:
    """Marks that part words leave a space, a line break or the character they stand for."""
    breaks = [Rewrite(*tag.span(), "\n") for tag in _LINE_BREAK_TAG.finditer(text)]
    borders = [
        Rewrite(row.start() + border.start(), row.start() + border.end(), " ")
        for row in _TABLE_ROW.finditer(text)
        for border in _CELL_BORDER.finditer(row.group())
    ]
    entities = [Rewrite(*entity.span(), _ENTITIES[entity.group()]) for entity in _ENTITY.finditer(text)]
    return sorted(breaks + borders + entities)
