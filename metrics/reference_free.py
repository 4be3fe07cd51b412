"""What can be said of readers without a reference, and against a given one, from how they stand to their consensus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from metrics.consensus import Place, consensus_of_set
from metrics.normalising import DEFAULT_RULES, Rules, normalise
from metrics.reader_trust import family_of, voters
from metrics.reading_slots import Part, Slot, align_readings
from metrics.units import as_characters


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a reader is from what all say together: a rank, no error rate."""

    reader: str
    errors: int
    length: int

    @property
    def disagreement(self) -> float:
        """Letters apart per letter of the consensus."""
        return self.errors / self.length if self.length else 0.0


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
        agreed = normalise(together.text, rules, "hypothesis").units
        for reader, text in page.items():
            own = normalise(text, rules, "hypothesis").units
            far = Levenshtein.distance(*as_characters(agreed, own), score_hint=31)
            errors[reader] = errors.get(reader, 0) + far
            lengths[reader] = lengths.get(reader, 0) + len(agreed)
    standings = (Standing(reader, far, lengths[reader]) for reader, far in errors.items())
    return tuple(sorted(standings, key=lambda standing: (standing.disagreement, standing.reader)))


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
