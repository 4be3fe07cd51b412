"""Several readings of one page cut into slots: the words that stand in the same place, reader by reader.

Every reading is aligned with the one nearest to all others, so that the order of the readers changes nothing.
Knows no reference: nobody is right here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from metrics.normalising import DEFAULT_RULES, Rules, Word, normalise
from metrics.passages import Link, keys, pair_words


class Part(NamedTuple):
    """What one reader has in a slot: a stretch of its original text, empty where it has nothing."""

    reader: str
    text: str
    start: int
    end: int
    key: str
    """The text under the rules: parts with the same key agree."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to read a slot, and who reads it so."""

    text: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One part for every reader, in the readers' order; empty parts are placed where the reader's text goes on."""

    parts: tuple[Part, ...]

    @property
    def agreed(self) -> bool:
        """Whether all say the same."""
        return len({part.key for part in self.parts}) == 1

    @property
    def silent(self) -> frozenset[str]:
        """Who has nothing here."""
        return frozenset(part.reader for part in self.parts if not part.key)

    def variants(self) -> tuple[Variant, ...]:
        """The most said first; among equals by text, so that the readers' order does not matter."""
        found = sorted(self.parts, key=lambda part: (part.key, part.text))
        grouped = [list(parts) for _, parts in groupby(found, key=lambda part: part.key)]
        grouped.sort(key=lambda parts: -len(parts))
        order = [part.reader for part in self.parts]
        return tuple(
            Variant(parts[0].text, tuple(sorted((part.reader for part in parts), key=order.index))) for parts in grouped
        )


def align_readings(readings: Mapping[str, str], rules: Rules = DEFAULT_RULES) -> tuple[Slot, ...]:
    """Slots in reading order. Each reader's parts, in order, hold all the words of its text.

    What some have and the others lack altogether (a missing line) is one slot, not one for each word.
    """
    return _aligned(tuple(readings.items()), rules)


@lru_cache(8)
def _aligned(texts: tuple[tuple[str, str], ...], rules: Rules) -> tuple[Slot, ...]:
    """Kept, because disputes, alarms and colours ask for the same readings one after the other."""
    readings = dict(texts)
    words = {reader: normalise(text, rules).placed_words for reader, text in readings.items()}
    slots: list[Slot] = []
    done = dict.fromkeys(readings, 0)
    for row in _rows(words):
        slot = Slot(tuple(_part(reader, text, row.get(reader, ()), done[reader]) for reader, text in readings.items()))
        done = {part.reader: part.end for part in slot.parts}
        if slots and _one_gap(slots[-1], slot):
            slot = _joined(slots.pop(), slot, readings)
        slots.append(slot)
    return tuple(slots)


_Row = Mapping[str, Sequence[Word]]


def _rows(words: _Row) -> Iterator[_Row]:
    """The words that stand in the same place, reader by reader, in rows as small as all readers allow."""
    speaking = {reader: own for reader, own in words.items() if own}
    if len(speaking) < 2:
        yield from ({reader: [word]} for reader, own in speaking.items() for word in own)
        return
    pivot = speaking[_nearest_to_all(speaking)]
    links = {reader: pair_words(keys(pivot), keys(own)) for reader, own in speaking.items()}
    inside = {k for own in links.values() for link in own for k in range(link.one_start + 1, link.one_end)}
    places = {reader: _places(own) for reader, own in links.items()}
    bounds = [k for k in range(len(pivot) + 1) if k not in inside]
    for here, there in pairwise([*bounds, len(pivot)]):
        added = {reader: slice(*own[here]) for reader, own in places.items()}
        if any(own.start < own.stop for own in added.values()):
            yield from _rows({reader: own[added[reader]] for reader, own in speaking.items()})
        if here < there:
            yield {reader: own[places[reader][here][1] : places[reader][there][0]] for reader, own in speaking.items()}


def _places(links: Iterable[Link]) -> dict[int, tuple[int, int]]:
    """For each place between two words of the pivot: which of the reader's words it adds there."""
    places = {0: (0, 0)}
    for pivot_start, pivot_end, _, end in links:
        if pivot_start == pivot_end:
            places[pivot_start] = places[pivot_start][0], end
        else:
            places[pivot_end] = end, end
    return places


def _nearest_to_all(words: _Row) -> str:
    texts = [" ".join(keys(own)) for own in words.values()]
    far = cdist(texts, texts, scorer=Levenshtein.distance, score_hint=31).sum(axis=1)
    return min(zip(far, texts, words, strict=True), key=lambda one: one[:2])[2]


def _part(reader: str, text: str, words: Sequence[Word], place: int) -> Part:
    if not words:
        return Part(reader, "", place, place, "")
    start, end = words[0].start, words[-1].end
    return Part(reader, text[start:end], start, end, words[0].key if len(words) == 1 else " ".join(keys(words)))


def _one_gap(slot: Slot, following: Slot) -> bool:
    """Whether the same readers are silent in both and all others say the same."""
    alike = all(len({part.key for part in one.parts if part.key}) == 1 for one in (slot, following))
    return alike and bool(slot.silent) and slot.silent == following.silent


def _joined(slot: Slot, following: Slot, readings: Mapping[str, str]) -> Slot:
    return Slot(
        tuple(
            Part(
                one.reader, readings[one.reader][one.start : other.end], one.start, other.end, f"{one.key} {other.key}"
            )
            if one.key
            else one
            for one, other in zip(slot.parts, following.parts, strict=True)
        )
    )
