"""Which characters of two texts belong together with the fewest edits, and what that costs.

Plain strings in, one character per unit. Knows nothing of rules, words, originals or colours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Literal, cast

from rapidfuzz.distance import Levenshtein, Opcodes

Kind = Literal["equal", "replace", "insert", "delete"]


Block = tuple[Kind, int, int, int, int]
"""Kind, ref_start, ref_end, hyp_start, hyp_end: a run of one kind. `replace` pairs as many characters of the reference
as of the hypothesis, one by one. A plain tuple, because a page has thousands and a named one takes five times as long.
"""


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
    return in_pieces(reference, hypothesis, hint, cheapest)


Aligned = tuple[int, list[Block]]
"""The distance and the blocks that come to it."""


def in_pieces(
    reference: str, hypothesis: str, hint: int | None, aligned: Callable[[str, str, int], Aligned]
) -> list[Block]:
    """Cut long texts where both run alike; the pieces' alignments are taken if they come to the whole distance.

    This makes a page some ten times as fast as one call. A hint lets the library widen a narrow band until it fits.
    """
    hint = max(LEAST_HINT, hint or 0)
    cuts = list(_cuts(reference, hypothesis))
    if cuts:
        pieces = [
            (start, at, aligned(reference[start:end], hypothesis[at:to], LEAST_HINT))
            for (start, at), (end, to) in pairwise([(0, 0), *cuts, (len(reference), len(hypothesis))])
        ]
        errors = sum(errors for _, _, (errors, _) in pieces)
        if errors == Levenshtein.distance(reference, hypothesis, score_hint=hint):
            return _joined((start, at, blocks) for start, at, (_, blocks) in pieces)
    return list(aligned(reference, hypothesis, hint)[1])


def cheapest(reference: str, hypothesis: str, hint: int) -> Aligned:
    """The distance, and any alignment that comes to it."""
    edits = Levenshtein.editops(reference, hypothesis, score_hint=hint)
    return len(edits), cast("list[Block]", Opcodes.from_editops(edits).as_list())


def append(blocks: list[Block], block: Block) -> None:
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
            append(blocks, own.pop(0))
        blocks += own
    return blocks


def _cuts(reference: str, hypothesis: str) -> Iterator[tuple[int, int]]:
    """About every thousand characters, the middle of a stretch that both texts have near the same place, and once.

    Looked for from fixed places of the hypothesis, so that pieces stay the same while somebody types the reference.
    """
    shift = done = 0
    for place in range(PIECE, len(hypothesis) - PIECE // 2, PIECE):
        for start in range(place, place + PIECE // 2, _PROBE):
            nearby = max(done, start + shift - PIECE // 4)
            window = reference[nearby : max(0, start + shift + PIECE // 4)]
            probe = hypothesis[start : start + _PROBE]
            found = window.find(probe)
            if found >= 0 and window.rfind(probe) == found:
                done, shift = nearby + found + _PROBE // 2, nearby + found - start
                yield done, start + _PROBE // 2
                break


PIECE = 1000
LEAST_HINT = 31
_PROBE = 16
