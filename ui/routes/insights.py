"""What went wrong, on demand: the browser posts readings and reference when details are opened.

Stateless, so that opening details never waits for a comparison and typing never pays for details nobody looks at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from engines.languages import language_code
from metrics.answer import PartKind
from metrics.comparing_texts import Confusion, Place
from metrics.error_rate import Assumptions, CorrectionTrial, seconds_per_edit
from metrics.line_matching import LineFate, LineMatch
from metrics.normalising import Rules
from metrics.reference_free import FEWEST_FOR_A_GUESS
from metrics.silent_corrections import Rewording
from playground.host.admission import Apart
from playground.insight import Insight, insight_of, shares
from playground.verdict import Uncorrected, corrected, sampled
from translations import N_, _
from translations.wording import listed
from ui.html import render
from ui.routes.downloads import HEADERS

MOST_LETTERS = 20_000
"""Of one text: several pages full of writing. Random words of that length take three seconds."""
MOST_TEXTS = 100
"""Every engine there is, and who was brought along; each is held against the reference."""
MOST_TYPED_LINES = 300
MOST_SAID = 10**9
"""Of anything that is counted, paid or waited for."""
SLOWEST = 0.001
"""Characters that anybody reads or types in a second."""
Asked = TypeVar("Asked", bound="Question")


class Question(Protocol):
    """What is asked."""

    @property
    def texts(self) -> Sequence[str]:
        """Everything that is as long as a page can be."""

    @property
    def makes_sense(self) -> bool:
        """Whether there is an answer."""


@dataclass(frozen=True, slots=True)
class InsightRequest:
    """What a panel knows of itself."""

    reference: str
    hypothesis: str
    rules: Rules
    language: str = ""
    others: tuple[str, ...] = ()

    @property
    def texts(self) -> Sequence[str]:
        return (self.reference, self.hypothesis, *self.others)

    @property
    def makes_sense(self) -> bool:
        return language_code(self.language) is not None


@dataclass(frozen=True, slots=True)
class PartialRequest:
    """Some lines of the page, and every reading by the engine's label."""

    reference: str
    readings: dict[str, str]
    rules: Rules

    @property
    def texts(self) -> Sequence[str]:
        return (self.reference, *self.readings.values())

    @property
    def makes_sense(self) -> bool:
        return True


def insights_routes(apart: Apart) -> list[Route]:
    """To be mounted in the app."""
    return [
        Route("/inkquest/insight", partial(_answer, InsightRequest, partial(_insight, apart)), methods=["POST"]),
        Route("/inkquest/partial", partial(_answer, PartialRequest, partial(_partial, apart)), methods=["POST"]),
        Route("/inkquest/correction", partial(_answer, CorrectionRequest, correction_html), methods=["POST"]),
    ]


async def _answer(asks: type[Asked], html: Callable[[Asked], str], request: Request) -> Response:
    try:
        asked = TypeAdapter(asks).validate_json(await request.body())
    except ValidationError:
        return Response("Send the texts and the rules as JSON.", 400, headers=HEADERS)
    if len(asked.texts) > MOST_TEXTS or any(len(text) > MOST_LETTERS for text in asked.texts):
        return Response(_("This text is too long to look into."), 413, headers=HEADERS)
    if not asked.makes_sense:
        return Response("Send a language by its code, and assumptions above nothing.", 400, headers=HEADERS)
    return HTMLResponse(await run_in_threadpool(html, asked), headers=HEADERS)


def _partial(apart: Apart, asked: PartialRequest) -> str:
    if len(asked.reference.splitlines()) > MOST_TYPED_LINES:
        return render("problem.html", message=_("These are too many lines for a sample of the page."))
    if sum(map(len, asked.readings.values())) > 2 * MOST_LETTERS:
        long = _("These readings are too long to be set against a sample of the page.")
        return render("problem.html", message=long)
    sample = apart.run(_letters(asked), sampled, asked.reference, asked.readings, asked.rules)
    return render("partial.html", sample=sample, fewest=FEWEST_FOR_A_GUESS)


def _insight(apart: Apart, asked: InsightRequest) -> str:
    readings = (asked.hypothesis, *asked.others)
    texts = asked.reference, asked.hypothesis, asked.rules
    return insight_html(apart.run(_letters(asked), insight_of, *texts, language=asked.language, readings=readings))


def _letters(asked: Question) -> int:
    return sum(map(len, asked.texts))


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """Everything the estimate rests on; `trial` is what was measured while somebody corrected a reading here."""

    characters: int
    engines: tuple[Uncorrected, ...]
    assumed: Assumptions
    trial: CorrectionTrial | None = None

    @property
    def texts(self) -> Sequence[str]:
        return [engine.label for engine in self.engines]

    @property
    def makes_sense(self) -> bool:
        numbers = [self.characters, *astuple(self.assumed), *(astuple(self.trial) if self.trial else ())]
        numbers += [number for engine in self.engines for number in (engine.edits, engine.price or 0)]
        slowest = min(self.assumed.characters_read_per_second, self.assumed.characters_typed_per_second)
        return slowest >= SLOWEST and all(0 <= one <= MOST_SAID for one in numbers)


def correction_html(asked: CorrectionRequest) -> str:
    """The table, cheapest first, which of them cost more than typing the page anew, and what was measured."""
    measured = seconds_per_edit(asked.trial, asked.assumed) if asked.trial else None
    found = corrected(asked.characters, asked.engines, asked.assumed)
    dearer = listed(found.dearer_than_typing)
    return render("correction.html", correction=found, dearer=dearer, trial=asked.trial, measured=measured)


MOST_CONFUSIONS = 10
MOST_LISTED = 6
CHATTER: dict[PartKind, str] = {
    "reasoning": N_("thinking aloud"),
    "preamble": N_("a preamble"),
    "heading": N_("a heading"),
    "fence": N_("a code fence or rule"),
    "label": N_("a label of a place on the page"),
    "illegible": N_("a mark for what cannot be read"),
    "doubt": N_("a mark of doubt"),
    "remark": N_("a remark"),
    "refusal": N_("a refusal"),
}


REWRITTEN: dict[Rewording, str] = {
    "date": N_("date rewritten"),
    "number": N_("number rewritten"),
    "unit": N_("unit rewritten"),
    "abbreviation": N_("abbreviation rewritten"),
    "spelling": N_("spelling rewritten"),
}
FATES: dict[LineFate, str] = {
    "missing": N_("missing"),
    "misread": N_("misread"),
    "invented": N_("invented"),
    "repeated": N_("repeated"),
    "moved": N_("out of order"),
}
"""What becomes of lines that are not in their place."""


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
        mistakes=[_mistake(confusion) for confusion in insight.confusions[:MOST_CONFUSIONS]],
        lines=_lines(insight),
        chatter=Counter(CHATTER[part.kind] for part in insight.chatter),
        rewritten=REWRITTEN,
        most=MOST_LISTED,
    )


def _mistake(confusion: Confusion) -> Mistake:
    return Mistake(confusion, places_of(confusion.places))


def places_of(places: Sequence[Place]) -> str:
    """Offsets for the browser; where nothing was read, the place between two characters."""
    return ",".join(f"{place.hyp_start}-{place.hyp_end}" for place in places)


def _lines(insight: Insight) -> list[tuple[str, list[LineMatch]]]:
    """Lines that are not in their place, by what became of them in a word."""
    if insight.lines is None:
        return []
    found = {word: [line for line in insight.lines.lines if line.fate == fate] for fate, word in FATES.items()}
    return [(word, lines) for word, lines in found.items() if lines]
