"""`python -m samples.make [ID ...]`: paint the samples of `recipes` and write images, references and manifest.

The same versions of Pillow, numpy and scipy give the same bytes: all chance comes from the sample's id.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from samples.camera import take
from samples.paper import sheet
from samples.recipes import RECIPES, Recipe
from samples.rendering import Grid, InkedLine, Random, lay_ink, pixel_places, smooth_noise, write_line

HERE = Path(__file__).parent
THUMBNAIL_WIDTH = 240


def main(wanted: Sequence[str]) -> None:
    """Write the named samples, or all; the manifest always lists all."""
    for folder in ("images", "thumbnails", "references"):
        (HERE / folder).mkdir(exist_ok=True)
    for recipe in RECIPES:
        row = manifest_row(recipe)
        if wanted and recipe.id not in wanted:
            continue
        picture = paint(recipe)
        (HERE / row["image"]).write_bytes(picture)
        (HERE / row["thumbnail"]).write_bytes(_thumbnail(picture))
        (HERE / row["reference"]).write_text(reference(recipe), encoding="utf-8")
        print(f"{recipe.id}: {len(picture) / 1000:.0f} KB")
    rows = [manifest_row(recipe) for recipe in RECIPES]
    (HERE / "manifest.json").write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def paint(recipe: Recipe) -> bytes:
    """The sample's picture as JPEG."""
    rng = np.random.default_rng(zlib.crc32(recipe.id.encode()))
    first_line = recipe.blocks[0].top if recipe.blocks else recipe.pitch * 2
    page = sheet(recipe.paper, recipe.sheet, rng, pitch=recipe.pitch, first_line=first_line + 0.04 * recipe.letters)
    ink, bars = _write(recipe, rng)
    if recipe.show_through:
        page = lay_ink(page, _blurred(ink[:, ::-1]), recipe.ink, rng, strength=recipe.show_through)
    page = lay_ink(page, ink, recipe.ink, rng)
    page = lay_ink(page, bars, (20, 19, 22), rng, strength=1.1)
    return take(page, recipe.camera, recipe.picture_width, rng)


def reference(recipe: Recipe) -> str:
    """What stands on the page to be read: hidden words are left out, columns follow each other."""
    lines = [line for block in recipe.blocks for line in block.text.split("\n")]
    return "\n".join(_visible(line) for line in lines)


def manifest_row(recipe: Recipe) -> dict[str, str]:
    """The sample's row of manifest.json; paths are relative to it."""
    return {
        "id": recipe.id,
        "title": recipe.title,
        "purpose": recipe.purpose,
        "language": recipe.language,
        "level": recipe.level,
        "hand": recipe.hand.font,
        "licence": f"Picture and text: CC0-1.0. Font: see fonts/{recipe.hand.font}.LICENSE.txt",
        "made": "Set in a handwriting font by samples/make.py on painted paper; no person wrote it",
        "image": f"images/{recipe.id}.jpg",
        "thumbnail": f"thumbnails/{recipe.id}.webp",
        "reference": f"references/{recipe.id}.txt",
    }


def _visible(line: str) -> str:
    words = line.replace("\t", " ").split()
    return " ".join(word for word in words if not word.startswith("{"))


def _write(recipe: Recipe, rng: Random) -> tuple[Grid, Grid]:
    """The page's ink, and the bars over its hidden words."""
    ink = np.zeros(recipe.sheet[::-1], np.float32)
    bars = np.zeros_like(ink)
    for block in recipe.blocks:
        for number, text in enumerate(block.text.split("\n")):
            line = write_line(text, recipe.hand, recipe.letters, rng, block.width)
            top = block.top + number * recipe.pitch - line.baseline
            _add(ink, line.ink, top, block.left)
            _add(bars, _cover(line, recipe.letters, rng), top, block.left)
    return ink, bars


def _add(page: Grid, piece: Grid, top: int, left: int) -> None:
    """Lay a piece of ink on the page, where it lies on the page."""
    above = max(0, -top)
    target = page[max(0, top) : top + piece.shape[0], left : left + piece.shape[1]]
    np.maximum(target, piece[above : above + target.shape[0], : target.shape[1]], out=target)


def _cover(line: InkedLine, letters: float, rng: Random) -> Grid:
    """Felt-tip bars over the gaps, with unsteady edges."""
    shape = (line.ink.shape[0], line.ink.shape[1])
    rows, columns = pixel_places(shape)
    rows = rows + 0.03 * letters * smooth_noise(shape, (40, letters), rng)
    columns = columns + 0.03 * letters * smooth_noise(shape, (6, 40), rng)
    cover = np.zeros_like(line.ink)
    for start, end in line.gaps:
        from_top, from_foot = rows - line.baseline + 0.62 * letters, line.baseline + 0.3 * letters - rows
        inside = np.minimum.reduce([from_top, from_foot, columns - start, end - columns])
        cover = np.maximum(cover, np.clip(inside / 2, 0, 1))
    return cover


def _blurred(ink: Grid) -> Grid:
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(ink, 2.2), np.float32)


def _thumbnail(picture: bytes) -> bytes:
    image = Image.open(BytesIO(picture))
    image.thumbnail((THUMBNAIL_WIDTH, 2 * THUMBNAIL_WIDTH), Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "WEBP", quality=78, method=6)
    return file.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
