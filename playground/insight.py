"""What went wrong in one reading, figure by figure, against a reference. Derived on demand, never stored.

The heavy half of scoring: some 0.2 seconds for a page of 10,000 characters, so nobody asks for it while typing. A
language's list of words tells a misspelling from a word.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from metrics.answer import AnswerPart, parse_answer
from metrics.comparing_texts import compare_texts
from metrics.confusions import Confusion, Step, confusions, waterfall
from metrics.critical_tokens import TokenVerdict, judge_tokens
from metrics.error_classes import ErrorClass
from metrics.error_rate import ErrorRate, cer
from metrics.line_matching import LineComparison, compare_lines
from metrics.names import Vocabulary, language_of, told_language
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.passages import MOST_LINES
from metrics.silent_corrections import Misspelling, OverNormalised, misspellings, over_normalised
from translations import N_

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
