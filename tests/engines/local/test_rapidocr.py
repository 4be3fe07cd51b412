from concurrent.futures import ThreadPoolExecutor

import pytest
from jiwer import cer
from PIL import Image

from engines.catalogue import spec_by_id
from engines.contract import ReadingTask
from engines.loaded import LoadedEngines
from engines.pixels import page_from

ROWS = ("ppocr-v6-small", "ppocr-v6-tiny", "ppocr-v5")


@pytest.fixture(scope="module")
def engines():
    return LoadedEngines()


@pytest.mark.parametrize("row", ROWS)
def test_a_drawn_page_is_read(engines, drawn, row):
    page = drawn((80, 60, "The quick brown fox"), (80, 180, "jumps over 12 lazy dogs."))
    assert (
        engines.get(spec_by_id(row)).read(page, ReadingTask()).text == "The quick brown fox\njumps over 12 lazy dogs."
    )


def test_words_and_characters_lie_within_their_line_and_carry_its_text(engines, drawn):
    reading = engines.get(spec_by_id("ppocr-v6-small")).read(drawn((80, 60, "two words")), ReadingTask())
    by_level = {level: [r for r in reading.regions if r.level == level] for level in ("line", "word", "character")}
    (line,) = by_level["line"]
    assert [word.text for word in by_level["word"]] == ["two", "words"]
    assert "".join(character.text for character in by_level["character"]) == "twowords"
    left, right = line.polygon[0][0], line.polygon[1][0]
    for region in reading.regions:
        assert left <= region.polygon[0][0] < region.polygon[1][0] <= right
        assert 0.5 < region.confidence <= 1
    assert by_level["word"][0].polygon[1][0] < by_level["word"][1].polygon[0][0]


def test_a_blank_page_is_an_empty_reading(engines, drawn):
    reading = engines.get(spec_by_id("ppocr-v6-small")).read(drawn(), ReadingTask())
    assert (reading.text, reading.regions) == ("", ())


@pytest.mark.parametrize("size", [(12, 8), (40, 900), (3000, 20)])
def test_pages_of_any_shape_are_read(engines, drawn, size):
    assert engines.get(spec_by_id("ppocr-v6-tiny")).read(drawn(size=size), ReadingTask()).text == ""


def test_one_engine_serves_several_threads(engines, drawn):
    engine = engines.get(spec_by_id("ppocr-v6-tiny"))
    pages = [drawn((80, 60, f"page number {i}")) for i in range(8)]
    with ThreadPoolExecutor(4) as pool:
        texts = [reading.text for reading in pool.map(lambda page: engine.read(page, ReadingTask()), pages)]
    assert texts == [f"page number {i}" for i in range(8)]


def test_a_local_engine_is_kept_and_a_changed_row_is_another(engines):
    small, tiny = spec_by_id("ppocr-v6-small"), spec_by_id("ppocr-v6-tiny")
    assert engines.get(small) is engines.get(small)
    assert engines.get(small) is not engines.get(tiny)


@pytest.mark.parametrize(
    ("name", "most"), [("jls_Lettre251", 0.07), ("azure_handwritten_text", 0.02), ("barton_p91", 0.22)]
)
def test_real_handwriting_is_read(engines, handwriting, name, most):
    page = page_from(Image.open(handwriting / "pages" / f"{name}.jpg"))
    reference = (handwriting / "pages" / f"{name}.txt").read_text(encoding="utf-8")
    text = engines.get(spec_by_id("ppocr-v6-small")).read(page, ReadingTask()).text
    assert cer(" ".join(reference.split()), " ".join(text.split())) < most
