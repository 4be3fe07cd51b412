"""Conventions drive prompt and scoring together; without any choice nothing changes."""

from dataclasses import fields
from itertools import product

import pytest

from engines.contract import ReadingTask
from metrics.error_rate import cer
from metrics.normalising import DEFAULT_RULES
from playground.conventions import Conventions

CHOICES = [Conventions(*chosen) for chosen in product((False, True), repeat=len(fields(Conventions)))]


def test_without_a_choice_prompt_and_rules_are_the_usual_ones():
    assert Conventions().prompt() == ReadingTask().prompt
    assert Conventions().rules(DEFAULT_RULES) == DEFAULT_RULES


@pytest.mark.parametrize("field", [field.name for field in fields(Conventions)])
def test_every_choice_changes_what_engines_are_told_and_what_people_read(field):
    chosen = Conventions(**{field: True})
    assert chosen.prompt() != Conventions().prompt()
    assert chosen.sentence() != Conventions().sentence()


def test_every_combination_has_its_own_prompt_and_sentence():
    assert len({chosen.prompt() for chosen in CHOICES}) == len(CHOICES)
    assert len({chosen.sentence() for chosen in CHOICES}) == len(CHOICES)
    assert all("  " not in chosen.prompt() and "[illegible]" in chosen.prompt() for chosen in CHOICES)


def test_an_engine_that_was_told_to_join_words_is_not_charged_for_it():
    rules = Conventions(join_hyphenated=True).rules(DEFAULT_RULES)
    assert cer("hand-\nwriting", "handwriting", rules).errors == 0
    assert cer("hand-\nwriting", "handwriting", DEFAULT_RULES).errors == 2
