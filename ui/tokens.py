"""A reading as the browser draws it: what is equal, wrong, missing, extra or disputed, as short lists of numbers.

Shared pages draw `playground.panel`'s pieces on the server. On the Compare screen the browser draws: the texts are
there already, and building a hundred thousand elements on the server takes six times as long as counting the errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from engines.contract import Level, Reading
from metrics.agreement import DisputedSpan
from metrics.comparing_texts import DiffSpan, TextComparison
from metrics.painting import painted
from playground.boxes import place_regions
from playground.panel import disputed_pieces
from playground.together import Doubt

WORD = re.compile(r"\S+")
KINDS = ("equal", "replace", "insert", "delete", "differs")


def box_id(engine_id: str, region_index: int) -> str:
    """The name under which a word in a panel finds its polygon on the page."""
    return f"{engine_id}-{region_index}"


def paint_against(compared: TextComparison) -> str:
    """What the browser needs to colour a reading against the reference, as JSON; offsets count code points.

    One list for each stretch: kind, length in the reading, start in the reference, and there the length of what is
    equal or the text of what is not.
    """
    numbers = {kind: number for number, kind in enumerate(KINDS)}
    reference = compared.reference.original
    return json.dumps(
        [
            (numbers[kind], hyp_end - hyp_start, start, end - start if kind == "equal" else reference[start:end])
            for kind, start, end, hyp_start, hyp_end in painted(compared)
        ],
        separators=(",", ":"),
    )


def paint_disputes(spans: Iterable[DisputedSpan]) -> str:
    """The same where engines are held against each other: the text is what the others read."""
    pieces = ((KINDS.index(piece.kind), len(piece.hypothesis), 0, piece.title) for piece in disputed_pieces(spans))
    return json.dumps(list(pieces), separators=(",", ":"))


def doubts_json(doubts: Iterable[Doubt]) -> str:
    """The words of a reading together that are not sure, as JSON: start, end, level and reason; empty where all are."""
    found = [(one.start, one.end, one.level, one.reason) for one in doubts]
    return json.dumps(found, separators=(",", ":")) if found else ""


def twins_of(alignment: Iterable[DiffSpan]) -> str:
    """Which stretches of a reading stand for which of the pivot, as JSON: both starts and the length in the pivot."""
    stretches = ((span.hyp_start, span.ref_start, len(span.reference)) for span in alignment if span.hypothesis)
    return json.dumps(list(stretches), separators=(",", ":"))


def word_starts(pivot: str) -> Sequence[int]:
    """Where the words start by whose numbers twins know each other."""
    return [match.start() for match in WORD.finditer(pivot)]


def places_json(reading: Reading, level: Level) -> str:
    """Which stretch of the text each region of a level covers, as JSON: start, end, number of the region, and how sure
    of it the engine is in per cent, where it says so."""
    regions = reading.regions
    return json.dumps(
        [
            (place.start, place.end, place.index, *_sure(regions[place.index].confidence))
            for place in place_regions(reading, level)
        ]
    )


def _sure(confidence: float | None) -> tuple[int, ...]:
    return () if confidence is None else (round(100 * confidence),)
