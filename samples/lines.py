"""`python -m samples.lines --count N --out DIR`: single lines of varied handwriting, each image beside its text.

For training and testing line readers. The texts are stretches of the samples, or of a text file of your own.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from samples.camera import Camera, take
from samples.make import reference
from samples.paper import Paper, sheet
from samples.recipes import BLACK, BLUE, BLUE_BLACK, PENCIL, RECIPES, SEPIA
from samples.rendering import Hand, Random, lay_ink, missing_glyphs, write_line

LINE_HEIGHT = 96
_HANDS = tuple({recipe.hand.font: recipe.hand for recipe in RECIPES if recipe.id != "print"}.values())
_PAPERS = (Paper(), Paper(ruling="lined"), Paper(ruling="squared"), Paper((240, 230, 206)), Paper((226, 224, 220)))
_INKS = (BLACK, BLUE, BLUE_BLACK, PENCIL, SEPIA)


def main() -> None:
    """Write COUNT pairs NNNNNN.jpg and NNNNNN.txt; the same seed gives the same lines."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--text", type=Path, help="a UTF-8 text whose words are written")
    chosen = options.parse_args()
    source = chosen.text.read_text(encoding="utf-8") if chosen.text else "\n".join(map(reference, RECIPES))
    chosen.out.mkdir(parents=True, exist_ok=True)
    for number, (picture, text) in enumerate(lines(source, chosen.count, chosen.seed)):
        (chosen.out / f"{number:06}.jpg").write_bytes(picture)
        (chosen.out / f"{number:06}.txt").write_text(text, encoding="utf-8")


def lines(source: str, count: int, seed: int) -> Iterator[tuple[bytes, str]]:
    """`count` lines of one to eight words of `source`: the picture as JPEG, and its text."""
    rng = np.random.default_rng(seed)
    words = source.split()
    while count:
        start = rng.integers(len(words))
        text = " ".join(words[start : start + rng.integers(1, 9)])
        hand = _vary(_HANDS[rng.integers(len(_HANDS))], rng)
        if missing_glyphs(text, hand):
            continue
        yield picture_of(text, hand, rng), text
        count -= 1


def picture_of(text: str, hand: Hand, rng: Random) -> bytes:
    """One line on a strip of some paper, photographed with some care; JPEG, about `LINE_HEIGHT` pixels high."""
    letters = 64
    line = write_line(text, hand, letters, rng)
    written = np.flatnonzero(line.ink.max(axis=1) > 0.1)
    ink = line.ink[max(0, written[0] - rng.integers(12, 32)) : written[-1] + rng.integers(12, 32)]
    height, width = ink.shape
    paper = _PAPERS[rng.integers(len(_PAPERS))]
    strip = sheet(paper, (width, height), rng, pitch=1.6 * letters, first_line=rng.uniform(0.5, 0.9) * height)
    strip = lay_ink(strip, ink, _INKS[rng.integers(len(_INKS))], rng, strength=rng.uniform(0.6, 1))
    camera = Camera(
        turn_degrees=rng.normal() * min(1.0, 400 / width),
        warmth=rng.uniform(-0.5, 1),
        light=rng.uniform(0, 0.3),
        shadow=rng.uniform(0, 0.35),
        blur=rng.uniform(0.2, 1.2),
        noise=rng.uniform(0, 6),
        quality=int(rng.integers(45, 95)),
    )
    return take(strip, camera, round(width * LINE_HEIGHT / height), rng)


def _vary(hand: Hand, rng: Random) -> Hand:
    """The same writer on another day."""
    return replace(
        hand,
        tilt_degrees=hand.tilt_degrees * rng.uniform(0.3, 2),
        slant=hand.slant * rng.uniform(0.3, 3),
        drift=hand.drift * rng.uniform(0.3, 2),
        spacing=hand.spacing * rng.uniform(0.7, 1.5),
        pen=hand.pen + rng.uniform(0, 0.8),
        unsteady=rng.uniform(0.6, 1.6),
    )


if __name__ == "__main__":
    main()
