"""What can be said of readers without a reference, against a given one, and with a few typed lines as a sample.

How far they agree, who stands apart; agreement is not accuracy: readers can share a mistake. Of typed lines where they
stand in a reading, the rate there, and how sure that is.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, variance

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from metrics.consensus import Place, consensus_of_set
from metrics.error_rate import ErrorRate, cer, pooled
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.reading_slots import Part, Slot, Variant, align_readings, family_of, strangers_apart, voters
from metrics.units import as_characters


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a reader is from what all say together: a rank, no error rate."""

    reader: str
    disagreement: float
    """Letters apart per letter of the consensus; above 1 where much was added."""


@dataclass(frozen=True, slots=True)
class CerEstimate:
    """An estimate of a reader's CER over a set of pages without reference, and the 90 % interval around it."""

    reader: str
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AgreedAgainst:
    """All families say the same here, and the reference does not: often the reference is wrong."""

    written: str
    read: str
    start: int
    end: int
    """In the reference."""
    places: tuple[Place, ...]


def ranked_by_consensus(
    pages: Sequence[Mapping[str, str]], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> tuple[Standing, ...]:
    """Who is nearest to the consensus of the set first; nobody where no page has one.

    A page counts for those who read it, refusals and loops too, for they are errors though they have no vote.
    """
    errors: dict[str, int] = {}
    lengths: dict[str, int] = {}
    for page, together in zip(pages, consensus_of_set(pages, families, rules), strict=True):
        if together is None:
            continue
        agreed = normalise(together.text, rules).units
        for reader, text in page.items():
            own = normalise(text, rules).units
            far = Levenshtein.distance(*as_characters(agreed, own), score_hint=31)
            errors[reader] = errors.get(reader, 0) + far
            lengths[reader] = lengths.get(reader, 0) + len(agreed)
    standings = (Standing(reader, far / (lengths[reader] or 1)) for reader, far in errors.items())
    return tuple(sorted(standings, key=lambda standing: (standing.disagreement, standing.reader)))


SHARED_MISTAKES = 0.044
PER_DISTANCE = 0.877
"""CER = what the consensus has wrong too + this much of the distance to it, for the nearest are nearest because it
follows them. Least squares over 65 readers with less than 30 % CER in 22 random sets of 3 to 5 of 16 models on 36
handwritten pages of the Library of Congress (InkBench, commit 069e1979), 28 Nov 2026."""
SPREAD_OF_SETS, SPREAD_OF_PAGES = 0.030, 0.080
"""Half of the 90 % interval: of many pages, and of one; on half of those pages for the fit and 10 or 18 others for the
trial, with five models that the fit had not seen, same source and date."""
FEWEST_FAMILIES, FEWEST_PAGES, FARTHEST_WITNESSES = 3, 10, 0.3


def estimated_cers(
    pages: Sequence[Mapping[str, str]], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> tuple[CerEstimate, ...]:
    """Each reader's CER, the lowest first, if at least three families read ten pages and agree enough to bear witness.

    Nobody's where not: where no two pairs of strangers share three quarters of what they say, the consensus is little
    more than the one reader it follows, whose errors then cannot be seen.
    """
    witnesses = strangers_apart(pages, families, rules)
    unlike = {family_of(reader, families) for page in pages for reader in voters(page)}
    if len(unlike) < FEWEST_FAMILIES or len(witnesses) < 2 or witnesses[1] > FARTHEST_WITNESSES:
        return ()
    estimates: list[CerEstimate] = []
    for standing in ranked_by_consensus(pages, families, rules):
        count = sum(standing.reader in page and len(voters(page)) > 1 for page in pages)
        if count >= FEWEST_PAGES:
            rate = SHARED_MISTAKES + PER_DISTANCE * standing.disagreement
            margin = math.hypot(SPREAD_OF_SETS, SPREAD_OF_PAGES / math.sqrt(count))
            estimates.append(CerEstimate(standing.reader, rate, max(0.0, rate - margin), rate + margin))
    return tuple(estimates)


def agreed_against(
    reference: str, readings: Mapping[str, str], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> tuple[AgreedAgainst, ...]:
    """Where at least two families, and all that have a vote, say the same and the reference says something else."""
    heard = voters(readings)
    if len({family_of(reader, families) for reader in heard}) < 2:
        return ()
    found: list[AgreedAgainst] = []
    for slot in align_readings({**heard, _REFERENCE: reference}, rules):
        written, others = _apart(slot)
        key = others[0].key
        if key and written.key and key != written.key and all(part.key == key for part in others):
            places = tuple(Place(part.reader, part.start, part.end) for part in others)
            found.append(AgreedAgainst(written.text, others[0].text, written.start, written.end, places))
    return tuple(found)


_REFERENCE = "\0reference"
"""No engine is called so."""


def _apart(slot: Slot) -> tuple[Part, list[Part]]:
    parts = {part.reader: part for part in slot.parts}
    return parts.pop(_REFERENCE), list(parts.values())


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


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A typed line and its place in the reading, empty where nothing is more right than wrong: then all is missing."""

    line: str
    start: int
    end: int
    cer: ErrorRate


@dataclass(frozen=True, slots=True)
class PartialScore:
    """The rate over the typed lines, and the 95 % interval in which the page's rate lies: None for fewer than two."""

    lines: tuple[FoundLine, ...]
    cer: ErrorRate
    interval: tuple[float, float] | None


def score_lines(typed: Sequence[str], reading: str, rules: Rules = DEFAULT_RULES) -> PartialScore:
    """Find every typed line in the reading, wherever its lines break, and score it there. No place is used twice."""
    page = normalise(reading, rules)
    free = list(page.units)
    edges = [at for at in range(len(free) + 1) if " " in free[max(0, at - 1) : at + 1] or at in {0, len(free)}]
    found: list[FoundLine] = []
    for line in typed:
        wanted = normalise(line, rules)
        if not wanted.units:
            continue
        start, end = _place(wanted, free, edges)
        free[start:end] = ["\0"] * (end - start)
        place = page.original_range(start, end)
        found.append(FoundLine(line, *place, cer(line, reading[slice(*place)], rules)))
    rates = [line.cer for line in found]
    return PartialScore(tuple(found), pooled(rates), rate_interval(rates))


FEWEST_FOR_A_GUESS = 8
"""Typed lines."""


def lines_to_separate(one: PartialScore, other: PartialScore) -> int | None:
    """About how many more lines would tell the two apart (80 % power at 5 %); None where nothing can be said yet.

    Both must be scores of the same lines. From fewer than eight lines a guess holds in half of the cases only. A
    difference that was seen flatters, for small ones are not seen: half of the variance of its square is taken off.
    """
    differences = [left.cer.errors - right.cer.errors for left, right in zip(one.lines, other.lines, strict=True)]
    if len(differences) < FEWEST_FOR_A_GUESS:
        return None
    spread = variance(differences)
    squared = fmean(differences) ** 2 - spread / len(differences) / 2
    if squared <= 0:
        return None
    needed = (1.96 + 0.84) ** 2 * spread / squared
    return max(0, math.ceil(needed) - len(differences))


MOST_EDGES = 32
"""Beginnings and ends of words at which a place is looked for; a line of 200 letters has no more of them in reach.
Each is tried with each: of long lines and words of one letter it would be millions."""


def _place(wanted: Normalised, page: Sequence[str], edges: Sequence[int]) -> tuple[int, int]:
    line, text = as_characters(wanted.units, page)
    if not text.strip("\0"):
        return 0, 0
    rough = partial_ratio_alignment(line, text)
    if rough is None or len(line) >= len(text):
        start, end = 0, len(text)
    else:
        start, end = rough.dest_start, rough.dest_end
    reach = len(line) // 4 + 2
    starts, ends = (_nearest(edges, at, reach) or [at] for at in (start, end))
    windows = [(a, b) for a in starts for b in ends if a < b and "\0" not in text[a:b]]
    measured = [(Levenshtein.distance(line, text[a:b]), b - a, a) for a, b in windows]
    errors, length, start = min(measured, default=(len(line), 0, 0))
    return (start, start + length) if errors * 2 <= len(line) else (0, 0)


def _nearest(edges: Sequence[int], at: int, reach: int) -> Sequence[int]:
    """The edges within reach, of many those that are nearest."""
    middle = bisect_left(edges, at)
    few = edges[max(0, middle - MOST_EDGES // 2) : middle + MOST_EDGES // 2]
    return [edge for edge in few if abs(edge - at) <= reach]


def rate_interval(rates: Sequence[ErrorRate]) -> tuple[float, float] | None:
    """The score interval of a rate of heaps: errors of handwriting come in heaps of about `_heap` characters."""
    errors, length = sum(rate.errors for rate in rates), sum(rate.reference_length for rate in rates)
    if len(rates) < 2:
        return None
    rate, half = errors / length, 1.96**2 * _heap(errors) / (2 * length)
    margin = math.sqrt(half * (half + 2 * rate))
    return max(0.0, rate + half - margin), rate + half + margin


def _heap(errors: int) -> float:
    """The variance of a page's errors by their mean: 7, but 3 where next to none were seen, for then heaps are small.

    Chosen so that 95 of 100 intervals hold the page's rate, on 138 answers of 14 models (InkBench, 28 Nov 2026).
    """
    return 3 + 4 * min(1.0, errors / 10)
