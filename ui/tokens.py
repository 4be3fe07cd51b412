"""A reading as tokens to draw: words that know their twins in the other panels, their box, and what is wrong with them.

Knows nothing of HTML: templates draw what this returns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engines.contract import Reading
from metrics.agreement import DisputedSpan
from metrics.comparing_texts import DiffSpan
from playground.placing import place_regions, region_at

WORD = re.compile(r"\S+")
RUN = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one token; `start` is its offset in the reading's text."""

    kind: Literal["equal", "replace", "insert", "delete", "differs"]
    hypothesis: str
    reference: str
    start: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or what stands between words; `twin` is the number of the word of the pivot text it was aligned with."""

    pieces: tuple[Piece, ...]
    twin: int | None = None
    box: str | None = None
    line: str | None = None


def box_id(engine_id: str, region_index: int) -> str:
    """The name under which a word in a panel finds its polygon on the page."""
    return f"{engine_id}-{region_index}"


def tokens_of(
    engine_id: str, reading: Reading, pieces: Iterable[Piece], alignment: Sequence[DiffSpan], pivot: str
) -> tuple[Token, ...]:
    """Cut the pieces of a reading into tokens; `alignment` leads from the pivot text, the reference, to the reading."""
    words = place_regions(reading, "word")
    lines = place_regions(reading, "line")
    twins = _Twins(alignment, pivot)

    def token(group: list[Piece]) -> Token:
        start = group[0].start
        word, line = region_at(words, start), region_at(lines, start)
        return Token(
            tuple(group),
            twins.at(start),
            None if word is None else box_id(engine_id, word),
            None if line is None else box_id(engine_id, line),
        )

    return tuple(Token(tuple(group)) if _is_space(group) else token(group) for group in _grouped(pieces))


def pieces_of(spans: Iterable[DiffSpan]) -> Iterator[Piece]:
    """What is wrong with a reading, as pieces to draw."""
    for span in spans:
        yield Piece(span.kind, span.hypothesis, span.reference, span.hyp_start)


def disputed_pieces(spans: Iterable[DisputedSpan]) -> Iterator[Piece]:
    """Where other engines read something else, as pieces to draw."""
    for span in spans:
        if span.others:
            yield Piece(
                "differs",
                span.text,
                span.text,
                span.start,
                title=" / ".join(other or "nothing" for other in span.others),
            )
        else:
            yield Piece("equal", span.text, span.text, span.start)


def _grouped(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Words stay together whatever is wrong inside them; only right or extra white space parts them."""
    group: list[Piece] = []
    for part in _runs(pieces):
        if part.kind != "delete" and part.hypothesis.isspace():
            if group:
                yield group
            yield [part]
            group = []
        else:
            group.append(part)
    if group:
        yield group


def _runs(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.kind in {"replace", "delete", "differs"}:
            yield piece
            continue
        for run in RUN.finditer(piece.hypothesis):
            yield Piece(piece.kind, run.group(), run.group(), piece.start + run.start(), piece.title)


def _is_space(group: list[Piece]) -> bool:
    return len(group) == 1 and group[0].kind != "delete" and group[0].hypothesis.isspace()


class _Twins:
    """Offset in a reading -> number of the pivot's word it was aligned with."""

    def __init__(self, alignment: Sequence[DiffSpan], pivot: str) -> None:
        self._spans = [span for span in alignment if span.hypothesis]
        self._starts = [span.hyp_start for span in self._spans]
        self._words = [match.start() for match in WORD.finditer(pivot)]

    def at(self, offset: int) -> int | None:
        position = bisect_right(self._starts, offset) - 1
        if position < 0 or not self._words:
            return None
        span = self._spans[position]
        if not span.reference:
            return None
        inside = min(offset - span.hyp_start, len(span.reference) - 1)
        return max(0, bisect_right(self._words, span.ref_start + inside) - 1)
