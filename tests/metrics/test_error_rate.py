"""Rates by hand, the wrong web snippet's counter-examples, and laws that hold for any text."""

from __future__ import annotations

import unicodedata

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.error_rate import ErrorRate, cer, pooled, wer
from metrics.normalising import Rules

TEXTS = st.text(alphabet="ab c\nd,.é'", max_size=60)
WORDS = st.text(alphabet="abcdE.,", min_size=1, max_size=5)
ANY_TEXTS = st.text(max_size=30)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors", "length"),
    [
        ("harbour", "harbour", 0, 7),
        ("harbour", "", 7, 7),
        ("a", "a b c", 4, 1),
        ("to stop", "tostop", 1, 7),
        ("one two three", "one three two", 8, 13),
        ("Lake, Garda.", "lake garda", 4, 12),
        ("Mr.  Penn \t wrote\n", "Mr. Penn wrote", 0, 14),
        ("first line\n\nsecond line", "first line second line", 0, 22),
        ("well-\nknown", "well-known", 1, 11),
        ("cafe\u0301", "café", 0, 4),
        ("m̃a", "ma", 1, 2),
        ("👍🏽 ok", "👍 ok", 1, 4),
        ("ﬁsh ſee", "fish see", 3, 7),
        ("receive teh", "receive the", 2, 11),
        ("don’t — “no” …", 'don\'t - "no" ...', 0, 16),
        ("我能吞", "我吞", 1, 3),
    ],
)
def test_character_errors_by_hand(reference, hypothesis, errors, length):
    rate = cer(reference, hypothesis)
    assert (rate.errors, rate.reference_length) == (errors, length)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "snippet", "errors", "length"),
    [
        ("cat", "dog", 3.0, 1, 1),
        ("handwriting recognition", "handwritten recognition", 1.5, 1, 2),
        ("internationalisation", "x" * 20, 20.0, 1, 1),
        ("a b c d", "a c d", 0.5, 1, 4),
        ("to stop", "tostop", 0.5, 2, 2),
        ("I am", "Iam", 0.5, 2, 2),
        ("nominating any more", "nominatingany more", 1 / 3, 2, 3),
        ("A MOVE to stop Mr. Gaitskell from", "A MAVE to stap Mr. Galtskell tram", 5 / 7, 4, 7),
        ("Mr. Smith", "Mr. Smith is to be backed", 8.0, 4, 2),
        ("antidisestablishmentarianism is long", "is long", 29 / 3, 1, 3),
        ("hello", "", 5.0, 1, 1),
    ],
)
def test_word_errors_are_not_a_character_distance_over_the_number_of_words(
    reference, hypothesis, snippet, errors, length
):
    assert cer(reference, hypothesis).errors / len(reference.split()) == pytest.approx(snippet)
    rate = wer(reference, hypothesis)
    assert (rate.errors, rate.reference_length) == (errors, length)


def test_the_snippet_ranks_engines_the_wrong_way_round():
    reference = "Send the package to Mr. Harrison on Tuesday"
    one_wrong_word = wer(reference, "Send the parcel to Mr. Harrison on Tuesday")
    four_wrong_words = wer(reference, "Sand the packege to Mr. Harrisan on Tuesdav")
    assert (one_wrong_word.rate, four_wrong_words.rate) == (0.125, 0.5)


def test_an_empty_reference_has_no_rate_but_its_insertions_count_in_the_pool():
    blank = cer("", "junk")
    assert (blank.rate, blank.insertions) == (None, 4)
    assert pooled([blank, cer("abcdefghij", "abcdefghij")]).rate == 0.4
    assert cer("", "") == ErrorRate()


def test_rates_are_pooled_not_averaged():
    long_line = "The quick brown fox jumps over the lazy dog again and again today"
    assert pooled([cer("no", "on it"), cer(long_line, long_line)]) == ErrorRate(1, 0, 3, 67)


@pytest.mark.parametrize(
    ("rules", "reference", "hypothesis"),
    [
        (Rules(ignore_case=True), "Straße Lake ΟΔΟΣ", "STRAẞE lake οδος"),
        (Rules(ignore_punctuation=True), "Lake, Garda - now.", "Lake Garda now"),
        (Rules(ignore_accents=True), "naïve Zoë ça", "naive Zoe ca"),
        (Rules(join_hyphenated=True), "we are deep in sor-\nrow.", "we are deep in sorrow."),
        (Rules(compatibility=True), "ﬁsh ſee", "fish see"),
        (Rules(), "Dear Sir", "# **Dear** `Sir`"),
    ],
)
def test_a_rule_forgives_what_it_says(rules, reference, hypothesis):
    assert cer(reference, hypothesis, rules).errors == 0


def test_accents_stay_where_they_spell_the_word():
    assert cer("हिन्दी", "हनद", Rules(ignore_accents=True)).errors > 0


def test_line_breaks_count_once_when_they_count():
    rules = Rules(line_breaks_count=True)
    assert cer("one\n\n two", "one two", rules).substitutions == 1
    assert cer("one \r\n two", "one\ntwo", rules).errors == 0


def test_code_points_count_marks_apart():
    assert cer("m̃", "m", Rules(unit="code point")) == ErrorRate(deletions=1, reference_length=2)


@given(TEXTS, TEXTS)
def test_counts_add_up(reference, hypothesis):
    rate, back = cer(reference, hypothesis), cer(hypothesis, reference)
    assert rate.errors == back.errors
    assert rate.deletions - rate.insertions == rate.reference_length - back.reference_length
    assert abs(rate.reference_length - back.reference_length) <= rate.errors
    assert rate.errors <= max(rate.reference_length, back.reference_length)


@given(st.lists(WORDS, min_size=1, max_size=8), st.lists(WORDS, max_size=8))
def test_one_line_of_plain_letters_is_counted_as_everybody_counts_it(reference, hypothesis):
    texts = " ".join(reference), " ".join(hypothesis)
    assert (cer(*texts).rate, wer(*texts).rate) == (jiwer.cer(*texts), jiwer.wer(*texts))


@given(TEXTS, TEXTS, TEXTS)
def test_a_detour_is_never_shorter(one, two, three):
    assert cer(one, three).errors <= cer(one, two).errors + cer(two, three).errors


@given(ANY_TEXTS, ANY_TEXTS)
def test_the_unicode_form_does_not_matter(reference, hypothesis):
    rules = Rules(remove_markdown=False)
    errors = cer(reference, hypothesis, rules).errors
    assert errors == cer(unicodedata.normalize("NFD", reference), hypothesis, rules).errors
    assert errors == cer(reference, unicodedata.normalize("NFD", hypothesis), rules).errors


@given(TEXTS, TEXTS)
def test_white_space_does_not_matter(reference, hypothesis):
    assert cer(reference, hypothesis) == cer(" ".join(reference.split()), hypothesis)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_pools_do_not_depend_on_order(pairs):
    rates = [cer(*pair) for pair in pairs]
    assert pooled(rates) == pooled(reversed(rates))
