"""A minimal alignment as a reader would draw it: edits gathered at words where that costs nothing more.

Plain strings in, one character per unit. Knows nothing of rules, originals or colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from metrics.edit_distance import (
    LEAST_HINT,
    PIECE,
    Aligned,
    Block,
    append,
    cheapest,
    cost,
    end_of,
    in_pieces,
    nearest,
    start_of,
)
from metrics.units import as_characters


def align(reference: str, hypothesis: str, hint: int | None = None) -> list[Block]:
    """A minimal alignment, preferring whole words where a choice is free.

    `hint` is a guess at the distance (the last one, while someone types). It changes the time taken, never the result.
    """
    return in_pieces(reference, hypothesis, hint, _readable)


def _readable(reference: str, hypothesis: str, hint: int) -> Aligned:
    if len(reference) + len(hypothesis) < 5 * PIECE:
        return _readable_piece(reference, hypothesis)
    return _gathered_at_words(reference, hypothesis, hint)


@lru_cache(128)
def _readable_piece(reference: str, hypothesis: str) -> Aligned:
    """Kept, because a key press changes one piece of a page and nothing of the readings beside it."""
    return _gathered_at_words(reference, hypothesis, LEAST_HINT)


def _gathered_at_words(reference: str, hypothesis: str, hint: int) -> Aligned:
    errors, plain = cheapest(reference, hypothesis, hint)
    blocks: list[Block] = []
    done = 0
    for start, end in _windows(plain):
        blocks += plain[done:start]
        for block in _gathered(plain[start:end], reference, hypothesis):
            append(blocks, block)
        done = end
    return errors, blocks + plain[done:]


_QUIET = 8
"""Equal characters in a row after which what follows is another matter."""
_LEAST_GAP = 3
"""A stray character or two is nothing to gather; left out or added words are."""
_WORD_AND_ITS_SPACE = re.compile(r"\s*\S+|\s+$")


def _windows(blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """Where text is left out or added: from one long equal block to another, so that edges have room to move."""
    start = end = gap = widest = 0
    for index, (kind, ref_start, ref_end, hyp_start, hyp_end) in enumerate(blocks):
        if kind != "equal":
            gap += abs((ref_end - ref_start) - (hyp_end - hyp_start))
            widest = max(widest, gap)
            continue
        if ref_end - ref_start >= _LEAST_GAP:
            gap = 0
        if ref_end - ref_start >= _QUIET:
            if widest >= _LEAST_GAP:
                end = index + 1
            else:
                if end:
                    yield start, end
                start, end = index, 0
            widest = 0
    if widest >= _LEAST_GAP or end:
        yield start, len(blocks) if widest >= _LEAST_GAP else end


def _gathered(window: list[Block], reference: str, hypothesis: str) -> list[Block]:
    """Between two places where both alignments start a block, take the words if they cost the same and read no worse.

    The result is minimal because `window` is and every exchange costs nothing.
    """
    by_words = _anchored_at_words(window, reference, hypothesis)
    end = end_of(window[-1])
    plain_at = {start_of(block): index for index, block in enumerate(window)} | {end: len(window)}
    words_at = {start_of(block): index for index, block in enumerate(by_words)} | {end: len(by_words)}
    chosen: list[Block] = []
    for here, there in pairwise(place for place in plain_at if place in words_at):
        plain = window[plain_at[here] : plain_at[there]]
        words = by_words[words_at[here] : words_at[there]]
        chosen += words if _reads_no_worse(words, plain) else plain
    return chosen


def _anchored_at_words(window: list[Block], reference: str, hypothesis: str) -> list[Block]:
    """Align words first, then characters in the gaps between equal words. Readable, but not always minimal."""
    (_, ref_done, _, hyp_done, _), (_, _, ref_to, _, hyp_to) = window[0], window[-1]
    ref_words = list(_WORD_AND_ITS_SPACE.finditer(reference, ref_done, ref_to))
    hyp_words = list(_WORD_AND_ITS_SPACE.finditer(hypothesis, hyp_done, hyp_to))
    spelt = as_characters([word.group() for word in ref_words], [word.group() for word in hyp_words])
    blocks: list[Block] = []

    def fill_gap(ref_end: int, hyp_end: int) -> None:
        if ref_done == ref_end and hyp_done == hyp_end:
            return
        for kind, a, b, c, d in nearest(reference[ref_done:ref_end], hypothesis[hyp_done:hyp_end]):
            append(blocks, (kind, ref_done + a, ref_done + b, hyp_done + c, hyp_done + d))

    for kind, first, last, hyp_first, hyp_last in nearest(*spelt):
        if kind == "equal":
            ref_start, hyp_start = ref_words[first].start(), hyp_words[hyp_first].start()
            fill_gap(ref_start, hyp_start)
            ref_done, hyp_done = ref_words[last - 1].end(), hyp_words[hyp_last - 1].end()
            append(blocks, ("equal", ref_start, ref_done, hyp_start, hyp_done))
    fill_gap(ref_to, hyp_to)
    return blocks


def _reads_no_worse(words: list[Block], plain: list[Block]) -> bool:
    def burden(blocks: list[Block]) -> tuple[int, int]:
        return sum(map(cost, blocks)), sum(block[0] != "equal" for block in blocks)

    if words == plain:
        return True
    errors, runs = burden(words)
    least_errors, most_runs = burden(plain)
    return errors == least_errors and runs <= most_runs
