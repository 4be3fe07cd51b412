"""What screens fill templates with, and a reading as the browser draws it. SECURITY: every value is escaped.

Shared pages draw `playground.panel`'s pieces on the server. On the Compare screen the browser draws, from short lists
of numbers: the texts are there already, and building a hundred thousand elements on the server takes six times as long
as counting the errors.

The walk through places where all engines agree against the reference is the same desk as for disputes
(`settling.html`); what it writes goes into the text box that `target` finds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Protocol

from jinja2 import Environment
from markupsafe import Markup

from engines.catalogue import MARK
from engines.contract import Level, Reading
from engines.languages import language_name
from engines.pricing import about, dollars, in_words
from metrics.comparing_texts import DiffSpan, TextComparison, painted
from metrics.normalising import Rules
from metrics.reference_free import AgreedAgainst, DisputedSpan
from playground.boxes import PlacedReadings, lend_boxes, place_regions
from playground.engine_runs import EngineRun, readings_of
from playground.panel import disputed_pieces
from playground.scoring import conventions_in_words
from playground.together import Doubt
from translations import _, language, sentences_of, wording
from translations.templates import templates_in

HERE = Path(__file__).parent
STATIC = HERE / "static"
APP_STYLE = (
    "tokens.css",
    "shell.css",
    "answer.css",
    "style.css",
    "arriving.css",
    "compare.css",
    "drawer.css",
    "insights.css",
    "disputes.css",
    "sharing.css",
    "evaluate.css",
    "engines.css",
)
APP_SCRIPT = (
    "wording.js",
    "fetch.js",
    "document_changes.js",
    "keeping.js",
    "drawer.js",
    "script.js",
    "arriving.js",
    "paint.js",
    "lines.js",
    "insights.js",
    "disputes.js",
    "risk.js",
    "sharing.js",
    "engines.js",
)
SHARED_STYLE = ("tokens.css", "answer.css", "shared.css")

percent = partial(wording.percent, unit="")
"""Screens set the sign in smaller type, or leave it out."""


@cache
def _environment() -> Environment:
    environment = templates_in(HERE / "templates")
    environment.filters |= {
        "percent": percent,
        "usd": dollars,
        "in_words": in_words,
        "about": about,
        "seconds": wording.in_seconds,
        "points": points,
        "shown": shown,
        "language": language_name,
        "conventions": conventions_in_words,
        "day": wording.day,
        "moment": wording.moment,
    }
    environment.globals |= {"mark": MARK, "spoken": language}
    return environment


def render(template: str, **values: object) -> str:
    """Fill a template of `ui/templates`; every value is escaped."""
    return _environment().get_template(template).render(**values)


class LaidOut(str):
    """What stands on a screen that is laid out once for all, in English, and how it is drawn for one visitor."""

    __slots__ = ("draw",)
    draw: Callable[[], str]


def laid_out(template: str, **values: object) -> LaidOut:
    """As `render`, for the first value of a component: `ui.first_paint` draws it in the language of whoever comes."""
    return drawn_by(partial(render, template, **values))


def drawn_by(draw: Callable[[], str]) -> LaidOut:
    """As `laid_out`, of whatever else says a sentence or more."""
    drawn = LaidOut(draw())
    drawn.draw = draw
    return drawn


@cache
def page_head(spoken: str) -> Markup:
    """Our own style sheet and script for the page's head: Gradio rewrites rules given any other way.

    Of a language, which is the one that is spoken here and now.
    """
    style, script = own_files("fonts.css", *APP_STYLE), own_files(*APP_SCRIPT)
    wording = {"language": spoken, "sentences": sentences_of("ui/static/")}
    return Markup(render("head.html", style=style, script=script, wording=wording))  # noqa: S704 - our own template


def own_files(*names: str) -> Markup:
    """Style sheets or scripts of `ui/static`, one after the other."""
    return Markup("\n".join((STATIC / name).read_text(encoding="utf-8") for name in names))  # noqa: S704 - our own files


def shown(text: str) -> str:
    """A few characters so that people see them: spaces have a sign, and nothing is ∅."""
    return text.replace(" ", "␣").replace("\n", "⏎") or "∅"


def points(polygon: tuple[tuple[float, float], ...]) -> str:
    """A polygon as SVG wants it; whole pixels are finer than any screen shows."""
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in polygon)


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
