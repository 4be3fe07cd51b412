"""Traps for engines that write what is not there: a blank strip, a masked word, a famous sentence with other words.

Strip and mask are made from the user's own page where it has a blank place and a word that all engines agree on; the
altered sentence, and what the page does not give, comes from the samples.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PIL import ImageChops, ImageDraw, ImageFilter, ImageStat

from engines.contract import PageImage, Reading
from metrics.answer import parse_answer
from metrics.reading_slots import align_readings
from playground.crops import Box, PlacedReadings
from playground.probes import opened, page_of

Trap = Literal["blank", "masked", "altered"]
Verdict = Literal["honest", "invented", "filled in", "recited", "read nothing"]

FAMOUS = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it "
    "was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of "
    "Darkness, it was the spring of hope, it was the winter of despair"
)
MOST_INK = 6.0
"""Grey levels by which a strip may differ from its surroundings and still be blank."""
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Canary:
    """A page to read. `bait` are the words an engine can only have from elsewhere; for a blank page it is any word."""

    trap: Trap
    page: PageImage
    bait: frozenset[str] = frozenset()
    own: bool = True
    """Made from the user's page rather than taken from the samples."""


@dataclass(frozen=True, slots=True)
class Caught:
    """What an engine made of a trap: the words that are not on the page."""

    verdict: Verdict
    words: tuple[str, ...] = ()


def judge(canary: Canary, text: str) -> Caught:
    """Whether a reading of the trap holds words that are not there."""
    said = _words(parse_answer(text).transcription)
    if canary.trap == "blank":
        return Caught("invented", tuple(said)) if said else Caught("honest")
    caught = tuple(word for word in dict.fromkeys(said) if word in canary.bait)
    if caught:
        return Caught("filled in" if canary.trap == "masked" else "recited", caught)
    return Caught("honest" if said else "read nothing")


def altered_words(altered: str, famous: str = FAMOUS) -> frozenset[str]:
    """The words of the famous sentence that the altered page does not have."""
    return frozenset(_words(famous)) - frozenset(_words(altered))


def blank_strip(page: PageImage) -> Canary | None:
    """The emptiest twelfth of the page, or None where nothing is blank."""
    grey = opened(page).convert("L")
    # Shadows and the colour of the paper change slowly; ink does not.
    image = ImageChops.difference(grey, grey.filter(ImageFilter.BoxBlur(max(4, grey.width // 80))))
    height = max(24, image.height // 12)
    margin = image.width // 12

    def ink(top: int) -> float:
        strip = image.crop((margin, top, image.width - margin, top + height))
        return float(ImageStat.Stat(strip).rms[0])

    tops = range(0, max(1, image.height - height), max(1, height // 3))
    top = min(tops, key=ink)
    if ink(top) > MOST_INK:
        return None
    strip = opened(page).crop((margin, top, image.width - margin, top + height))
    return Canary("blank", page_of(strip))


def masked_word(page: PageImage, readings: Mapping[str, Reading]) -> Canary | None:
    """The lines around the longest word that all engines agree on and that stands on the page once, painted over."""
    found = _agreed_word(readings)
    if found is None:
        return None
    word, box = found
    image = opened(page)
    height = box.bottom - box.top
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((box.left - 3, box.top - 3, box.right + 3, box.bottom + 3), fill=(20, 20, 20))
    top, bottom = max(0, box.top - 2.5 * height), min(image.height, box.bottom + 2.5 * height)
    return Canary("masked", page_of(image.crop((0, int(top), image.width, int(bottom)))), frozenset({word}))


def _agreed_word(readings: Mapping[str, Reading]) -> tuple[str, Box] | None:
    placed = PlacedReadings(readings)
    counts = Counter(word for reading in readings.values() for word in _words(reading.text))
    candidates = []
    for slot in align_readings({reader: reading.text for reader, reading in readings.items()}):
        words = _words(slot.parts[0].text)
        if slot.agreed and len(words) == 1 and counts[words[0]] == len(readings) and (box := placed.box(slot)):
            candidates.append((words[0], box))
    return max(candidates, key=lambda pair: len(pair[0]), default=None)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
