"""Which words of an answer to check: with and without other readings, with an engine's own confidence, with chatter."""

from engines.catalogue import CATALOGUE
from engines.contract import Reading, Region
from metrics.normalising import DEFAULT_RULES
from playground.engine_runs import EngineRun
from playground.insight import WORTH_A_LOOK, answers_at_risk, likeliest
from playground.together import TOGETHER

SPECS = {spec.id: spec for spec in CATALOGUE}
ONE, OTHER, THIRD = "gemini-3.1-pro", "gpt-5", "tesseract"
PAGE = "Dear Margaret,\nthe river was quiet on Tuesday and nobody came to the old house"


def at_risk(texts, **regions):
    runs = [EngineRun(reader, Reading(text, regions.get(reader, ())), 1.0) for reader, text in texts.items()]
    return {answer.reader: answer for answer in answers_at_risk(runs, SPECS, DEFAULT_RULES, "en")}


def risk_of(answer, word):
    return next(one for one in answer.words if one.word.text == word)


def test_every_word_of_every_answer_has_its_risk_where_it_stands():
    found = at_risk({ONE: PAGE, OTHER: PAGE.replace("quiet", "quick"), THIRD: PAGE})
    assert list(found) == [TOGETHER, *sorted([ONE, OTHER, THIRD])]
    for answer in found.values():
        assert [answer.text[one.word.start : one.word.end] for one in answer.words] == answer.text.split()
        assert all(0 < one.risk < 1 for one in answer.words)


def test_who_stands_alone_with_a_word_is_likelier_wrong_and_is_told_what_others_read():
    found = at_risk({ONE: PAGE, OTHER: PAGE.replace("quiet", "quick"), THIRD: PAGE})
    alone, together = risk_of(found[OTHER], "quick"), risk_of(found[TOGETHER], "quiet")
    assert alone.risk > 0.5 > together.risk
    assert [(other.text, other.labels) for other in alone.others] == [
        ("quiet", f"{SPECS[ONE].label} and {SPECS[THIRD].label}")
    ]
    assert "1 of 3" in alone.reason
    words = [found[OTHER].words[number].word.text for number in found[OTHER].to_check]
    assert words[0] == "quick"


def test_the_riskiest_comes_first_and_the_rest_is_expected_right():
    found = at_risk({ONE: PAGE, OTHER: PAGE.replace("quiet", "quick").replace("house", "horse"), THIRD: PAGE})
    for answer in found.values():
        risks = [answer.words[number].risk for number in answer.to_check]
        assert risks == sorted(risks, reverse=True)
        rest = [one.risk for number, one in enumerate(answer.words) if number not in answer.to_check]
        assert answer.left <= 0.01 or max(rest) < WORTH_A_LOOK


def test_a_reading_that_stands_alone_is_judged_by_its_own_confidence():
    words = PAGE.split()
    sure = tuple(Region("word", word, ((0, 0), (9, 0), (9, 9)), 0.5 if word == "river" else 0.999) for word in words)
    [answer] = at_risk({ONE: PAGE}, **{ONE: sure}).values()
    assert risk_of(answer, "river").risk > 3 * risk_of(answer, "quiet").risk
    assert risk_of(answer, "river").others == ()
    untold = at_risk({ONE: PAGE.replace("quiet", "qvuiet")})[ONE]
    assert risk_of(untold, "qvuiet").risk > risk_of(untold, "river").risk
    assert "word list" in risk_of(untold, "qvuiet").reason


def test_chatter_has_no_part_in_the_text_together_and_is_risky_in_its_own():
    found = at_risk({ONE: f"Here is the transcription:\n\n{PAGE}", OTHER: PAGE, THIRD: PAGE})
    assert found[TOGETHER].text == PAGE
    assert risk_of(found[ONE], "transcription:").risk > 0.5
    for word in found[TOGETHER].words:
        for place in word.word.places:
            read = found[TOGETHER].readings[place.reader].text
            assert read[place.start : place.end] == word.word.text


def test_nobody_has_read_and_a_refusal_has_no_words():
    assert at_risk({}) == {}
    assert at_risk({ONE: "I'm sorry, but I can't transcribe this image."}) == {}
    assert likeliest([]) is None


def test_one_starts_from_what_all_read_together_or_else_from_the_surest():
    found = at_risk({ONE: PAGE, OTHER: PAGE.replace("quiet", "qvuiet"), THIRD: PAGE})
    assert likeliest(found.values()).reader == TOGETHER
    assert likeliest(found[reader] for reader in (OTHER, ONE)).reader == ONE


def test_of_engines_that_agree_too_little_no_share_of_wrong_words_is_promised():
    words = PAGE.split()
    for apart, promised in ((0, True), (4, True), (9, False), (len(words), False)):
        other = " ".join(f"{word[::-1]}qx" if at < apart else word for at, word in enumerate(words))
        found = at_risk({ONE: PAGE, OTHER: other})
        for reader in (ONE, OTHER):
            assert (found[reader].left is not None) is promised
        assert found[OTHER].to_check or not apart
    assert at_risk({ONE: PAGE})[ONE].left is not None
