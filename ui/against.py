"""Where all engines agree against the reference: a walk through these places with the ink, to keep or to take each.

The same desk as for disputes (`settling.html`); what it writes goes into the text box that `target` finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from metrics.normalising import Rules
from metrics.reference_free import AgreedAgainst
from playground.boxes import PlacedReadings, lend_boxes
from playground.engine_runs import EngineRun, readings_of
from translations import _
from ui.html import render


class Stretch(Protocol):
    """Anything that stands at text[start:end]."""

    @property
    def start(self) -> int:
        """Its first letter."""

    @property
    def end(self) -> int:
        """Where it has ended."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The page as the browser gets it, and its size in the pixels that boxes are in."""

    address: str
    width: int
    height: int


def against_html(
    found: Sequence[AgreedAgainst], runs: Iterable[EngineRun], reference: str, rules: Rules, ink: Ink, target: str
) -> str:
    """The walk through these places; `target` is a selector."""
    runs = tuple(runs)
    lent = lend_boxes({run.engine_id: run for run in runs}, rules).runs
    placed = PlacedReadings(readings_of(lent.values()))
    return render(
        "settling.html",
        kind="against",
        target=target,
        address=ink.address,
        width=ink.width,
        height=ink.height,
        items=json.dumps([_item(number, place, placed) for number, place in enumerate(found)]),
        places=len(found),
        lines=[pieces_of(reference, list(enumerate(found)))],
    )


def _item(number: int, place: AgreedAgainst, placed: PlacedReadings) -> object:
    """The first is what holds unless somebody says otherwise."""
    box = placed.box_around(place.places)
    variants = [
        {"text": place.written, "who": _("your reference: keep it")},
        {"text": place.read, "who": _("all {n} engines: take it", n=len(place.places))},
    ]
    corners = [box.left, box.top, box.right, box.bottom] if box else None
    return {"kind": "against", "numbers": [number], "variants": variants, "box": corners}


def pieces_of(text: str, places: Sequence[tuple[int, Stretch]]) -> list[tuple[int, str, bool]]:
    """A text whole, cut where one of the numbered places begins or ends: joined again it is the text."""
    pieces: list[tuple[int, str, bool]] = []
    done = 0
    for number, place in places:
        pieces += [(-1, text[done : place.start], False)] if done < place.start else []
        pieces.append((number, text[place.start : place.end], True))
        done = place.end
    return [*pieces, (-1, text[done:], False)] if done < len(text) else pieces
