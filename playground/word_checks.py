"""How likely each word of each answer about a page is wrong, and which to look at first. Needs no reference.

For what the engines read together, for one engine's answer among others, and for an answer that stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from engines.contract import EngineSpec, Reading
from metrics.consensus import Consensus, ConsensusWord, as_read
from metrics.normalising import Rules
from metrics.word_risk import ALONE, AMONG_OTHERS, FITTED, Signs, WordConfidence, can_promise, signs_of, words_to_check
from metrics.wording import listed
from playground.boxes import lend_boxes, word_confidences
from playground.engine_runs import EngineRun, readings_of, texts_of, votes_of
from playground.insight import vocabulary
from playground.together import LABEL, TOGETHER, families_of, together_of
from translations import _

WORTH_A_LOOK = 0.1
"""A person who looks at words that are hardly ever wrong stops looking."""


@dataclass(frozen=True, slots=True)
class OtherWay:
    """What other engines have in a word's place; nothing where they have nothing."""

    text: str
    labels: str


@dataclass(frozen=True, slots=True)
class WordAtRisk:
    """A word of an answer, how likely it is wrong, and what that rests on."""

    word: ConsensusWord
    risk: float
    reason: str
    others: tuple[OtherWay, ...]


@dataclass(frozen=True, slots=True)
class AnswerAtRisk:
    """An answer's words in order. Places of words point into the texts of `readings`.

    `to_check` are numbers of words, the riskiest first, until of all others one in a hundred is expected to be wrong,
    or none of them is wrong more often than one time in ten.
    """

    reader: str
    label: str
    text: str
    words: tuple[WordAtRisk, ...]
    to_check: tuple[int, ...]
    readings: Mapping[str, Reading]
    promises: bool
    """Whether the engines agree enough for `left`; an answer that stands alone has nobody to agree with."""

    @property
    def expected(self) -> float:
        """The share of the words that is expected to be wrong."""
        return fmean(word.risk for word in self.words) if self.words else 0.0

    @property
    def left(self) -> float | None:
        """The same of the words that are not to check; None where the engines agree too little to tell."""
        if not self.promises:
            return None
        checked = set(self.to_check)
        rest = [word.risk for number, word in enumerate(self.words) if number not in checked]
        return fmean(rest) if rest else 0.0


def likeliest(answers: Iterable[AnswerAtRisk]) -> AnswerAtRisk | None:
    """The answer that is best to start from: what the engines read together, or else the least risky one."""
    return min(answers, key=lambda answer: (answer.reader != TOGETHER, answer.expected), default=None)


def answers_at_risk(
    runs: Iterable[EngineRun], specs: Mapping[str, EngineSpec], rules: Rules, language: str
) -> tuple[AnswerAtRisk, ...]:
    """What the engines read together first, where there is that, then the answer of each that read."""
    runs = tuple(runs)
    texts = texts_of(runs)
    lent = readings_of(lend_boxes({run.engine_id: run for run in runs}, rules).runs.values())
    families, labels = families_of(texts, specs), {reader: specs[reader].label for reader in texts if reader in specs}
    about = _Page(families, labels, language)
    found = []
    together = together_of(runs, specs, rules)
    if not isinstance(together, str):
        voting = votes_of(texts)
        heard = {reader: replace(lent[reader], text=text) for reader, text in voting.items()}
        found.append(about.answer(TOGETHER, together.consensus, heard))
    read = {reader: lent[reader] for reader in texts}
    return (*found, *(about.answer(reader, own, read) for reader, own in as_read(texts, families, rules).items()))


@dataclass(frozen=True, slots=True)
class _Page:
    families: Mapping[str, str]
    labels: Mapping[str, str]
    language: str

    def answer(self, reader: str, words: Consensus, readings: Mapping[str, Reading]) -> AnswerAtRisk:
        model = FITTED if reader == TOGETHER else AMONG_OTHERS if len(readings) > 1 else ALONE
        signs = signs_of(words, self.families, vocabulary(self.language), confidences_of(readings))
        risks = model.risks(signs)
        found = tuple(
            WordAtRisk(word, risk, _reason(word, of, self.labels), self._others(word, readings))
            for word, risk, of in zip(words.words, risks, signs, strict=True)
        )
        label = _(LABEL) if reader == TOGETHER else self.labels.get(reader, reader)
        promises = len(readings) < 2 or can_promise(signs)
        to_check = tuple(number for number in words_to_check(risks) if risks[number] >= WORTH_A_LOOK)
        return AnswerAtRisk(reader, label, words.text, found, to_check, readings, promises)

    def _others(self, word: ConsensusWord, readings: Mapping[str, Reading]) -> tuple[OtherWay, ...]:
        said: dict[str, list[str]] = {}
        for place in word.places:
            text = readings[place.reader].text[place.start : place.end]
            if place.reader not in word.readers and text != word.text:
                said.setdefault(text, []).append(self.labels.get(place.reader, place.reader))
        return tuple(OtherWay(text, listed(who)) for text, who in said.items())


def confidences_of(readings: Mapping[str, Reading]) -> dict[str, list[WordConfidence]]:
    """What each engine said of its own words, in order; nothing where it gives no confidences."""
    return {reader: _spans(reading) for reader, reading in readings.items()}


def _spans(reading: Reading) -> list[WordConfidence]:
    given = word_confidences(reading)
    ends = {match.start(): match.end() for match in re.finditer(r"\S+", reading.text)}
    words = zip(given.starts, given.values, strict=True) if given else ()
    return [WordConfidence(start, ends[start], sure) for start, sure in words]


def _reason(word: ConsensusWord, signs: Signs, labels: Mapping[str, str]) -> str:
    """What speaks for and against the word, in a few words."""
    kind = _("a figure") if signs.figure else _("in no word list") if signs.unlisted else ""
    return " · ".join(filter(None, (_support(word, labels), kind)))


def _support(word: ConsensusWord, labels: Mapping[str, str]) -> str:
    if len(word.places) < 2:
        return ""
    if word.by_letter:
        return _("voted letter by letter: no engine has it so")
    who = [labels.get(reader, reader) for reader in word.readers]
    return _("read so by {engines}, {n} of {all}", engines=listed(who), n=len(who), all=len(word.places))
