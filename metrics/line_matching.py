"""What became of every line: in its place, moved, missing, invented or repeated; and what the order alone costs."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz.distance import Levenshtein

from metrics.error_rate import ErrorRate, cer, wer
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.passages import Passage, match_lines
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
    errors: int


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
    """Match lines one to one and say what became of each. Both texts must have kept their line breaks."""
    rules = replace(rules, any_line_order=True)
    ref, hyp = normalise(reference, rules, "reference"), normalise(hypothesis, rules, "hypothesis")
    ours, theirs = as_characters(ref.units, hyp.units)
    pairs = [half for pair in match_lines(ours, theirs) for half in _parted_if_unlike(*pair)]
    pairs.sort(key=lambda pair: (pair[0].hyp_start, pair[0].hyp_end))
    kept = _longest_rising([(index, pair[0].ref_start) for index, pair in enumerate(pairs) if _is_matched(pair[0])])
    seen = [theirs[pair.hyp_start : pair.hyp_end] for pair, _ in pairs if _is_matched(pair)]
    lines: list[LineMatch] = []
    for index, (passage, errors) in enumerate(pairs):
        text = theirs[passage.hyp_start : passage.hyp_end]
        fate = _fate(passage, text, in_place=index in kept, seen=seen)
        lines.append(_line(fate, passage, errors, ref, hyp))
        seen.append(text)
    as_read = replace(rules, any_line_order=False)
    return LineComparison(
        tuple(lines),
        as_read=cer(reference, hypothesis, as_read),
        any_order=cer(reference, hypothesis, rules),
        reading_order_share=_reading_order_share(reference, hypothesis, as_read),
    )


def bag_of_words_errors(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Word errors if order did not matter (Vidal et al. 2023, eq. 8): never more than the word distance."""
    same = sum((Counter(reference) & Counter(hypothesis)).values())
    return max(len(reference), len(hypothesis)) - same


def _parted_if_unlike(passage: Passage, errors: int) -> list[tuple[Passage, int]]:
    """A pair more wrong than right is no reading of that line: one is missing, the other invented."""
    ref_start, ref_end, hyp_start, hyp_end = passage
    if not _is_matched(passage) or errors * 2 <= max(ref_end - ref_start, hyp_end - hyp_start):
        return [(passage, errors)]
    return [
        (Passage(ref_start, ref_start, hyp_start, hyp_end), hyp_end - hyp_start),
        (Passage(ref_start, ref_end, _LAST, _LAST), ref_end - ref_start),
    ]


_LAST = 1 << 60
"""Behind every text: what is missing is told last."""
_SAME_LINE = 0.8
"""A line this similar to one that stands elsewhere in the hypothesis is said again, not invented."""


def _is_matched(passage: Passage) -> bool:
    return passage.ref_start < passage.ref_end and passage.hyp_start < passage.hyp_end


def _fate(passage: Passage, text: str, *, in_place: bool, seen: Sequence[str]) -> LineFate:
    if _is_matched(passage):
        return "in place" if in_place else "moved"
    if passage.hyp_start >= passage.hyp_end:
        return "missing"
    again = any(Levenshtein.normalized_similarity(text, other, score_cutoff=_SAME_LINE) for other in seen)
    return "repeated" if again else "invented"


def _line(fate: LineFate, passage: Passage, errors: int, ref: Normalised, hyp: Normalised) -> LineMatch:
    ref_start, ref_end = ref.original_range(passage.ref_start, passage.ref_end)
    hyp_start, hyp_end = hyp.original_range(passage.hyp_start, passage.hyp_end)
    texts = ref.original[ref_start:ref_end], hyp.original[hyp_start:hyp_end]
    return LineMatch(fate, *texts, ref_start, ref_end, hyp_start, hyp_end, errors)


def _longest_rising(numbered: Sequence[tuple[int, int]]) -> set[int]:
    """The numbers of a longest run whose values rise: as many lines as possible count as being in place."""
    tails: list[int] = []
    chains: list[tuple[int, ...]] = []
    for number, value in numbered:
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
