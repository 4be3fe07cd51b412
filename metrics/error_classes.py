"""What kind of error an edit operation is. The classes' counts add up to the distance: each edit is in exactly one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, starmap
from typing import Literal, NamedTuple

from metrics.edit_distance import Block, cost
from metrics.units import small
from translations import N_

ErrorClass = Literal["space", "case", "accent", "punctuation", "digit", "letter", "missing", "extra"]
ERROR_CLASSES: tuple[ErrorClass, ...] = (
    N_("space"),
    N_("case"),
    N_("accent"),
    N_("punctuation"),
    N_("digit"),
    N_("letter"),
    N_("missing"),
    N_("extra"),
)


class Edit(NamedTuple):
    """A run of edit operations of one kind and one class, in units."""

    block: Block
    error_class: ErrorClass

    @property
    def errors(self) -> int:
        """Edit operations in this run."""
        return cost(self.block)


def edits(blocks: Iterable[Block], reference: Sequence[str], hypothesis: Sequence[str]) -> Iterator[Edit]:
    """The blocks that differ, cut where the class changes.

    Left out or added text stays in one piece, however many kinds of character it holds.
    """
    for block in blocks:
        kind, ref_start, ref_end, hyp_start, hyp_end = block
        if kind == "delete":
            yield Edit(block, _one_sided("".join(reference[ref_start:ref_end]), "missing"))
        elif kind == "insert":
            yield Edit(block, _one_sided("".join(hypothesis[hyp_start:hyp_end]), "extra"))
        elif kind == "replace":
            at, shift = ref_start, hyp_start - ref_start
            pairs = zip(reference[ref_start:ref_end], hypothesis[hyp_start:hyp_end], strict=True)
            for error_class, run in groupby(starmap(replacement_class, pairs)):
                end = at + sum(1 for _ in run)
                yield Edit((kind, at, end, at + shift, end + shift), error_class)
                at = end


@lru_cache(10_000)
def replacement_class(reference: str, hypothesis: str) -> ErrorClass:
    """What it is to read one character as another."""
    if reference.isspace() or hypothesis.isspace():
        return "space"
    if small(reference) == small(hypothesis):
        return "case"
    if not (reference.isascii() and hypothesis.isascii()) and _bare(reference) == _bare(hypothesis):
        return "accent"
    if _is_mark(reference) and _is_mark(hypothesis):
        return "punctuation"
    return "digit" if reference.isdigit() or hypothesis.isdigit() else "letter"


def _one_sided(text: str, otherwise: Literal["missing", "extra"]) -> ErrorClass:
    if text.isspace():
        return "space"
    if text.isdigit():
        return "digit"
    return "punctuation" if all(map(_is_mark, text)) else otherwise


def _bare(character: str) -> str:
    return small(unicodedata.normalize("NFD", character)[0])


def _is_mark(character: str) -> bool:
    return unicodedata.category(character[0])[0] in "PS"
