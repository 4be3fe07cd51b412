"""Who is best and whether that is sure; a few typed lines: recognised as such, found in every reading, scored there."""

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading
from metrics.normalising import DEFAULT_RULES, Rules
from playground.engine_runs import EngineRun, Failure
from playground.panel import A_THOUSAND, panels_of
from playground.verdict import AGREEING, CRITICAL, SCORED, is_partial, sampled, verdict_of

PAGE = "\n".join(["Dear Sir", "the barn burned down on Sunday", "send twelve pounds", "and a good horse", "Yours"] * 3)


def test_a_short_reference_is_taken_for_some_lines():
    assert is_partial("Dear Sir", [PAGE, PAGE])
    assert not is_partial(PAGE, [PAGE])
    assert not is_partial("", [PAGE])
    assert not is_partial("Dear Sir", [])


def test_typed_lines_are_scored_where_they_stand():
    readings = {"bad": PAGE.replace("barn", "bam").replace("twelve", "tvelve"), "good": PAGE}
    scores = sampled("the barn burned down on Sunday\nsend twelve pounds", readings)
    assert [one.engine for one in scores.engines] == ["good", "bad"]
    assert [one.cer.errors for one in scores.engines] == [0, 3]
    assert scores.lines == 2
    assert sampled("the barn burned down on Sunday\nsend twelve pounds", dict(reversed(readings.items()))) == scores


def test_engines_that_are_alike_need_more_lines_than_can_be_said():
    assert sampled("Dear Sir\nYours", {"one": PAGE, "other": PAGE}).more_lines_to_separate is None


WORDS = [f"word{number}" for number in range(60)]
TEXT = " ".join(WORDS)


def panels(reference, rules=DEFAULT_RULES, **texts):
    specs = dict(zip(texts, (spec_by_id(one) for one in ("gpt-5", "gemini-3.8-flash", "tesseract")), strict=False))
    runs = [
        EngineRun(specs[name].id, Failure("broken", "It broke.") if text is None else Reading(text), 1.0)
        for name, text in texts.items()
    ]
    return panels_of(runs, reference, rules, {spec.id: spec for spec in specs.values()})


def with_errors(count):
    return " ".join(word.replace("w", "v") if place < count else word for place, word in enumerate(WORDS))


def test_on_one_page_one_error_against_two_is_too_close_to_call_and_none_against_thirty_is_not():
    close = verdict_of(panels(TEXT, one=with_errors(2), other=with_errors(1)))
    assert close.headline.startswith("Too close to call on one page: Gemini 3.8 Flash is closest to your reference")
    assert close.title.startswith("Gemini 3.8 Flash came closest: CER ")
    assert close.title.endswith(", too close to call")
    assert [row.close for row in close.ranked] == [True, True]
    sure = verdict_of(panels(TEXT, one=with_errors(30), other=TEXT))
    assert sure.headline.startswith("Gemini 3.8 Flash is closest to your reference: CER 0.00 %, 0 of ")
    assert [(row.panel.label, row.close) for row in sure.ranked] == [("Gemini 3.8 Flash", True), ("GPT-5", False)]


@pytest.mark.parametrize(
    ("fewest", "errors", "close"),
    [(0, 5, True), (0, 6, False), (10, 14, True), (10, 25, False), (20, 39, True), (20, 40, False)],
)
def test_words_say_who_can_be_told_from_the_best(fewest, errors, close):
    found = verdict_of(panels(TEXT, one=with_errors(fewest), other=with_errors(errors)))
    assert [row.close for row in found.ranked] == [True, close]


def test_the_best_comes_first_and_who_did_not_read_last():
    found = verdict_of(
        panels("Paid £12 to Mr. Hale on 3 May 1905", one=None, other="Paid £12 to Mr. Hole on 3 May", a="")
    )
    assert [row.panel.label for row in found.ranked] == ["Gemini 3.8 Flash", "Tesseract 5", "GPT-5"]
    for row in found.ranked:
        assert tuple(figure.name for figure in row.figures) == SCORED
    assert found.ranked[0].figures[SCORED.index(CRITICAL)].text.startswith("1 of ")
    assert found.ranked[1].figures[SCORED.index(A_THOUSAND)].text == "free"
    assert found.ranked[0].figures[SCORED.index(A_THOUSAND)].text == "price unknown"


def test_without_a_reference_engines_stand_by_agreement_and_nobody_by_error():
    found = verdict_of(panels("", one=with_errors(1), other=TEXT, a=TEXT))
    assert found.headline == "3 readings, no reference yet."
    assert tuple(figure.name for figure in found.ranked[0].figures) == AGREEING
    assert found.ranked[-1].panel.label == "GPT-5"
    assert found.ranked[0].figures[0].text == "100.0 %"
    assert not any(row.close for row in found.ranked)


def test_where_nobody_read_there_is_no_sentence():
    found = verdict_of(panels(TEXT, one=None, other=None))
    assert (found.headline, found.ranked) == ("", ())
    assert found.title


def test_a_reference_of_which_nothing_counts_makes_nobody_the_best():
    found = verdict_of(panels("...", Rules(ignore_punctuation=True), one="word", other="wort"))
    assert found.headline == "Scored against your reference."
    assert len(found.ranked) == 2
