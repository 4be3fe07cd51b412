"""Character and word error rates: edits per character or word of the reference. Never clipped, never averaged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from metrics.alignment import Block, nearest
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.passages import Passage, aligned
from metrics.units import as_characters


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Counts first, so that rates of many texts pool with the right weight: add them up."""

    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    reference_length: int = 0

    @property
    def errors(self) -> int:
        """The edit distance."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float | None:
        """Errors per unit of the reference; above 1 when much was added, None for an empty reference."""
        return self.errors / self.reference_length if self.reference_length else None

    def __add__(self, other: ErrorRate) -> ErrorRate:
        return ErrorRate(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.reference_length + other.reference_length,
        )


def pooled(rates: Iterable[ErrorRate]) -> ErrorRate:
    """The rate over many texts. What was invented where nothing is written counts here too."""
    return sum(rates, ErrorRate())


def cer(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> ErrorRate:
    """Character error rate."""
    ref, hyp = normalise(reference, rules), normalise(hypothesis, rules)
    return character_errors(ref, hyp, rules)


def wer(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> ErrorRate:
    """Word error rate."""
    ref, hyp = normalise(reference, rules), normalise(hypothesis, rules)
    return word_errors(ref, hyp, [passage for passage, _ in aligned(ref, hyp, rules)] if rules.any_line_order else [])


def character_errors(reference: Normalised, hypothesis: Normalised, rules: Rules) -> ErrorRate:
    """Character error rate of prepared texts."""
    reference, hypothesis = reference.counted(rules), hypothesis.counted(rules)
    blocks = chain.from_iterable(blocks for _, blocks in aligned(reference, hypothesis, rules))
    return counted(blocks, len(reference.units))


def word_errors(
    reference: Normalised, hypothesis: Normalised, passages: Sequence[Passage] = (), hint: int | None = None
) -> ErrorRate:
    """Word error rate of prepared texts, passage by passage if there are several. A good hint: the character errors."""
    if len(passages) < 2:
        return counted(nearest(*as_characters(reference.words, hypothesis.words), hint), len(reference.words))
    return pooled(
        word_errors(reference.part(ref_start, ref_end), hypothesis.part(hyp_start, hyp_end))
        for ref_start, ref_end, hyp_start, hyp_end in passages
    )


def counted(blocks: Iterable[Block], reference_length: int) -> ErrorRate:
    """The rate that an alignment amounts to."""
    errors = {"equal": 0, "replace": 0, "delete": 0, "insert": 0}
    for kind, ref_start, ref_end, hyp_start, hyp_end in blocks:
        errors[kind] += ref_end - ref_start or hyp_end - hyp_start
    return ErrorRate(errors["replace"], errors["delete"], errors["insert"], reference_length)
