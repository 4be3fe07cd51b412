"""Where in an engine's text each of its regions stands, so that a word on the screen knows its box on the page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from engines.contract import Level, Reading, Region


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


def region_at(placed: Sequence[PlacedRegion], offset: int) -> int | None:
    """The index of the region that covers this offset of the text."""
    position = bisect_right(placed, offset, key=lambda region: region.start) - 1
    if position >= 0 and offset < placed[position].end:
        return placed[position].index
    return None


def _find(region: Region, text: str, cursor: int) -> tuple[int, int] | None:
    words = region.text.split()
    if not words:
        return None
    # Within a page a region is never far ahead: a long jump would be another occurrence of the same word.
    window = text[cursor : cursor + 400 + 2 * len(region.text)]
    match = re.search(r"\s+".join(map(re.escape, words)), window)
    return (cursor + match.start(), cursor + match.end()) if match else None
