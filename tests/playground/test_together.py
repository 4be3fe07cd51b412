"""What engines read together: one value for all who show it, never an engine among engines."""

import csv
import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from engines.catalogue import CATALOGUE
from engines.contract import Reading
from engines.pricing import Usd
from metrics.error_rate import Assumptions
from metrics.normalising import DEFAULT_RULES
from playground.cli.terminal import print_together
from playground.engine_runs import EngineRun, Failure
from playground.panel import panels_of, together_view
from playground.scoring import score_runs
from playground.share.exporting import as_csv, as_json
from playground.share.pictures import panel_picture
from playground.together import ONE_FAMILY, TOO_FAR_APART, together_of
from playground.verdict import correction_of, sample_of

SPECS = {spec.id: spec for spec in CATALOGUE}
REFERENCE = "Dear Grandpa,\nwe came home on the 12th and were glad"
READ = (
    EngineRun("gpt-5", Reading("Dear Grandpa,\nwe came home on the 12th and wore glad"), 1.5, 1, Usd(0.02)),
    EngineRun("tesseract", Reading("Dear Grandma,\nwe came home on the 12th and were glad"), 0.4),
    EngineRun("gemini-3.1-pro", Reading("Dear Grandpa,\nwe come home on the 12th and were glad"), 3.0, 1, Usd(0.01)),
)
REFUSAL = EngineRun("gpt-4o", Reading("I'm sorry, but I can't help with transcribing this image."), 9.0, 1, Usd(0.5))
LOOP = EngineRun("mistral-ocr", Reading("the same line again and again " * 200), 9.0, 1, Usd(0.5))
CHATTY = replace(READ[0], outcome=Reading(f"Here is the transcription:\n\n{READ[0].outcome.text}"))


def panels(reference="", runs=READ):
    return panels_of(runs, reference, DEFAULT_RULES, SPECS)


def test_it_is_scored_and_paid_like_all_engines_and_is_none_of_them():
    found = panels(REFERENCE)
    assert found.together.reading.text == REFERENCE
    assert found.together.result == "CER 0.00 %"
    assert found.together.figure("Time").text == "3.00 s"
    assert found.together.figure("Cost").text == "≈ $0.03"
    assert found.together.model == "voted from 3 readings, no engine"
    assert {panel.run.engine_id for panel in found.closest} == {run.engine_id for run in READ}
    assert (found.together.best, len(found.panels), len(found.drawn)) == ("", 3, 4)
    scores = score_runs(READ, REFERENCE)
    assert {score.engine_id for score in scores.engines} == {run.engine_id for run in READ}
    correction = correction_of(READ, scores, Assumptions(), {"tesseract"})
    assert {one.engine for one in correction.engines} == {run.engine_id for run in READ}


@pytest.mark.parametrize("reference", [REFERENCE, "", "Dear"])
def test_pieces_give_the_text_back_and_each_doubt_covers_its_word(reference):
    together = panels(reference).together
    pieces = list(together.pieces())
    assert "".join(piece.hypothesis for piece in pieces) == together.reading.text
    covered = {(piece.doubt.start, piece.doubt.end) for piece in pieces if piece.doubt}
    assert covered == {(doubt.start, doubt.end) for doubt in together.doubts}
    words = {together.reading.text[doubt.start : doubt.end] for doubt in together.doubts}
    assert words == {"Grandpa,", "came", "were"}
    assert "Gemini 3.1 Pro (preview), GPT-5: 2 of 3" in together.doubts[0].reason


@pytest.mark.parametrize("silent", [REFUSAL, LOOP, EngineRun("gpt-4o", Failure("x", "No."), 1.0)])
def test_refusals_loops_and_failures_do_not_vote(silent):
    assert panels(runs=(*READ, silent)).together.together.consensus == panels().together.together.consensus
    assert panels(runs=(*READ, silent)).together.model == "voted from 3 readings, no engine"


def test_what_is_said_around_a_transcription_has_no_vote():
    assert panels(runs=(CHATTY, *READ[1:])).together.reading.text == REFERENCE


@pytest.mark.parametrize(
    ("runs", "why"),
    [
        ((), ""),
        (READ[:1], ""),
        ((READ[0], REFUSAL), ""),
        ((READ[0], EngineRun("gpt-5-mini", READ[1].outcome, 1.0)), ONE_FAMILY),
        ((READ[0], EngineRun("tesseract", Reading("lll 1l| ;; vv ~~ 0O0 xq zzk"), 1.0)), TOO_FAR_APART),
    ],
    ids=["nobody", "one", "one and a refusal", "one family", "too far apart"],
)
def test_where_there_is_none_one_sentence_says_why(runs, why):
    assert together_of(runs, SPECS) == why
    assert (panels(runs=runs).together, panels(runs=runs).not_together) == (None, why)


def test_an_unknown_price_makes_the_sum_unknown():
    runs = (replace(READ[0], cost=None), *READ[1:])
    assert panels(runs=runs).together.figure("Cost").text == "price unknown"


def test_files_to_keep_hold_it_apart_from_the_engines(comparison):
    kept = replace(comparison, runs=READ, reference=REFERENCE)
    document = json.loads(as_json(kept, DEFAULT_RULES))
    assert [run["engine"] for run in document["runs"]] == [run.engine_id for run in READ]
    together = document["together"]
    assert (together["text"], together["cer"]["rate"], together["cost_usd"]) == (REFERENCE, 0.0, pytest.approx(0.03))
    against = json.loads(as_json(replace(kept, reference=REFERENCE.replace("home", "hone")), DEFAULT_RULES))
    assert [(one["written"], one["read"]) for one in against["against_reference"]] == [("hone", "home")]
    assert document["against_reference"] == []
    assert together["words"][1]["readers"] == ["gemini-3.1-pro", "gpt-5"]
    rows = list(csv.DictReader(io.StringIO(as_csv(kept, DEFAULT_RULES), newline="")))
    assert [row["text"] for row in rows if row["engine"] == "(together)"] == [REFERENCE]
    alone = json.loads(as_json(replace(kept, runs=READ[:1]), DEFAULT_RULES))
    assert (alone["together"], alone["not_together"]) == (None, None)
    assert len(panel_picture(kept, DEFAULT_RULES, SPECS)) > len(
        panel_picture(replace(kept, runs=READ[:1]), DEFAULT_RULES, SPECS)
    )


def test_the_terminal_shows_it_and_says_why_it_does_not():
    def said(runs, reference=""):
        console = Console(record=True, width=120, file=io.StringIO())
        print_together(console, together_view(runs, score_runs(runs, reference), SPECS))
        return console.export_text()

    assert "voted from 3 readings, no engine" in said(READ)
    assert "CER 0.00 %" in said(READ, REFERENCE)
    assert "fewer than two" in said(READ[:1])
    assert "one family" in said((READ[0], EngineRun("gpt-5-mini", READ[1].outcome, 1.0)))


def test_typed_lines_are_no_sample_of_it():
    sample = sample_of(READ, score_runs(READ, "Dear Grandpa,"))
    assert {one.engine for one in sample.engines} == {run.engine_id for run in READ}
