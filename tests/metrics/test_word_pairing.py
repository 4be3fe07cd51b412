"""Words that stand in the same place, merged or split ones together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.passages import pair_words, word_pairs

WORDS = st.lists(st.text(alphabet="ab", min_size=1, max_size=4), max_size=12)


@given(WORDS, WORDS)
def test_links_hold_every_word_once_and_in_order(one, other):
    links = pair_words(one, other)
    assert [place for link in links for place in range(link.one_start, link.one_end)] == list(range(len(one)))
    assert [place for link in links for place in range(link.other_start, link.other_end)] == list(range(len(other)))
    assert all(left[1::2] == right[0::2] for left, right in pairwise(links))
    assert all(link.one_start < link.one_end or link.other_start < link.other_end for link in links)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "pairs"),
    [
        ("to stop now", "tostop now", [("to stop", "tostop"), ("now", "now")]),
        ("the tree fell", "the fell", [("the", "the"), ("tree", ""), ("fell", "fell")]),
        ("the fell", "the tree fell", [("the", "the"), ("", "tree"), ("fell", "fell")]),
        ("a barn burned", "a bam bumed", [("a", "a"), ("barn", "bam"), ("burned", "bumed")]),
        ("", "", []),
    ],
)
def test_pairs_by_hand(reference, hypothesis, pairs):
    assert [(pair.written, pair.read) for pair in word_pairs(reference, hypothesis)] == pairs


def test_pairs_point_into_the_originals():
    reference, hypothesis = "the  barn\nburned", "**the** bam burned"
    assert [
        (reference[pair.ref_start : pair.ref_end], hypothesis[pair.hyp_start : pair.hyp_end])
        for pair in word_pairs(reference, hypothesis)
    ] == [("the", "the"), ("barn", "bam"), ("burned", "burned")]
