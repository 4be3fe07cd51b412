"""An opened page of a run: what was read together, and the words on which all engines agree against its reference."""

import html
import json
import re
from dataclasses import replace

import pytest

from engines.catalogue import spec_by_id
from engines.contract import PageImage, Reading, Region
from evaluation.evaluations import OpenedPage
from evaluation.findings.changes import changes
from evaluation.findings.conclusion import Findings
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.observations import Observation
from evaluation.findings.together import AgainstReference
from evaluation.ledger.runs import RunSettings
from metrics.error_rate import ErrorRate
from metrics.reference_free import AgreedAgainst
from playground.engine_runs import EngineRun
from ui.evaluate.view import against_list_html, changes_html, page_html, worst_choices

SPECS = tuple(map(spec_by_id, ("gpt-5", "tesseract", "gemini-3-flash")))
PAGE = PageImage("ab" * 32, b"png", 200, 100)
REFUSAL = "I'm sorry, but I can't help with transcribing this image."
REFERENCE = "Dear <Grandma>,\n\nwe  came home"
READ = "Dear Grandpa,\nwe came home"


def opened(*texts, reference=REFERENCE):
    corners = ((60.0, 10.0), (150.0, 10.0), (150.0, 40.0), (60.0, 40.0))
    word = Region("word", "Grandpa,", corners)
    runs = tuple(EngineRun(spec.id, Reading(text, (word,)), 1.0) for spec, text in zip(SPECS, texts, strict=False))
    return OpenedPage("1.png", PAGE, reference, RunSettings(SPECS), runs)


def test_the_reference_is_whole_and_each_place_has_its_ink():
    shown = page_html(opened(READ, READ, READ), "page.png")
    [items] = re.findall(r'data-items="([^"]*)"', shown)
    [item] = json.loads(html.unescape(items))
    assert [variant["text"] for variant in item["variants"]] == ["<Grandma>,", "Grandpa,"]
    assert item["box"] == [60.0, 10.0, 150.0, 40.0]
    [flow] = re.findall(r'<div class="flow exact"[^>]*><p>(.*?)</p>', shown, re.DOTALL)
    assert html.unescape(re.sub(r"</?(?:button|span)[^>]*>", "", flow)) == REFERENCE
    assert 'data-target="#evaluate-corrected textarea"' in shown
    assert "voted from 3 readings, no engine" in shown


@pytest.mark.parametrize(
    ("texts", "reference"),
    [((READ, READ, "Dear Grandson,\nwe came home"), REFERENCE), ((READ,), REFERENCE), ((READ, READ, READ), None)],
    ids=["not all agree", "one engine", "no reference"],
)
def test_where_they_do_not_agree_against_it_nothing_is_asked(texts, reference):
    assert "settling" not in page_html(opened(*texts, reference=reference), "page.png")


def test_a_refusal_has_no_say():
    assert 'data-kind="against"' in page_html(opened(READ, READ, REFUSAL), "page.png")
    assert "voted from 2 readings" in page_html(opened(READ, READ, REFUSAL), "page.png")


def test_the_set_is_listed_with_counts_and_its_pages_can_be_opened():
    place = AgreedAgainst("<Grandma>", "Grandpa", 5, 14, ())
    pages = (AgainstReference(0, "1.png", (place, place)), AgainstReference(4, "5.png", (place,)))
    found = Findings([], leaderboard([]), [], pages)
    assert "on 3 words of 2 pages" in against_list_html(found)
    assert "&lt;Grandma&gt;" in against_list_html(found)
    assert worst_choices(found)[1] == ("5.png · all agree against its reference", "4")
    assert against_list_html(Findings([], leaderboard([]), [])) == ""


def test_changes_are_told_item_by_item_and_a_run_over_other_pages_says_so():
    seen = [Observation("one", n, f"page-{n}", 0, "read", 1.0, f"{n}", cer=ErrorRate(n, 0, 0, 100)) for n in range(9)]
    now = [replace(one, cer=ErrorRate(9 if one.position == 4 else one.position, 0, 0, 100)) for one in seen]
    html = changes_html(changes(seen, now), {"one": "Engine One"}, "20260101-000000-abcd", "page")
    assert "Against run 20260101-000000-abcd" in html
    for said in ("page-4", "4.00 %", "9.00 %", "worse", "No change that chance would not make"):
        assert said in html
    assert "page-5" not in html
    assert "no line in common" in changes_html([], {}, "20260101-000000-abcd", "line")
