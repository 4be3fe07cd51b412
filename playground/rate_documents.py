"""An error rate as programs get it: the counts and what they come to."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.error_rate import ErrorRate


@dataclass(frozen=True, slots=True)
class RateDocument:
    """Counts and their rate; the rate of an empty reference is null."""

    substitutions: int
    deletions: int
    insertions: int
    reference_length: int
    rate: float | None


def rate_document(rate: ErrorRate) -> RateDocument:
    """The document of one rate."""
    return RateDocument(rate.substitutions, rate.deletions, rate.insertions, rate.reference_length, rate.rate)
