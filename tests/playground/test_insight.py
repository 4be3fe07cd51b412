"""What went wrong: the parts of every figure add up, and hand-made pages get the answers a person would give."""

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.insight import MOST_LANGUAGES, insight_of, known_words, shares, vocabulary

TEXT = st.text(alphabet="ab AB.,é1\n", max_size=60)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
def test_every_breakdown_adds_up_to_the_distance(reference, hypothesis):
    insight = insight_of(reference, hypothesis)
    assert sum(insight.errors_by_class.values()) == insight.cer.errors
    assert sum(part.errors for part in shares(insight.waterfall)) == insight.cer.errors
    assert all(part.errors >= 0 for part in shares(insight.waterfall))
    assert sum(one.errors for one in insight.confusions) <= insight.cer.errors


def test_a_correct_word_is_never_a_misspelling():
    insight = insight_of("We whent to the seaside", "We went to the seaside")
    assert [word.words.written for word in insight.misspellings] == ["whent"]
    assert [word.words.read for word in insight.corrected()] == ["went"]


def test_chatter_is_counted_and_counted_without():
    insight = insight_of("Dear Sir", "Here is the transcription:\n\nDear Sir")
    assert insight.cer.errors > 20
    assert insight.cer_of_answer.errors == 0
    assert [part.kind for part in insight.chatter] == ["preamble"]


def test_a_wrong_amount_is_told_from_a_right_one():
    insight = insight_of("Paid £1,250 to Mr. Gaitskell", "Paid £1,260 to Mr. Gaitskell")
    assert [(token.token.text, token.fate) for token in insight.critical_tokens] == [
        ("£1,250", "wrong"), ("Gaitskell", "right"),
    ]  # fmt: skip


def test_too_many_lines_are_not_matched():
    insight = insight_of("a\n" * 2000, "a\n" * 2000)
    assert insight.lines is None
    assert insight.cer.errors == 0


def test_a_language_without_a_word_list_has_no_words():
    assert "seaside" in known_words("en")
    assert known_words("xx") == frozenset()
    assert known_words("../en") == frozenset()


def test_the_words_of_no_more_than_some_languages_are_kept():
    for number in range(3 * MOST_LANGUAGES):
        insight_of("a", "b", language=f"x{number}")
    assert known_words.cache_info().currsize <= MOST_LANGUAGES
    assert vocabulary.cache_info().currsize <= MOST_LANGUAGES
