"""Character and word error rates: edits per character or word of the reference. Never clipped, never averaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.alignment import Block, align, nearest
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
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
    return character_errors(normalise(reference, rules, "reference"), normalise(hypothesis, rules, "hypothesis"))


def wer(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> ErrorRate:
    """Word error rate."""
    return word_errors(normalise(reference, rules, "reference"), normalise(hypothesis, rules, "hypothesis"))


def character_errors(reference: Normalised, hypothesis: Normalised) -> ErrorRate:
    """Character error rate of texts that were made ready before."""
    return counted(align(*as_characters(reference.units, hypothesis.units)), len(reference.units))


def word_errors(reference: Normalised, hypothesis: Normalised, hint: int | None = None) -> ErrorRate:
    """Word error rate of texts that were made ready before; the number of character errors is a good hint."""
    return counted(nearest(*as_characters(reference.words, hypothesis.words), hint), len(reference.words))


def counted(blocks: Iterable[Block], reference_length: int) -> ErrorRate:
    """The rate that an alignment amounts to."""
    errors = {"equal": 0, "replace": 0, "delete": 0, "insert": 0}
    for block in blocks:
        errors[block.kind] += block.errors
    return ErrorRate(errors["replace"], errors["delete"], errors["insert"], reference_length)
