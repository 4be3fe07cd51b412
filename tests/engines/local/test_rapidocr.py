from concurrent.futures import ThreadPoolExecutor

import pytest
from jiwer import cer
from PIL import Image

from engines.adapters.rapidocr import _Line, _without_stains
from engines.catalogue import spec_by_id
from engines.contract import ReadingTask
from engines.line_finding import TextLine
from engines.page_fitting import page_from, rgb_image
from engines.registry import LoadedEngines

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


def rows_kept(*rows: tuple[str, float]) -> list[str]:
    lines = [TextLine(((0, 0), (9, 0), (9, 9), (0, 9)), row) for row in range(len(rows))]
    return [line.text for line in _without_stains(lines, [_Line(*row, []) for row in rows])[1]]


def test_a_doubtful_letter_alone_above_the_first_line_is_a_stain():
    assert rows_kept(("0", 0.6), ("Dear Margaret", 0.8), ("a", 0.5)) == ["Dear Margaret", "a"]
    assert rows_kept(("91", 0.9), ("0", 0.89), ("Before the", 0.8)) == ["91", "Before the"]
    assert rows_kept(("2", 0.99), ("Dear Margaret", 0.8)) == ["2", "Dear Margaret"]
    assert rows_kept() == []


def test_what_is_written_up_and_down_the_margins_is_read(engines, drawn):
    page = drawn(*((200, 60 + 90 * i, "jumps over 12 lazy dogs") for i in range(5)), size=(1000, 700))
    strip = rgb_image(drawn((20, 15, "written in the margin"), size=(500, 70)))
    for side, degrees in ((20, 90), (900, 270)):
        picture = rgb_image(page)
        picture.paste(strip.rotate(degrees, expand=True), (side, 80))
        reading = engines.get(spec_by_id("ppocr-v6-tiny")).read(page_from(picture), ReadingTask())
        assert reading.text.splitlines()[-1] == "written in the margin"
        (line,) = (region for region in reading.regions if region.text == "written in the margin")
        assert (line.polygon[0][1] > line.polygon[1][1]) == (degrees == 90)
