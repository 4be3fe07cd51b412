"""Which characters of two texts belong together with the fewest edits, and how a reader would draw that.

Plain strings in, one character per unit. Knows nothing of rules, originals or colours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, cast

from rapidfuzz.distance import Levenshtein, Opcodes

from metrics.units import as_characters

Kind = Literal["equal", "replace", "insert", "delete"]
Block = tuple[Kind, int, int, int, int]
"""Kind, ref_start, ref_end, hyp_start, hyp_end: a run of one kind. `replace` pairs as many characters of the reference
as of the hypothesis, one by one. A plain tuple, because a page has thousands and a named one takes five times as long.
"""
Aligned = tuple[int, list[Block]]
"""The distance and the blocks that come to it."""
_PIECE = 1000
_LEAST_HINT = 31
_PROBE = 16
_QUIET = 8
"""Equal characters in a row after which what follows is another matter."""
_LEAST_GAP = 3
"""A stray character or two is nothing to gather; left out or added words are."""
_WORD_AND_ITS_SPACE = re.compile(r"\s*\S+|\s+$")


def cost(block: Block) -> int:
    """Edit operations in this block."""
    kind, ref_start, ref_end, hyp_start, hyp_end = block
    return 0 if kind == "equal" else max(ref_end - ref_start, hyp_end - hyp_start)


def start_of(block: Block) -> tuple[int, int]:
    """Where it begins, in the reference and in the hypothesis."""
    return block[1], block[3]


def end_of(block: Block) -> tuple[int, int]:
    """Where it ends, in the reference and in the hypothesis."""
    return block[2], block[4]


def nearest(reference: str, hypothesis: str, hint: int | None = None) -> list[Block]:
    """Any minimal alignment."""
    return _in_pieces(reference, hypothesis, hint, _cheapest)


def _in_pieces(
    reference: str, hypothesis: str, hint: int | None, aligned: Callable[[str, str, int], Aligned]
) -> list[Block]:
    """Cut long texts where both run alike; the pieces' alignments are taken if they come to the whole distance.

    This makes a page some ten times as fast as one call. A hint lets the library widen a narrow band until it fits.
    """
    hint = max(_LEAST_HINT, hint or 0)
    cuts = list(_cuts(reference, hypothesis))
    if cuts:
        pieces = [
            (start, at, aligned(reference[start:end], hypothesis[at:to], _LEAST_HINT))
            for (start, at), (end, to) in pairwise([(0, 0), *cuts, (len(reference), len(hypothesis))])
        ]
        errors = sum(errors for _, _, (errors, _) in pieces)
        if errors == Levenshtein.distance(reference, hypothesis, score_cutoff=errors):  # it is no more than that
            return _joined((start, at, blocks) for start, at, (_, blocks) in pieces)
    return list(aligned(reference, hypothesis, hint)[1])


def _cheapest(reference: str, hypothesis: str, hint: int) -> Aligned:
    """The distance, and any alignment that comes to it."""
    edits = Levenshtein.editops(reference, hypothesis, score_hint=hint)
    return len(edits), cast("list[Block]", Opcodes.from_editops(edits).as_list())


def _append(blocks: list[Block], block: Block) -> None:
    """Runs of one kind that touch are one run."""
    if blocks and blocks[-1][0] == block[0]:
        _, ref_start, _, hyp_start, _ = blocks.pop()
        block = (block[0], ref_start, block[2], hyp_start, block[4])
    blocks.append(block)


def _joined(pieces: Iterable[tuple[int, int, list[Block]]]) -> list[Block]:
    """The blocks of pieces that start at these places; where two pieces meet, equal meets equal."""
    blocks: list[Block] = []
    for start, at, piece in pieces:
        own = [(kind, start + a, start + b, at + c, at + d) for kind, a, b, c, d in piece]
        if blocks and own:
            _append(blocks, own.pop(0))
        blocks += own
    return blocks


def _cuts(reference: str, hypothesis: str) -> Iterator[tuple[int, int]]:
    """About every thousand characters, the middle of a stretch that both texts have near the same place, and once.

    Looked for from fixed places of the hypothesis, so that pieces stay the same while somebody types the reference.
    """
    shift = done = 0
    for place in range(_PIECE, len(hypothesis) - _PIECE // 2, _PIECE):
        for start in range(place, place + _PIECE // 2, _PROBE):
            nearby = max(done, start + shift - _PIECE // 4)
            window = reference[nearby : max(0, start + shift + _PIECE // 4)]
            probe = hypothesis[start : start + _PROBE]
            found = window.find(probe)
            if found >= 0 and window.rfind(probe) == found:
                done, shift = nearby + found + _PROBE // 2, nearby + found - start
                yield done, start + _PROBE // 2
                break


def align(reference: str, hypothesis: str, hint: int | None = None) -> list[Block]:
    """A minimal alignment, preferring whole words where a choice is free.

    `hint` is a guess at the distance (the last one, while someone types). It changes the time taken, never the result.
    """
    return _in_pieces(reference, hypothesis, hint, _readable)


def _readable(reference: str, hypothesis: str, hint: int) -> Aligned:
    if len(reference) + len(hypothesis) < 5 * _PIECE:
        return _readable_piece(reference, hypothesis)
    return _gathered_at_words(reference, hypothesis, hint)


@lru_cache(128)
def _readable_piece(reference: str, hypothesis: str) -> Aligned:
    """Kept, because a key press changes one piece of a page and nothing of the readings beside it."""
    return _gathered_at_words(reference, hypothesis, _LEAST_HINT)


def _gathered_at_words(reference: str, hypothesis: str, hint: int) -> Aligned:
    errors, plain = _cheapest(reference, hypothesis, hint)
    blocks: list[Block] = []
    done = 0
    for start, end in _windows(plain):
        blocks += plain[done:start]
        for block in _gathered(plain[start:end], reference, hypothesis):
            _append(blocks, block)
        done = end
    return errors, blocks + plain[done:]


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
