"""How far readings of one page agree, with no reference. Agreement is not accuracy: readers can share a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.reading_slots import Part, Variant, align_readings
from metrics.units import as_characters


@dataclass(frozen=True, slots=True)
class DisputedSpan:
    """A stretch of one reading. `others` is empty where all agree; "" among them means somebody has nothing here."""

    text: str
    start: int
    end: int
    agreeing: int
    """Readers who say this, the reading itself included."""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two readings: their distance in characters, over the length of the longer one."""

    one: str
    other: str
    errors: int
    length: int

    @property
    def rate(self) -> float:
        """0 for the same text, 1 for nothing in common."""
        return self.errors / self.length if self.length else 0.0


def disagreements(readings: Mapping[str, str], rules: Rules = DEFAULT_RULES) -> Mapping[str, tuple[DisputedSpan, ...]]:
    """For each reading, spans that joined give it back and say where others read something else."""
    disputes = [(slot, slot.variants()) for slot in align_readings(readings, rules) if not slot.agreed]
    return {
        reader: tuple(_spans(text, len(readings), [(slot.parts[place], variants) for slot, variants in disputes]))
        for place, (reader, text) in enumerate(readings.items())
    }


def _spans(text: str, readers: int, disputes: Iterable[tuple[Part, tuple[Variant, ...]]]) -> Iterator[DisputedSpan]:
    done = 0
    for own, variants in disputes:
        if done < own.start:
            yield DisputedSpan(text[done : own.start], done, own.start, readers)
        agreeing = next(len(variant.readers) for variant in variants if own.reader in variant.readers)
        others = tuple(variant.text for variant in variants if own.reader not in variant.readers)
        yield DisputedSpan(own.text, own.start, own.end, agreeing, others)
        done = own.end
    if done < len(text):
        yield DisputedSpan(text[done:], done, len(text), readers)


def disagreement_matrix(readings: Mapping[str, str], rules: Rules = DEFAULT_RULES) -> tuple[Disagreement, ...]:
    """Every pair of readings once, in the readings' order."""
    ready = {reader: normalise(text, rules).counted(rules) for reader, text in readings.items()}
    return tuple(_disagreement(one, ready[one], other, ready[other]) for one, other in combinations(ready, 2))


def _disagreement(one: str, text: Normalised, other: str, other_text: Normalised) -> Disagreement:
    errors = Levenshtein.distance(*as_characters(text.units, other_text.units), score_hint=31)
    return Disagreement(one, other, errors, max(len(text.units), len(other_text.units)))
