"""What is made of real answers keeps its marks; without the answers beside the checkout there is nothing to test."""

from __future__ import annotations

import pytest

from benchmarks.accuracy.answers import HELD_OUT, KINDS, LISTS, invented, judged
from benchmarks.accuracy.real_pages import REAL_ANSWERS, real_pages


@pytest.fixture(scope="module")
def answers():
    if not REAL_ANSWERS.is_dir():
        pytest.skip("no real answers beside the checkout")
    return list(judged(real_pages()))


@pytest.mark.parametrize("kind", KINDS)
def test_chatter_is_found_and_nothing_else(answers, kind):
    found = [one for one in answers if kind in one.found]
    said = [one for one in answers if kind in one.kinds]
    assert sum(kind in one.kinds for one in found) >= 0.98 * len(found)
    assert sum(kind in one.found for one in said) >= 0.7 * len(said)


def test_most_chatty_answers_are_fully_cleaned(answers):
    chatty = [one for one in answers if one.kinds & {*KINDS}]
    assert sum(one.is_clean for one in chatty) >= 0.85 * len(chatty)


def test_an_answer_without_a_label_is_all_transcription(answers):
    for one in answers:
        if not one.kinds:
            assert not one.answer.is_refusal
            assert {part.kind for part in one.answer.chatter} <= {"illegible", "doubt"}


@pytest.mark.parametrize("number", range(1, LISTS + 1))
def test_invented_answers_are_cleaned_and_plain_texts_left_whole(number):
    found = invented(number)
    assert found.swallowed <= 0.05 * found.plain
    assert found.cleaned >= (0.75 if number in HELD_OUT else 0.85) * found.chatty
