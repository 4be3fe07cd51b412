"""Where on the page a slot of the readings stands, so that whoever settles it sees the ink. Cuts no image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engines.contract import Level, Point, Reading
from metrics.reading_slots import Slot
from playground.placing import PlacedRegion, place_regions


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


class PlacedReadings:
    """Readings with their regions found in their texts once."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self._readings = readings
        self._placed: Mapping[Level, Mapping[str, Sequence[PlacedRegion]]] = {
            level: {reader: place_regions(reading, level) for reader, reading in readings.items()}
            for level in ("word", "line")
        }

    def box(self, slot: Slot) -> Box | None:
        """The words' place in the reading that shows it most closely, else that of their lines, else nothing."""
        for level in ("word", "line"):
            found = [
                box
                for part in slot.parts
                if part.text and (box := self._part_box(part.reader, level, part.start, part.end))
            ]
            if found:
                return min(found, key=lambda box: box.area)
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
