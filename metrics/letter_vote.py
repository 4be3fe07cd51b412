"""One spelling out of several that nearly agree, letter by letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein


def vote_by_letter(spellings: Sequence[str], weights: Sequence[float], pivot: str) -> str:
    """Each letter of the pivot as most have it, without what most lack and with what most add."""
    here: list[dict[str, float]] = [defaultdict(float) for _ in pivot]
    before: list[dict[str, float]] = [defaultdict(float) for _ in range(len(pivot) + 1)]
    for spelling, weight in zip(spellings, weights, strict=True):
        for block in Levenshtein.opcodes(pivot, spelling):
            if block.tag == "insert":
                before[block.src_start][spelling[block.dest_start : block.dest_end]] += weight
            for at in range(block.src_start, block.src_end):
                here[at]["" if block.tag == "delete" else spelling[block.dest_start + at - block.src_start]] += weight
    half = sum(weights) / 2
    added = ["".join(text for text, weight in counter.items() if weight > half) for counter in before]
    kept = [max(sorted(counter), key=counter.__getitem__) for counter in here]
    return "".join(extra + letter for extra, letter in zip(added, [*kept, ""], strict=True))
