"""One spelling out of several that nearly agree, letter by letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein


def vote_by_letter(spellings: Sequence[str], weights: Sequence[float], pivot: str) -> str:
    """Each letter of the pivot as most have it, without what most lack and with what most add."""
    here = [Counter[str]() for _ in pivot]
    before = [Counter[str]() for _ in range(len(pivot) + 1)]
    for spelling, weight in zip(spellings, weights, strict=True):
        for kind, start, end, other, other_end in Levenshtein.opcodes(pivot, spelling):
            if kind == "insert":
                before[start][spelling[other:other_end]] += weight
            for at in range(start, end):
                here[at]["" if kind == "delete" else spelling[other + at - start]] += weight
    half = sum(weights) / 2
    added = ["".join(text for text, weight in counter.items() if weight > half) for counter in before]
    kept = [max(sorted(counter), key=counter.__getitem__) for counter in here]
    return "".join(extra + letter for extra, letter in zip(added, [*kept, ""], strict=True))
