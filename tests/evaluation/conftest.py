"""Small pages on disk for the evaluation's tests."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw


def png(text="hello", size=(200, 60)):
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((10, 20), text, fill="black")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def draw_png():
    return png


@pytest.fixture
def lines(tmp_path: Path):
    """A folder of three lines by two writers, with a manifest."""
    folder = tmp_path / "lines"
    folder.mkdir()
    rows = [("a.png", "first line", "anna"), ("b.png", "second line", "anna"), ("c.png", "third line", "bert")]
    for name, text, _ in rows:
        (folder / name).write_bytes(png(text))
    table = ["file,text,writer,level", *(f"{name},{text},{writer},line" for name, text, writer in rows)]
    (folder / "manifest.csv").write_text("\n".join(table), encoding="utf-8")
    return folder


def pytest_collection_modifyitems(items):
    """Several processes share two cores here: give each of these tests the time it needs, not more."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(120))
