"""Characters as a reader sees them, quick where scripts allow."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from metrics.units import as_characters, graphemes, words


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("abc", ["a", "b", "c"]),
        ("m̃a", ["m̃", "a"]),
        ("👍🏽!", ["👍🏽", "!"]),
        ("\r\n", ["\r\n"]),
        ("हिन्दी", ["हि", "न्दी"]),
        ("", []),
    ],
)
def test_grapheme_clusters(text, clusters):
    assert list(graphemes(text)) == clusters


@given(st.text(max_size=40) | st.text(st.characters(max_codepoint=0x20BF), max_size=40))
def test_the_quick_way_equals_the_slow_one(text):
    assert list(graphemes(text)) == regex.findall(r"\X", text)


def test_words_part_at_any_white_space():
    assert words(" one\ntwo\tthree  don't, ") == ["one", "two", "three", "don't,"]


@given(st.lists(st.text(max_size=3)), st.lists(st.text(max_size=3)))
def test_naming_units_keeps_what_is_equal_and_what_differs(reference, hypothesis):
    left, right = as_characters(reference, hypothesis)
    for unit, name in zip(reference + hypothesis, left + right, strict=True):
        for other, other_name in zip(reference + hypothesis, left + right, strict=True):
            assert (unit == other) == (name == other_name)


def test_a_page_of_flags_is_cut_in_no_time_and_as_unicode_has_it():
    """Told from each flag whether it begins a pair, half a million letters take a day."""
    flag, waving = "\U0001f1e9\U0001f1ea", "\U0001f1e9\U0001f1ea\u200d"
    assert graphemes(flag * 250_000) == [flag] * 250_000
    pieces = [flag, waving, "\u0600" + flag, "\U0001f1e9\u0301", "e\u0301", "\U0001f1e9"]
    assert graphemes("".join(pieces)) == regex.findall(r"\X", "".join(pieces)) == pieces
