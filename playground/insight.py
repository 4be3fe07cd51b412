"""What went wrong in one reading, and which words of it to look at first. Derived on demand, never stored.

Against a reference figure by figure: the heavy half of scoring, some 0.2 seconds for a page of 10,000 characters, so
nobody asks for it while typing; a language's list of words tells a misspelling from a word.

Without one: how likely each word of each answer about a page is wrong, for what the engines read together, for one
engine's answer among others, and for an answer that stands alone.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean
from typing import Literal

from engines.contract import EngineSpec, Reading
from metrics.answer import AnswerPart, parse_answer
from metrics.comparing_texts import Confusion, ErrorClass, Step, compare_texts, confusions, waterfall
from metrics.consensus import Consensus, ConsensusWord, as_read
from metrics.critical_tokens import TokenVerdict, judge_tokens
from metrics.error_rate import ErrorRate, cer
from metrics.line_matching import LineComparison, compare_lines
from metrics.names import Vocabulary, language_of, told_language
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.passages import MOST_LINES
from metrics.silent_corrections import Misspelling, OverNormalised, misspellings, over_normalised
from metrics.word_risk import ALONE, AMONG_OTHERS, FITTED, Signs, WordConfidence, can_promise, signs_of, words_to_check
from playground.boxes import lend_boxes, word_confidences
from playground.engine_runs import EngineRun, readings_of, texts_of, votes_of
from playground.together import LABEL, TOGETHER, families_of, together_of
from translations import N_, _
from translations.wording import listed

EVERYDAY = 6000
"""So many of the commonest words are not taken for names; with 10,000 of them too many names are among them."""
MOST_LANGUAGES = 32
"""Whose words are kept at once. SECURITY: strangers say which, and each word list would stay."""


@lru_cache(MOST_LANGUAGES)
def vocabulary(language: str) -> Vocabulary:
    """What is known of a language by its code, the first of several: no words where pyspellchecker has no list."""
    counts = _word_counts(language)
    commonest = sorted(counts, key=lambda word: -counts[word])[:EVERYDAY]
    return Vocabulary(language, known_words(language), frozenset(word.casefold() for word in commonest))


@lru_cache(MOST_LANGUAGES)
def known_words(language: str) -> frozenset[str]:
    """Casefolded words of a language by its code, such as en or fr; none where pyspellchecker has no list for it."""
    return frozenset(word.casefold() for word in _word_counts(language))


def _word_counts(language: str) -> dict[str, int]:
    package = find_spec("spellchecker")
    code = language.partition("+")[0]
    if package is None or package.origin is None or not code.isalpha():
        return {}
    listed = Path(package.origin).parent / "resources" / f"{code}.json.gz"
    if not listed.is_file():
        return {}
    with gzip.open(listed) as words:
        counts: dict[str, int] = json.load(words)
    return counts


@dataclass(frozen=True, slots=True)
class Insight:
    """What goes to programs as it stands. `lines` is None where either text has too many of them."""

    cer: ErrorRate
    errors_by_class: Mapping[ErrorClass, int]
    """They add up to the errors of `cer`."""
    waterfall: tuple[Step, ...]
    confusions: tuple[Confusion, ...]
    lines: LineComparison | None
    misspellings: tuple[Misspelling, ...]
    over_normalised: tuple[OverNormalised, ...]
    critical_tokens: tuple[TokenVerdict, ...]
    chatter: tuple[AnswerPart, ...]
    """What is not transcription in the answer."""
    cer_of_answer: ErrorRate
    """The CER without the chatter."""

    def corrected(self) -> tuple[Misspelling, ...]:
        """The writer's misspellings that the engine put right without a word."""
        return tuple(word for word in self.misspellings if word.fate == "corrected")

    def tokens(self, fate: Literal["right", "wrong", "missing"]) -> tuple[TokenVerdict, ...]:
        """The critical tokens that met that fate."""
        return tuple(verdict for verdict in self.critical_tokens if verdict.fate == fate)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the errors: what goes away when `forgiven`, to be said by `_`, is too; the last part never does."""

    forgiven: str
    errors: int


def insight_of(
    reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES, *, language: str = "", readings: Iterable[str] = ()
) -> Insight:
    """Everything there is to say of one reading; all engines' `readings` tell the writer's slips from a reference's.

    Without a language its code is told from the reference; slips of the writer only where it tells surely.
    """
    spelt_in = language or told_language(reference)
    language = language or language_of(reference)
    others = [reading for reading in readings if reading != hypothesis]
    compared = compare_texts(reference, hypothesis, rules)
    answer = parse_answer(hypothesis)
    countable = all(len(text.splitlines()) <= MOST_LINES for text in (reference, hypothesis))
    return Insight(
        cer=compared.cer,
        errors_by_class=compared.errors_by_class(),
        waterfall=waterfall(reference, hypothesis, rules) if countable else (),
        confusions=confusions(compared.spans),
        lines=compare_lines(reference, hypothesis, rules) if countable else None,
        misspellings=misspellings(reference, hypothesis, known_words(spelt_in), rules, others),
        over_normalised=over_normalised(reference, hypothesis, rules, others),
        critical_tokens=judge_tokens(reference, hypothesis, rules, vocabulary(language)),
        chatter=answer.chatter,
        cer_of_answer=cer(reference, answer.transcription, rules) if answer.chatter else compared.cer,
    )


_FORGIVEN = {
    "without case": N_("case"),
    "without punctuation": N_("punctuation"),
    "without spaces": N_("spaces"),
    "without line order": N_("line order"),
}


def shares(steps: Sequence[Step]) -> tuple[Share, ...]:
    """The waterfall as parts that add up to the errors as counted; an empty waterfall has none."""
    if not steps:
        return ()
    left = steps[0].cer.errors
    parts: list[Share] = []
    for step in steps[1:]:
        gone = max(0, left - step.cer.errors)
        parts.append(Share(_FORGIVEN[step.name], gone))
        left -= gone
    return (*parts, Share(N_("real misreadings"), left))


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
