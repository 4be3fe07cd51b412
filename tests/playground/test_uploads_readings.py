"""A reading of one's own is a stranger's file: what it may hold, and what is said of the rest."""

import json

import pytest

from engines.contract import PageImage, Region
from engines.formats.layout import ForeignReading, turned_regions
from engines.pricing import Usd
from evaluation.ledger.runs import engine_run_from, engine_run_json
from playground.host.admission import Apart
from playground.uploads import OwnReading, UploadRefused, accept_reading, reading_or_refusal, refuse_namesakes

PAGE = PageImage("", b"", 500, 100)
ALTO = """<?xml version="1.0"?><alto><Layout><Page WIDTH="1000" HEIGHT="200"><PrintSpace><TextBlock>
<TextLine HPOS="100" VPOS="20" WIDTH="200" HEIGHT="40">
<String CONTENT="Dear" HPOS="100" VPOS="20" WIDTH="200" HEIGHT="40"/>
</TextLine></TextBlock></PrintSpace></Page></Layout></alto>"""
LAUGHS = '<?xml version="1.0"?><!DOCTYPE alto [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_boxes_come_to_lie_on_our_page_and_nobody_counts_seconds():
    run = OwnReading("Trial", accept_reading(ALTO.encode(), "a.xml"), 0.25).run_on(PAGE)
    assert (run.engine_id, run.outcome.text, run.seconds, run.cost) == ("brought:Trial", "Dear", None, Usd(0.25, True))
    assert {region.polygon[0] for region in run.outcome.regions} == {(50.0, 10.0)}
    assert {region.polygon[2] for region in run.outcome.regions} == {(150.0, 30.0)}


SIDEWAYS = """<html><div class="ocr_page" title="bbox 0 0 {width} {height}"><span class="ocr_line" title="bbox {box}">
<span class="ocrx_word" title="bbox {box}">Dear</span></span></div></html>"""
TEXTRACT = {
    "DocumentMetadata": {"Pages": 1},
    "Blocks": [
        {"BlockType": "LINE", "Id": "1", "Text": "Dear", "Confidence": 99,
         "Geometry": {"BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.1, "Height": 0.4}}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("page", [PAGE, PageImage("", b"", 100, 500), PageImage("", b"", 300, 300)])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("named", ["hocr", "textract", "no size"])
def test_boxes_turn_with_the_page_that_they_were_read_on(page, turn, named):
    """Whoever read it saw the page as it lies in its file: 10 to 20 % from its left, 20 to 60 % from its top."""
    width, height = (page.height, page.width) if turn % 180 else (page.width, page.height)
    seen = [round(side) for side in (0.1 * width, 0.2 * height, 0.2 * width, 0.6 * height)]
    if named == "textract":
        content, name = json.dumps(TEXTRACT), "a.json"
    else:
        size = (0, 0) if named == "no size" else (2 * width, 2 * height)
        drawn = seen if named == "no size" else [2 * side for side in seen]
        content = SIDEWAYS.format(width=size[0], height=size[1], box=" ".join(map(str, drawn)))
        name = "a.hocr"
    run = OwnReading("Trial", accept_reading(content.encode(), name)).run_on(page, turn)
    left, top, right, bottom = seen
    now = {
        0: (left, top, right, bottom),
        90: (height - bottom, left, height - top, right),
        180: (width - right, height - bottom, width - left, height - top),
        270: (top, width - right, bottom, width - left),
    }[turn]
    assert run.outcome.regions
    for region in run.outcome.regions:
        assert [*region.polygon[0], *region.polygon[2]] == pytest.approx(now)


def test_boxes_of_who_turned_the_page_as_well_stay_where_they_are():
    upright = accept_reading(ALTO.encode(), "a.xml")
    for turn in (90, 270):
        run = OwnReading("Trial", upright).run_on(PAGE, turn)
        assert {region.polygon[0] for region in run.outcome.regions} == {(50.0, 10.0)}


def test_a_slanting_box_still_begins_where_its_text_does():
    slanting = Region("word", "Dear", ((10, 10), (30, 20), (28, 26), (8, 16)))
    turned = turned_regions([slanting, Region("word", "Sir", ())], (200, 100), 90)
    assert turned[0].polygon == ((90, 10), (80, 30), (74, 28), (84, 8))
    assert turned[1].polygon == ()
    assert turned_regions(turned[:1], (100, 200), -90)[0] == slanting


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (LAUGHS.encode() + b"]><alto><Layout><Page><Description>&i;</Description></Page></Layout></alto>", "page.txt"),
        (b'{"Blocks": ' + b"[" * 200_000, "cut off"),
        (b"x" * 20_000_001, "more than 20 MB"),
        (b"word " * 30_000, "more than a page"),
        (json.dumps({"nobody": "knows this"}).encode(), "page.txt"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "page.txt"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)), "page.txt"),
    ],
    ids=["entities", "nesting", "size", "characters", "unknown JSON", "picture", "PDF"],
)
def test_what_is_no_reading_of_a_page_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(UploadRefused, match=sentence):
        accept_reading(content, "page.txt")


def test_an_empty_file_is_an_empty_reading_and_namesakes_are_refused():
    empty = OwnReading("a", accept_reading(b"", "a.txt"))
    assert empty.foreign.reading.text == ""
    refuse_namesakes([empty, OwnReading("b", empty.foreign)])
    with pytest.raises(UploadRefused, match="same name"):
        refuse_namesakes([empty, OwnReading(" a\n", empty.foreign)])


def test_half_a_character_can_be_stored():
    answer = {"Blocks": [{"BlockType": "LINE", "Id": "1", "Text": "x \ud83d y"}]}
    run = OwnReading("a", accept_reading(json.dumps(answer).encode(), "a.json")).run_on(PAGE)
    assert run.outcome.text == "x \N{REPLACEMENT CHARACTER} y"
    assert engine_run_from(engine_run_json(run)) == run


def test_in_another_process_it_is_read_and_refused_in_the_same_words():
    """Seven million empty lists keep Python's one lock for seconds."""
    apart, swollen = Apart(), b'{"text": "Dear Sir", "words": [' + b"[]," * 100_000 + b"[]]}"
    found = apart.run(len(swollen), reading_or_refusal, swollen, "a.json")
    assert isinstance(found, ForeignReading)
    assert found.reading.text == "Dear Sir"
    cut = swollen[:-9]
    with pytest.raises(UploadRefused) as refusal:
        accept_reading(cut, "a.json")
    assert apart.run(len(cut), reading_or_refusal, cut, "a.json") == str(refusal.value)
