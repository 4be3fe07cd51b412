"""Which words need a person: what engines together make sure of, and what a committee's review costs and leaves."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.conclusion import Findings, conclude
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.results import Outcome, observe
from evaluation.findings.word_checks import MOST_PAGES, cheapest, word_checks
from evaluation.ledger.runs import Page, Run, RunSettings
from evaluation.report.checking_blocks import checking_blocks
from evaluation.report.memo import Text
from metrics.error_rate import Assumptions
from playground.engine_runs import EngineRun, Failure, WordConfidences

SPECS = tuple(map(spec_by_id, ("gpt-5", "ppocr-v5", "tesseract")))
TEXT = (
    "the old house stood near a quiet river and nobody went there any more until one morning in the spring when two "
    "men with a cart came down from the hills to see what was left of it and took away every stone that could be used "
    "for the wall they meant to build around their field on the other side of the valley before winter set in again"
)
WORDS = TEXT.split()


def run_of():
    return Run("run", datetime(2026, 1, 1, tzinfo=UTC), "/pages", RunSettings(SPECS), "running", None, 0.0)


def outcomes(readings, reference=TEXT):
    """One outcome for every engine and page; `readings` says what each engine has, page by page."""
    for engine_id, texts in readings.items():
        for position, text in enumerate(texts):
            page = Page(position, Item(f"{position}.png", Locator(f"{position}.png"), reference, cluster=str(position)))
            made = Failure("timed-out", "", "") if text is None else Reading(text)
            yield Outcome(page, 0, EngineRun(engine_id, made, 1.0), 0.0)


def wrong_at(places, word="zzz"):
    return " ".join(word if at in places else word_ for at, word_ in enumerate(WORDS))


def concluded(found):
    found = list(found)
    seen = list(observe(run_of(), iter(found)))
    return conclude(Findings(seen, leaderboard(seen), [], checks=word_checks(run_of(), found)), SPECS)


def told(conclusion):
    return " ".join(block.words for block in checking_blocks(conclusion) if isinstance(block, Text))


ONE, TWO, THREE = (spec.id for spec in SPECS)


def test_a_committee_looks_where_it_differs_and_lets_through_what_it_has_alike():
    found = word_checks(run_of(), outcomes({ONE: [wrong_at({3, 7})], TWO: [wrong_at({3})], THREE: [wrong_at({3, 9})]}))
    counts = {one.engine_ids: (one.words, one.looked_at, one.let_through) for one in found.committees}
    assert counts[ONE, TWO] == (len(WORDS), 1, 1)
    assert counts[TWO, THREE] == (len(WORDS), 1, 1)
    assert counts[ONE, TWO, THREE] == (len(WORDS), 2, 1)
    assert found.words.wrong == found.alike_and_wrong == 1


def test_a_word_that_all_leave_out_is_let_through_and_what_others_invent_is_no_committees_matter():
    short, long = " ".join(WORDS[:-1]), " ".join([*WORDS, "and", "more"])
    found = word_checks(run_of(), outcomes({ONE: [short], TWO: [short], THREE: [long]}))
    counts = {one.engine_ids: (one.words, one.looked_at, one.let_through) for one in found.committees}
    assert counts[ONE, TWO] == (len(WORDS), 0, 1)
    assert counts[ONE, THREE][1] == 3


def test_pages_that_an_engine_failed_on_are_none_of_its_committees():
    text = TEXT
    found = word_checks(run_of(), outcomes({ONE: [text, text], TWO: [text, None], THREE: [text, text]}))
    assert {one.engine_ids: one.pages for one in found.committees} == {
        (ONE, TWO): 1,
        (ONE, THREE): 2,
        (TWO, THREE): 1,
        (ONE, TWO, THREE): 1,
    }


def test_without_a_second_family_or_a_reference_nothing_is_said():
    text = TEXT
    assert word_checks(run_of(), outcomes({ONE: [text]})) is None
    assert word_checks(run_of(), outcomes({ONE: [text], TWO: [text]}, reference=None)) is None
    assert checking_blocks(concluded(outcomes({ONE: [text]}))) == []


def many(rate, pages=40, seed=4):
    """Every engine errs in its own way, each word at that rate."""
    chance = random.Random(seed)
    return {
        spec.id: [wrong_at({at for at in range(len(WORDS)) if chance.random() < rate}, f"z{n}z") for _ in range(pages)]
        for n, spec in enumerate(SPECS)
    }


def test_unlike_mistakes_leave_most_words_to_nobody_and_the_headline_says_so():
    said = concluded(outcomes(many(0.05)))
    assert said.checks.words.unread.share.middle > 0.7
    assert said.checks.words.unread.wrong.middle < 0.01
    sentence = told(said)
    assert "of the words need no human [" in sentence
    assert "Per 1,000 pages" in sentence
    assert "The cheapest way to leave at most 1 %" in sentence
    best = cheapest(said.reviews, 0.01)
    assert best.committee.wrong <= 0.01
    assert best.cost.rank == min(one.cost.rank for one in said.reviews if one.committee.wrong <= 0.01)
    assert best.low <= best.cost.labour <= best.high


@pytest.mark.parametrize(("rate", "pays"), [(0.05, True), (0.6, False)])
def test_a_committee_dearer_than_one_engine_read_in_whole_is_not_advised(rate, pays):
    sentence = told(concluded(outcomes({TWO: many(0.02)[TWO], THREE: many(rate)[THREE]})))
    assert ("The cheapest way to leave at most 1 %" in sentence) is pays
    assert ("does not pay here" not in sentence) is pays


def test_where_a_price_is_not_known_what_it_costs_to_look_is_compared():
    sentence = told(concluded(outcomes({ONE: many(0.05)[ONE], TWO: many(0.05)[TWO]})))
    assert sentence.count(" of labour a page") == 2
    assert "price unknown" not in sentence


def test_like_mistakes_are_said_to_be_beyond_any_comparison():
    wrong = wrong_at(set(range(0, len(WORDS), 5)))
    said = concluded(outcomes({spec.id: [wrong] * 10 for spec in SPECS}))
    assert said.checks.words.unread is None
    assert f"{said.checks.words.wrong} of the {said.checks.words.wrong} wrong words" in told(said)
    assert "No two or three of these engines" in told(said)


def test_few_pages_show_nothing_and_are_said_to():
    said = concluded(outcomes(many(0.02, pages=2)))
    assert said.checks.words.unread is None
    assert "These 2 pages do not show" in told(said)


def test_more_pages_than_are_looked_at_cost_no_more():
    few = MOST_PAGES + 3
    found = word_checks(run_of(), outcomes({ONE: ["a b"] * few, TWO: ["a b"] * few}, reference="a b"))
    assert found.pages == MOST_PAGES


@pytest.mark.parametrize("seconds", [2.0, 8.0])
def test_the_time_for_a_word_is_the_buyers_to_say(seconds):
    found = list(outcomes(many(0.05, pages=8)))
    seen = list(observe(run_of(), iter(found)))
    findings = Findings(seen, leaderboard(seen), [], checks=word_checks(run_of(), found))
    said = conclude(findings, SPECS, assumed=Assumptions(seconds_per_word_checked=seconds))
    one = said.reviews[0]
    assert one.cost.minutes == pytest.approx(one.committee.looked_at / one.committee.pages * seconds / 60)


def test_confidence_that_tells_wrong_words_is_learnt_where_agreement_tells_nothing():
    chance, pages = random.Random(6), []
    for _ in range(40):
        places = {at for at in range(len(WORDS)) if chance.random() < 0.3}
        values = tuple(0.2 if at in places else 0.9 for at in range(len(WORDS)))
        pages.append((wrong_at(places, "out"), values))
    readings = {ONE: [text for text, _ in pages], TWO: [text for text, _ in pages]}
    found = list(outcomes(readings))
    sure = [
        replace(one, run=replace(one.run, confidences=WordConfidences(starts_of(one), pages[one.page.position][1])))
        for one in found
    ]
    plain, told = word_checks(run_of(), found), word_checks(run_of(), sure)
    assert plain.words.unread is None
    assert told.words.unread.share.middle > 0.6
    assert told.words.curve.area < plain.words.curve.area / 2


def starts_of(outcome):
    return tuple(match.start() for match in re.finditer(r"\S+", outcome.run.outcome.text))
