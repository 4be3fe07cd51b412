"""Which characters of two texts belong together: the fewest edits, gathered at words where that costs nothing more.

Plain strings in, one character per unit. Knows nothing of rules, originals or colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, cast

from rapidfuzz.distance import Editops, Levenshtein, Opcodes

from metrics.units import as_characters

Kind = Literal["equal", "replace", "insert", "delete"]


Block = tuple[Kind, int, int, int, int]
"""Kind, ref_start, ref_end, hyp_start, hyp_end: a run of one kind. `replace` pairs as many characters of the reference
as of the hypothesis, one by one. A plain tuple, because a page has thousands and a named one takes five times as long.
"""


def cost(block: Block) -> int:
    """Edit operations in this block."""
    kind, ref_start, ref_end, hyp_start, hyp_end = block
    return 0 if kind == "equal" else max(ref_end - ref_start, hyp_end - hyp_start)


def align(reference: str, hypothesis: str, hint: int | None = None) -> list[Block]:
    """A minimal alignment, preferring whole words where a choice is free.

    `hint` is a guess at the distance (the last one, while someone types). It changes the time taken, never the result.
    """
    plain = nearest(reference, hypothesis, hint)
    blocks: list[Block] = []
    done = 0
    for start, end in _windows(plain):
        blocks += plain[done:start]
        for block in _gathered(plain[start:end], reference, hypothesis):
            _append(blocks, block)
        done = end
    return blocks + plain[done:]


def nearest(reference: str, hypothesis: str, hint: int | None = None) -> list[Block]:
    """Any minimal alignment.

    Two tricks make it some ten times as fast as one plain call on a page, and change nothing: a hint lets the library
    widen a narrow band until it fits, and long texts are cut where both run alike, checked against the whole distance.
    """
    hint = max(_LEAST_HINT, hint or 0)
    cuts = list(_cuts(reference, hypothesis))
    if cuts:
        pieces = [
            (start, at, Levenshtein.editops(reference[start:end], hypothesis[at:to], score_hint=_LEAST_HINT))
            for (start, at), (end, to) in pairwise([(0, 0), *cuts, (len(reference), len(hypothesis))])
        ]
        if sum(len(edits) for *_, edits in pieces) == Levenshtein.distance(reference, hypothesis, score_hint=hint):
            return _joined(pieces)
    return _joined([(0, 0, Levenshtein.editops(reference, hypothesis, score_hint=hint))])


def _joined(pieces: Iterable[tuple[int, int, Editops]]) -> list[Block]:
    """The blocks of pieces that start at these places; where two pieces meet, equal meets equal."""
    blocks: list[Block] = []
    for start, at, edits in pieces:
        codes = cast("list[Block]", Opcodes.from_editops(edits).as_list())
        own = [(kind, start + a, start + b, at + c, at + d) for kind, a, b, c, d in codes] if start or at else codes
        if blocks and own:
            _append(blocks, own.pop(0))
        blocks += own
    return blocks


def _cuts(reference: str, hypothesis: str) -> Iterator[tuple[int, int]]:
    """About every thousand characters, the middle of a stretch that both texts have near the same place, and once."""
    start, shift, done = _PIECE, 0, 0
    while start < len(reference) - _PIECE // 2:
        nearby = max(done, start + shift - _PIECE // 4)
        window = hypothesis[nearby : start + shift + _PIECE // 4]
        probe = reference[start : start + _PROBE]
        found = window.find(probe)
        if found >= 0 and window.rfind(probe) == found:
            done = nearby + found + _PROBE // 2
            yield start + _PROBE // 2, done
            shift = nearby + found - start
            start += _PIECE
        else:
            start += _PROBE


_PIECE = 1000
_PROBE = 16
_LEAST_HINT = 31
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
    end = window[-1][2::2]
    plain_at = {block[1:4:2]: index for index, block in enumerate(window)} | {end: len(window)}
    words_at = {block[1:4:2]: index for index, block in enumerate(by_words)} | {end: len(by_words)}
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
            _append(blocks, (kind, ref_done + a, ref_done + b, hyp_done + c, hyp_done + d))

    for kind, first, last, hyp_first, hyp_last in nearest(*spelt):
        if kind == "equal":
            ref_start, hyp_start = ref_words[first].start(), hyp_words[hyp_first].start()
            fill_gap(ref_start, hyp_start)
            ref_done, hyp_done = ref_words[last - 1].end(), hyp_words[hyp_last - 1].end()
            _append(blocks, ("equal", ref_start, ref_done, hyp_start, hyp_done))
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


def _append(blocks: list[Block], block: Block) -> None:
    """Runs of one kind that touch are one run."""
    if blocks and blocks[-1][0] == block[0]:
        _, ref_start, _, hyp_start, _ = blocks.pop()
        block = (block[0], ref_start, block[2], hyp_start, block[4])
    blocks.append(block)
