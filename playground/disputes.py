"""Readings that differ -> the places to settle; choices -> a reference. Asks nobody and shows nothing.

A reference made this way is a lower bound on errors: what all engines misread alike is never asked about.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from metrics.consensus import choices
from metrics.critical_tokens import Alarm, TokenKind, alarming, alarms
from metrics.names import language_of
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.reading_slots import Slot, Variant, align_readings, trust_of_set, voters
from metrics.reference_free import Disagreement, Standing, disagreement_matrix, ranked_by_consensus
from playground.engine_runs import votes_of
from playground.insight import vocabulary
from playground.together import TRUST_DOUBTFUL


@dataclass(frozen=True, slots=True)
class Agreement:
    """Readings of one page set against each other: agreement, not accuracy.

    `agreement` has who is nearest to what all say together first; it is empty where they have no consensus.
    """

    alarms: tuple[Alarm, ...]
    disagreements: tuple[Disagreement, ...]
    agreement: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A slot to settle. `slot.parts` say where it stands in each reading, `suggested` what most likely stands there.

    `kind` says which sort of word that must not be wrong it is, if any; `sure` which share of the trust is behind the
    suggestion, of which one family has little more than one engine.
    """

    number: int
    slot: Slot
    variants: tuple[Variant, ...]
    suggested: str
    kind: TokenKind | None
    sure: float

    @property
    def clear(self) -> bool:
        """Whether most engines say what is suggested, and most of the trust is theirs."""
        readers = self.supported.readers if self.supported else ()
        return len(readers) * 2 > len(self.slot.parts) and self.sure >= TRUST_DOUBTFUL

    @property
    def supported(self) -> Variant | None:
        """Who says what is suggested, be it put in another way; nobody where it was voted letter by letter."""
        readers = {part.reader for part in self.slot.parts if part.text == self.suggested}
        return next((variant for variant in self.variants if readers.intersection(variant.readers)), None)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page: the numbers of its slots, and whether one of them is disputed."""

    numbers: range
    disputed: bool


@dataclass(frozen=True, slots=True)
class Settlement:
    """The slots of some readings, and what most likely stands in each; nobody says so where letters were voted on."""

    readings: Mapping[str, str]
    slots: tuple[Slot, ...]
    suggested: tuple[str, ...]
    sure: tuple[float, ...]
    critical: Mapping[int, TokenKind]

    def disputes(self) -> tuple[Dispute, ...]:
        """In reading order; `number` is what `reference` takes choices by."""
        return tuple(
            Dispute(
                number,
                slot,
                slot.variants(),
                self.suggested[number],
                self.critical.get(number),
                self.sure[number],
            )
            for number, slot in enumerate(self.slots)
            if not slot.agreed
        )

    def reference(self, chosen: Mapping[int, str]) -> str:
        """Agreed words as they are, disputed ones as chosen or else as suggested; lines break where most readers do."""
        return "\n".join(self.text(line, chosen) for line in self.lines())

    def text(self, line: Line, chosen: Mapping[int, str] = MappingProxyType({})) -> str:
        """One line as these choices have it."""
        words = (chosen.get(number, self.suggested[number]).strip() for number in line.numbers)
        return " ".join(filter(None, words))

    def lines(self) -> tuple[Line, ...]:
        """The page's lines, which together hold every slot once and in order."""
        lines: list[Line] = []
        start = 0
        for end, (slot, following) in enumerate(pairwise([*self.slots, None]), start=1):
            if slot is not None and (following is None or self._line_ends(slot, following)):
                numbers = range(start, end)
                lines.append(Line(numbers, any(not self.slots[number].agreed for number in numbers)))
                start = end
        return tuple(lines)

    def lines_to_check(self, how_many: int, seed: int) -> tuple[Line, ...]:
        """Lines on which all readers agree, picked at random for a look at the image: they may all be wrong."""
        agreed = [line for line in self.lines() if not line.disputed and self.text(line)]
        picked = random.Random(seed).sample(agreed, min(how_many, len(agreed)))  # noqa: S311 - a sample, no secret
        return tuple(sorted(picked, key=lambda line: line.numbers.start))

    def _line_ends(self, slot: Slot, following: Slot) -> bool:
        """Whether most readers break the line here, of those who keep lines and have a word to go on with."""
        gaps = [
            self.readings[part.reader][part.end : following_part.start]
            for part, following_part in zip(slot.parts, following.parts, strict=True)
            if following_part.text and "\n" in self.readings[part.reader]
        ]
        return sum("\n" in gap for gap in gaps) * 2 > len(gaps)


def agreement_of(
    texts: Mapping[str, str], families: Mapping[str, str], rules: Rules, language: str = ""
) -> Agreement | None:
    """None for fewer than two readings. Without a language its code is told from the longest of them."""
    if len(texts) < 2:
        return None
    known = vocabulary(language or language_of(max(texts.values(), key=len)))
    standings = ranked_by_consensus([votes_of(texts)], families, rules)
    return Agreement(alarms(texts, rules, vocabulary=known), tuple(disagreement_matrix(texts, rules)), standings)


def settle(
    readings: Mapping[str, str], families: Mapping[str, str], rules: Rules = DEFAULT_RULES, language: str = ""
) -> Settlement:
    """Align the readings that have a vote; one that holds nothing would dispute every word."""
    heard = voters(readings)
    speaking = {reader: text for reader, text in readings.items() if reader in heard}
    slots = align_readings(speaking, rules)
    [trust] = trust_of_set([votes_of(speaking)], families, rules)
    chosen = choices(slots, trust)
    known = vocabulary(language or language_of(max(speaking.values(), key=len, default="")))
    critical = alarming(slots, speaking, known)
    return Settlement(speaking, slots, tuple(one.text for one in chosen), tuple(one.sure for one in chosen), critical)
