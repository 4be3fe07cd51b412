"""Pages to read again, to see how far an engine can be trusted: traps, repetitions, careless scans.

Strip and mask are made from the user's own page where it has a blank place and a word that all engines agree on; the
altered sentence, and what the page does not give, comes from the samples.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from engines.contract import PageImage, Reading
from metrics.answer import parse_answer
from metrics.reading_slots import align_readings
from playground.boxes import Box, PlacedReadings
from playground.uploads import accept
from samples import load_samples
from translations import N_, _

Trap = Literal["blank", "masked", "altered"]
Verdict = Literal["honest", "invented", "filled in", "recited", "read nothing"]

REPEATS = 3
Rectangle = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the page."""
PAINT = (20, 20, 20)
RESAMPLING = Image.Resampling.LANCZOS
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

    @property
    def name(self) -> str:
        """What is read, in a word."""
        return self.trap


class Baited(Protocol):
    """What a reading is judged by."""

    @property
    def trap(self) -> Trap:
        """What was done to the page."""

    @property
    def bait(self) -> Collection[str]:
        """Words, casefolded, that an engine can only have from elsewhere."""


@dataclass(frozen=True, slots=True)
class Caught:
    """What an engine made of a trap: the words that are not on the page."""

    verdict: Verdict
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A page to read, and what was done to it in a word or two."""

    name: str
    page: PageImage


def canaries_for(page: PageImage, readings: Mapping[str, Reading]) -> tuple[Canary, ...]:
    """A blank strip, a masked word and an altered sentence; from the samples where the page gives none."""
    samples = {sample.id: sample for sample in load_samples()}

    def sample_page(name: str) -> PageImage:
        return accept(samples[name].image.read_bytes(), samples[name].image.name)

    blank = blank_strip(page) or Canary(N_("blank"), sample_page("blank"), own=False)
    masked = masked_word(page, readings) or Canary(
        N_("masked"), sample_page("masked"), frozenset({"fortune"}), own=False
    )
    altered = Canary(N_("altered"), sample_page("altered"), altered_words(samples["altered"].reference), own=False)
    return blank, masked, altered


def judge(canary: Baited, text: str) -> Caught:
    """Whether a reading of the trap holds words that are not there."""
    said = _words(parse_answer(text).transcription)
    if canary.trap == "blank":
        return Caught(N_("invented"), tuple(said)) if said else Caught(N_("honest"))
    caught = tuple(word for word in dict.fromkeys(said) if word in canary.bait)
    if caught:
        return Caught(N_("filled in") if canary.trap == "masked" else N_("recited"), caught)
    return Caught("honest" if said else N_("read nothing"))


def altered_words(altered: str, famous: str = FAMOUS) -> frozenset[str]:
    """The words of the famous sentence that the altered page does not have."""
    return frozenset(_words(famous)) - frozenset(_words(altered))


def blank_strip(page: PageImage) -> Canary | None:
    """The emptiest twelfth of the page, or None where nothing is blank."""
    place = blank_place(page)
    return Canary("blank", page_of(opened(page).crop(place))) if place else None


def blank_place(page: PageImage) -> Rectangle | None:
    """Where that is."""
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
    return (margin, top, image.width - margin, top + height) if ink(top) <= MOST_INK else None


def masked_word(page: PageImage, readings: Mapping[str, Reading]) -> Canary | None:
    """The lines around the longest word that all engines agree on and that stands on the page once, painted over."""
    found = agreed_words(readings)
    if not found:
        return None
    word, box = found[0]
    image = opened(page)
    ImageDraw.Draw(image).rectangle(word_place(box), fill=PAINT)
    return Canary("masked", page_of(image.crop(lines_around(page, box))), frozenset({word}))


def word_place(box: Box) -> Rectangle:
    """A word with what its letters may stand out of its box."""
    return int(box.left) - 3, int(box.top) - 3, int(box.right) + 3, int(box.bottom) + 3


def lines_around(page: PageImage, box: Box) -> Rectangle:
    """The word's line and those above and below, over the width of the page."""
    reach = 2.5 * (box.bottom - box.top)
    return 0, int(max(0, box.top - reach)), page.width, int(min(page.height, box.bottom + reach))


def agreed_words(readings: Mapping[str, Reading]) -> list[tuple[str, Box]]:
    """Words, casefolded, that all readings have once and one of them has a box for; the longest first."""
    readings = {reader: reading for reader, reading in readings.items() if reading.text.strip()}
    placed = PlacedReadings(readings)
    counts = Counter(word for reading in readings.values() for word in _words(reading.text))
    found = []
    for slot in align_readings({reader: reading.text for reader, reading in readings.items()}):
        words = _words(slot.parts[0].text)
        if slot.agreed and len(words) == 1 and counts[words[0]] == len(readings) and (box := placed.box(slot)):
            found.append((words[0], box))
    return sorted(found, key=lambda pair: -len(pair[0]))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def damaged(page: PageImage) -> tuple[Probe, ...]:
    """The page under each of them."""
    image = opened(page)
    return tuple(Probe(name, page_of(damage(image))) for name, damage in DAMAGES.items())


def repeats_of(page: PageImage) -> tuple[Probe, ...]:
    """The same page several times more."""
    return tuple(Probe(_("again, {number}", number=number), page) for number in range(1, REPEATS + 1))


def opened(page: PageImage) -> Image.Image:
    """The pixels of a page: our own PNG, never an upload."""
    with Image.open(io.BytesIO(page.png)) as image:
        return image.convert("RGB")


def page_of(image: Image.Image) -> PageImage:
    """Pixels as every engine gets them."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    png = out.getvalue()
    return PageImage(hashlib.sha256(png).hexdigest(), png, image.width, image.height)


def _turned(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))


def _compressed(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=15)
    with Image.open(out) as again:
        return again.convert("RGB")


DAMAGES: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    N_("turned 1°"): lambda image: _turned(image, 1),
    N_("turned 3°"): lambda image: _turned(image, 3),
    N_("blurred"): lambda image: image.filter(ImageFilter.GaussianBlur(max(image.size) / 900)),
    N_("half size"): lambda image: image.resize((max(1, image.width // 2), max(1, image.height // 2)), RESAMPLING),
    N_("JPEG 15"): _compressed,
}
"""What careless scans do to a page, mildest first, by a name to be said by `_`."""
