"""What a page costs in the end decides the order: no bad reading is lifted by what cannot be shown of a few pages."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engines.catalogue import spec_by_id
from engines.pricing import Free, Unknown, Usd
from evaluation.findings.analysis import ErrorClasses
from evaluation.findings.conclusion import Findings, conclude
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.observations import Observation
from evaluation.findings.recommending import Requirements
from evaluation.findings.wording import pair_sentence, verdict
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.memo import Table
from metrics.error_rate import Assumptions, ErrorRate

TODAY = date(2026, 11, 23)
GOOD, MIDDLING, AWFUL = "claude-opus-4-7", "ppocr-v6-small", "tesseract"


def readings(engine, errors, cost, length=600, **facts):
    """One page for each number of errors; None is a page without a reading."""
    return [
        Observation(
            engine, n, f"{n}.png", 0, "failed" if count is None else "read", 2.0, f"w{n}",
            cer=None if count is None else ErrorRate(count, 0, 0, length),
            wer=None if count is None else ErrorRate(count // 5, 0, 0, length // 5),
            cost=cost, **facts,
        )
        for n, count in enumerate(errors)
    ]  # fmt: skip


def concluded(*seen, needs=None, assumed=None, classes=()):
    found = [one for part in seen for one in part]
    specs = [spec_by_id(engine_id) for engine_id in dict.fromkeys(one.engine_id for one in found)]
    return conclude(Findings(found, leaderboard(found), classes), specs, needs, assumed, TODAY)


def order(conclusion):
    return [cost.engine_id for cost in conclusion.costs]


def shortlist(conclusion):
    return [one.engine_id for one in conclusion.advice.shortlist]


@pytest.fixture
def seven_pages():
    """A dear engine at 0.95 % CER, two that cost nothing at 19.9 and 66.5 %."""
    dice = np.random.default_rng(3)
    return (
        readings(GOOD, [6, 5, 7, 3, 8, 6, 5], Usd(0.03)),
        readings(MIDDLING, (119 * dice.uniform(0.4, 1.6, 7)).astype(int).tolist(), Free()),
        readings(AWFUL, (399 * dice.uniform(0.7, 1.3, 7)).astype(int).tolist(), Free()),
    )


def test_of_seven_pages_the_best_reading_is_advised_and_the_worst_is_put_aside(seven_pages):
    conclusion = concluded(*seven_pages)
    assert order(conclusion) == [GOOD, MIDDLING, AWFUL]
    assert shortlist(conclusion)[0] == GOOD
    assert AWFUL in [out.engine_id for out in conclusion.advice.worse]
    assert conclusion.decision.best.startswith(conclusion.labels[GOOD])
    assert "over 95 %" in conclusion.decision.how_sure


@pytest.mark.parametrize("pages", [3, 5, 7, 12])
def test_no_engine_stands_above_one_whose_interval_lies_clearly_below(pages):
    conclusion = concluded(
        readings(AWFUL, [300 + 20 * n for n in range(pages)], Free()),
        readings(GOOD, [5 + n % 3 for n in range(pages)], Usd(0.05)),
    )
    assert order(conclusion) == [GOOD, AWFUL]
    assert shortlist(conclusion)[0] == GOOD


def test_the_figures_are_those_of_a_spreadsheet():
    cost, _ = concluded(
        readings(GOOD, [10, 20, 900, None], Usd(0.02)),
        readings(AWFUL, [500] * 4, Free()),
        assumed=Assumptions(36, 2, 10),
    ).costs
    # 600 characters at 10 a second, then 2 s an edit, at most the 600 of typing anew; the last page is typed.
    seconds = [60 + 20, 60 + 40, 60 + 1200, 60 + 1200]
    assert cost.page.labour == pytest.approx(sum(seconds) / 4 * 36 / 3600)
    assert cost.page.engine == pytest.approx(0.02)
    assert (cost.typed, cost.pages) == (1, 4)


def test_an_attempt_that_may_have_been_billed_in_vain_is_counted():
    seen = readings(GOOD, [1] * 5, Usd(0.02)), readings(MIDDLING, [1] * 5, Usd(0.02), maybe_billed=True)
    one, other = concluded(*seen).costs
    assert (one.engine_id, one.page.engine, other.page.engine) == (GOOD, pytest.approx(0.02), pytest.approx(0.04))


@pytest.mark.parametrize("rate", [10.0, 300.0])
def test_an_unknown_price_is_not_first_for_a_little_and_is_ranked_by_correction(rate):
    conclusion = concluded(
        readings("transkribus", [1, 2, 1, 2, 1, 2], Unknown()),
        readings(GOOD, [3, 2, 4, 3, 2, 4], Usd(0.01)),
        readings(MIDDLING, [30, 25, 40, 33, 27, 44], Free()),
        assumed=Assumptions(rate),
    )
    assert order(conclusion) == [GOOD, "transkribus", MIDDLING]
    [spoken] = [one for one in conclusion.advice.shortlist if one.engine_id == "transkribus"]
    assert any("its price is not known and not counted" in sentence for sentence in spoken.measured)


def test_without_a_price_the_best_reader_is_first_where_no_price_could_change_that():
    """Three that were brought without prices, beside a free one that reads next to nothing."""
    conclusion = concluded(
        readings(MIDDLING, [300, 250, 330, 270, 310, 290, 305, 280], Free()),
        readings("transkribus", [20, 12, 18, 9, 14, 22, 11, 15], Unknown()),
        readings(GOOD, [30, 22, 28, 19, 24, 32, 21, 25], Unknown()),
        assumed=Assumptions(30),
    )
    assert order(conclusion) == shortlist(conclusion)[:1] + order(conclusion)[1:] == ["transkribus", GOOD, MIDDLING]
    first, free = conclusion.costs[0], conclusion.costs[2]
    assert f"Below ${free.known - first.known:.2g}" in conclusion.decision.best
    assert "in the end than PP-OCRv6 small" in conclusion.decision.best


def test_what_hurts_weighs_in():
    seen = readings(GOOD, [9] * 6, Free()), readings(MIDDLING, [10] * 6, Free())
    classes = [
        ErrorClasses(GOOD, (("digit", 40), ("letter", 14)), 3600),
        ErrorClasses(MIDDLING, (("letter", 60),), 3600),
    ]
    assert order(concluded(*seen, classes=classes)) == [GOOD, MIDDLING]
    assert order(concluded(*seen, classes=classes, needs=Requirements(harm="digit"))) == [MIDDLING, GOOD]


def test_the_decision_is_among_the_engines_that_meet_the_requirements(seven_pages):
    conclusion = concluded(*seven_pages, needs=Requirements(must_stay_local=True))
    assert conclusion.decision.best.startswith(conclusion.labels[MIDDLING])
    assert shortlist(conclusion)[0] == MIDDLING


def test_too_few_pages_say_so_and_what_to_bring(seven_pages):
    conclusion = concluded(*[part[:3] for part in seven_pages])
    assert "too few to say" in conclusion.decision.how_sure
    assert "at least 5 pages" in conclusion.decision.how_sure
    assert conclusion.advice.worse == ()
    assert [cost.sure for cost in conclusion.costs] == [None, None, None]


def test_the_hourly_rate_turns_the_order():
    seen = readings(GOOD, [20, 21, 19, 20, 22], Usd(0.5)), readings(MIDDLING, [50, 51, 49, 50, 52], Free())
    assert order(concluded(*seen, assumed=Assumptions(5))) == [MIDDLING, GOOD]
    assert order(concluded(*seen, assumed=Assumptions(60))) == [GOOD, MIDDLING]


def test_nothing_is_decided_without_references_or_without_pages():
    unscored = [*readings(GOOD, [None] * 6, Usd(0.1))]
    assert concluded(unscored).decision.sentences == ()
    assert concluded([]).decision.sentences == ()
    assert concluded(readings(GOOD, [0] * 6, Free()), assumed=Assumptions(0)).costs[0].interval is None


def test_lines_are_not_called_pages(seven_pages):
    conclusion = concluded(*(tuple(replace(one, level="line") for one in part) for part in seven_pages))
    best = conclusion.advice.shortlist[0]
    said = (*conclusion.decision.sentences, *best.measured)
    assert "1,000 lines a month" in conclusion.decision.a_month
    assert "a line with its correction" in conclusion.decision.best
    assert not [sentence for sentence in said if "page" in sentence.replace("7 pages tell", "")]
    results = results_blocks(conclusion.board, conclusion.labels)
    table = next(block for block in results if isinstance(block, Table))
    assert not [head for head in table.heads if "page" in head.name + head.tooltip]


def test_what_is_sure_of_few_pages_is_not_called_impossible_to_tell(seven_pages):
    """Holm's correction leaves no difference of seven pages significant between four engines."""
    conclusion = concluded(*seven_pages, readings("gpt-5", [9, 5, 8, 9, 4, 9, 7], Usd(0.01)))
    said = verdict(conclusion.board, conclusion.labels)
    assert conclusion.labels[AWFUL] not in said
    pair = next(pair for pair in conclusion.board.pairs if {pair.better, pair.worse} == {GOOD, AWFUL})
    assert "over 95 % sure" in pair_sentence(pair, conclusion.labels)
    assert "too few" not in pair_sentence(pair, conclusion.labels)
