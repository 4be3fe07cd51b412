"""Pages turned by hand are turned back; what has no right way up is left as it is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engines.page_fitting import page_from, rgb_pixels
from engines.page_orientation import Orientation, OrientationFinder, turn_of, turned
from playground.uploads import accept
from samples import load_samples

SAMPLES = [sample for sample in load_samples() if sample.image.stem in {"letter", "line", "columns", "accents"}]


@pytest.fixture(scope="module")
def finder() -> OrientationFinder:
    finder = OrientationFinder()
    finder.load()
    return finder


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.image.stem)
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_page_is_turned_back(finder: OrientationFinder, sample, angle: int) -> None:
    """Upright as it is; turned, at half its size, where everything is as easy to see in a third of the time."""
    page = accept(sample.image.read_bytes())
    if angle:
        page = page_from(Image.fromarray(rgb_pixels(page)).reduce(2))
    found = finder.find(turned(page, turn_of(angle)))
    assert found == Orientation(turn_of(-angle), certain=True)


def test_the_turn_is_clockwise_and_loses_nothing() -> None:
    image = Image.new("RGB", (30, 20), "white")
    image.paste("red", (0, 0, 10, 10))
    right = rgb_pixels(turned(page_from(image), 90))
    assert right.shape == (30, 20, 3)
    assert right[5, 15].tolist() == [255, 0, 0]
    whole = page_from(image)
    assert np.array_equal(rgb_pixels(turned(turned(whole, 90), 270)), rgb_pixels(whole))


def drawing() -> Image.Image:
    image = Image.new("RGB", (800, 600), "white")
    for corner in range(0, 300, 40):
        ImageDraw.Draw(image).ellipse((corner, corner, corner + 250, corner + 180), outline="black", width=3)
    return image


def stamp_on_its_side() -> Image.Image:
    image, label = Image.new("RGB", (2000, 1600), "white"), Image.new("RGB", (330, 60), "white")
    ImageDraw.Draw(label).text((10, 10), "RECEIVED MAY 1911", fill="black", font_size=32)
    image.paste(label.rotate(90, expand=True), (1500, 300))
    return image


@pytest.mark.parametrize("make", [lambda: Image.new("RGB", (600, 800), "white"), drawing, stamp_on_its_side])
def test_what_tells_too_little_is_not_turned(finder: OrientationFinder, make) -> None:
    assert not finder.find(page_from(make())).done


def test_people_are_told_what_was_done() -> None:
    assert Orientation(90, certain=True).sentence == "The page lay on its side: turned by 90 degrees."
    assert Orientation(180).sentence == "The page may lie upside down."
    assert not Orientation(0, certain=True).sentence
