"""The risk of words: what raises it, and how a run's own words change the model."""

import math
import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.consensus import as_read, consensus
from metrics.names import Vocabulary
from metrics.word_risk import (
    FITTED,
    Signs,
    WordConfidence,
    can_promise,
    fitted,
    held_out_risks,
    signs_of,
    word_risks,
    words_to_check,
)

FAMILIES = {"a": "one", "b": "two", "c": "three"}
TEXT = "the old house stood near the quiet river and nobody went there any more"
WORDS = Vocabulary("en", frozenset(TEXT.split()))


def risks(readings, **known):
    """Risk by word; of a word that comes twice the last."""
    together = consensus(readings, FAMILIES)
    found = word_risks(together, FAMILIES, **known)
    return {word.text: risk for word, risk in zip(together.words, found, strict=True)}


def everybody(text):
    return dict.fromkeys(FAMILIES, text)


def test_what_is_contradicted_is_riskier_than_what_all_say():
    found = risks(everybody(TEXT) | {"c": TEXT.replace("quiet", "quick")})
    assert max(found, key=found.get) == "quiet"
    assert all(0 < risk < 1 for risk in found.values())


def test_more_families_that_agree_make_a_word_surer():
    three = risks(everybody(TEXT))
    two = risks({"a": TEXT, "b": TEXT})
    assert three["house"] < two["house"]


def test_on_a_page_of_dispute_agreed_words_are_less_sure():
    calm = risks(everybody(TEXT))
    other = TEXT.replace("old", "odd").replace("quiet", "quick").replace("went", "sent")
    assert risks(everybody(TEXT) | {"c": other})["house"] > calm["house"]


@pytest.mark.parametrize("word", ["1863", "zzyx", "house,", "&", "House"])
def test_words_that_are_easily_misread_are_riskier(word):
    plain = risks(everybody(TEXT), vocabulary=WORDS)["house"]
    assert risks(everybody(TEXT.replace("house", word)), vocabulary=WORDS)[word] > plain


def test_readers_own_confidence_counts_where_it_stands():
    together = consensus(everybody(TEXT), FAMILIES)
    given = {"a": [WordConfidence(8, 13, 0.4)], "b": [WordConfidence(8, 13, 0.8), WordConfidence(0, 3, 1.0)]}
    found = signs_of(together, FAMILIES, confidences=given)
    assert [signs.told for signs in found] == [1, 0, 1] + [0] * (len(found) - 3)
    surest, _, unsure, other = [signs.assurance for signs in found][:4]
    assert surest > unsure > other == 0


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 4)), min_size=1, max_size=12), st.randoms())
def test_confidences_are_found_whatever_their_order_and_however_they_are_cut(pieces, chance):
    spans, at = [], 0
    for length, gap in pieces:
        spans.append(WordConfidence(at + gap, at + gap + length, chance.random()))
        at += gap + length
    together = consensus(everybody(TEXT), FAMILIES)
    mixed = chance.sample(spans, len(spans))
    for word, signs in zip(together.words, signs_of(together, FAMILIES, confidences={"a": mixed}), strict=True):
        here = [one.confidence for one in spans if one.start < word.end and word.start < one.end]
        assert signs.told == bool(here)
        assert signs.assurance == pytest.approx(-math.log(1.01 - fmean(here)) if here else 0)


def _words(count, seed=1):
    """Words whose only sign is a marks flag; with it half are wrong, without a tenth."""
    chance = random.Random(seed)
    none = Signs(*[0.0] * len(Signs._fields))
    signs = [none._replace(marks=float(chance.random() < 0.5)) for _ in range(count)]
    return signs, [chance.random() < (0.5 if one.marks else 0.1) for one in signs]


def test_a_model_of_its_own_finds_the_rates_and_few_words_change_little():
    signs, wrong = _words(5000)
    own = fitted(signs, wrong)
    plain, marked = own.risks([signs[0]._replace(marks=0.0), signs[0]._replace(marks=1.0)])
    assert plain == pytest.approx(0.1, abs=0.03)
    assert marked == pytest.approx(0.5, abs=0.03)
    assert fitted(signs[:3], wrong[:3]).risks(signs[:1]) == pytest.approx(FITTED.risks(signs[:1]), abs=0.05)
    assert fitted([], []) == FITTED


def test_held_out_risks_of_few_words_are_those_of_the_shipped_model():
    signs, wrong = _words(50)
    assert held_out_risks([signs], [wrong]) == (FITTED.risks(signs),)


def test_a_page_has_no_part_in_its_own_risks():
    pages = [_words(400, seed) for seed in range(5)]
    signs, wrong = zip(*pages, strict=True)
    before = held_out_risks(signs, wrong)
    turned = held_out_risks(signs, [[not one for one in wrong[0]], *wrong[1:]])
    assert turned[0] == before[0]
    assert turned[1] != before[1]


@pytest.mark.parametrize(("borne_out", "enough"), [(0, False), (4, False), (5, True), (10, True)])
def test_a_page_can_be_promised_about_where_two_families_say_half_of_its_words(borne_out, enough):
    none = Signs(*[0.0] * len(Signs._fields))
    said_by = [2] * borne_out + [1] * (10 - borne_out)
    assert can_promise([none._replace(families=math.log(families)) for families in said_by]) is enough


def test_relatives_bear_nobody_out():
    signs = signs_of(as_read({"a": TEXT, "b": TEXT}, dict.fromkeys(FAMILIES, "one"))["a"], dict.fromkeys("ab", "one"))
    assert not can_promise(signs)
    assert not can_promise([])


def test_a_page_without_words_has_no_risks():
    assert FITTED.risks([]) == ()


def test_words_that_are_nothing_like_those_it_was_fitted_on_are_fitted_all_the_same():
    none = Signs(*[0.0] * len(Signs._fields))
    signs = [none._replace(told=1.0, assurance=3.0), none._replace(told=1.0, assurance=0.2)] * 1000
    sure, unsure = fitted(signs, [False, True] * 1000).risks(signs[:2])
    assert sure < 0.2
    assert unsure > 0.8
    always = fitted([none] * 2000, [True] * 2000).risks([none])
    assert always[0] > 0.9


@given(st.lists(st.floats(0, 1)), st.floats(0.001, 0.5))
def test_what_is_not_checked_is_expected_to_keep_the_target_and_no_more_could_be_left(risks, target):
    checked = words_to_check(risks, target)
    left = sorted(risk for number, risk in enumerate(risks) if number not in checked)
    assert [risks[number] for number in checked] == sorted((risks[number] for number in checked), reverse=True)
    assert sum(left) <= target * len(left) + 1e-9
    if checked:
        one_more = risks[checked[-1]]
        assert all(risk <= one_more for risk in left)
        assert sum(left) + one_more > target * (len(left) + 1) - 1e-9
