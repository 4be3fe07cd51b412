"""Two texts side by side in a terminal, line by line of the reference. Wrongness never shows by colour alone.

SECURITY: engines read whatever is on the page, control characters too; every text goes through `visible`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from metrics.comparing_texts import TextComparison
from metrics.edit_distance import Kind
from metrics.painting import painted_texts

Part = tuple[Kind, str, str]
"""Kind, reference, hypothesis."""

NARROW = 60
"""Columns below which two texts do not fit beside each other."""

STYLES: Mapping[Kind, str] = {
    "equal": "",
    "replace": "underline yellow",
    "delete": "strike red",
    "insert": "reverse cyan",
}
MARKS: Mapping[Kind, str] = {"equal": "", "replace": "~", "delete": "-", "insert": "+"}
"""Written around a difference where the terminal has no styles."""

_COMMANDS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with everything a terminal would obey (controls, direction marks, broken characters) made a sign."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\t", " "))


def side_by_side(compared: TextComparison, *, width: int, plain: bool) -> RenderableType:
    """The reference beside the reading, or above it on a narrow terminal; `plain` writes marks instead of styles."""
    lines = list(_lines(painted_texts(compared), plain))
    if width < NARROW:
        return Text("\n").join(Text("\n").join([Text("= ") + left, Text("> ") + right]) for left, right in lines)
    table = Table.grid(padding=(0, 3, 0, 0), expand=True)
    table.add_column("Reference", ratio=1, overflow="fold")
    table.add_column("Reading", ratio=1, overflow="fold")
    for line in lines:
        table.add_row(*line)
    return table


def legend(*, plain: bool) -> Text:
    """What the styles or marks mean, drawn with them."""
    names: Mapping[Kind, str] = {"replace": "replaced", "delete": "missing", "insert": "extra"}
    return Text("  ").join(_drawn(name, kind, plain) for kind, name in names.items())


def _lines(parts: Iterable[Part], plain: bool) -> Iterator[tuple[Text, Text]]:
    """One pair for every line of the reference."""
    left, right = Text(), Text()
    for kind, ref_part, hyp_part in _joined(parts):
        for position, (reference, hypothesis) in enumerate(_cut_at_line_breaks(ref_part, hyp_part)):
            if position:
                yield left, right
                left, right = Text(), Text()
            left.append_text(_drawn(reference if left else reference.lstrip(), kind, plain))
            right.append_text(_drawn(hypothesis if right else hypothesis.lstrip(), kind, plain))
    if left or right:
        yield left, right


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbours of one kind together, so that their words are shared out together."""
    for kind, group in groupby(parts, key=itemgetter(0)):
        run = list(group)
        yield kind, "".join(reference for _, reference, _ in run), "".join(hypothesis for *_, hypothesis in run)


def _cut_at_line_breaks(reference: str, hypothesis: str) -> Iterator[tuple[str, str]]:
    """Each line of the reference, and as many words of the hypothesis as it has itself."""
    *lines, last = visible(reference).split("\n")
    rest = visible(hypothesis)
    for line in lines:
        match = re.match(rf"(?:\s*\S+){{0,{len(line.split())}}}", rest)
        taken = match.end() if match else 0
        yield line, rest[:taken]
        rest = rest[taken:].removeprefix("\n").removeprefix(" ")
    yield last, rest


def _drawn(text: str, kind: Kind, plain: bool) -> Text:
    if kind == "equal":
        return Text(text.replace("\n", " "))
    if not text:
        return Text()
    shown = text.replace("\n", "⏎") if text.strip() else text.replace("\n", "⏎").replace(" ", "·")
    return Text(f"{MARKS[kind]}{shown}{MARKS[kind]}") if plain else Text(shown, STYLES[kind])
