"""Which characters are taken for which, and where, the commonest first: rn for m is one confusion, not two edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from metrics.comparing_texts import DiffSpan


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets into both originals."""

    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """`reference` was read as `hypothesis`; either may be empty. `errors` are the edits of all places together."""

    reference: str
    hypothesis: str
    errors: int
    places: tuple[Place, ...]


def confusions(spans: Iterable[DiffSpan]) -> tuple[Confusion, ...]:
    """Neighbouring edits taken together, never across a space. Whole words that are missing or extra are left out."""
    found: dict[tuple[str, str], list[tuple[Place, int]]] = defaultdict(list)
    for run in _runs(spans):
        texts = "".join(span.reference for span in run), "".join(span.hypothesis for span in run)
        place = Place(run[0].ref_start, run[-1].ref_end, run[0].hyp_start, run[-1].hyp_end)
        found[texts].append((place, sum(span.errors for span in run)))
    listed = [
        Confusion(*texts, sum(errors for _, errors in places), tuple(place for place, _ in places))
        for texts, places in found.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-len(one.places), -one.errors, one.reference, one.hypothesis)))


def _runs(spans: Iterable[DiffSpan]) -> Iterator[list[DiffSpan]]:
    """Edits that touch each other; one that holds a space stands alone, and only if it is nothing but a space."""
    for edits, neighbours in groupby(spans, key=lambda span: span.kind != "equal"):
        if not edits:
            continue
        for spaced, run in groupby(neighbours, key=_holds_space):
            if not spaced:
                yield list(run)
            else:
                yield from ([span] for span in run if span.error_class == "space")


def _holds_space(span: DiffSpan) -> bool:
    return any(map(str.isspace, span.reference + span.hypothesis))
