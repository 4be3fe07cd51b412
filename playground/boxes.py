"""Boxes for an engine that returns none: its words are placed on another engine's word boxes by aligning the texts.

A borrowed box says where a word probably stands; it is never stored and always marked as borrowed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engines.contract import Level, Point, Reading, Region
from metrics.consensus import Place
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.passages import word_pairs
from metrics.reading_slots import Part, Slot
from playground.engine_runs import EngineRun, WordConfidences, readings_of

_CONFIDENT: tuple[Level, ...] = ("word", "line")


@dataclass(frozen=True, slots=True)
class Lending:
    """Runs in which every reading that could borrow has word regions; `lenders` says whose they are, by borrower."""

    runs: Mapping[str, EngineRun]
    lenders: Mapping[str, str]


def lend_boxes(runs: Mapping[str, EngineRun], rules: Rules = DEFAULT_RULES) -> Lending:
    """Give readings without word boxes those of the reading with boxes that is most like them."""
    readings = readings_of(runs.values())
    boxed = {engine_id: reading for engine_id, reading in readings.items() if _has_words(reading)}
    lent: dict[str, EngineRun] = {}
    lenders: dict[str, str] = {}
    for engine_id, reading in readings.items() if boxed else ():
        if reading.text.strip() and not _has_words(reading):
            lenders[engine_id] = _most_like(reading.text, boxed, rules)
            regions = borrowed_regions(reading.text, boxed[lenders[engine_id]], rules)
            lent[engine_id] = replace(runs[engine_id], outcome=replace(reading, regions=(*reading.regions, *regions)))
    return Lending({**runs, **lent}, lenders)


def borrowed_regions(text: str, lender: Reading, rules: Rules = DEFAULT_RULES) -> tuple[Region, ...]:
    """Word regions for a text, in its order; words that have no counterpart in the lender's text get none."""
    placed = place_regions(lender, "word")
    regions: list[Region] = []
    for pair in word_pairs(lender.text, text, rules):
        there = [region for region in placed if region.start < pair.ref_end and pair.ref_start < region.end]
        if there and pair.hyp_start < pair.hyp_end:
            polygon = _around([lender.regions[region.index].polygon for region in there])
            regions.append(Region("word", text[pair.hyp_start : pair.hyp_end], polygon))
    return tuple(regions)


def _most_like(text: str, boxed: Mapping[str, Reading], rules: Rules) -> str:
    """By words in common, then by words with a place: one that reads little has its boxes at the wrong words."""

    def likeness(engine_id: str) -> tuple[int, int, str]:
        lender = boxed[engine_id]
        pairs = word_pairs(lender.text, text, rules)
        alike = sum(one.written == one.read for one in pairs)
        return alike, len(place_regions(lender, "word")), engine_id

    return max(boxed, key=likeness)


def _has_words(reading: Reading) -> bool:
    return any(region.level == "word" for region in reading.regions)


def _around(polygons: Sequence[tuple[Point, ...]]) -> tuple[Point, ...]:
    """The one polygon, or the upright rectangle around several."""
    box = around(polygons)
    if len(polygons) == 1 or box is None:
        return polygons[0]
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in page pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """In square pixels."""
        return (self.right - self.left) * (self.bottom - self.top)

    def is_beside(self, other: Box) -> bool:
        """Whether they share a line: half the height of the lower one, and some of its width."""
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > 0 and down >= min(self.bottom - self.top, other.bottom - other.top) / 2


class PlacedReadings:
    """Readings with their regions found in their texts once."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self._readings = readings
        self._placed: Mapping[Level, Mapping[str, Sequence[PlacedRegion]]] = {
            level: {reader: place_regions(reading, level) for reader, reading in readings.items()}
            for level in ("word", "line")
        }

    def box(self, slot: Slot) -> Box | None:
        """The place of the slot's words."""
        return self.box_around(slot.parts)

    def box_around(self, places: Sequence[Part | Place]) -> Box | None:
        """The words' place where most readings have them, closely; else that of their lines, else nothing.

        Where no two agree it is that of the longest text, for a stray scrap stands anywhere.
        """
        for level in ("word", "line"):
            found = [
                (box, place.end - place.start)
                for place in places
                if place.start < place.end and (box := self._part_box(place.reader, level, place.start, place.end))
            ]
            if found:
                beside = {box: sum(box.is_beside(other) for other, _ in found) for box, _ in found}
                together = max(beside.values()) > 1
                return min(found, key=lambda one: (-beside[one[0]], 0 if together else -one[1], one[0].area))[0]
        return None

    def _part_box(self, reader: str, level: Level, start: int, end: int) -> Box | None:
        placed = self._placed[level].get(reader, ())
        touched = [region.index for region in placed if region.start < end and start < region.end]
        return around(self._readings[reader].regions[index].polygon for index in touched)


def around(polygons: Iterable[Sequence[Point]]) -> Box | None:
    """The rectangle around all of them, or None around nothing."""
    points = [point for polygon in polygons for point in polygon]
    if not points:
        return None
    across, down = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(down), max(across), max(down))


def joined(boxes: Iterable[Box | None]) -> Box | None:
    """The rectangle around those that are known."""
    return around([(box.left, box.top), (box.right, box.bottom)] for box in boxes if box)


@dataclass(frozen=True, slots=True)
class PlacedRegion:
    """Region number `index` of the reading covers `text[start:end]`."""

    index: int
    start: int
    end: int


def place_regions(reading: Reading, level: Level) -> tuple[PlacedRegion, ...]:
    """The regions of one level that can be found in the text, in text order.

    Engines return regions in the order of their text; one whose words are not there next is left out, not guessed.
    """
    placed: list[PlacedRegion] = []
    cursor = 0
    for index, region in enumerate(reading.regions):
        if region.level != level:
            continue
        found = _find(region, reading.text, cursor)
        if found is not None:
            placed.append(PlacedRegion(index, *found))
            cursor = found[1]
    return tuple(placed)


def word_confidences(reading: Reading) -> WordConfidences | None:
    """For every word of the text that a word region covers, or else a line's, the lowest confidence given; in
    thousandths. None where the engine gives none."""
    words = [match.span() for match in re.finditer(r"\S+", reading.text)]
    for level in _CONFIDENT:
        lowest: dict[int, float] = {}
        for placed in place_regions(reading, level):
            given = reading.regions[placed.index].confidence
            if given is not None:
                first = bisect_right(words, placed.start, key=lambda word: word[1])
                last = bisect_left(words, placed.end, key=lambda word: word[0])
                for start, _ in words[first:last]:
                    lowest[start] = min(round(given, 3), lowest.get(start, 1.0))
        if lowest:
            return WordConfidences(tuple(lowest), tuple(lowest.values()))
    return None


def _find(region: Region, text: str, cursor: int) -> tuple[int, int] | None:
    words = region.text.split()
    if not words:
        return None
    # Within a page a region is never far ahead: a long jump would be another occurrence of the same word.
    window = text[cursor : cursor + 400 + 2 * len(region.text)]
    match = re.search(r"\s+".join(map(re.escape, words)), window)
    return (cursor + match.start(), cursor + match.end()) if match else None
