"""Sheets of paper to write on: colour, fibres, ruling, folds and stains. Knows nothing of what is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from samples.rendering import Colour, Grid, Random, pixel_places, smooth_noise

Ruling = Literal["plain", "lined", "squared"]
_BLUE_RULE = np.array((138, 168, 205), np.float32)
_RED_MARGIN = np.array((214, 130, 130), np.float32)


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of sheet; `folds` are heights of creases as shares of the sheet, `age` browns its edges and spots it."""

    colour: Colour = (247, 246, 241)
    ruling: Ruling = "plain"
    margin: float | None = None
    folds: tuple[float, ...] = ()
    age: float = 0.0


def sheet(paper: Paper, size: tuple[int, int], rng: Random, *, pitch: float, first_line: float) -> Grid:
    """Paint the empty sheet (rows, columns, RGB, 0 to 255); rules stand `pitch` apart, one at row `first_line`."""
    shape = (size[1], size[0])
    shade = 1.6 * rng.normal(size=shape) + 1.6 * smooth_noise(shape, 5, rng) + 2.5 * smooth_noise(shape, 220, rng)
    fibres = np.minimum(0, smooth_noise(shape, (2, 9), rng) + 1.6) * 2.5
    painted = np.array(paper.colour) + (shade + fibres)[..., None]
    for cover, colour in _rules(paper, shape, pitch, first_line, rng):
        painted = painted * (1 - cover[..., None]) + colour * cover[..., None]
    painted += _folds(paper.folds, shape, rng)[..., None]
    return np.asarray(painted * _ageing(paper.age, shape, rng), np.float32)


def _rules(paper: Paper, shape: tuple[int, int], pitch: float, first: float, rng: Random) -> list[tuple[Grid, Grid]]:
    rows, columns = pixel_places(shape)
    faint = 0.62 + 0.12 * smooth_noise(shape, (8, 40), rng)
    drawn: list[tuple[Grid, Grid]] = []
    if paper.ruling == "lined":
        below_head = rows > first - 0.6 * pitch
        drawn.append((_stripe(rows - first, pitch, 1.1) * faint * below_head, _BLUE_RULE))
    if paper.ruling == "squared":
        squares = np.maximum(_stripe(rows - first, pitch / 2, 0.9), _stripe(columns - 11, pitch / 2, 0.9))
        drawn.append((squares * faint * 0.8, _BLUE_RULE))
    if paper.margin is not None:
        drawn.append((np.clip(1.8 - np.abs(columns - paper.margin * shape[1]), 0, 1) * faint, _RED_MARGIN))
    return drawn


def _stripe(distance: Grid, pitch: float, half_width: float) -> Grid:
    """Soft lines where `distance` is a multiple of `pitch`."""
    from_nearest = np.abs((distance + pitch / 2) % pitch - pitch / 2)
    return np.asarray(np.clip(half_width + 0.5 - from_nearest, 0, 1), np.float32)


def _folds(heights: tuple[float, ...], shape: tuple[int, int], rng: Random) -> Grid:
    """Each crease is a dark valley with a bright edge above it, and one half of the sheet turns from the light."""
    rows = pixel_places(shape)[0] + 1.5 * smooth_noise(shape, 120, rng)
    light = np.zeros(shape, np.float32)
    for share in heights:
        from_fold = rows - share * shape[0]
        light += 9 * np.exp(-(((from_fold + 3) / 3) ** 2)) - 20 * np.exp(-(((from_fold - 2) / 2.5) ** 2))
        light -= 7 * np.exp(-np.abs(from_fold) / 60) * (from_fold > 0)
    return light


def _ageing(age: float, shape: tuple[int, int], rng: Random) -> Grid:
    rows, columns = pixel_places(shape)
    to_edge = np.minimum.reduce([rows, columns, shape[0] - rows, shape[1] - columns]) / min(shape)
    brown = age * (0.30 * np.exp(-to_edge / 0.035) + 0.05 * smooth_noise(shape, 90, rng))
    spots = age * 0.10 * (smooth_noise(shape, 14, rng) > 2.6)
    lost = np.clip(brown + spots, 0, 0.6)[..., None]
    return np.asarray(1 - lost * np.array((0.55, 0.85, 1.25)), np.float32)
