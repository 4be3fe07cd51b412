"""Which words of two readings stand in the same place, in pieces as small as their characters allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache, cached

from metrics.alignment import align, nearest
from metrics.normalising import DEFAULT_RULES, Rules, Word, normalise
from metrics.units import as_characters


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
