"""Which stretch of a hypothesis is held against which of the reference, and which words stand in the same place.

Whole texts, or line by line; words in pieces as small as their characters allow. Knows what belongs together, not what
is wrong in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache, cached
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from metrics.alignment import Block, align, nearest
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, Word, normalise
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


class Link(NamedTuple):
    """one[one_start:one_end] and other[other_start:other_end] stand in the same place; either may be empty."""

    one_start: int
    one_end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True)
class WordPair:
    """Words that stand in the same place, as the rules leave them, with offsets into both originals."""

    written: str
    read: str
    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int


PAIRS_KEPT = 20_000


@cached(LRUCache(PAIRS_KEPT, getsizeof=len), lock=Lock())
def word_pairs(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> tuple[WordPair, ...]:
    """All words of both texts in order; one word may stand against several, or against none.

    Kept, because a reading is asked for its own sake and for that of every other reading of its page.
    """
    ours = normalise(reference, rules).placed_words
    theirs = normalise(hypothesis, rules).placed_words
    pairs: list[WordPair] = []
    ref_end = hyp_end = 0
    for link in pair_words(keys(ours), keys(theirs)):
        written, read = ours[link.one_start : link.one_end], theirs[link.other_start : link.other_end]
        ref_start, ref_end = (written[0].start, written[-1].end) if written else (ref_end, ref_end)
        hyp_start, hyp_end = (read[0].start, read[-1].end) if read else (hyp_end, hyp_end)
        texts = " ".join(keys(written)), " ".join(keys(read))
        pairs.append(WordPair(*texts, ref_start, ref_end, hyp_start, hyp_end))
    return tuple(pairs)


def kept_by_some(
    reference: str, readings: Iterable[str], essence: Callable[[str], object], rules: Rules = DEFAULT_RULES
) -> frozenset[int]:
    """Where words of the reference start that at least one of the readings has: in essence as they were written."""
    return frozenset(
        pair.ref_start
        for reading in readings
        for pair in word_pairs(reference, reading, rules)
        if pair.written and (pair.written == pair.read or essence(pair.written) == essence(pair.read))
    )


def right_words(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> frozenset[int]:
    """Where the words of the hypothesis start that the reference has in the same place."""
    return frozenset(pair.hyp_start for pair in word_pairs(reference, hypothesis, rules) if pair.written == pair.read)


def keys(words: Sequence[Word]) -> list[str]:
    """The words as they are compared."""
    return [word.key for word in words]


def pair_words(one: Sequence[str], other: Sequence[str]) -> list[Link]:
    """Links that together hold every word of both sides, in order: equal words one by one, the rest in small pieces."""
    links: list[Link] = []
    one_done = other_done = 0
    for kind, start, end, other_start, other_end in nearest(*as_characters(one, other)):
        if kind == "equal":
            if one_done < start or other_done < other_start:
                links += _links_in_gap(one, other, Link(one_done, start, other_done, other_start))
            ours, theirs = range(start, end + 1), range(other_start, other_end + 1)
            links += map(Link, ours, ours[1:], theirs, theirs[1:])
            one_done, other_done = end, other_end
    return [*links, *_links_in_gap(one, other, Link(one_done, len(one), other_done, len(other)))]


def _links_in_gap(one: Sequence[str], other: Sequence[str], gap: Link) -> Iterator[Link]:
    """Cut wherever the characters' alignment passes between two words on both sides at once."""
    ours, theirs = one[gap.one_start : gap.one_end], other[gap.other_start : gap.other_end]
    if not ours or not theirs or len(ours) == len(theirs) == 1:  # most gaps: nothing to align
        for at in range(max(len(ours), len(theirs))):
            left, left_end = min(at, len(ours)), min(at + 1, len(ours))
            right, right_end = min(at, len(theirs)), min(at + 1, len(theirs))
            yield Link(
                gap.one_start + left, gap.one_start + left_end, gap.other_start + right, gap.other_start + right_end
            )
        return
    our_edges, their_edges = _edges(ours), _edges(theirs)
    cuts = {(0, 0), (len(ours), len(theirs))}
    for _, start, end, other_start, other_end in align(" ".join(ours), " ".join(theirs)):
        for step in range(max(end - start, other_end - other_start) + 1):
            left, right = min(start + step, end), min(other_start + step, other_end)
            if left in our_edges and right in their_edges:
                cuts.add((our_edges[left], their_edges[right]))
    for (left, right), (left_end, right_end) in pairwise(sorted(cuts)):
        yield Link(gap.one_start + left, gap.one_start + left_end, gap.other_start + right, gap.other_start + right_end)


def _edges(words: Sequence[str]) -> dict[int, int]:
    """Where words start and end once they are joined by spaces, and how many words stand before."""
    edges = {0: 0}
    at = 0
    for index, word in enumerate(words):
        edges[at] = index
        edges[at + len(word)] = index + 1
        at += len(word) + 1
    return edges
