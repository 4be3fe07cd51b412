"""What programs may ask for, whichever way they come: compare, score, list engines and languages, as JSON values.

Knows nothing of Gradio and of MCP. SECURITY: everything runs behind the same guard as the screens.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from threading import Event

from anyio import CapacityLimiter

from engines.contract import EngineSpec, PageImage
from engines.languages import language_code, language_name
from engines.page_orientation import turned
from engines.registry import languages_of
from metrics.normalising import DEFAULT_RULES, Rules
from playground.documents import engine_document, plain, read_document, score_document
from playground.engine_runs import readings_of, with_turn
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from playground.host.hosting import Hosting
from playground.offer import Offer
from playground.scoring import CONVENTIONS, RULES, conventions_of, rules_of, score_runs, task_for, ticks_of
from playground.uploads import OwnReading, UploadRefused, accept, accept_page, accept_reading, refuse_namesakes

MOST_LETTERS = 100_000
"""Of a text to score: a book's chapter."""
STRANGERS_LETTERS = 30_000
"""Where strangers visit: twelve pages. It grows with the square: three seconds of a core, and half a minute for all."""
USUAL_RULES = tuple(ticks_of(DEFAULT_RULES))

PURPOSES = {
    "compare": (
        "Read one page with several engines at once. Gives each engine's text, boxes, seconds, cost and failure; with "
        "a reference also CER, WER and what went wrong; without one how far the engines agree."
    ),
    "score": "Count the errors of a text against its reference: CER, WER and what went wrong. No engine runs.",
    "engines": "List the engines of this host: what each is, costs and needs, and whether it is ready.",
    "languages": "List the languages that a ready engine knows, and which engines take any or do not say.",
}
"""What each is for: what the page "Use via API" and MCP say."""

ANSWERS = {
    "compare": "The page, what was asked, a run for each engine, scores or agreement: as `read --json` writes them.",
    "score": "CER, WER, the kinds of errors and every stretch of both texts: as `score --json` writes them.",
    "engines": "A list of engines: id, vendor, price, what it needs and whether it is ready.",
    "languages": "Languages with the engines that know them, and the engines that take any or do not say.",
}
"""What comes back."""

KINDS = "PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC, AVIF or PDF"
IMAGE = f"The page: {KINDS}. Naming a cloud engine sends it to that company."
PAGE_NUMBER = "Which page of a PDF or a TIFF with several, counted from 1. 0: the file has only one."
ENGINES = "Ids of engines, as `engines` lists them. None: those that need neither key nor download."
REFERENCE = "What the page really says, line by line. Empty: the engines are set against each other."
HYPOTHESIS = "The text to be scored."
LANGUAGE_CODE = "Of the writing: a code such as en, de or zh-Hant; see `languages`. Empty: the text tells."
CONVENTION = "How the page is to be transcribed; drives the prompt and the scoring together. None: exactly as written."
READINGS = (
    'Readings made elsewhere, to stand beside them: a list of {"name": ..., "text": ...}, and "usd" if known. The text '
    "may be all of an hOCR, ALTO or PAGE file, or a vendor's JSON."
)
RULE = "What counts as an error: the rules that are on; all others are off."

THREADS = CapacityLimiter(math.inf)
"""Not Gradio's: who waits for a turn must not keep the screens waiting. Admission bounds how many wait."""

MOST_OWN = 20
SHAPE = 'Give readings as a list of {"name": "who read", "text": "what was read"}, "usd" if it is known, '

Json = dict[str, object]
_PAGE_NUMBER = re.compile(r"[0-9]{1,6}")


class Refused(Exception):
    """What was asked for cannot be done; the message is a sentence for whoever wrote the program."""


@dataclass(frozen=True, slots=True)
class Page:
    """An image or PDF as it came, its name, and which of its pages is meant, from 1; 0 for the only one."""

    data: bytes
    name: str
    number: int = 0

    def accepted(self) -> PageImage:
        """Its pixels; raises `UploadRefused`."""
        return accept_page(self.data, self.name, self.number).page if self.number else accept(self.data, self.name)

    def __str__(self) -> str:
        """As the command line asks for it."""
        return f"{self.name}:{self.number}" if self.number else self.name


@dataclass(frozen=True, slots=True)
class Programs:
    """The four questions. All may raise `Refused`."""

    offer: Offer
    hosting: Hosting

    def compare(
        self,
        page: Page | None,
        visitor: Visitor,
        engines: Sequence[str] = (),
        reference: str = "",
        language: str = "",
        conventions: Sequence[str] = (),
        rules: Sequence[str] = USUAL_RULES,
        readings: object = (),
    ) -> Json:
        """The document of `python -m playground read --json`; `readings` were made elsewhere, as JSON values.

        A page that certainly lies wrong is turned: `page.turned` says by how much, and boxes are those of it upright.

        Whoever names a cloud engine in a call means that its company gets the page.
        """
        if page is None:
            raise Refused("Send an image of the page.")
        asked = conventions_of(_known(conventions, CONVENTIONS, "convention"))
        counted = asked.rules(_rules(rules)) if conventions else _rules(rules)
        own = own_readings(readings)
        named = engines or (() if own else self.offer.ready_without_keys())
        specs = [self._spec(engine_id) for engine_id in dict.fromkeys(named)]
        if not specs and not own:
            raise Refused("No engine is ready here without a key. Name engines, as `engines` lists them.")
        code = _language(language)
        self._refuse_long(reference)
        self._refuse_long(*(one.foreign.reading.text for one in own), together=MOST_LETTERS)
        stop = Event()
        try:
            with self.hosting.decoding.turn(visitor.payer, stop):
                as_sent = page.accepted()
                lay = self.offer.orientation.find(as_sent)
            accepted = turned(as_sent, lay.done)
            task = task_for(accepted, code, self.offer.settings.limits.deadline_seconds, asked)
            self.hosting.guard.consents.agree(visitor.session, {spec.vendor for spec in specs}, visitor.payer)
            runs = list(self.hosting.guard.compare(specs, accepted, task, visitor, stop=stop, on_gpu=self.offer.on_gpu))
            runs = [with_turn(run, lay.done) for run in runs] + [one.run_on(accepted, lay.done) for one in own]
            letters = len(reference) + sum(len(reading.text) for reading in readings_of(runs).values())
            count, laid = self.hosting.apart.run, replace(accepted, png=b"")
            # SECURITY: what was brought along may be many times as long as a page.
            with self.hosting.answering.turn(visitor.payer, stop) if own else nullcontext():
                scores = count(letters, score_runs, runs, reference, counted) if reference.strip() else None
                return plain(count(letters, read_document, str(page), laid, task, runs, scores, turned=lay.done))
        except (UploadRefused, NoRoom) as refusal:
            raise Refused(str(refusal)) from None

    def score(
        self,
        reference: str,
        hypothesis: str,
        visitor: Visitor,
        rules: Sequence[str] = USUAL_RULES,
        language: str = "",
    ) -> Json:
        """The document of `python -m playground score --json`."""
        counted, language = _rules(rules), _language(language)
        self._refuse_long(reference, hypothesis)
        try:
            with self.hosting.answering.turn(visitor.payer, Event()):
                letters = len(reference) + len(hypothesis)
                return plain(self.hosting.apart.run(letters, score_document, reference, hypothesis, counted, language))
        except NoRoom as refusal:
            raise Refused(str(refusal)) from None

    def engines(self) -> list[Json]:
        """The documents of `python -m playground engines --json`."""
        offered = map(self.offer.offered, self.offer.specs)
        return [plain(engine_document(one.spec, one.availability)) for one in offered]

    def languages(self) -> Json:
        """Languages by name with the engines that are ready and know them, and the engines that say nothing of any."""
        ready = [spec for spec in self.offer.specs if self.offer.missing(spec) is None]
        found = {spec.id: languages_of(spec) for spec in ready}
        codes = sorted({code for one in found.values() for code in one.codes}, key=language_name)
        return {
            "languages": [
                {
                    "code": code,
                    "name": language_name(code),
                    "engines": [engine_id for engine_id, one in found.items() if code in one.codes],
                }
                for code in codes
            ],
            "any": [engine_id for engine_id, one in found.items() if one.kind == "any"],
            "unstated": [engine_id for engine_id, one in found.items() if one.kind == "unstated"],
        }

    def _refuse_long(self, *texts: str, together: float = math.inf) -> None:
        most = STRANGERS_LETTERS if self.offer.settings.public else MOST_LETTERS
        if any(len(text) > most for text in texts):
            raise Refused(f"A text may have {most:,} characters at most. Score a part of it.")
        if sum(map(len, texts)) > together:
            raise Refused(f"These texts may have {together:,} characters together. Leave some out.")

    def _spec(self, engine_id: str) -> EngineSpec:
        try:
            return self.offer.spec(engine_id)
        except KeyError as error:
            raise Refused(str(error.args[0])) from None


def text_said(said: object, what: str) -> str:
    """A text; raises `Refused` for anything else."""
    if not isinstance(said, str):
        raise Refused(f"Give {what} as one text.")
    return said


def names_said(said: object, what: str) -> list[str]:
    """Names in a list, or one alone; raises `Refused` for anything else."""
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refused(f"Give {what} as a list of names.")
    return names


def page_number(said: object) -> int:
    """Which page of a file, from 1, and 0 where nothing was said; raises `Refused`."""
    number = "0" if said is None else str(said)
    if not _PAGE_NUMBER.fullmatch(number):
        raise Refused(f"{number[:40]!r} is no number of a page. Pages are counted from 1.")
    return int(number)


def own_readings(given: object) -> tuple[OwnReading, ...]:
    """Readings that were made elsewhere, as a program sends them; raises `Refused`."""
    listed = list(given) if isinstance(given, list | tuple) else None if given else []
    if listed is None or len(listed) > MOST_OWN:
        raise Refused(f"{SHAPE}and at most {MOST_OWN}.")
    try:
        own = tuple(map(_own_reading, listed))
        refuse_namesakes(own)
    except UploadRefused as refusal:
        raise Refused(str(refusal)) from None
    return own


def _own_reading(given: object) -> OwnReading:
    match given:
        case {"name": str(name), "text": str(text), **rest} if name.strip() and rest.keys() <= {"usd"}:
            usd = rest.get("usd")
            if usd is None or (isinstance(usd, int | float) and math.isfinite(usd) and usd >= 0):
                return OwnReading(name, accept_reading(text.encode("utf-8", "replace")), usd)
    raise Refused(f"{SHAPE}and nothing else.")


def _rules(labels: Sequence[str]) -> Rules:
    return rules_of(_known(labels, RULES, "rule"))


def _known(labels: Sequence[str], known: Iterable[str], what: str) -> Sequence[str]:
    for label in labels:
        if label not in known:
            raise Refused(f"There is no {what} {label[:60]!r}. Choose from: {', '.join(known)}.")
    return labels


def _language(said: str) -> str:
    code = language_code(said)
    if code is None:
        raise Refused(f"{said[:40]!r} is no language code. Say one such as en, de or zh-Hant.")
    return code
