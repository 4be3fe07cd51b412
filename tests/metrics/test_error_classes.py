"""Classes add up to the distance; confusions are blocks; the waterfall only falls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.comparing_texts import compare_texts, confusions, replacement_class, waterfall
from metrics.error_rate import cer

TEXTS = st.text(alphabet="abAB é1,.\n", max_size=50)


@given(TEXTS, TEXTS)
def test_the_classes_add_up_to_the_distance(reference, hypothesis):
    comparison = compare_texts(reference, hypothesis)
    assert sum(comparison.errors_by_class().values()) == comparison.cer.errors


@pytest.mark.parametrize(
    ("reference", "hypothesis", "error_class"),
    [
        (" ", "c", "space"),
        ("l", "\n", "space"),
        ("a", "A", "case"),
        ("é", "e", "accent"),
        ("é", "E", "accent"),
        (",", ".", "punctuation"),
        ("£", "$", "punctuation"),
        ("1", "l", "digit"),
        ("1", "7", "digit"),
        ("a", "o", "letter"),
        ("l", "!", "letter"),
    ],
)
def test_classes_of_replacements(reference, hypothesis, error_class):
    assert replacement_class(reference, hypothesis) == error_class


def test_classes_by_hand():
    counts = compare_texts("At Lake Zoë, 1961 is to stop here", "we At lake Zoe. 1967 is tostop").errors_by_class()
    assert counts == {
        "space": 1,
        "case": 1,
        "accent": 1,
        "punctuation": 1,
        "digit": 1,
        "letter": 0,
        "missing": 5,
        "extra": 3,
    }


def test_confusions_are_blocks_with_their_places():
    spans = compare_texts("the barn burned clear a lot", "the bam bumed dear alot").spans
    listed = [(one.reference, one.hypothesis, one.errors, len(one.places)) for one in confusions(spans)]
    assert listed == [("rn", "m", 4, 2), ("cl", "d", 2, 1), (" ", "", 1, 1)]
    places = confusions(spans)[0].places
    assert [(place.ref_start, place.hyp_start) for place in places] == [(6, 6), (11, 10)]


def test_missing_words_are_no_confusion():
    assert confusions(compare_texts("one two three", "one three").spans) == ()


@given(TEXTS, TEXTS)
def test_confusions_count_no_error_twice(reference, hypothesis):
    comparison = compare_texts(reference, hypothesis)
    assert sum(one.errors for one in confusions(comparison.spans)) <= comparison.cer.errors


def test_the_waterfall_by_hand():
    reference, hypothesis = "Dear Sir,\nto stop it\nnow and here", "dear sir to\nnow amd here\nstopit"
    steps = waterfall(reference, hypothesis)
    assert [step.name for step in steps] == [
        "as counted",
        "without case",
        "without punctuation",
        "without spaces",
        "without line order",
    ]
    errors = [step.cer.errors for step in steps]
    assert errors == sorted(errors, reverse=True)
    assert steps[0].cer == cer(reference, hypothesis)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors"),
    [
        ("Ab", "ab", [1, 0, 0, 0, 0]),
        ("a, b", "a b", [1, 1, 0, 0, 0]),
        ("to stop", "tostop", [1, 1, 1, 0, 0]),
        ("one\nfour", "four\none", [6, 6, 6, 6, 0]),
        ("abc", "abd", [1, 1, 1, 1, 1]),
    ],
)
def test_each_step_forgives_one_thing(reference, hypothesis, errors):
    assert [step.cer.errors for step in waterfall(reference, hypothesis)] == errors


@given(TEXTS, TEXTS)
def test_every_step_counts_the_characters_it_looks_at(reference, hypothesis):
    steps = waterfall(reference, hypothesis)
    lengths = [step.cer.reference_length for step in steps]
    assert lengths == sorted(lengths, reverse=True)
    assert steps[4].cer.errors <= steps[3].cer.errors
