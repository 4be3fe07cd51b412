"""Text -> handwriting, as ink coverage between 0 and 1: fonts, the unsteadiness of a hand, and ink on a line image.

Reused for training lines. Knows nothing of pages, cameras or the catalogue of samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grid = NDArray[np.float32]
Colour = tuple[int, int, int]
Random = np.random.Generator

_FONTS = Path(__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Hand:
    """A way of writing: the font, its size beside the others, and how far words tilt, lean and leave the line.

    `pen` widens each stroke by that many pixels on both sides; `unsteady` is how much letters differ among themselves.
    """

    font: str
    size: float = 1.0
    tilt_degrees: float = 0.8
    slant: float = 0.05
    drift: float = 0.05
    spacing: float = 1.0
    pen: float = 0.0
    unsteady: float = 1.0

    def typeface(self, pixels: float) -> ImageFont.FreeTypeFont:
        """The font so that hands of equal `pixels` look equally large."""
        return ImageFont.truetype(str(_FONTS / f"{self.font}.woff2"), round(pixels * self.size))


@dataclass(frozen=True, slots=True)
class InkedLine:
    """One written line: coverage with the baseline at row `baseline`, and the spans left free for masked words."""

    ink: Grid
    baseline: int
    gaps: tuple[tuple[int, int], ...] = ()


def missing_glyphs(text: str, hand: Hand) -> set[str]:
    """Characters the font would draw as an empty box."""
    face = hand.typeface(40)
    box = bytes(face.getmask("\U0010fffd"))
    return {letter for letter in set(text) if not letter.isspace() and bytes(face.getmask(letter)) == box}


def write_line(text: str, hand: Hand, pixels: float, rng: Random, width: int | None = None) -> InkedLine:
    """Write one line. `{word}` leaves a gap as wide as the word; what follows a tab ends at `width`.

    `pixels` is the size of the letters; without a `width` the line is as long as its text, which never has to fit.
    Raises ValueError for a text that is too long for `width` or has characters the font lacks.
    """
    if missing := missing_glyphs(text, hand):
        raise ValueError(f"{hand.font} has no {' '.join(sorted(missing))}")
    face, unit = hand.typeface(pixels), round(pixels)
    left, _, right = text.partition("\t")
    words = _place(left, face, hand, rng, unit)
    if right and width:
        tail = _place(right, face, hand, rng, 0)
        words += [replace(word, start=width - unit - tail[-1].end + word.start) for word in tail]
    if width and words[-1].end > width - unit / 2:
        raise ValueError(f"needs {words[-1].end + unit / 2:.0f} pixels, has {width}: {text}")
    sheet = Image.new("L", (width or round(words[-1].end + unit), 4 * unit))
    for word, lift in zip(words, _wander(len(words), rng) * hand.drift * unit, strict=True):
        if not word.hidden:
            drawn = _draw(word.letters, face, unit, hand, rng)
            sheet.paste(255, (round(word.start) - unit, round(lift)), mask=drawn)
    ink = np.asarray(np.asarray(sheet) / 255, np.float32)
    gaps = tuple((round(word.start), round(word.end)) for word in words if word.hidden)
    return InkedLine(_unsteady(ink, unit, hand.unsteady, rng), 2 * unit, gaps)


def smooth_noise(shape: tuple[int, int], cell: float | tuple[float, float], rng: Random) -> Grid:
    """Clouds of about `cell` pixels (rows, columns), mean 0 and deviation near 1."""
    rows, columns = (cell, cell) if isinstance(cell, int | float) else cell
    coarse = rng.normal(size=(max(2, round(shape[0] / rows) + 1), max(2, round(shape[1] / columns) + 1)))
    clouds = Image.fromarray(coarse.astype(np.float32)).resize(shape[::-1], Image.Resampling.BICUBIC)
    return np.asarray(clouds)


def pixel_places(shape: tuple[int, int]) -> tuple[Grid, Grid]:
    """Each pixel's row and column."""
    places = np.indices(shape, dtype=np.float32)
    return places[0], places[1]


def lay_ink(paper: Grid, ink: Grid, colour: Colour, rng: Random, *, strength: float = 0.92) -> Grid:
    """Ink on paper (rows, columns, RGB, 0 to 255): pressure comes and goes, and the paper's grain shows through."""
    shape = (ink.shape[0], ink.shape[1])
    pressure = 1 + 0.10 * smooth_noise(shape, 60, rng) + 0.05 * smooth_noise(shape, 14, rng)
    grain = 1 - 0.10 * np.abs(rng.normal(size=shape))
    cover = np.clip(ink * strength * pressure * grain, 0, 1)[..., None]
    return np.asarray(paper * (1 - cover) + np.array(colour) * cover, np.float32)


@dataclass(frozen=True, slots=True)
class _Word:
    letters: str
    hidden: bool
    start: float
    length: float

    @property
    def end(self) -> float:
        return self.start + self.length


def _place(text: str, face: ImageFont.FreeTypeFont, hand: Hand, rng: Random, start: float) -> list[_Word]:
    """The words side by side; the gaps vary, but none is so narrow that two words look like one."""
    narrowest = 0.28 * face.size
    usual = max(narrowest, face.getlength(" ")) * hand.spacing
    words = []
    for written in text.split(" "):
        letters = written.strip("{}")
        words.append(_Word(letters, written.startswith("{"), start, face.getlength(letters)))
        start = words[-1].end + max(narrowest, usual * rng.uniform(0.85, 1.25))
    return words


def _wander(count: int, rng: Random) -> Grid:
    """How the words leave the baseline: a slow climb or fall, and a small hop each."""
    climb = np.linspace(0, rng.normal(), count)
    return np.asarray(climb + 0.5 * rng.normal(size=count), np.float32)


def _draw(letters: str, face: ImageFont.FreeTypeFont, unit: int, hand: Hand, rng: Random) -> Image.Image:
    """One word with a margin of `unit`, its baseline at 2 units, tilted about its beginning and leaning a little."""
    layer = Image.new("L", (round(face.getlength(letters)) + 2 * unit, 4 * unit))
    ImageDraw.Draw(layer).text((unit, 2 * unit), letters, font=face, fill=255, anchor="ls", stroke_width=hand.pen)
    tilt = np.tan(np.radians(rng.normal() * hand.tilt_degrees))
    lean = rng.normal() * hand.slant
    turn = (1, lean, -lean * 2 * unit, tilt, 1, -tilt * unit)
    return layer.transform(layer.size, Image.Transform.AFFINE, turn, Image.Resampling.BILINEAR)


def _unsteady(ink: Grid, unit: int, amount: float, rng: Random) -> Grid:
    """No two letters alike: bend the line a little, and let strokes swell and thin."""
    from scipy.ndimage import gaussian_filter, map_coordinates

    shape = (ink.shape[0], ink.shape[1])
    bend = 0.03 * amount * unit
    rows, columns = pixel_places(shape)
    bent_rows = rows + smooth_noise(shape, 0.9 * unit, rng) * bend
    bent_columns = columns + smooth_noise(shape, 0.8 * unit, rng) * bend
    soft = gaussian_filter(map_coordinates(ink, (bent_rows, bent_columns), order=1), unit / 75)
    edge = np.clip(0.45 + 0.07 * amount * smooth_noise(shape, 0.8 * unit, rng), 0.28, 0.6)
    return np.asarray(np.clip((soft - edge) * 2.4 + 0.5, 0, 1), np.float32)
