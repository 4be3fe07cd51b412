"""Which characters of two texts belong together: the fewest edits, gathered at words where that costs nothing more.

Plain strings in, one character per unit. Knows nothing of rules, originals or colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from metrics.units import as_characters

Kind = Literal["equal", "replace", "insert", "delete"]


class Block(NamedTuple):
    """A run of one kind; `replace` pairs as many characters of the reference as of the hypothesis, one by one."""

    kind: Kind
    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int

    @property
    def errors(self) -> int:
        """Edit operations in this block."""
        return 0 if self.kind == "equal" else max(self.ref_end - self.ref_start, self.hyp_end - self.hyp_start)


def align(reference: str, hypothesis: str, hint: int | None = None) -> list[Block]:
    """A minimal alignment, preferring whole words where a choice is free.

    `hint` is a guess at the distance (the last one, while someone types). It changes the time taken, never the result.
    """
    blocks: list[Block] = []
    for island in _islands(nearest(reference, hypothesis, hint)):
        for block in _gathered(island, reference, hypothesis) if _holds_a_gap(island) else island:
            _append(blocks, block)
    return blocks


def nearest(reference: Sequence[str], hypothesis: Sequence[str], hint: int | None = None) -> list[Block]:
    """Any minimal alignment. The hint makes the library widen a narrow band until it fits, 10 times as fast."""
    opcodes = Levenshtein.opcodes(reference, hypothesis, score_hint=max(_LEAST_HINT, hint or 0))
    return [Block(*opcode) for opcode in opcodes]


_LEAST_HINT = 31
_QUIET = 8
"""Equal characters in a row after which what follows is another matter."""
_MARGIN = 30
"""Equal characters beside an island that are aligned anew with it: room to move its edge to a word's edge."""
_WORD_AND_ITS_SPACE = re.compile(r"\s*\S+|\s+$")


def _islands(blocks: list[Block]) -> Iterator[list[Block]]:
    """Errors close to each other, with equal margins; and, as lists of one, the long equal stretches between."""
    island: list[Block] = []
    for block in blocks:
        length = block.ref_end - block.ref_start
        if block.kind != "equal" or length < _QUIET:
            island.append(block)
            continue
        margin = min(_MARGIN, length // 2)
        yield [*island, _part(block, 0, margin)]
        yield [_part(block, margin, length - margin)]
        island = [_part(block, length - margin, length)]
    yield island


def _part(block: Block, start: int, end: int) -> Block:
    return Block(
        block.kind, block.ref_start + start, block.ref_start + end, block.hyp_start + start, block.hyp_start + end
    )


def _holds_a_gap(island: list[Block]) -> bool:
    """A stray character or two is nothing to gather; left out or added words are."""
    return sum(block.errors for block in island if block.kind in ("insert", "delete")) > 2


def _gathered(island: list[Block], reference: str, hypothesis: str) -> list[Block]:
    """Between two places where both alignments start a block, take the words if they cost the same and read no worse.

    The result is minimal because `island` is and every exchange costs nothing.
    """
    by_words = _anchored_at_words(island, reference, hypothesis)
    end = island[-1].ref_end, island[-1].hyp_end
    plain_at = {block[1:4:2]: index for index, block in enumerate(island)} | {end: len(island)}
    words_at = {block[1:4:2]: index for index, block in enumerate(by_words)} | {end: len(by_words)}
    chosen: list[Block] = []
    for here, there in pairwise(place for place in plain_at if place in words_at):
        plain = island[plain_at[here] : plain_at[there]]
        words = by_words[words_at[here] : words_at[there]]
        chosen += words if _reads_no_worse(words, plain) else plain
    return chosen


def _anchored_at_words(island: list[Block], reference: str, hypothesis: str) -> list[Block]:
    """Align words first, then characters in the gaps between equal words. Readable, but not always minimal."""
    ref_done, hyp_done, (_, _, ref_to, _, hyp_to) = island[0].ref_start, island[0].hyp_start, island[-1]
    ref_words = list(_WORD_AND_ITS_SPACE.finditer(reference, ref_done, ref_to))
    hyp_words = list(_WORD_AND_ITS_SPACE.finditer(hypothesis, hyp_done, hyp_to))
    spelt = as_characters([word.group() for word in ref_words], [word.group() for word in hyp_words])
    blocks: list[Block] = []

    def fill_gap(ref_end: int, hyp_end: int) -> None:
        for kind, a, b, c, d in nearest(reference[ref_done:ref_end], hypothesis[hyp_done:hyp_end]):
            _append(blocks, Block(kind, ref_done + a, ref_done + b, hyp_done + c, hyp_done + d))

    for block in nearest(*spelt):
        if block.kind == "equal":
            ref_start, hyp_start = ref_words[block.ref_start].start(), hyp_words[block.hyp_start].start()
            fill_gap(ref_start, hyp_start)
            ref_done, hyp_done = ref_words[block.ref_end - 1].end(), hyp_words[block.hyp_end - 1].end()
            _append(blocks, Block("equal", ref_start, ref_done, hyp_start, hyp_done))
    fill_gap(ref_to, hyp_to)
    return blocks


def _reads_no_worse(words: list[Block], plain: list[Block]) -> bool:
    def burden(blocks: list[Block]) -> tuple[int, int]:
        return sum(block.errors for block in blocks), sum(block.kind != "equal" for block in blocks)

    cost, runs = burden(words)
    least_cost, most_runs = burden(plain)
    return cost == least_cost and runs <= most_runs


def _append(blocks: list[Block], block: Block) -> None:
    """Runs of one kind that touch are one run."""
    if blocks and blocks[-1].kind == block.kind:
        last = blocks.pop()
        block = Block(block.kind, last.ref_start, block.ref_end, last.hyp_start, block.hyp_end)
    blocks.append(block)
