"""What a scanner or a telephone makes of a sheet: turn, perspective, light, shadow, blur, noise, compression."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import numpy as np
from PIL import Image, ImageFilter

from samples.rendering import Grid, Random, pixel_places, smooth_noise

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Camera:
    """How the sheet is taken: `surround` is what it lies on, `skew` how far its corners stray, as a share of its width.

    `turn_degrees` is for a scanner, where the sheet has no surround. `light`, `shadow` and `warmth` run from 0 to 1.
    """

    surround: Literal["wood", "slate", "none"] = "none"
    skew: float = 0.0
    turn_degrees: float = 0.0
    warmth: float = 0.0
    light: float = 0.0
    shadow: float = 0.0
    blur: float = 0.5
    noise: float = 2.0
    quality: int = 82


def take(sheet: Grid, camera: Camera, width: int, rng: Random) -> bytes:
    """The picture as JPEG, `width` pixels wide."""
    flat = Image.fromarray(np.clip(sheet, 0, 255).astype(np.uint8))
    scene = _lay_on_table(flat, camera, rng) if camera.surround != "none" else _turn(flat, camera.turn_degrees)
    scene = scene.resize((width, round(scene.height * width / scene.width)), Image.Resampling.LANCZOS)
    scene = scene.filter(ImageFilter.GaussianBlur(camera.blur))
    seen = np.asarray(scene, np.float32) * _lighting((scene.height, scene.width), camera, rng)
    grain = rng.normal(size=seen.shape[:2])[..., None] + 0.4 * rng.normal(size=seen.shape)
    seen = np.clip(seen + camera.noise * grain, 0, 255).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(seen).save(file, "JPEG", quality=camera.quality, optimize=True)
    return file.getvalue()


def _turn(flat: Image.Image, degrees: float) -> Image.Image:
    """A sheet on a scanner: a little askew, cropped inside its edges."""
    turned = flat.rotate(degrees, Image.Resampling.BICUBIC)
    inset = round(abs(np.sin(np.radians(degrees))) * max(flat.size) / 2) + 1
    return turned.crop((inset, inset, flat.width - inset, flat.height - inset))


def _lay_on_table(flat: Image.Image, camera: Camera, rng: Random) -> Image.Image:
    """The sheet seen at an angle on a table that shows around it, with its shadow."""
    rim = round(0.05 * flat.width)
    size = (flat.width + 2 * rim, flat.height + 2 * rim)
    corners = ((rim, rim), (size[0] - rim, rim), (size[0] - rim, size[1] - rim), (rim, size[1] - rim))
    seen_at = tuple((x + s, y + t) for (x, y), (s, t) in zip(corners, _stray(camera, flat.width, rng), strict=True))
    scene = _table(camera.surround, size, rng)
    view = _perspective(seen_at, ((0, 0), (flat.width, 0), flat.size, (0, flat.height)))
    paper = flat.transform(size, Image.Transform.PERSPECTIVE, view, Image.Resampling.BICUBIC)
    outline = Image.new("L", flat.size, 255).transform(
        size, Image.Transform.PERSPECTIVE, view, Image.Resampling.BICUBIC
    )
    outline = outline.filter(ImageFilter.GaussianBlur(1.2))
    fall = outline.transform(size, Image.Transform.AFFINE, (1, 0, -0.25 * rim, 0, 1, -0.3 * rim))
    darkness = fall.filter(ImageFilter.GaussianBlur(0.22 * rim)).point(lambda value: value * 0.6)
    scene.paste((14, 10, 8), mask=darkness)
    scene.paste(paper, mask=outline)
    return scene


def _stray(camera: Camera, width: int, rng: Random) -> list[tuple[float, float]]:
    """The far edge looks shorter than the near one; the rest is chance."""
    reach = camera.skew * width
    chance = rng.uniform(-0.35, 0.35, size=(4, 2)) * reach
    narrowing = np.array([(reach, 0.6 * reach), (-reach, 0.3 * reach), (0, 0), (0, 0)])
    return [(float(x), float(y)) for x, y in narrowing + chance]


def _perspective(seen_at: Corners, original: Corners) -> list[float]:
    """Pillow's eight coefficients: from the place where a point is seen to its place on the flat sheet."""
    rows, values = [], []
    for (x, y), (u, v) in zip(seen_at, original, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(values))]


def _table(kind: str, size: tuple[int, int], rng: Random) -> Image.Image:
    shape = (size[1], size[0])
    if kind == "wood":
        colour, veins = np.array((122, 86, 58), np.float32), _wood_grain(shape, rng)
    else:
        colour = np.array((66, 70, 76), np.float32)
        veins = 0.06 * smooth_noise(shape, 90, rng) + 0.05 * smooth_noise(shape, 3, rng)
    painted = colour * (1 + veins[..., None])
    return Image.fromarray(np.clip(painted, 0, 255).astype(np.uint8))


def _wood_grain(shape: tuple[int, int], rng: Random) -> Grid:
    """Planks, each of its own shade, with year rings that run along them and sway."""
    rows, columns = pixel_places(shape)
    plank = np.floor(rows / 420 + 0.35).astype(int)
    shade = (0.09 * rng.normal(size=plank.max() + 1))[plank]
    seam = np.abs((rows / 420 + 0.35) % 1 - 0.5) > 0.4945
    height = rows + 16 * smooth_noise(shape, (150, 500), rng) + 0.01 * columns * (plank % 3 - 1)
    rings = 0.06 * np.sin(height / 9) * np.sin(height / 31 + 2 * plank) + 0.05 * smooth_noise(shape, (5, 300), rng)
    pores = 0.05 * smooth_noise(shape, (2, 40), rng)
    return np.asarray(shade + rings + pores - 0.5 * seam, np.float32)


def _lighting(shape: tuple[int, int], camera: Camera, rng: Random) -> Grid:
    """A lamp to one side, someone's soft shadow from another, darker borders, a warm or cool tint."""
    rows, columns = pixel_places(shape)
    x, y = columns / shape[1] - 0.5, rows / shape[0] - 0.5
    lamp_side, shadow_side = rng.uniform(0, 2 * np.pi, size=2)
    lamp = 0.985 + camera.light * (0.7 * (np.cos(lamp_side) * x + np.sin(lamp_side) * y) - 0.6 * (x * x + y * y))
    depth = np.cos(shadow_side) * x + np.sin(shadow_side) * y + 0.04 * smooth_noise(shape, 350, rng)
    shade = 1 - camera.shadow / (1 + np.exp(-(depth - 0.30) / 0.05))
    tint = 1 + camera.warmth * np.array((0.02, 0.0, -0.07), np.float32)
    return np.asarray((lamp * shade)[..., None] * tint, np.float32)
