"""What became of every line: in its place, moved, missing, invented or repeated; and what the order alone costs."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz.distance import Levenshtein

from metrics.alignment import align
from metrics.error_rate import ErrorRate, cer, wer
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.passages import Passage, line_spans, pair_lines
from metrics.units import as_characters

LineFate = Literal["in place", "moved", "missing", "invented", "repeated"]


@dataclass(frozen=True, slots=True)
class LineMatch:
    """A line of the reference, the hypothesis or both, with offsets into the originals; an absent side is empty."""

    fate: LineFate
    reference: str
    hypothesis: str
    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int


@dataclass(frozen=True, slots=True)
class LineComparison:
    """Lines in the hypothesis's order, missing ones last."""

    lines: tuple[LineMatch, ...]
    as_read: ErrorRate
    any_order: ErrorRate
    """The same characters with lines taken in any order. It says little where the line breaks were lost."""
    reading_order_share: float | None
    """WER minus bag-of-words WER: what is due to words that are all there, but elsewhere. None without a reference."""

    def count(self, fate: LineFate) -> int:
        """How many lines met that fate."""
        return sum(line.fate == fate for line in self.lines)


def compare_lines(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> LineComparison:
    """Say what became of every line, wherever the hypothesis breaks its own."""
    rules = replace(rules, any_line_order=True)
    ref, hyp = normalise(reference, rules, "reference"), normalise(hypothesis, rules, "hypothesis")
    as_read = replace(rules, any_line_order=False)
    return LineComparison(
        tuple(_original(line, ref, hyp) for line in _lines(*as_characters(ref.units, hyp.units))),
        as_read=cer(reference, hypothesis, as_read),
        any_order=cer(reference, hypothesis, rules),
        reading_order_share=_reading_order_share(reference, hypothesis, as_read),
    )


def bag_of_words_errors(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Word errors if order did not matter (Vidal et al. 2023, eq. 8): never more than the word distance."""
    same = sum((Counter(reference) & Counter(hypothesis)).values())
    return max(len(reference), len(hypothesis)) - same


_READ_ON = 0.6
"""A line with this share of its characters right where the texts run side by side was read there."""
_SAME_LINE = 0.8
"""A line this similar to one that stands elsewhere in the hypothesis is said again, not invented."""
_Fated = tuple[LineFate, Passage]


def _lines(reference: str, hypothesis: str) -> list[_Fated]:
    read_on, lacking, unaccounted = _side_by_side(reference, hypothesis)
    ours, theirs = [reference[a:b] for a, b in lacking], [hypothesis[a:b] for a, b in unaccounted]
    pairs = [
        (row, column)
        for row, column, errors in pair_lines(ours, theirs)
        if errors * 2 <= max(len(ours[row]), len(theirs[column]))
    ]
    there = sorted(
        [*read_on, *(Passage(*lacking[row], *unaccounted[column]) for row, column in pairs)],
        key=lambda passage: passage.hyp_start,
    )
    in_order = _longest_rising([passage.ref_start for passage in there])
    lines: list[_Fated] = [("in place" if at in in_order else "moved", passage) for at, passage in enumerate(there)]
    said = [hypothesis[passage.hyp_start : passage.hyp_end] for passage in there]
    for column in sorted(set(range(len(theirs))) - {column for _, column in pairs}):
        again = any(Levenshtein.normalized_similarity(theirs[column], other) >= _SAME_LINE for other in said)
        lines.append(("repeated" if again else "invented", Passage(0, 0, *unaccounted[column])))
        said.append(theirs[column])
    lines.sort(key=lambda line: line[1].hyp_start)
    missing = sorted(set(range(len(ours))) - {row for row, _ in pairs})
    end = len(hypothesis)
    return [*lines, *(("missing", Passage(*lacking[row], end, end)) for row in missing)]


def _side_by_side(
    reference: str, hypothesis: str
) -> tuple[list[Passage], list[tuple[int, int]], list[tuple[int, int]]]:
    """Lines of the reference with the place where they were read; and the lines of either side without one."""
    partner: dict[int, int] = {}
    for kind, ref_start, ref_end, hyp_start, hyp_end in align(
        reference.replace("\n", " "), hypothesis.replace("\n", " ")
    ):
        if kind == "equal":
            partner.update(zip(range(ref_start, ref_end), range(hyp_start, hyp_end), strict=True))
    read_on: list[Passage] = []
    lacking: list[tuple[int, int]] = []
    for start, end in line_spans(reference):
        places = [partner[at] for at in range(start, end) if at in partner]
        # Letters that fit by chance lie far apart.
        if len(places) >= _READ_ON * (end - start) and places[-1] - places[0] < 2 * (end - start):
            read_on.append(Passage(start, end, places[0], places[-1] + 1))
        else:
            lacking.append((start, end))
    used = set(partner.values())
    lines = line_spans(hypothesis)
    unaccounted = [(a, b) for a, b in lines if sum(at in used for at in range(a, b)) < _READ_ON * (b - a)]
    return read_on, lacking, unaccounted


def _original(line: _Fated, ref: Normalised, hyp: Normalised) -> LineMatch:
    fate, passage = line
    ref_start, ref_end = ref.original_range(passage.ref_start, passage.ref_end)
    hyp_start, hyp_end = hyp.original_range(passage.hyp_start, passage.hyp_end)
    texts = ref.original[ref_start:ref_end], hyp.original[hyp_start:hyp_end]
    return LineMatch(fate, *texts, ref_start, ref_end, hyp_start, hyp_end)


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Which values make a longest run that rises: as many lines as possible count as being in place."""
    tails: list[int] = []
    chains: list[tuple[int, ...]] = []
    for number, value in enumerate(values):
        at = bisect_left(tails, value)
        chain = (*(chains[at - 1] if at else ()), number)
        tails[at : at + 1] = [value]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()


def _reading_order_share(reference: str, hypothesis: str, rules: Rules) -> float | None:
    ref, hyp = normalise(reference, rules, "reference").words, normalise(hypothesis, rules, "hypothesis").words
    if not ref:
        return None
    return (wer(reference, hypothesis, rules).errors - bag_of_words_errors(ref, hyp)) / len(ref)
