"""Character and word error rates, and what it costs to make a reading right.

Rates are edits per character or word of the reference, never clipped, never averaged. A correction costs the engine's
price plus the time of the person who corrects: every assumption is a field that the user sees and may change; nothing
is known of currencies but that there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from metrics.alignment import Block, Kind, nearest
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
    errors: dict[Kind, int] = {"replace": 0, "delete": 0, "insert": 0}
    for kind, ref_start, ref_end, hyp_start, hyp_end in blocks:
        if kind != "equal":
            errors[kind] += ref_end - ref_start or hyp_end - hyp_start
    return ErrorRate(errors["replace"], errors["delete"], errors["insert"], reference_length)


Number = TypeVar("Number", float, NDArray[np.float64])
"""One figure, or one for each page."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is not measured: a corrector reads the whole page against the image, then pays for every edit.

    Round figures to start from; everyone's own differ.
    """

    hourly_rate: float = 30.0
    seconds_per_edit: float = 3.0
    characters_read_per_second: float = 15.0
    seconds_per_word_checked: float = 4.0
    """To find a marked word in the ink, judge it, and type it where it is wrong."""
    characters_typed_per_second: float = 2.7
    """Users of computers who copy a text: 32.5 words of five characters a minute (Karat et al., CHI 1999, as quoted by
    Wikipedia, "Words per minute")."""


@dataclass(frozen=True, slots=True)
class CorrectionTrial:
    """What was measured while somebody corrected one page."""

    characters: int
    edits: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PageCost:
    """Expected for one page; `engine` is None where the engine's price is not known."""

    minutes: float
    labour: float
    engine: float | None

    @property
    def total(self) -> float | None:
        """Labour and engine together, None where either is not known: a page that nobody can price is not cheap."""
        return None if self.engine is None else self.labour + self.engine

    @property
    def rank(self) -> tuple[bool, float]:
        """Sorts pages from cheap to dear, those without a known total last."""
        return self.total is None, self.total or self.labour


def seconds_per_edit(trial: CorrectionTrial, assumed: Assumptions) -> float | None:
    """The time of one edit in a trial, once the reading is taken off; None if nothing was edited."""
    if not trial.edits:
        return None
    reading = trial.characters / assumed.characters_read_per_second
    return max(0.0, trial.seconds - reading) / trial.edits


def page_cost(characters: float, edits: float, engine_price: float | None, assumed: Assumptions) -> PageCost:
    """The cost of a page with that many characters and expected edits (its character errors).

    At most every character is an edit: a reading that is worse is thrown away and the page typed. `engine_price` is 0
    for an engine that costs nothing, None for one whose price is unknown.
    """
    seconds = correction_seconds(characters, min(edits, characters), assumed)
    return PageCost(minutes=seconds / 60, labour=seconds / 3600 * assumed.hourly_rate, engine=engine_price)


def correction_seconds(characters: Number, edits: Number, assumed: Assumptions) -> Number:
    """A person's time for one page, or for many in arrays, of each of which no more edits than characters are made."""
    return characters / assumed.characters_read_per_second + edits * assumed.seconds_per_edit


def typing_cost(characters: float, assumed: Assumptions) -> PageCost:
    """The cost of a page of that many characters which a person types anew without looking over it afterwards."""
    seconds = characters / assumed.characters_typed_per_second
    return PageCost(minutes=seconds / 60, labour=seconds / 3600 * assumed.hourly_rate, engine=0.0)


def review_cost(words: float, engine_price: float | None, assumed: Assumptions) -> PageCost:
    """The cost of a page of which a person looks at so many marked words and at nothing else."""
    seconds = words * assumed.seconds_per_word_checked
    return PageCost(minutes=seconds / 60, labour=seconds / 3600 * assumed.hourly_rate, engine=engine_price)
