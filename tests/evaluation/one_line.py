"""A data set of any size whose every item is the same written line, for tests and benchmarks."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

WRITERS = 25


def one_line(folder: Path, items: int) -> Path:
    """Write the line and a manifest that names it so many times; the vendor reads it without a mistake."""
    image = Image.new("RGB", (400, 60), "white")
    ImageDraw.Draw(image).text((10, 20), "first line", fill="black")
    image.save(folder / "line.png")
    rows = (f"line.png,first line,w{number % WRITERS}\n" for number in range(items))
    manifest = folder / "many.csv"
    manifest.write_text("file,text,writer\n" + "".join(rows))
    return manifest
