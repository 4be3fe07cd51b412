"""Texts made to take the square of their length: 50,000 characters must stay within seconds, whatever they are."""

from __future__ import annotations

import time

import pytest

from metrics.answer import parse_answer
from metrics.comparing_texts import compare_texts
from metrics.critical_tokens import critical_tokens, judge_tokens
from metrics.editorial_marks import doubt_marks
from metrics.normalising import Rules, normalise
from metrics.reference_free import disagreements

HOSTILE = ["**a ", "_a ", "![", "[a](", "`a ", "<b ", "|", "**a\n ", "1,", "1", " ", "-", "[?", "(unclear ", "e\u0301"]
CHATTER = ["<think>", "<think></think>", "```\n", "a\n```", "<|ab|>", "Transcription:\n", "Let me know!\n\n"]
LENGTH = 50_000


@pytest.mark.parametrize("piece", [*HOSTILE, "\\", "> ", "# ", "&amp", "a-\n", "👍🏽", "Aa ", "Note\n\n", *CHATTER])
def test_no_pattern_takes_the_square(piece):
    text = piece * (LENGTH // len(piece)) + "x"
    start = time.process_time()
    normalise(text, Rules(join_hyphenated=True))
    parse_answer(text)
    critical_tokens(text)
    assert time.process_time() - start < 5


MARKED = [
    "[[",
    "[*a ",
    "[a",
    "(a ? ",
    "[margin ",
    "a\u0336",
    "[",
    "~~a",
    "<del>",
    "mr. ",
    "<!--",
    "<p ",
    "<style>",
    "&a",
]


@pytest.mark.parametrize("piece", MARKED)
@pytest.mark.parametrize("deletions", ["leave_out_deletions", "ignore_deletion_marks"])
def test_no_rule_takes_the_square(piece, deletions):
    rules = Rules(
        ignore_doubt_marks=True, ignore_marginal_marks=True, ignore_leaders=True, expand_abbreviations=True,
        **{deletions: True},
    )  # fmt: skip
    start = time.process_time()
    normalise(piece * (LENGTH // len(piece)), rules)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("opening", ["[", "(unclear:", "[unclear:", "[perhaps ", "[?", "[x", "{"])
@pytest.mark.parametrize("piece", ["a", " ", "a ", "\n", "?", "? "])
def test_no_mark_that_is_never_closed_takes_ever_longer(opening, piece):
    """Few letters are enough: one that can be parted in many ways takes hours, and keeps the whole process waiting."""
    start = time.process_time()
    normalise(opening + piece * 100, Rules(ignore_doubt_marks=True, leave_out_deletions=True))
    list(doubt_marks(opening + " " * 500 + "x"))
    assert time.process_time() - start < 2


@pytest.mark.parametrize("piece", ["\n", " ", "! ", "[?", "(", ": \n"])
def test_no_gap_between_words_takes_the_square(piece):
    start = time.process_time()
    critical_tokens("dear\nfoo\nbar\nbaz\n" + piece * (LENGTH // len(piece)) + "Zavitar said")
    assert time.process_time() - start < 5


@pytest.mark.parametrize("piece", ["1 2 ", "7 ", "Mr. Ames ", "New New ", "\n12 May\n"])
def test_no_page_of_tokens_takes_the_square(piece):
    reference = piece * (LENGTH // len(piece))
    start = time.process_time()
    judge_tokens(reference, reference[::-1])
    assert time.process_time() - start < 15


@pytest.mark.parametrize("piece", ["x1;", "&#x12;", "1.", "Anna-Berta."])
def test_no_page_that_is_one_long_word_takes_the_square(piece):
    reference = piece * (LENGTH // len(piece))
    start = time.process_time()
    judge_tokens(reference, reference + "x")
    assert time.process_time() - start < 15


@pytest.mark.parametrize(
    ("reference", "hypothesis"),
    [("a", "b"), ("the rain in Spain ", "the end of the day "), ("one two\n", ""), ("one two\n", "two one\n")],
)
def test_no_pair_of_texts_takes_the_square(reference, hypothesis):
    texts = [piece * (LENGTH // len(piece)) if piece else "" for piece in (reference, hypothesis)]
    start = time.process_time()
    compare_texts(*texts)
    disagreements(dict(zip("ab", texts, strict=True)))
    assert time.process_time() - start < 15


def test_no_page_that_is_one_long_word_is_repeated_for_every_token_of_it():
    verdicts = judge_tokens("1.2," * 1000, "1,2." * 1000)
    assert len(verdicts) > 100
    assert sum(len(verdict.read) for verdict in verdicts) < 300 * len(verdicts)
