"""A few typed lines of the page: each engine scored on them alone, how sure that is, and how many more would decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from metrics.normalising import DEFAULT_RULES, Rules
from metrics.partial_reference import PartialScore, lines_to_separate, score_lines

SHORT = 0.6
"""A reference shorter than this share of the readings is likely to be some lines of the page only."""


@dataclass(frozen=True, slots=True)
class PartialScores:
    """Best engine first. `more_lines` would tell the two best apart; None where nothing can be said yet."""

    lines: int
    engines: tuple[tuple[str, PartialScore], ...]
    more_lines: int | None


def is_partial(reference: str, readings: Iterable[str]) -> bool:
    """Whether the reference is so short that it may be only some lines of what the engines read."""
    typed, lengths = len(reference.strip()), [len(text.strip()) for text in readings]
    return bool(typed and lengths) and typed < SHORT * median(lengths)


def partial_scores(reference: str, readings: Mapping[str, str], rules: Rules = DEFAULT_RULES) -> PartialScores:
    """Find every typed line in every reading and score it there."""
    typed = [line for line in reference.splitlines() if line.strip()]
    scores = {reader: score_lines(typed, text, rules) for reader, text in readings.items()}
    ranked = sorted(scores.items(), key=lambda pair: (pair[1].cer.rate is None, pair[1].cer.rate or 0.0))
    more = lines_to_separate(ranked[0][1], ranked[1][1]) if len(ranked) > 1 else None
    return PartialScores(len(typed), tuple(ranked), more)
