import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from engines.adapters.tesseract import AUTO, TesseractEngine, read_with_program, traineddata_folder, traineddata_name
from engines.catalogue import spec_by_id
from engines.contract import Level, ReadingTask
from engines.errors import EngineUnavailable
from engines.page_fitting import page_from

LEVELS: tuple[Level, ...] = ("page", "paragraph", "line", "word", "character")


@pytest.fixture
def engine():
    return TesseractEngine(spec_by_id("tesseract"))


def test_every_level_has_its_boxes(engine, drawn):
    reading = engine.read(drawn((80, 60, "The quick brown fox"), (80, 110, "jumps over it")), ReadingTask())
    assert reading.text == "The quick brown fox\njumps over it"
    assert [sum(r.level == level for r in reading.regions) for level in LEVELS] == [1, 1, 2, 7, 27]
    assert all(0 <= region.confidence <= 1 for region in reading.regions)


def test_a_single_line_is_read(engine, drawn):
    reading = engine.read(drawn((20, 15, "jumps over the lazy dog"), size=(600, 70)), ReadingTask())
    assert reading.text == "jumps over the lazy dog"


@pytest.mark.parametrize(("bottom", "mode"), [(689, "11"), (260, "13")])
def test_where_the_layout_of_cursive_is_lost_another_mode_reads_it(engine, repository, bottom, mode):
    with Image.open(repository / "samples/images/masked.jpg") as cursive:
        page = page_from(cursive.crop((0, 60 if bottom < 689 else 0, cursive.width, bottom)))
    reading = engine.read(page, ReadingTask())
    assert dict(reading.sent.settings)["page segmentation mode"] == mode
    assert len(reading.text) > 15


def test_a_page_is_read_as_if_it_were_the_first(engine, drawn):
    first, second = drawn((80, 60, "The quick brown fox")), drawn((20, 15, "jumps over it"), size=(600, 70))
    engine.load()
    readings = [engine.read(page, ReadingTask()) for page in (first, second, first)]
    assert readings[0] == readings[2] == TesseractEngine(engine.spec).read(first, ReadingTask())
    assert readings[1].text == "jumps over it"


def test_one_engine_serves_several_threads(engine, drawn):
    pages = [drawn((80, 60, f"page number {i}")) for i in range(6)]
    with ThreadPoolExecutor(3) as pool:
        texts = [reading.text for reading in pool.map(lambda page: engine.read(page, ReadingTask()), pages)]
    assert texts == [f"page number {i}" for i in range(6)]


def test_a_blank_page_is_an_empty_reading(engine, drawn):
    reading = engine.read(drawn(), ReadingTask())
    assert (reading.text, reading.regions) == ("", ())


def test_a_missing_language_names_the_package_that_holds_it(engine, drawn):
    with pytest.raises(EngineUnavailable) as missing:
        engine.read(drawn(), ReadingTask(language="sw"))
    assert missing.value.fix == "sudo apt-get install tesseract-ocr-swa"


def test_a_language_cannot_leave_the_folder_of_models():
    with pytest.raises(EngineUnavailable, match="is no language name"):
        traineddata_folder("../../etc/passwd")


@pytest.mark.parametrize(
    ("language", "name"), [("en", "eng"), ("en-GB", "eng"), ("fr", "fra"), ("eng+fra", "eng+fra"), ("zh", "chi_sim")]
)
def test_languages_have_tesseracts_names(language, name):
    assert traineddata_name(language) == name


def test_the_program_gives_what_the_library_gives(engine, drawn):
    program = shutil.which("tesseract")
    if program is None:
        pytest.skip("the tesseract program is not installed")
    page = drawn((80, 60, "The quick brown fox"), (80, 110, "jumps over it"))
    by_program = read_with_program(program, page, "eng", traineddata_folder("eng"), AUTO)
    by_library = engine.read(page, ReadingTask()).regions
    for level in LEVELS:
        texts = [[r.text for r in regions if r.level == level] for regions in (by_program, by_library)]
        assert texts[0] == texts[1]
