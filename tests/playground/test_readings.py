"""Which answers count as readings: one rule for screen, API, command line, files and shared pages."""

import pytest

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, Reading, ReadingTask, Region
from playground.boxes import lend_boxes
from playground.cli.read import PageResult
from playground.documents import plain, read_document
from playground.engine_runs import EngineRun, Failure, readings_of, texts_of
from playground.probes import Canary
from playground.scoring import score_runs, totals
from playground.trust import TrapAnswer, inventions, steadiness

READ = EngineRun("tesseract", Reading("the cat sat on the mat"), 1.0)
OTHER = EngineRun("gpt-5", Reading("the bat sat on the mat"), 1.0)
EMPTY = EngineRun("ppocr-v6-tiny", Reading("  \n"), 1.0)
REFUSED = EngineRun("gemini-3-flash", Reading("I cannot help with that.", refused=True), 1.0)
FAILED = EngineRun("claude-opus-4-7", Failure("timed-out", "No reading."), 1.0)
RUNS = (REFUSED, FAILED, EMPTY, READ, OTHER)
PAGE = PageImage("ab" * 32, b"", 200, 100)


def test_an_empty_page_is_a_reading_a_refusal_and_a_failure_are_none():
    assert list(readings_of(RUNS)) == ["ppocr-v6-tiny", "tesseract", "gpt-5"]
    assert texts_of(RUNS) == {"tesseract": READ.outcome.text, "gpt-5": OTHER.outcome.text}


def test_scores_and_totals_are_those_of_the_readings():
    scores = score_runs(RUNS, "the cat sat on the mat")
    assert [score.engine_id for score in scores.engines] == list(readings_of(RUNS))
    counted = {total.engine_id: (total.scored, total.refused, total.failed) for total in totals(RUNS, [scores])}
    assert counted["gemini-3-flash"] == (0, 1, 0)
    assert counted["claude-opus-4-7"] == (0, 0, 1)
    assert counted["ppocr-v6-tiny"] == (1, 0, 0)


def test_the_document_compares_scores_and_prices_readings_only():
    scores = score_runs(RUNS, "the cat sat on the mat")
    document = plain(read_document("page.png", PAGE, ReadingTask(), RUNS, scores))
    assert {run["engine"] for run in document["runs"] if run["cer"]} == set(readings_of(RUNS))
    assert {row["engine"] for row in document["correction"]["engines"]} == set(readings_of(RUNS))
    pairs = {frozenset((pair["one"], pair["other"])) for pair in document["agreement"]["disagreements"]}
    assert pairs == {frozenset(texts_of(RUNS))}


def test_a_long_refusal_does_not_make_a_whole_page_a_few_lines():
    wordy = EngineRun("gemini-3-flash", Reading("I cannot help with that. " * 40, refused=True), 1.0)
    scores = score_runs([wordy, READ], "the cat sat on the mat")
    document = plain(read_document("page.png", PAGE, ReadingTask(), [wordy, READ], scores))
    assert document["partial"] is None
    assert document["correction"] is not None


def test_typed_lines_are_looked_for_in_readings_only():
    page = "\n".join(f"line number {number} of the page" for number in range(9))
    runs = (*RUNS[:3], EngineRun("tesseract", Reading(page), 1.0))
    document = plain(read_document("p", PAGE, ReadingTask(), runs, score_runs(runs, "line number 3 of the page")))
    assert {row["engine"] for row in document["partial"]["engines"]} == set(readings_of(runs))


def test_a_refusal_neither_lends_nor_borrows_boxes():
    word = (Region("word", "cat", ((0, 0), (9, 0), (9, 9), (0, 9))),)
    lender = EngineRun("tesseract", Reading("cat", regions=word), 1.0)
    refusing = EngineRun("gpt-5", Reading("cat", refused=True), 1.0)
    assert not lend_boxes({run.engine_id: run for run in (lender, refusing)}).lenders
    refusing_lender = EngineRun("tesseract", Reading("cat", regions=word, refused=True), 1.0)
    borrower = EngineRun("gpt-5", Reading("cat"), 1.0)
    assert not lend_boxes({run.engine_id: run for run in (refusing_lender, borrower)}).lenders


def test_questions_of_trust_know_a_refusal_from_a_text():
    (steady,) = steadiness({"tesseract": "the cat"}, [EngineRun("tesseract", REFUSED.outcome, 1.0)])
    assert steady.readings == 1
    trap = Canary("masked", PAGE, frozenset({"help"}))
    assert inventions([(trap, REFUSED), (trap, FAILED)]) == {
        run.engine_id: (TrapAnswer("masked", own=True, verdict=None),) for run in (REFUSED, FAILED)
    }


@pytest.mark.parametrize(("run", "complete"), [(READ, True), (EMPTY, True), (REFUSED, False), (FAILED, False)])
def test_the_command_is_complete_when_all_have_read(run, complete):
    assert PageResult("page.png", ReadingTask(), PAGE, (READ, run)).complete is complete


NAMES = {
    name
    for spec in CATALOGUE
    for name in (spec.key_env, spec.base_url_env, *spec.other_env, spec.weights.path_env if spec.weights else "")
    if name
}


@pytest.mark.parametrize("name", sorted(NAMES | {"HTTPS_PROXY", "NO_PROXY", "OPENAI_CUSTOM_HEADERS", "INKQUEST_DB"}))
def test_strangers_are_told_the_name_of_no_setting(name):
    told = Failure("key-refused", f"It says {name} is empty.", f"Check {name}.").for_strangers()
    assert name not in told.message + told.fix
    assert told.fix in ("Check the key.", "Ask whoever runs this app.")


def test_vendors_words_stay_to_strangers():
    failure = Failure("busy", "RESOURCE_EXHAUSTED: quota of GenerateContent is used up.", "Try again in 30 s.")
    assert failure.for_strangers() == failure
