"""The sample of typed lines and the price of correction, as programs get them: by hand."""

from __future__ import annotations

import pytest

from engines.contract import Reading
from engines.pricing import Usd
from metrics.error_rate import Assumptions
from playground.engine_runs import EngineRun
from playground.scoring import score_runs
from playground.verdict import correction_of, sample_of

PAGE = "the quick brown fox\njumps over the lazy dog\nand runs away from it\nbefore the hunter comes"
RUNS = (
    EngineRun("gpt-5", Reading(PAGE.replace("fox", "fax")), 1.0, cost=Usd(0.02, measured=True)),
    EngineRun("tesseract", Reading(PAGE.replace("dog", "hog").replace("lazy", "lary")), 1.0),
    EngineRun("transkribus", Reading(PAGE), 1.0),
)


def test_correction_is_reading_time_plus_edits_plus_the_engine() -> None:
    assumed = Assumptions(hourly_rate=36.0, seconds_per_edit=4.0, characters_read_per_second=len(PAGE) / 10)
    document = correction_of(RUNS, score_runs(RUNS, PAGE), assumed, free=["tesseract"])
    assert document is not None
    rows = {row.engine: row for row in document.engines}
    assert [row.engine for row in document.engines] == ["gpt-5", "tesseract", "transkribus"]
    assert rows["gpt-5"].minutes == pytest.approx(14 / 60)
    assert rows["gpt-5"].total_usd == pytest.approx(0.14 + 0.02)
    assert (rows["tesseract"].edits, rows["tesseract"].engine_usd) == (2, 0.0)
    assert (rows["transkribus"].engine_usd, rows["transkribus"].total_usd) == (None, None)
    assert document.assumed == assumed


def test_some_lines_are_a_sample_and_no_page_to_correct() -> None:
    scores = score_runs(RUNS, "jumps over the lazy dog\nand runs away from it")
    document = sample_of(RUNS, scores)
    assert document is not None
    assert correction_of(RUNS, scores, Assumptions(), []) is None
    by_engine = {row.engine: row for row in document.engines}
    assert (document.lines, by_engine["tesseract"].cer.substitutions, by_engine["gpt-5"].cer.substitutions) == (2, 2, 0)
    assert all(row.lines_found == 2 and row.interval for row in document.engines)


def test_a_whole_page_is_no_sample_and_no_reference_is_neither() -> None:
    assert sample_of(RUNS, score_runs(RUNS, PAGE)) is None
    empty = score_runs(RUNS, " ")
    assert sample_of(RUNS, empty) is None
    assert correction_of(RUNS, empty, Assumptions(), []) is None
