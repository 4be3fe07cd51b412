"""What an engine's own confidence is worth: words by where they stand, a card only where there is something to say."""

from datetime import UTC, datetime

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading, Region
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.conclusion import Findings, conclude
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.results import Outcome
from evaluation.findings.together import confidence_cards
from evaluation.ledger.runs import Page, Run, RunSettings
from evaluation.ledger.work_items import without_regions
from evaluation.report.checking_blocks import confidence_blocks
from evaluation.report.memo import Table
from playground.engine_runs import EngineRun

SPECS = (spec_by_id("tesseract"), spec_by_id("gpt-5"))
RUN = Run("run", datetime(2026, 1, 1, tzinfo=UTC), "/pages", RunSettings(SPECS), "running", None, 0.0)


def outcome(text, confidences, reference, engine="tesseract"):
    regions = tuple(
        Region("word", word, ((0, 0),), confidence) for word, confidence in zip(text.split(), confidences, strict=False)
    )
    made = without_regions(EngineRun(engine, Reading(text, regions), 1.0))
    return Outcome(Page(0, Item("a.png", Locator("a.png"), reference)), 0, made, 0.0)


def test_a_word_counts_where_it_stands_and_not_as_one_of_a_bag():
    cards = confidence_cards(RUN, [outcome("we saw saw", [0.9, 0.9, 0.2], "we saw her")])
    assert [(one.said, one.seen, one.count) for one in cards[0].calibration.bins] == [
        (pytest.approx(0.2), 0, 1),
        (pytest.approx(0.9), 1, 2),
    ]
    assert cards[0].share_wrong == pytest.approx(1 / 3)
    assert cards[0].area < cards[0].share_wrong


def test_an_engine_that_gives_none_and_a_page_without_a_reference_have_no_card():
    silent = [outcome("we saw her", [], "we saw her", "gpt-5"), outcome("we saw", [0.5, 0.5], None)]
    assert confidence_cards(RUN, silent) == ()
    assert confidence_blocks(conclude(Findings([], leaderboard([]), []), SPECS)) == []


def test_a_card_says_what_nine_in_ten_means():
    found = [outcome("a b c d e", [0.9] * 5, "a b c d x") for _ in range(10)]
    said = conclude(Findings([], leaderboard([]), [], confidences=confidence_cards(RUN, found)), SPECS)
    blocks = confidence_blocks(said)
    table = next(block for block in blocks if isinstance(block, Table))
    assert table.rows[0][1:4] == ("50", "0.80 on your pages", "0.100")
    assert len(table.heads) == len(table.rows[0])
    assert "right on your pages: 80.0 % with Tesseract 5." in blocks[0].words
