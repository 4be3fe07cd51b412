"""Canary pages of a run, made from its own pages: blank paper, a word painted over, another word in a word's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from evaluation.datasets.contract import Item, ItemUnreadable, Locator, Planting
from playground.boxes import Box
from playground.comparing import EngineSource, compare_page
from playground.offer import Offer
from playground.probes import Trap, agreed_words, blank_place, lines_around, word_place
from translations import N_

MOST_OF_EACH = 3
MOST_PLANTED = 3 * MOST_OF_EACH
PAGES_TRIED = 8
SHORTEST = 4
"""A shorter word may be read by chance."""
ALIKE = 1.6
"""Another word that is so many times as wide or high looks pasted in."""
TRAP_NAMES: dict[Trap, str] = {"blank": "blank paper", "masked": "a masked word", "altered": "a replaced word"}
NO_WORDS = N_(
    "No word could be masked or replaced for canary pages: no engine on this machine found a word where its page's "
    "reference has it."
)

Read = Callable[[PageImage], Reading | None]
"""A page's words with their boxes, as far as anybody on this machine can tell."""


def plant(items: Sequence[Item], load: Callable[[Locator], PageImage], read: Read) -> list[Item]:
    """At most three canary pages of each kind. Which word stands where is sure where a reader and a reference agree."""
    found: list[Item] = []
    planted: Counter[Trap] = Counter()
    for item in items[:: max(1, len(items) // PAGES_TRIED)][:PAGES_TRIED]:
        if planted.total() == MOST_PLANTED:
            break
        try:
            page = load(item.locator)
        except ItemUnreadable:
            continue  # the run lists it when its turn comes
        for planting in _plantings(page, item, read):
            if planted[planting.trap] < MOST_OF_EACH:
                planted[planting.trap] += 1
                locator = replace(item.locator, planting=planting)
                name = f"{item.id} \N{MIDDLE DOT} {TRAP_NAMES[planting.trap]}"
                found.append(replace(item, id=name, locator=locator, reference=None))
    return found


def reader_here(offer: Offer, engines: EngineSource | None = None) -> Read:
    """Reads with the first engine of this machine that has boxes of words; `engines` may be guarded ones."""
    ready = (offer.spec(engine_id) for engine_id in offer.ready_without_keys())
    spec: EngineSpec | None = next((one for one in ready if one.runs == "local" and "word" in one.box_levels), None)

    def read(page: PageImage) -> Reading | None:
        if spec is None:
            return None
        return next(compare_page([spec], page, ReadingTask(), engines or offer.engines, lambda _: None)).transcription

    return read


def _plantings(page: PageImage, item: Item, read: Read) -> Iterator[Planting]:
    if item.level == "page" and (blank := blank_place(page)):
        yield Planting("blank", blank)
    reading = read(page) if item.reference else None
    if reading is None or item.reference is None:
        return
    agreed = agreed_words({"reader": reading, "reference": Reading(item.reference)})
    words = [(word, box) for word, box in agreed if len(word) >= SHORTEST]
    if words:
        word, box = words[0]
        yield Planting("masked", lines_around(page, box), word_place(box), bait=(word,))
    for at, (word, box) in enumerate(words[1:], start=1):
        other = next((rival for _, rival in words[:at] if _alike(box, rival)), None)
        if other:
            yield Planting("altered", lines_around(page, box), word_place(box), word_place(other), (word,))
            return


def _alike(one: Box, other: Box) -> bool:
    sides = ((one.right - one.left, other.right - other.left), (one.bottom - one.top, other.bottom - other.top))
    return all(max(pair) <= ALIKE * min(pair) for pair in sides)
