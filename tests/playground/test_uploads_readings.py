"""A reading of one's own is a stranger's file: what it may hold, and what is said of the rest."""

import json

import pytest

from engines.contract import PageImage
from engines.pricing import Usd
from evaluation.ledger.runs import engine_run_from, engine_run_json
from playground.uploads import OwnReading, UploadRefused, accept_reading, refuse_namesakes

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
