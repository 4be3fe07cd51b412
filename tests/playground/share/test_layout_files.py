"""Readings as ALTO, PAGE, hOCR and PDF: what is written is what our own readers and a PDF viewer find."""

import io
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from math import cos, inf, sin
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engines.contract import Reading, Region
from engines.formats.foreign import read_foreign, read_layouts
from engines.formats.layout import is_blank, xml_text
from engines.page_fitting import page_from
from playground.engine_runs import EngineRun, Failure
from playground.share.exporting import FORMATS, PictureOfPage, WrittenReading, files_of, written_readings, zipped
from tests.places import SHARED

PUBLISHED = SHARED / "specs" / "layout"
XLINK = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xlink">
<xsd:attribute name="type" type="xsd:string"/><xsd:attribute name="href" type="xsd:anyURI"/>
<xsd:attribute name="role" type="xsd:string"/><xsd:attribute name="arcrole" type="xsd:string"/>
<xsd:attribute name="title" type="xsd:string"/><xsd:attribute name="show" type="xsd:string"/>
<xsd:attribute name="actuate" type="xsd:string"/>
<xsd:attributeGroup name="simpleLink"><xsd:attribute ref="x:type" xmlns:x="http://www.w3.org/1999/xlink"/>
</xsd:attributeGroup></xsd:schema>"""
WIDTH, HEIGHT = 1240, 1754
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
XML_FORMATS = ("alto", "page", "hocr")
TEXTS = {
    "paragraphs": "Dear Sir,\n\nI have your letter\nof the 3rd inst.\n\n\nYours & mine",
    "markup": 'a < b > c & d "quoted" it\'s &amp; <b>bold</b> ]]> <!-- no -->',
    "right to left": "שלום עולם\nمرحبا بالعالم 123",
    "combining": "e\u0301te\u0301 n\u0303 q\u0307\u0323",
    "controls": "a\x00b \x07bell\x0cnext\x1bpage \ud800half \ufffe",
    "no spaces": "日本語の手紙\n二行目",
    "much space": "  one\t\ttwo   three \n \u200b \nfour\r\nfive",
    "astral": "𝔘nic😀de \U000e0100x",
    "hyphens": "trans-\nport of soft\u00ad\nhyphens",
    "nothing": "",
    "blank": " \n\n \u200e",
}


def picture_of_page() -> PictureOfPage:
    out = io.BytesIO()
    Image.new("RGB", (WIDTH // 4, HEIGHT // 4), "white").save(out, "PNG")
    return PictureOfPage("scans/page & <1>.png", WIDTH, HEIGHT, out.getvalue())


def expected(text: str) -> str:
    lines = [" ".join(map(xml_text, line.split())) for line in text.splitlines() if not is_blank(line)]
    return "\n".join(lines)


def words_of(text: str, turned: float = 0.0, runs_left: bool = False) -> tuple[Region, ...]:
    """A box for every word, turned about the page's corner by an angle."""
    found = []
    for down, line in enumerate(text.splitlines()):
        across = 40.0
        for word in line.split():
            left, right = across, across + 18 * len(word)
            sides = (WIDTH - right, WIDTH - left) if runs_left else (left, right)
            corners = [
                (x, 60 + 90 * down + y) for x, y in ((sides[0], 0), (sides[1], 0), (sides[1], 44), (sides[0], 44))
            ]
            polygon = tuple((x * cos(turned) - y * sin(turned), x * sin(turned) + y * cos(turned)) for x, y in corners)
            found.append(Region("word", word, polygon, confidence=0.875))
            across = right + 20
    return tuple(found)


def run(text: str, regions: tuple[Region, ...] = (), engine: str = "a", **flags: bool) -> EngineRun:
    return EngineRun(engine, Reading(text, regions, **flags), 1.0)


def written(*runs: EngineRun) -> dict[str, WrittenReading]:
    return written_readings(runs, picture_of_page(), {"a": "Engine <A>", "b": "Engine B"}, NOON)


def file_of(reading: WrittenReading, name: str) -> bytes:
    return FORMATS[name].write(reading.page)


def text_of_pdf(data: bytes) -> str:
    return pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()


BOXES = {
    "none": lambda text: (),
    "words": words_of,
    "turned": lambda text: words_of(text, 0.1),
    "some": lambda text: words_of(text)[::2],
    "lines": lambda text: tuple(
        Region("line", line, ((9, 9 + n), (99, 9 + n), (99, 29 + n), (9, 29 + n)))
        for n, line in enumerate(text.splitlines())
    ),
}


@pytest.mark.parametrize("boxes", BOXES)
@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", XML_FORMATS)
def test_our_own_readers_find_the_same_text_in_the_same_order(name, kind, boxes):
    text = TEXTS[kind]
    reading = written(run(text, BOXES[boxes](text)))["a"]
    found = read_foreign(f"page{FORMATS[name].suffix}", file_of(reading, name))
    assert found.reading.text == expected(text)
    assert (found.width, found.height) == (WIDTH, HEIGHT)
    (layout,), _ = read_layouts(file_of(reading, name))
    assert layout.image == "scans/page & <1>.png"
    assert layout.untranscribed == 0


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=60), st.sampled_from(list(BOXES)))
def test_any_text_comes_back(text, boxes):
    reading = written(run(text, BOXES[boxes](text)))["a"]
    for name in XML_FORMATS:
        assert read_foreign("page.xml", file_of(reading, name)).reading.text == expected(text)


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    import xmlschema

    if not PUBLISHED.is_dir():
        pytest.skip("the published schemas are not here")
    xlink = tmp_path_factory.mktemp("xlink") / "xlink.xsd"
    xlink.write_text(XLINK, encoding="utf-8")
    here = {"http://www.w3.org/1999/xlink": str(xlink)}
    return {
        "alto": xmlschema.XMLSchema(str(PUBLISHED / "alto-4-4.xsd"), locations=here, allow="local"),
        "page": xmlschema.XMLSchema(str(PUBLISHED / "page-2019.xsd"), allow="local"),
    }


@pytest.mark.parametrize("boxes", BOXES)
@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", ["alto", "page"])
def test_the_published_schemas_accept_it(schemas, name, kind, boxes):
    reading = written(run(TEXTS[kind], BOXES[boxes](TEXTS[kind])))["a"]
    schemas[name].validate(io.BytesIO(file_of(reading, name)))


@pytest.mark.parametrize("turned", [0.0, 0.1])
@pytest.mark.parametrize("name", XML_FORMATS)
def test_boxes_and_confidences_come_back(name, turned):
    sent = words_of("two words\nand more", turned)
    reading = written(run("two words\nand more", sent))["a"]
    found = read_foreign("page.xml", file_of(reading, name)).on_page(WIDTH, HEIGHT)
    back = [region for region in found.regions if region.level == "word"]
    assert [region.text for region in back] == ["two", "words", "and", "more"]
    for before, after in zip(sent, back, strict=True):
        assert after.confidence == pytest.approx(0.875, abs=0.006)
        assert len(after.polygon) == 4
        flat = zip(sum(before.polygon, ()), sum(after.polygon, ()), strict=True)
        assert all(abs(max(0, one) - other) <= 0.5 for one, other in flat)


@pytest.mark.parametrize("name", XML_FORMATS)
def test_what_stands_nobody_knows_where_is_read_back_without_an_outline(name):
    (layout,), _ = read_layouts(file_of(written(run("one line\nanother"))["a"], name))
    assert [line.polygon for line in layout.lines] == [(), ()]
    assert layout.regions == ()


@pytest.mark.parametrize("name", XML_FORMATS)
def test_a_word_without_spaces_and_a_region_of_two_words_stay_in_one_piece(name):
    box = ((5, 5), (50, 5), (50, 25), (5, 25))
    parts = [Region("word", part, box) for part in ("日本", "語", "New York", ",")]
    reading = written(run("日本語 New York, x", tuple(parts)))["a"]
    assert read_foreign("page.xml", file_of(reading, name)).reading.text == "日本語 New York, x"
    assert [word.text for word in reading.page.blocks[0][0].words] == ["日本語", "New York,", "x"]


@pytest.mark.parametrize(
    "outline",
    [((-5, -5), (90, -5), (90, 20), (-5, 20)), ((0, 0), (inf, 0), (9, 9)), ((1, 1), (2, 2)), ((7, 7), (7, 7), (7, 7))],
)
@pytest.mark.parametrize("name", [*FORMATS])
def test_outlines_off_the_page_and_of_no_area_break_no_file(name, outline):
    assert file_of(written(run("word", (Region("word", "word", outline),)))["a"], name)


def test_the_file_says_whose_boxes_it_has():
    told = {
        engine: reading.boxes
        for engine, reading in written(run("one two"), run("one two", words_of("one two"), "b")).items()
    }
    assert "borrowed from Engine B" in told["a"]
    assert told["b"] == "Its boxes are its own."
    assert written(run("one"))["a"].boxes.startswith("It has no boxes")
    reading = written(run("one two"), run("one two", words_of("one two"), "b"))["a"]
    for name in XML_FORMATS:
        assert "borrowed from Engine B" in "".join(
            [*fromstring(file_of(reading, name)).itertext(), file_of(reading, name).decode()]
        )
    metadata = pypdfium2.PdfDocument(file_of(reading, "pdf")).get_metadata_dict()
    assert "Read by Engine <A>. Its word boxes are borrowed from Engine B" in metadata["Subject"]


def test_a_failure_and_a_refusal_give_no_file_and_a_cut_reading_says_so():
    failed = EngineRun("b", Failure("timeout", "It took too long."), 1.0)
    assert written(failed, run("I cannot help with that.", refused=True)) == {}
    assert "cut off" in written(run("half a", truncated=True))["a"].page.note


@pytest.mark.parametrize("boxes", ["none", "words", "turned", "some", "lines"])
@pytest.mark.parametrize("kind", ["paragraphs", "markup", "combining", "astral", "no spaces", "hyphens", "nothing"])
def test_a_pdf_viewer_finds_the_text_in_order(kind, boxes):
    found = text_of_pdf(file_of(written(run(TEXTS[kind], BOXES[boxes](TEXTS[kind])))["a"], "pdf"))
    if kind == "hyphens":  # the viewer joins what a hyphen at the end of a line parts
        assert "transport" in "".join(letter for letter in found if letter.isalpha())
    else:
        assert found.split() == TEXTS[kind].split()


@pytest.mark.parametrize("text", ["שלום עולם מה", "مرحبا بالعالم 123 abc", "اسم (אב) 12"])
@pytest.mark.parametrize("with_boxes", [True, False])
def test_a_pdf_viewer_finds_what_runs_to_the_left(text, with_boxes):
    regions = words_of(text, runs_left=True) if with_boxes else ()
    assert text_of_pdf(file_of(written(run(text, regions))["a"], "pdf")).split() == text.split()


@pytest.mark.parametrize("text", ["שלום\u200f עולם\u200e", "\u202babc\u202c \u2067שלום\u2069 d", "\u061cمرحبا 12"])
@pytest.mark.parametrize("with_boxes", [True, False])
def test_marks_of_direction_keep_no_word_of_a_pdf_from_being_found(text, with_boxes):
    plain = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    data = file_of(written(run(text, words_of(text) if with_boxes else ()))["a"], "pdf")
    assert sorted(text_of_pdf(data).split()) == sorted(plain.split())


@pytest.mark.parametrize("placed", [range(0, 8, 2), range(1, 8, 2), range(3), range(5, 8), [0, 7], [4]])
@pytest.mark.parametrize("down", [lambda n: 90 * n, lambda n: 90 * (n % 4), lambda n: 1600 - 90 * n])
def test_lines_without_a_place_stand_in_a_pdf_between_those_around_them(placed, down):
    """Down the page, in two columns, and upwards."""
    lines = ["a", "line of it", "ccc", "d d", "縦", "f", "the last but one", "h"]
    boxes = []
    for n in placed:
        left, top = 60 + 600 * (n > 3), 20 + down(n)
        right, bottom = left + 24 * len(lines[n]), top + 40
        boxes.append(Region("line", lines[n], ((left, top), (right, top), (right, bottom), (left, bottom))))
    data = file_of(written(run("\n".join(lines), tuple(boxes)))["a"], "pdf")
    assert text_of_pdf(data).split() == " ".join(lines).split()


def test_the_words_of_a_pdf_lie_at_their_boxes_and_are_not_seen():
    data = file_of(written(run("first second", words_of("first second")))["a"], "pdf")
    page = pypdfium2.PdfDocument(data)[0]
    scale = page.get_width() / WIDTH
    text = page.get_textpage()
    searched = text.search("second")
    index, _ = searched.get_next()
    left, bottom, _, top = text.get_charbox(index, loose=True)
    assert left / scale == pytest.approx(150, abs=6)
    assert (page.get_height() - top) / scale == pytest.approx(60, abs=12)
    assert (page.get_height() - bottom) / scale == pytest.approx(104, abs=12)
    assert set(page.render().to_pil().convert("L").getdata()) == {255}


def test_all_files_of_a_page_in_one_zip_and_no_pdf_without_the_picture():
    readings = written(run("one"), run("two", (), "b"))
    names = set(ZipFile(io.BytesIO(zipped(readings))).namelist())
    assert names == {f"{engine}{made.suffix}" for engine in "ab" for made in FORMATS.values()}
    bare = written_readings([run("one")], PictureOfPage("x.jpg", 10, 10), {}, NOON)
    assert [name for name, *_ in files_of(bare)] == ["a.alto.xml", "a.page.xml", "a.hocr"]


@pytest.mark.parametrize("boxes", BOXES)
def test_the_shape_is_what_the_schemas_ask_for(boxes):
    reading = written(run(TEXTS["paragraphs"], BOXES[boxes](TEXTS["paragraphs"])))["a"]
    alto = fromstring(file_of(reading, "alto"))
    assert [child.tag.rpartition("}")[2] for child in alto] == ["Description", "Layout"]
    lines = alto.findall(".//{*}TextLine")
    assert len(lines) == 4
    assert all(line.find("{*}String") is not None for line in lines)
    assert len(alto.findall(".//{*}TextBlock")) == 3
    page = fromstring(file_of(reading, "page"))
    drawn = [coords.get("points") for coords in page.findall(".//{*}Coords")]
    assert len(drawn) >= 7
    assert all(re.fullmatch(r"(\d+,\d+ ){2,}\d+,\d+", points) for points in drawn)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for line in page.findall(".//{*}TextLine"):
        tags = [child.tag.rpartition("}")[2] for child in line]
        assert tags == ["Coords", *["Word"] * (len(tags) - 2), "TextEquiv"]


def test_a_page_is_encoded_for_every_format_that_shows_it_and_for_no_other(monkeypatch):
    shown = replace(FORMATS["alto"], needs_picture=True, write=lambda page: page.picture)
    monkeypatch.setitem(FORMATS, "with a picture", shown)
    page = page_from(Image.new("RGB", (60, 40), "white"))
    for name, made in FORMATS.items():
        picture = PictureOfPage.of("p", page, ("hocr", name))
        assert (bool(picture.data), picture.width) == (made.needs_picture, 60)
    written = written_readings(
        [EngineRun("a", Reading("text"), 1.0)], PictureOfPage.of("p", page, ["with a picture"]), {}, NOON
    )
    [(_, _, made)] = files_of(written, ["with a picture"])
    assert Image.open(io.BytesIO(made.write(written["a"].page))).size == (60, 40)
