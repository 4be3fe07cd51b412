"""What a mean hides is counted over a set, and a requirement is met, missed, or not shown."""

import pytest

from engines.catalogue import brought_spec
from engines.contract import Reading
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.analysis import slices
from evaluation.findings.faithfulness import close_readings, faithfulness, shown_right, with_faithfulness
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.results import Outcome, observation
from evaluation.ledger.runs import Page, Run, RunSettings
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.media import blocks_html
from playground.engine_runs import EngineRun

ONE, TWO = brought_spec("one"), brought_spec("two")
LETTER = "I have recieved of Mr. Horace Whitfield the sum of $45.50 on the 12 May 1871.\nHe was in good health."
RIGHT, WRONG = LETTER, LETTER.replace("$45.50", "$45.80").replace("Whitfield", "Whitehead")
LABELS = {ONE.id: "one", TWO.id: "two"}


def run_of(*texts_by_page, reference=LETTER, language="en", written_by="writer"):
    """Each page's texts of both engines."""
    run = Run("r", None, "/pages", RunSettings((ONE, TWO)), "running", None, 0.0)
    outcomes = []
    for position, texts in enumerate(texts_by_page):
        cluster = f"{written_by} {position}"
        item = Item(f"page-{position}", Locator("a"), reference, cluster=cluster, language=language, tags=("letter",))
        if position > 6:
            item = Item(item.id, item.locator, reference, cluster=cluster, language=language, tags=("ledger",))
        for spec, text in zip((ONE, TWO), texts, strict=True):
            outcomes.append(Outcome(Page(position, item), 0, EngineRun(spec.id, Reading(text), 1.0), 0.0))
    return run, outcomes


def found_on(*texts_by_page, **facts):
    run, outcomes = run_of(*texts_by_page, **facts)
    return faithfulness(close_readings(run, outcomes))


def test_names_dates_and_amounts_are_counted_by_kind_and_the_worst_page_is_named_first():
    found = found_on((RIGHT, RIGHT), (RIGHT, LETTER.replace("$45.50", "$45.80")), *[(RIGHT, WRONG)] * 4)
    sound, slips = found[ONE.id], found[TWO.id]
    assert all(share.rate == 1 for share in sound.right.values() if share.total)
    assert sound.missed == ()
    assert (slips.right["amount"].count, slips.right["amount"].total) == (1, 6)
    assert slips.right["date"].rate == 1
    assert slips.right["name"].count < slips.right["name"].total
    assert slips.missed[0].item_id == "page-2"
    assert {one.read for one in slips.missed if one.kind == "amount"} == {"$45.80"}


def test_a_silent_correction_is_counted_where_there_is_a_word_list_and_somebody_kept_the_writers_word():
    corrected = LETTER.replace("recieved", "received")
    found = found_on(*[(LETTER, corrected)] * 5)
    assert (found[ONE.id].corrected.count, found[TWO.id].corrected.count) == (0, 5)
    assert found[TWO.id].corrected.total == 5
    assert all(one.corrected is None for one in found_on(*[(LETTER, corrected)] * 5, language="fi").values())


def test_lines_in_another_order_are_told_from_lines_that_are_missing():
    paid = ["Adam for a horse", "two cows to Bert", "Carl has hay", "old iron for Dan", "Emma a saddle", "new wheels"]
    reference = "\n".join(paid)
    lines = reference.split("\n")
    found = found_on(*[("\n".join(lines[3:] + lines[:3]), "\n".join(lines[:3]))] * 5, reference=reference)
    moved, missing = found[ONE.id], found[TWO.id]
    assert moved.any_order.errors == moved.bag_errors == 0 < moved.as_read.errors
    assert (moved.lines_moved, moved.words_moved) == (True, True)
    assert (missing.lines_moved, missing.words_moved) == (False, False)
    assert moved.added == missing.added == 0


def test_words_from_nowhere_and_loops_are_counted():
    found = found_on(*[(LETTER + "\nThe end of the page was torn away", LETTER + "\nand so it goes" * 200)] * 5)
    assert found[ONE.id].added == 5 * 8
    assert (found[ONE.id].stuck, found[TWO.id].stuck) == (0, 5)
    assert found[TWO.id].added_rate > 1


@pytest.mark.parametrize(
    ("right", "wrong", "least", "answer"),
    [
        (40, 0, 0.9, "met"),
        (40, 0, 0.99, "not shown"),  # 40 of 40 may as well be 92 of 100
        (20, 20, 0.9, "missed"),
        (36, 4, 0.9, "not shown"),
        (3, 1, 0.9, "not shown"),  # fewer than five pages
    ],
)
def test_a_requirement_is_met_or_missed_only_where_the_whole_interval_says_so(right, wrong, least, answer):
    found = found_on(*[(RIGHT, RIGHT)] * right, *[(WRONG, RIGHT)] * wrong)
    [shown] = shown_right(found[ONE.id], (("amount", least),))
    assert shown.answer == answer
    assert shown.requirement.startswith("at least ")
    assert "page-" not in shown.because  # a public link says it too


def test_what_these_pages_do_not_have_is_not_shown():
    found = found_on(*[("he went home", "he went home")] * 6, reference="he went home")
    for one in (found[ONE.id], None):
        [shown] = shown_right(one, (("date", 0.5),))
        assert shown.answer == "not shown"
        assert "no dates" in shown.because


@pytest.mark.parametrize("pages", [0, 1, 5])
def test_the_parts_of_a_close_look_are_the_whole_in_its_order(pages):
    run, outcomes = run_of(*[(RIGHT, WRONG)] * pages)
    whole = close_readings(run, outcomes)
    assert len(whole) == 2 * pages
    assert sum((close_readings(run, outcomes, part, 3) for part in range(3)), ()) == whole


def test_slices_and_tables_carry_the_same_figures():
    run, outcomes = run_of(*[(RIGHT, WRONG)] * 14)
    close = close_readings(run, outcomes)
    seen = [observation(run, outcome, outcome.run.cost) for outcome in outcomes]
    board = with_faithfulness(leaderboard(seen), close)
    parts = {part.name: part for part in slices(seen, close)}
    assert {name: part.pages for name, part in parts.items()} == {"ledger": 7, "letter": 7}
    assert parts["letter"].board.rows[0].faithful.right["amount"].total == 7
    html = blocks_html(results_blocks(board, LABELS))
    assert "Amounts right" in html
    assert "14 of 14" in html
    assert "0 of 14" in html
    assert "What the mean hides" not in blocks_html(results_blocks(leaderboard(seen), LABELS))


def test_who_tells_the_same_of_several_pages_where_it_stands_not_is_stuck():
    tale = (
        "students of the project go around the world by air and live with the people they visit and pay nothing at all "
        "but must bring a coat and a pair of good shoes and a letter from the mayor of their own town to the house"
    )
    found = found_on((LETTER, f"{LETTER}\n{tale}"), (LETTER, f"{tale}\n{LETTER}"), (LETTER, LETTER))
    assert (found[ONE.id].stuck, found[TWO.id].stuck) == (0, 2)
    form = found_on(*[(f"{tale}\n{LETTER}", f"{tale}\n{LETTER}")] * 3)
    assert (form[ONE.id].stuck, form[TWO.id].stuck) == (0, 0), "what others read there stands there"
