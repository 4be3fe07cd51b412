"""What is left out before counting, where each unit came from, and what the user is told about it."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from metrics.normalising import Rules, normalise, toggles_of

RULES = st.builds(
    Rules, **{name: st.booleans() for name in toggles_of()}, unit=st.sampled_from(["grapheme", "code point"])
)
TEXTS = st.text(max_size=40) | st.text(alphabet="aé\u0301’…-\n *_#`|>ﬁ\u200e\r\t[]~&", max_size=40)


INVISIBLE = regex.compile(r"(?!\s)[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]")


def plain(text, **rules):
    return normalise(text, Rules(**rules)).text


@pytest.mark.parametrize(
    ("answer", "text", "marks"),
    [
        ("# Title\n**Dear** *Sir*", "Title Dear Sir", 5),
        ("```text\nline\n```", "line", 2),
        ("> quoted\n> lines", "quoted lines", 2),
        ("| Q1 | $120 |\n|---|---|\n| Q2 | $138 |", "Q1 $120 Q2 $138", 7),
        ("see ![img-0.jpeg](img-0.jpeg) [here](http://x.y/z)", "see here", 3),
        ("a<br>b <sup>st</sup> &amp; c", "a b st & c", 4),
        (r"5\. and 2 \* 3", "5. and 2 * 3", 2),
        ("**bold *both* bold** ~~gone~~", "bold both bold gone", 6),
        ("__init__ and snake_case_name", "init and snake_case_name", 2),
        ("- a dash\n1. a number\n#5 and * alone\n2 * 3 * 4", "- a dash 1. a number #5 and * alone 2 * 3 * 4", 0),
    ],
)
def test_markdown_goes_and_handwriting_stays(answer, text, marks):
    normalised = normalise(answer, Rules())
    assert (normalised.text, normalised.markdown_marks) == (text, marks)


def test_markdown_stays_on_request():
    assert plain("**a**", remove_markdown=False) == "**a**"


def test_the_worked_example_of_one_answer():
    """Every step forgives more: white space, Markdown, quotes and dashes."""
    answer = "**Dear   Sir**\n\nI don’t — truly"
    assert plain(answer, remove_markdown=False, unify_quotes_and_dashes=False) == "**Dear Sir** I don’t — truly"
    assert plain(answer, unify_quotes_and_dashes=False) == "Dear Sir I don’t — truly"
    assert plain(answer) == "Dear Sir I don't - truly"


@given(TEXTS, RULES)
def test_every_unit_knows_where_it_came_from(text, rules):
    normalised = normalise(text, rules)
    assert normalised.original == text
    assert "".join(normalised.units) == normalised.text
    assert len(normalised.units) == len(normalised.starts) == len(normalised.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(normalised.starts, normalised.ends, strict=True))
    assert list(normalised.starts) == sorted(normalised.starts)
    assert list(normalised.ends) == sorted(normalised.ends)


@given(st.text(max_size=40))
def test_composing_piece_by_piece_equals_composing_the_whole(text):
    rules = Rules(remove_markdown=False, unify_quotes_and_dashes=False)
    visible = "".join(character for character in text if not INVISIBLE.fullmatch(character))
    assert normalise(visible, rules).text == " ".join(unicodedata.normalize("NFC", visible).split())


@given(st.text(alphabet="aé’ \nB.…", max_size=30), RULES)
def test_normalising_again_changes_nothing(text, rules):
    once = normalise(text, rules).text
    assert normalise(once, rules).text == once


def test_the_sentence_of_the_default_rules():
    assert Rules().sentence() == (
        "Case and punctuation count. Line breaks, repeated spaces, curly quotes and Markdown marks do not. "
        "Errors and characters are summed over all images. Above 100 % is possible when text was added."
    )


@pytest.mark.parametrize(
    ("rules", "part"),
    [
        (Rules(ignore_case=True), "Punctuation counts. Case, line breaks"),
        (Rules(ignore_case=True, ignore_punctuation=True), "Case, punctuation, line breaks, repeated spaces,"),
        (Rules(line_breaks_count=True), "Case, punctuation and line breaks count."),
        (Rules(ignore_accents=True), "Markdown marks and accents do not."),
        (Rules(join_hyphenated=True), "Words hyphenated at a line end are joined."),
        (Rules(expand_abbreviations=True), "Common abbreviations count as the words they stand for."),
        (Rules(ignore_deletion_marks=True), "Marks around struck-through words do not count."),
        (Rules(leave_out_deletions=True), "Words marked as struck through do not count."),
        (Rules(any_line_order=True), "Lines may come in any order."),
        (Rules(ignore_symbols=True), "Markdown marks and symbols do not."),
        (Rules(letters_and_digits_only=True), "Only the letters a to z and the digits count"),
        (Rules(ignore_marginal_marks=True), "Marks around notes in the margin and labels of places on the page do not"),
        (Rules(ignore_doubt_marks=True), "Marks of doubt, and marks for what cannot be read, do not count."),
        (Rules(ignore_leaders=True), "Leaders and fill-in lines (. . . . or ____) do not count."),
        (Rules(compatibility=True), "Ligatures and the long s count as plain letters."),
        (Rules(unit="code point"), "Characters are Unicode code points."),
    ],
)
def test_the_sentence_follows_the_rules(rules, part):
    assert part in rules.sentence()
