"""Which stretch of the hypothesis is held against which stretch of the reference: the whole texts, or line by line.

Knows which lines belong together, not what is wrong in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from metrics.alignment import Block, align
from metrics.normalising import Normalised, Rules
from metrics.units import as_characters

MOST_LINES = 1500
"""Each is held against each: so many take a second and 60 MB, 15,000 of a letter each a minute and 6 GB."""


class Passage(NamedTuple):
    """reference[ref_start:ref_end] against hypothesis[hyp_start:hyp_end], in units."""

    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int

    @property
    def ref(self) -> tuple[int, int]:
        """Where it begins and ends in the reference."""
        return self.ref_start, self.ref_end

    @property
    def hyp(self) -> tuple[int, int]:
        """Where it begins and ends in the hypothesis."""
        return self.hyp_start, self.hyp_end


def aligned(
    reference: Normalised, hypothesis: Normalised, rules: Rules, hint: int | None = None
) -> list[tuple[Passage, list[Block]]]:
    """Every passage with its minimal alignment, in the hypothesis's order; blocks count units of the whole texts.

    Lines are taken in any order only where that costs fewer edits than the texts as they were read, and there are at
    most `MOST_LINES` on either side.
    """
    ours, theirs = as_characters(reference.units, hypothesis.units)
    passages = [Passage(0, len(ours), 0, len(theirs))]
    if rules.any_line_order and max(ours.count("\n"), theirs.count("\n")) < MOST_LINES:
        lines = _match_lines(ours, theirs)
        if not rules.line_breaks_count:
            ours, theirs = ours.replace("\n", " "), theirs.replace("\n", " ")
        if sum(errors for _, errors in lines) < Levenshtein.distance(ours, theirs, score_hint=hint or 31):
            passages = [passage for passage, _ in lines]
    return [(passage, _aligned(passage, ours, theirs, hint)) for passage in passages]


def _aligned(passage: Passage, reference: str, hypothesis: str, hint: int | None) -> list[Block]:
    ref_start, ref_end, hyp_start, hyp_end = passage
    blocks = align(reference[ref_start:ref_end], hypothesis[hyp_start:hyp_end], hint)
    if ref_start == hyp_start == 0:
        return blocks
    return [(kind, a + ref_start, b + ref_start, c + hyp_start, d + hyp_start) for kind, a, b, c, d in blocks]


_LINE = re.compile(r"[^\n]+")


def line_spans(text: str) -> list[tuple[int, int]]:
    """Where the lines of a normalised text stand: none is empty."""
    return [match.span() for match in _LINE.finditer(text)]


def pair_lines(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int, int]]:
    """Number here, number there, edits: one to one with the fewest edits in all, unpaired lines costing their length.

    Two unlike lines cost less as a pair than apart, so every line that can have a partner has one.
    """
    if not ours or not theirs:
        return []
    distances = cdist(ours, theirs, scorer=Levenshtein.distance)
    cost = distances - [[len(one) + len(other) for other in theirs] for one in ours]
    if 1 in cost.shape:  # one line takes the partner that suits it best; scipy takes half a second to load
        pairs = [divmod(int(cost.argmin()), len(theirs))]
    else:
        from scipy.optimize import linear_sum_assignment

        pairs = list(zip(*linear_sum_assignment(cost), strict=True))
    return [(int(row), int(column), int(distances[row, column])) for row, column in pairs]


def _match_lines(reference: str, hypothesis: str) -> list[tuple[Passage, int]]:
    """Every line of the hypothesis with its partner and their edits, then the lines that it lacks."""
    ours, theirs = line_spans(reference), line_spans(hypothesis)
    pairs = pair_lines([reference[a:b] for a, b in ours], [hypothesis[a:b] for a, b in theirs])
    partner = {column: (row, errors) for row, column, errors in pairs}
    passages: list[tuple[Passage, int]] = []
    place = 0
    for index, (start, end) in enumerate(theirs):
        line, errors = partner.get(index, (None, end - start))
        ref_start, place = (place, place) if line is None else ours[line]
        passages.append((Passage(ref_start, place, start, end), errors))
    matched = {row for row, _, _ in pairs}
    lacking = [span for line, span in enumerate(ours) if line not in matched]
    end = len(hypothesis)
    return passages + [(Passage(start, stop, end, end), stop - start) for start, stop in lacking]
