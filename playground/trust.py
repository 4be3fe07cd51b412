"""Can I trust it? Plans of extra readings, with their price, and what their outcomes mean. Runs no engine itself."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.pricing import Charge, estimated, together
from metrics.agreement import disagreement_matrix
from metrics.answer import parse_answer
from metrics.error_rate import cer
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.reading_slots import align_readings
from playground.boxes import Box, PlacedReadings
from playground.comparison import EngineRun
from playground.uploads import accept
from samples import load_samples

Question = Literal["invent", "repeat", "endure"]
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One engine under one condition; no rate where it did not read."""

    condition: str
    rate: float | None


@dataclass(frozen=True, slots=True)
class Steadiness:
    """One engine's readings of the same pixels; `mean_difference` is that of all pairs, 0 where all are alike."""

    engine: str
    readings: int
    different_texts: int
    mean_difference: float


def canaries_for(page: PageImage, readings: Mapping[str, Reading]) -> tuple[Canary, ...]:
    """A blank strip, a masked word and an altered sentence; from the samples where the page gives none."""
    samples = {sample.id: sample for sample in load_samples()}

    def sample_page(name: str) -> PageImage:
        return accept(samples[name].image.read_bytes(), samples[name].image.name)

    blank = blank_strip(page) or Canary("blank", sample_page("blank"), own=False)
    masked = masked_word(page, readings) or Canary("masked", sample_page("masked"), frozenset({"fortune"}), own=False)
    altered = Canary("altered", sample_page("altered"), altered_words(samples["altered"].reference), own=False)
    return blank, masked, altered


def repeats_of(page: PageImage) -> tuple[Probe, ...]:
    """The same page several times more."""
    return tuple(Probe(f"again, {number}", page) for number in range(1, REPEATS + 1))


def damaged(page: PageImage) -> tuple[Probe, ...]:
    """The page under every condition but the one it was already read in."""
    return conditions(page)[1:]


def price(specs: Iterable[EngineSpec], pages: Sequence[PageImage], task: ReadingTask) -> Charge:
    """What reading all pages with all engines is likely to cost."""
    return together(estimated(spec, page, task) for spec in specs for page in pages)


def inventions(runs: Iterable[tuple[Canary, EngineRun]]) -> Mapping[str, tuple[Caught | None, ...]]:
    """Engine by engine what it made of each trap; None where it did not read."""
    found: dict[str, list[Caught | None]] = defaultdict(list)
    for canary, run in runs:
        read = run.transcription
        found[run.engine_id].append(None if read is None else judge(canary, read.text))
    return {engine_id: tuple(caught) for engine_id, caught in found.items()}


def steadiness(
    before: Mapping[str, str], again: Iterable[EngineRun], rules: Rules = DEFAULT_RULES
) -> tuple[Steadiness, ...]:
    """How far the readings of each engine lie apart, the steadiest first."""
    texts = {engine_id: [text] for engine_id, text in before.items()}
    for engine_id, reading in ((run.engine_id, run.transcription) for run in again):
        if reading is not None:
            texts[engine_id].append(reading.text)
    found = (Steadiness(i, len(own), len(set(own)), spread(own, rules)) for i, own in texts.items())
    return tuple(sorted(found, key=lambda one: one.mean_difference))


def endurance(
    before: Mapping[str, str],
    after: Sequence[tuple[str, EngineRun]],
    reference: str,
    rules: Rules = DEFAULT_RULES,
) -> Mapping[str, tuple[Point, ...]]:
    """Engine by engine the CER under each condition, the first as it is.

    Without a reference: how far a reading lies from the engine's own of the undamaged page.
    """
    points: dict[str, list[Point]] = defaultdict(list)

    def rate(engine_id: str, text: str) -> float | None:
        if reference.strip():
            return cer(reference, text, rules).rate
        (pair,) = disagreement_matrix({"before": before[engine_id], "after": text}, rules)
        return pair.rate

    for engine_id, text in before.items():
        points[engine_id].append(Point("as it is", rate(engine_id, text)))
    for condition, run in after:
        again = run.transcription
        points[run.engine_id].append(Point(condition, None if again is None else rate(run.engine_id, again.text)))
    return {engine_id: tuple(found) for engine_id, found in points.items()}


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
    readings = {reader: reading for reader, reading in readings.items() if reading.text.strip()}
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


@dataclass(frozen=True, slots=True)
class Probe:
    """A page to read, and what was done to it in a word or two."""

    name: str
    page: PageImage


def conditions(page: PageImage) -> tuple[Probe, ...]:
    """The page as it is and as a careless scan might have it, mildest first."""
    image = opened(page)
    half = (max(1, image.width // 2), max(1, image.height // 2))
    return (
        Probe("as it is", page),
        Probe("turned 1°", page_of(_turned(image, 1))),
        Probe("turned 3°", page_of(_turned(image, 3))),
        Probe("blurred", page_of(image.filter(ImageFilter.GaussianBlur(max(image.size) / 900)))),
        Probe("half size", page_of(image.resize(half, Image.Resampling.LANCZOS))),
        Probe("JPEG 15", page_of(_compressed(image))),
    )


def spread(readings: Sequence[str], rules: Rules = DEFAULT_RULES) -> float:
    """How far readings of the same page by one engine lie apart: mean disagreement of all pairs, 0 for one reading."""
    if len(readings) < 2:
        return 0.0
    numbered = {str(number): text for number, text in enumerate(readings)}
    rates = [pair.rate for pair in disagreement_matrix(numbered, rules)]
    return fmean(rates)


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


@dataclass(frozen=True, slots=True)
class TrapAnswer:
    """One engine before one trap; `own` if it was made from the page itself rather than taken from the samples."""

    trap: Trap
    own: bool
    verdict: Verdict | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustAnswers:
    """`trust --json`: one page; a question that was not asked is null. `readings` counts them all."""

    page: str
    readings: int
    failed: int
    has_reference: bool
    invented: Mapping[str, tuple[TrapAnswer, ...]] | None = None
    repeated: tuple[Steadiness, ...] | None = None
    endured: Mapping[str, tuple[Point, ...]] | None = None
