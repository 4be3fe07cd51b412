"""Can I trust it? Three questions to engines that have read a page: their plan, its price, and what the runs say.

Runs no engine itself. What is read are the pages of `probes`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.pricing import Charge, estimated, together
from metrics.error_rate import cer
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.reference_free import disagreement_matrix
from playground.comparing import billing_day
from playground.engine_runs import EngineRun
from playground.panel import Figure
from playground.probes import (
    DAMAGES,
    REPEATS,
    Canary,
    Probe,
    Trap,
    Verdict,
    canaries_for,
    damaged,
    judge,
    repeats_of,
)
from translations import N_, _

TRUST = N_("Trust")
Question = Literal["invent", "repeat", "endure"]
P = TypeVar("P", Canary, Probe)
ENDURED = 0.05
"""So much of the characters may go wrong on a careless scan beyond those that did on the page as it is."""

UNREADABLE = 0.3
"""With so many characters wrong, five of six words of five letters are."""


@dataclass(frozen=True, slots=True)
class Point:
    """One engine under one condition; no rate where it did not read."""

    condition: str
    rate: float | None


@dataclass(frozen=True, slots=True)
class Steadiness:
    """One engine's readings of the same pixels; `mean_difference` is that of all pairs, 0 where all are alike."""

    engine: str
    readings: int
    different_texts: int
    mean_difference: float


@dataclass(frozen=True, slots=True)
class TrapAnswer:
    """One engine before one trap; `own` if it was made from the page itself rather than taken from the samples."""

    trap: Trap
    own: bool
    verdict: Verdict | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What one question says of one engine in a word, to be said by `_`, which is for whoever did not pass."""

    passed: bool
    word: str


def trust_figure(marks: Sequence[Mark], rate: float | None) -> Figure:
    """How many questions an engine passed, and what it does where it did not; `rate` is its CER on the page, if known.

    To pass is no merit in an engine that misreads the page anyhow: a blank strip left blank, nonsense read as nonsense.
    """
    failed = [_(mark.word) for mark in marks if not mark.passed]
    if not failed and rate is not None and rate >= UNREADABLE:
        return Figure(TRUST, "", _("reads too badly to tell"))
    passed = _("{n} of {all}", n=len(marks) - len(failed), all=len(marks))
    return Figure(TRUST, passed, ", ".join(failed) or _("passed"))


@dataclass(frozen=True, slots=True)
class TrustAnswers:
    """`trust --json`: one page; a question that was not asked is null. `readings` counts them all."""

    page: str
    readings: int
    failed: int
    has_reference: bool
    invented: Mapping[str, tuple[TrapAnswer, ...]] | None = None
    repeated: tuple[Steadiness, ...] | None = None
    endured: Mapping[str, tuple[Point, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the page when a question is asked: who has read it, and what it says if anybody knows."""

    page: PageImage
    readings: Mapping[str, Reading]
    reference: str
    rules: Rules

    @property
    def texts(self) -> Mapping[str, str]:
        """The readings' texts."""
        return {engine_id: reading.text for engine_id, reading in self.readings.items()}


class Inquiry(ABC, Generic[P]):
    """One question, asked once: planned when it is made, then run, then answered."""

    further: ClassVar[int]
    """How many more pages it takes, known before there is a plan."""
    told_as: ClassVar[str]
    """The field of `TrustAnswers` for its answer."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.probes: Sequence[P] = self._plan()
        self.runs: list[tuple[P, EngineRun]] = []

    def price(self, specs: Sequence[EngineSpec], task: ReadingTask) -> Charge:
        """What the plan is likely to cost."""
        return price(specs, [probe.page for probe in self.probes], task)

    def run(self, read: Callable[[PageImage], Iterable[EngineRun]]) -> Iterator[P]:
        """Read page after page; each is told before it is read."""
        for probe in self.probes:
            yield probe
            self.runs += [(probe, run) for run in read(probe.page)]

    @abstractmethod
    def _plan(self) -> Sequence[P]:
        """The pages to read."""

    @abstractmethod
    def answer(self) -> object:
        """What the runs say."""

    @abstractmethod
    def marks(self) -> Mapping[str, Mark]:
        """What they say of each engine that read anything; of another nobody knows."""


class DoesItInvent(Inquiry[Canary]):
    """Traps, each for words that are not on the page."""

    further, told_as = len(get_args(Trap)), "invented"

    def _plan(self) -> tuple[Canary, ...]:
        return canaries_for(self.asked.page, self.asked.readings)

    def answer(self) -> Mapping[str, tuple[TrapAnswer, ...]]:
        return inventions(self.runs)

    def marks(self) -> Mapping[str, Mark]:
        told = {engine_id: [one for one in found if one.verdict] for engine_id, found in self.answer().items()}
        return {
            engine_id: Mark(not any(one.words for one in answers), N_("invents"))
            for engine_id, answers in told.items()
            if answers
        }


class IsItTheSame(Inquiry[Probe]):
    """The same page several times more."""

    further, told_as = REPEATS, "repeated"

    def _plan(self) -> tuple[Probe, ...]:
        return repeats_of(self.asked.page)

    def answer(self) -> tuple[Steadiness, ...]:
        return steadiness(self.asked.texts, (run for _probe, run in self.runs), self.asked.rules)

    def marks(self) -> Mapping[str, Mark]:
        return {one.engine: Mark(not one.mean_difference, N_("varies")) for one in self.answer() if one.readings > 1}


class DoesItEndure(Inquiry[Probe]):
    """The page as careless scans might have it."""

    further, told_as = len(DAMAGES), "endured"

    def _plan(self) -> tuple[Probe, ...]:
        return damaged(self.asked.page)

    def answer(self) -> Mapping[str, tuple[Point, ...]]:
        runs = [(probe.name, run) for probe, run in self.runs]
        return endurance(self.asked.texts, runs, self.asked.reference, self.asked.rules)

    def marks(self) -> Mapping[str, Mark]:
        found = {}
        for engine_id, (first, *others) in self.answer().items():
            rates = [point.rate for point in others if point.rate is not None]
            if rates:
                found[engine_id] = Mark(max(rates) - (first.rate or 0.0) <= ENDURED, N_("fragile"))
        return found


INQUIRIES: Mapping[Question, type[Inquiry[Any]]] = {
    "invent": DoesItInvent,
    "repeat": IsItTheSame,
    "endure": DoesItEndure,
}


def price(specs: Iterable[EngineSpec], pages: Sequence[PageImage], task: ReadingTask) -> Charge:
    """What reading all pages with all engines is likely to cost."""
    return together(estimated(spec, page, task, billing_day()) for spec in specs for page in pages)


def inventions(runs: Iterable[tuple[Canary, EngineRun]]) -> Mapping[str, tuple[TrapAnswer, ...]]:
    """Engine by engine what it made of each trap; no verdict where it did not read."""
    found: dict[str, list[TrapAnswer]] = defaultdict(list)
    for canary, run in runs:
        caught = judge(canary, run.transcription.text) if run.transcription else None
        verdict, words = (caught.verdict, caught.words) if caught else (None, ())
        found[run.engine_id].append(TrapAnswer(canary.trap, canary.own, verdict, words))
    return {engine_id: tuple(answers) for engine_id, answers in found.items()}


def steadiness(
    before: Mapping[str, str], again: Iterable[EngineRun], rules: Rules = DEFAULT_RULES
) -> tuple[Steadiness, ...]:
    """How far the readings of each engine lie apart, the steadiest first."""
    texts = {engine_id: [text] for engine_id, text in before.items()}
    for engine_id, reading in ((run.engine_id, run.transcription) for run in again):
        if reading is not None:
            texts[engine_id].append(reading.text)
    found = (Steadiness(i, len(own), len(set(own)), spread(own, rules)) for i, own in texts.items())
    return tuple(sorted(found, key=lambda one: one.mean_difference))


def endurance(
    before: Mapping[str, str],
    after: Sequence[tuple[str, EngineRun]],
    reference: str,
    rules: Rules = DEFAULT_RULES,
) -> Mapping[str, tuple[Point, ...]]:
    """Engine by engine the CER under each condition, the first as it is.

    Without a reference: how far a reading lies from the engine's own of the undamaged page.
    """
    points: dict[str, list[Point]] = defaultdict(list)

    def rate(engine_id: str, text: str) -> float | None:
        if reference.strip():
            return cer(reference, text, rules).rate
        (pair,) = disagreement_matrix({"before": before[engine_id], "after": text}, rules)
        return pair.rate

    for engine_id, text in before.items():
        points[engine_id].append(Point(N_("as it is"), rate(engine_id, text)))
    for condition, run in after:
        again = run.transcription
        points[run.engine_id].append(Point(condition, None if again is None else rate(run.engine_id, again.text)))
    return {engine_id: tuple(found) for engine_id, found in points.items()}


def spread(readings: Sequence[str], rules: Rules = DEFAULT_RULES) -> float:
    """How far readings of the same page by one engine lie apart: mean disagreement of all pairs, 0 for one reading."""
    if len(readings) < 2:
        return 0.0
    numbered = {str(number): text for number, text in enumerate(readings)}
    rates = [pair.rate for pair in disagreement_matrix(numbered, rules)]
    return fmean(rates)
