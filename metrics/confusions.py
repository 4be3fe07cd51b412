"""What the errors are made of: which characters are taken for which, and how much is case, punctuation or order.

The commonest first: rn for m is one confusion, not two edits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from metrics.comparing_texts import DiffSpan
from metrics.error_rate import ErrorRate, cer, character_errors
from metrics.normalising import DEFAULT_RULES, Rules, normalise


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


@dataclass(frozen=True, slots=True)
class Step:
    """The rate with this and everything named before it forgiven."""

    name: str
    cer: ErrorRate


def waterfall(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> tuple[Step, ...]:
    """Five steps; what the rules forgive already costs nothing in its step."""
    caseless = replace(rules, ignore_case=True)
    plain = replace(caseless, ignore_punctuation=True)
    spaceless = _without_spaces(reference, hypothesis, plain)
    unordered = _without_spaces(reference, hypothesis, replace(plain, any_line_order=True))
    return (
        Step("as counted", cer(reference, hypothesis, rules)),
        Step("without case", cer(reference, hypothesis, caseless)),
        Step("without punctuation", cer(reference, hypothesis, plain)),
        Step("without spaces", spaceless),
        Step("without line order", min(spaceless, unordered, key=lambda rate: rate.errors)),
    )


def _without_spaces(reference: str, hypothesis: str, rules: Rules) -> ErrorRate:
    """Line breaks stay as long as lines are to be told apart; they are never counted."""
    kept = "\n" if rules.any_line_order else ""
    ref, hyp = normalise(reference, rules), normalise(hypothesis, rules)
    rate = character_errors(ref.without_spaces(kept), hyp.without_spaces(kept), rules)
    return replace(rate, reference_length=sum(not unit.isspace() for unit in ref.units))
