"""Several readings of one page cut into slots, and how far each reader can be trusted. No reference: nobody is right.

A slot has the words that stand in the same place, reader by reader. Every reading is aligned with the one nearest to
all others, so that the order of the readers changes nothing.

Errors of unlike readers add up: the distance between two readings is about the errors of the one plus those of the
other. So the distances of all pairs give away the errors of each, over the set and, less surely, on one page.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby, pairwise
from statistics import fmean
from typing import NamedTuple, TypeVar

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from metrics.answer import is_loop, is_refusal
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


Key = TypeVar("Key", str, tuple[str, str])
Pairs = Mapping[tuple[str, str], float]
TOO_FAR_TO_VOTE = 0.35
"""Where even the nearest strangers share less than 70 % of what they say. Like models do as well with 0.5 and 0.69,
the four embedded engines do not (28 Nov 2026)."""
CHANCE = 0.02
"""Readers nearer than that to each other, or to what stands there, are no better than ones that far off."""
BELIEF = 4
"""What other pages say of a reader weighs as much on one page as so many other readers do there."""
SAYING, OF_ODDS, OF_RATIO, OF_LOST, OF_BEST = 4.2, 0.45, 2.1, 3.0, 1.2
"""About three times the weights of a logistic regression of which variant in a slot is right on who says it, for so
sharp they leave the fewest wrong letters; `OF_LOST` and `BELIEF` were chosen by those letters alone. 60,722 slots of
56 sets of 3 to 5 of 16 models on 36 handwritten pages of the Library of Congress (InkBench, commit 069e1979), 29 Nov
2026."""


@dataclass(frozen=True, slots=True)
class PageTrust:
    """The weight of each voter's word on one page. Who has no vote (see `voters`) is missing."""

    weights: Mapping[str, float]

    @property
    def best(self) -> str:
        """Who is trusted most; among equals by name, so that the readers' order does not matter."""
        return min(self.weights, key=lambda reader: (-self.weights[reader], reader))

    @property
    def is_vote(self) -> bool:
        """Whether more than one is heard; where nobody bears another out, the best alone is."""
        return sum(weight > 0 for weight in self.weights.values()) > 1


def voters(readings: Mapping[str, str]) -> dict[str, str]:
    """The readings that have a vote: what is empty, goes in circles or declines says nothing of the page."""
    return {
        reader: text
        for reader, text in sorted(readings.items())
        if text.strip() and not is_loop(text) and not is_refusal(text)
    }


def family_of(reader: str, families: Mapping[str, str]) -> str:
    """A reader of no known family is one of its own."""
    return families.get(reader) or reader


def trust_of_set(
    pages: Sequence[Mapping[str, str]], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> tuple[PageTrust, ...]:
    """Each page's trust, learnt over all pages; readers may be missing on some."""
    voting = [voters(page) for page in pages]
    apart = [_apart(page, rules) for page in voting]
    fair = [_among_strangers(pairs, families) for pairs in apart]
    errors = _usual([_shares(pairs) for pairs in fair])
    votes = _votes(_usual(apart), errors, families)
    return tuple(
        PageTrust(_weights(page, pairs, errors, votes, _lost(pairs, families)))
        for page, pairs in zip(voting, fair, strict=True)
    )


def _usual(pages: Iterable[Mapping[Key, float]]) -> dict[Key, float]:
    """The mean on a logarithmic scale: on a plain one the pages on which all fail alike would say who is best."""
    found: dict[Key, list[float]] = {}
    for page in pages:
        for key, far in page.items():
            found.setdefault(key, []).append(math.log(far + CHANCE))
    return {key: math.exp(fmean(logs)) - CHANCE for key, logs in found.items()}


def strangers_apart(
    pages: Sequence[Mapping[str, str]], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> list[float]:
    """How far the pairs of unrelated readers are apart over the set (-log of what they share), the nearest first."""
    voting = [voters(page) for page in pages]
    usual = _mean(
        [_apart(page, rules) for page in voting], [max(map(len, page.values()), default=0) for page in voting]
    )
    return sorted(far for pair, far in usual.items() if not _related(*pair, families))


def _apart(readings: Mapping[str, str], rules: Rules) -> dict[tuple[str, str], float]:
    """How far each pair is apart, on a scale on which independent errors add: -log of what they share, at most 3."""
    texts = {reader: normalise(text, rules).text for reader, text in readings.items()}
    return {
        (one, other): -math.log(max(0.05, Levenshtein.normalized_similarity(texts[one], texts[other])))
        for one, other in combinations(texts, 2)
    }


def _mean(pages: Sequence[Pairs], lengths: Sequence[float]) -> dict[tuple[str, str], float]:
    """Over the pages on which both read, long pages counting more."""
    sums: dict[tuple[str, str], tuple[float, float]] = {}
    for pairs, length in zip(pages, lengths, strict=True):
        for pair, far in pairs.items():
            total, weight = sums.get(pair, (0.0, 0.0))
            sums[pair] = total + far * length, weight + length
    return {pair: total / weight for pair, (total, weight) in sums.items()}


def _among_strangers(pairs: Pairs, families: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Relatives share mistakes, so that they stand nearer than their errors add up to: on average they count as at
    least half as far apart as the nearest stranger is."""
    inside: dict[str, list[float]] = {}
    nearest: dict[str, float] = {}
    for pair, far in pairs.items():
        one, other = (family_of(reader, families) for reader in pair)
        if one == other:
            inside.setdefault(one, []).append(far)
        else:
            nearest.update({family: min(far, nearest.get(family, far)) for family in (one, other)})
    shared = {family: max(0.0, nearest.get(family, 0.0) / 2 - fmean(own)) for family, own in inside.items()}
    return {
        pair: far + (shared[family_of(pair[0], families)] if _related(*pair, families) else 0.0)
        for pair, far in pairs.items()
    }


def _related(one: str, other: str, families: Mapping[str, str]) -> bool:
    return family_of(one, families) == family_of(other, families)


def _shares(pairs: Pairs, expected: Mapping[str, float] | None = None) -> dict[str, float]:
    """Each reader's part of the distances, drawn to what is expected of it: least squares, none below nothing.

    A far pair says little about either, and the weak share mistakes: pairs count by the inverse square of distance.
    """
    partners: dict[str, dict[str, tuple[float, float]]] = {}
    for (one, other), far in sorted(pairs.items()):
        told = far, 1 / (far + 0.05) ** 2
        partners.setdefault(one, {})[other] = told
        partners.setdefault(other, {})[one] = told
    even = dict.fromkeys(partners, sum(pairs.values()) / (2 * len(pairs) or 1))
    shares = {reader: (expected or even)[reader] for reader in partners}
    for _ in range(60):  # half a step, and all at once, so that the order of the readers changes nothing
        drawn = {
            reader: _share(own, shares, expected[reader] if expected else None) for reader, own in partners.items()
        }
        shares = {reader: (shares[reader] + drawn[reader]) / 2 for reader in partners}
    return shares


def _share(own: Mapping[str, tuple[float, float]], shares: Mapping[str, float], expected: float | None) -> float:
    """Of one reader, if those of its partners are right."""
    weight = sum(told for _, told in own.values())
    seen = sum(told * (far - shares[other]) for other, (far, told) in own.items())
    belief = BELIEF * weight / len(own) if expected is not None else 0.0
    return max(0.0, (seen + belief * (expected or 0.0)) / (weight + belief))


def _votes(usual: Pairs, errors: Mapping[str, float], families: Mapping[str, str]) -> dict[str, float]:
    """The best of a family has a whole vote, a relative as much of one as it errs in its own way: a twin has none."""
    votes = dict.fromkeys(errors, 1.0)
    for (one, other), far in usual.items():
        both = errors[one] + errors[other]
        if _related(one, other, families) and both:
            worse = max(one, other, key=lambda reader: (errors[reader], reader))
            votes[worse] = min(votes[worse], far / both)
    return votes


def _lost(pairs: Pairs, families: Mapping[str, str]) -> float:
    """How far even the nearest two strangers are apart."""
    return min((far for pair, far in pairs.items() if not _related(*pair, families)), default=0.0)


def _weights(
    page: Collection[str], pairs: Pairs, errors: Mapping[str, float], votes: Mapping[str, float], lost: float
) -> dict[str, float]:
    """By how much a reader's word speaks for what it says, in log odds that add up. That it says so counts most; then
    how much worse it is than the best, and the more so the more a page is lost on all, for the weak share mistakes.

    Where no strangers are near enough, there is nothing to vote on: who is best over the set is followed.
    """
    best = min(page, key=lambda reader: (errors.get(reader, 0.0), reader), default="")
    if not pairs or lost > TOO_FAR_TO_VOTE:
        return {reader: float(not pairs or reader == best) for reader in page}
    usual = {reader: errors[reader] + CHANCE for reader in page}
    hardness = sum(pairs.values()) / sum(usual[one] + usual[other] for one, other in pairs)
    shares = _shares(pairs, {reader: hardness * error for reader, error in usual.items()})
    likely = {reader: math.sqrt(error * (shares[reader] + CHANCE / 2)) for reader, error in usual.items()}
    least = min(likely.values())
    weights = {}
    for reader, error in likely.items():
        wrong = min(0.9, 2 * shares[reader])
        odds = SAYING + OF_ODDS * math.log((1 - wrong) / (wrong + 0.01)) + OF_BEST * (reader == best)
        weights[reader] = votes[reader] * max(0.06, odds - (OF_RATIO + OF_LOST * lost) * math.log(error / least))
    return weights
