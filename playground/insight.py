"""What went wrong in one reading, figure by figure, against a reference. Derived on demand, never stored.

The heavy half of scoring: some 0.2 seconds for a page of 10,000 characters, so nobody asks for it while typing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from metrics.answer import AnswerPart, parse_answer
from metrics.comparing_texts import compare_texts
from metrics.confusions import Confusion, confusions
from metrics.critical_tokens import TokenVerdict, judge_tokens
from metrics.error_classes import ErrorClass
from metrics.error_rate import ErrorRate, cer
from metrics.line_matching import LineComparison, compare_lines
from metrics.names import language_of
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.over_normalising import OverNormalised, over_normalised
from metrics.silent_corrections import Misspelling, misspellings
from metrics.waterfall import Step, waterfall
from playground.word_lists import known_words, vocabulary

MOST_LINES = 1500
"""Matching lines takes memory by the square of their number."""


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
    """A part of the errors: what goes away when `forgiven` is forgiven too; the last part never goes away."""

    forgiven: str
    errors: int


def insight_of(
    reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES, *, language: str = "", readings: Iterable[str] = ()
) -> Insight:
    """Everything there is to say of one reading; all engines' `readings` tell the writer's slips from a reference's.

    Without a language its code is told from the reference.
    """
    language = language or language_of(reference)
    others = [reading for reading in readings if reading != hypothesis]
    compared = compare_texts(reference, hypothesis, rules)
    answer = parse_answer(hypothesis)
    countable = max(reference.count("\n"), hypothesis.count("\n")) < MOST_LINES
    return Insight(
        cer=compared.cer,
        errors_by_class=compared.errors_by_class(),
        waterfall=waterfall(reference, hypothesis, rules) if countable else (),
        confusions=confusions(compared.spans),
        lines=compare_lines(reference, hypothesis, rules) if countable else None,
        misspellings=misspellings(reference, hypothesis, known_words(language), rules, others),
        over_normalised=over_normalised(reference, hypothesis, rules, others),
        critical_tokens=judge_tokens(reference, hypothesis, rules, vocabulary(language)),
        chatter=answer.chatter,
        cer_of_answer=cer(reference, answer.transcription, rules) if answer.chatter else compared.cer,
    )


def shares(steps: Sequence[Step]) -> tuple[Share, ...]:
    """The waterfall as parts that add up to the errors as counted; an empty waterfall has none."""
    if not steps:
        return ()
    left = steps[0].cer.errors
    parts: list[Share] = []
    for step in steps[1:]:
        gone = max(0, left - step.cer.errors)
        parts.append(Share(step.name.removeprefix("without "), gone))
        left -= gone
    return (*parts, Share("real misreadings", left))
