"""The alignment is minimal whatever it looks like, and looks right where the choice is free."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from metrics.alignment import align, cost

WORDS = st.lists(st.sampled_from(["the", "tree", "they", "were", "a", "there", "rain", "main", "\n"]), max_size=40)
TEXTS = st.text(alphabet="ab c\nd", max_size=60) | WORDS.map(" ".join)


def picture(reference, hypothesis):
    """Deleted and inserted texts, as the reader sees them."""
    return [
        (kind, reference[ref_start:ref_end], hypothesis[hyp_start:hyp_end])
        for kind, ref_start, ref_end, hyp_start, hyp_end in align(reference, hypothesis)
        if kind != "equal"
    ]


@given(TEXTS, TEXTS)
def test_both_texts_come_back_and_the_cost_is_the_distance(reference, hypothesis):
    blocks = align(reference, hypothesis)
    assert "".join(reference[start:end] for _, start, end, _, _ in blocks) == reference
    assert "".join(hypothesis[start:end] for *_, start, end in blocks) == hypothesis
    assert sum(map(cost, blocks)) == Levenshtein.distance(reference, hypothesis)
    for kind, ref_start, ref_end, hyp_start, hyp_end in blocks:
        left, right = reference[ref_start:ref_end], hypothesis[hyp_start:hyp_end]
        assert (left == right) == (kind == "equal")
        if kind == "replace":
            assert all(one != other for one, other in zip(left, right, strict=True))


@given(TEXTS, TEXTS, st.integers(0, 80))
def test_a_hint_never_changes_the_cost(reference, hypothesis, hint):
    blocks = align(reference, hypothesis, hint)
    assert sum(map(cost, blocks)) == Levenshtein.distance(reference, hypothesis)


@pytest.mark.parametrize("errors", [0.0, 0.01, 0.1, 0.5])
@pytest.mark.parametrize("words", [["the", "rain", "in", "Spain", "falls"], ["la"]])
def test_long_texts_are_aligned_as_cheaply_in_pieces(errors, words):
    chance = random.Random(7)
    reference = " ".join(chance.choices(words, k=1500))
    hypothesis = "".join(letter for letter in reference if chance.random() > errors).replace("falls", "fails", 9)
    lost_line = hypothesis[:3000] + hypothesis[3400:]
    for text in (hypothesis, lost_line, lost_line[:2500] * 2, ""):
        blocks = align(reference, text)
        assert sum(map(cost, blocks)) == Levenshtein.distance(reference, text)
        assert "".join(text[start:end] for *_, start, end in blocks) == text
        assert all(one[0] != other[0] for one, other in pairwise(blocks))


def test_a_missing_line_is_one_gap_and_no_confetti():
    reference = "A MOVE to stop Mr. Gaitskell from\nnominating any more Labour life Peers\nis to be made at a meeting"
    hypothesis = "A MOVE to stop Mr. Gaitskell from\nis to be mode at a meeting"
    assert picture(reference, hypothesis) == [
        ("delete", "\nnominating any more Labour life Peers", ""),
        ("replace", "a", "o"),
    ]


def test_dropped_words_are_dropped_whole():
    assert picture("the tree the tree they were all there", "the tree they were all there") in (
        [("delete", " the tree", "")],
        [("delete", "the tree ", "")],
    )


@pytest.mark.parametrize(("reference", "hypothesis"), [("", ""), ("", "abc"), ("abc", ""), (" ", "a")])
def test_empty_sides(reference, hypothesis):
    assert sum(map(cost, align(reference, hypothesis))) == max(len(reference), len(hypothesis))
