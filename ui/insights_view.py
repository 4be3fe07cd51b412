"""One reading's insight as values to draw. Knows nothing of HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from metrics.answer import PartKind
from metrics.confusions import Confusion, Place
from metrics.line_matching import LineFate, LineMatch
from playground.insight import Insight, shares
from ui.html import render

MOST_CONFUSIONS = 10
MOST_LISTED = 6
CHATTER: dict[PartKind, str] = {
    "reasoning": "thinking aloud",
    "preamble": "a preamble",
    "heading": "a heading",
    "fence": "a code fence or rule",
    "illegible": "a mark of doubt",
    "remark": "a closing remark",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A confusion with the places to flash: offsets into the reading, as `start-end`."""

    confusion: Confusion
    places: str


def insight_html(insight: Insight) -> str:
    """The details of a panel."""
    return render(
        "insight.html",
        insight=insight,
        parts=[part for part in shares(insight.waterfall) if part.errors],
        classes=[part for part in insight.classes if part.errors],
        mistakes=[_mistake(confusion) for confusion in insight.confusions[:MOST_CONFUSIONS]],
        lines=_lines(insight),
        chatter=Counter(CHATTER[part.kind] for part in insight.answer.chatter),
        most=MOST_LISTED,
    )


def _mistake(confusion: Confusion) -> Mistake:
    return Mistake(confusion, places_of(confusion.places))


def places_of(places: Sequence[Place]) -> str:
    """Offsets for the browser; where nothing was read, the place between two characters."""
    return ",".join(f"{place.hyp_start}-{place.hyp_end}" for place in places)


def _lines(insight: Insight) -> list[tuple[LineFate, list[LineMatch]]]:
    """Lines that are not in their place, by what became of them."""
    if insight.lines is None:
        return []
    fates: tuple[LineFate, ...] = ("missing", "invented", "repeated", "moved")
    found = {fate: [line for line in insight.lines.lines if line.fate == fate] for fate in fates}
    return [(fate, lines) for fate, lines in found.items() if lines]
