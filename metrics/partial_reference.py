"""A few typed lines as a sample of the page: where they stand in a reading, the rate there, and how sure that is."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from metrics.error_rate import ErrorRate, cer, pooled
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.units import as_characters


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A typed line and its place in the reading, empty where nothing is more right than wrong: then all is missing."""

    line: str
    start: int
    end: int
    cer: ErrorRate


@dataclass(frozen=True, slots=True)
class PartialScore:
    """The rate over the typed lines, and the 95 % interval in which the page's rate lies: None for fewer than two."""

    lines: tuple[FoundLine, ...]
    cer: ErrorRate
    interval: tuple[float, float] | None


def score_lines(typed: Sequence[str], reading: str, rules: Rules = DEFAULT_RULES) -> PartialScore:
    """Find every typed line in the reading, wherever its lines break, and score it there. No place is used twice."""
    page = normalise(reading, rules)
    free = list(page.units)
    edges = [at for at in range(len(free) + 1) if " " in free[max(0, at - 1) : at + 1] or at in {0, len(free)}]
    found: list[FoundLine] = []
    for line in typed:
        wanted = normalise(line, rules)
        if not wanted.units:
            continue
        start, end = _place(wanted, free, edges)
        free[start:end] = ["\0"] * (end - start)
        place = page.original_range(start, end)
        found.append(FoundLine(line, *place, cer(line, reading[slice(*place)], rules)))
    rates = [line.cer for line in found]
    return PartialScore(tuple(found), pooled(rates), rate_interval(rates))


FEWEST_FOR_A_GUESS = 8
"""Typed lines."""


def lines_to_separate(one: PartialScore, other: PartialScore) -> int | None:
    """About how many more lines would tell the two apart (80 % power at 5 %); None where nothing can be said yet.

    Both must be scores of the same lines. From fewer than eight lines a guess holds in half of the cases only. A
    difference that was seen flatters, for small ones are not seen: half of the variance of its square is taken off.
    """
    differences = [left.cer.errors - right.cer.errors for left, right in zip(one.lines, other.lines, strict=True)]
    if len(differences) < FEWEST_FOR_A_GUESS:
        return None
    spread = variance(differences)
    squared = fmean(differences) ** 2 - spread / len(differences) / 2
    if squared <= 0:
        return None
    needed = (1.96 + 0.84) ** 2 * spread / squared
    return max(0, math.ceil(needed) - len(differences))


MOST_EDGES = 32
"""Beginnings and ends of words at which a place is looked for; a line of 200 letters has no more of them in reach.
Each is tried with each: of long lines and words of one letter it would be millions."""


def _place(wanted: Normalised, page: Sequence[str], edges: Sequence[int]) -> tuple[int, int]:
    line, text = as_characters(wanted.units, page)
    if not text.strip("\0"):
        return 0, 0
    rough = partial_ratio_alignment(line, text)
    if rough is None or len(line) >= len(text):
        start, end = 0, len(text)
    else:
        start, end = rough.dest_start, rough.dest_end
    reach = len(line) // 4 + 2
    starts, ends = (_nearest(edges, at, reach) or [at] for at in (start, end))
    windows = [(a, b) for a in starts for b in ends if a < b and "\0" not in text[a:b]]
    measured = [(Levenshtein.distance(line, text[a:b]), b - a, a) for a, b in windows]
    errors, length, start = min(measured, default=(len(line), 0, 0))
    return (start, start + length) if errors * 2 <= len(line) else (0, 0)


def _nearest(edges: Sequence[int], at: int, reach: int) -> Sequence[int]:
    """The edges within reach, of many those that are nearest."""
    middle = bisect_left(edges, at)
    few = edges[max(0, middle - MOST_EDGES // 2) : middle + MOST_EDGES // 2]
    return [edge for edge in few if abs(edge - at) <= reach]


def rate_interval(rates: Sequence[ErrorRate]) -> tuple[float, float] | None:
    """The score interval of a rate of heaps: errors of handwriting come in heaps of about `_heap` characters."""
    errors, length = sum(rate.errors for rate in rates), sum(rate.reference_length for rate in rates)
    if len(rates) < 2:
        return None
    rate, half = errors / length, 1.96**2 * _heap(errors) / (2 * length)
    margin = math.sqrt(half * (half + 2 * rate))
    return max(0.0, rate + half - margin), rate + half + margin


def _heap(errors: int) -> float:
    """The variance of a page's errors by their mean: 7, but 3 where next to none were seen, for then heaps are small.

    Chosen so that 95 of 100 intervals hold the page's rate, on 138 answers of 14 models (InkBench, 28 Nov 2026).
    """
    return 3 + 4 * min(1.0, errors / 10)
