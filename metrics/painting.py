"""What to paint: the edits that were counted, but a word that is more wrong than right is painted whole.

Counts stay as they are. Works on blocks, before any text is cut out: this runs at every key press, for every panel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from metrics.comparing_texts import TextComparison
from metrics.edit_distance import Block, Kind, cost
from metrics.units import as_characters


def painted(compared: TextComparison) -> Iterator[Block]:
    """The stretches to paint, as blocks of both originals; a `replace` may be as long as a word on either side."""
    ours, theirs = as_characters(compared.reference.units, compared.hypothesis.units)
    ours, theirs = ours.replace("\n", " "), theirs.replace("\n", " ")
    return chain.from_iterable(
        compared.located(_whole_words(blocks, ours, theirs), tile) for blocks, tile in compared.tiled()
    )


def painted_texts(compared: TextComparison) -> Iterator[tuple[Kind, str, str]]:
    """The same as texts: kind, reference, hypothesis."""
    reference, hypothesis = compared.reference.original, compared.hypothesis.original
    for kind, ref_start, ref_end, hyp_start, hyp_end in painted(compared):
        yield kind, reference[ref_start:ref_end], hypothesis[hyp_start:hyp_end]


def _whole_words(blocks: Sequence[Block], reference: str, hypothesis: str) -> list[Block]:
    """The blocks that differ, those of a word with three of them or more than half its characters wrong as one."""
    found: list[Block] = []
    inside: list[Block] = []
    """Blocks since the last space, none of which holds one."""
    left: Block | None = None
    for block in blocks:
        kind, ref_start, ref_end, hyp_start, hyp_end = block
        if kind == "equal":
            parts_words = reference.find(" ", ref_start, ref_end) >= 0
        else:
            parts_words = reference.find(" ", ref_start, ref_end) >= 0 or hypothesis.find(" ", hyp_start, hyp_end) >= 0
        if not parts_words:
            inside.append(block)
            continue
        if inside:
            found += _inside_a_word(inside, left, block, reference)
            inside = []
        if kind != "equal":
            found.append(block)
        left = block
    return found + _inside_a_word(inside, left, None, reference)


def _inside_a_word(inside: list[Block], left: Block | None, right: Block | None, reference: str) -> list[Block]:
    """The edits of a word, or the word as one; `left` and `right` hold the spaces that part it from its neighbours."""
    edits = [block for block in inside if block[0] != "equal"]
    errors = sum(map(cost, edits))
    if errors < 2:  # a lone wrong character is never more than half of a word that has others
        return edits
    ref_start, hyp_start = _after_last_space(left, reference) if left else inside[0][1::2]
    ref_end, hyp_end = _before_first_space(right, reference) if right else inside[-1][2::2]
    word: Block = ("replace", ref_start, ref_end, hyp_start, hyp_end)
    is_whole = len(edits) == 1 and edits[0][1:] == word[1:]
    if not is_whole and (len(edits) >= 3 or errors * 2 > max(ref_end - ref_start, hyp_end - hyp_start)):
        return [word]
    return edits


def _after_last_space(block: Block, reference: str) -> tuple[int, int]:
    """Where the word begins; an error with a space in it has no letters to give."""
    kind, ref_start, ref_end, hyp_start, hyp_end = block
    if kind != "equal":
        return ref_end, hyp_end
    start = reference.rfind(" ", ref_start, ref_end) + 1
    return start, hyp_start + start - ref_start


def _before_first_space(block: Block, reference: str) -> tuple[int, int]:
    """Where the word ends."""
    kind, ref_start, ref_end, hyp_start, _ = block
    if kind != "equal":
        return ref_start, hyp_start
    end = reference.find(" ", ref_start, ref_end)
    return end, hyp_start + end - ref_start
