"""Conventions drive prompt and scoring together; without any choice nothing changes."""

from dataclasses import fields
from itertools import product

import pytest

from engines.contract import MOST_OUTPUT_TOKENS, ReadingTask
from metrics.error_rate import cer
from metrics.normalising import DEFAULT_RULES
from playground.scoring import Conventions, conventions_in_words, in_language, task_for
from playground.uploads import accept
from tests.evaluation.conftest import png
from translations import ENGLISH, LANGUAGES, spoken_in

NAMES = [field.name for field in fields(Conventions)]
VALUES = [("as they come", "kept", "left out") if name == "deletions" else (False, True) for name in NAMES]
CHOICES = [Conventions(*chosen) for chosen in product(*VALUES)]
ONE_CHOICE = [Conventions(**{name: value}) for name, values in zip(NAMES, VALUES, strict=True) for value in values[1:]]


def test_without_a_choice_prompt_and_rules_are_the_usual_ones():
    assert Conventions().prompt() == ReadingTask().prompt
    assert Conventions().rules(DEFAULT_RULES) == DEFAULT_RULES


@pytest.mark.parametrize("chosen", ONE_CHOICE)
def test_every_choice_changes_what_engines_are_told_and_what_people_read(chosen):
    assert chosen.prompt() != Conventions().prompt()
    assert chosen.sentence() != Conventions().sentence()


def test_every_combination_has_its_own_prompt_and_sentence():
    assert len({chosen.prompt() for chosen in CHOICES}) == len(CHOICES)
    assert len({chosen.sentence() for chosen in CHOICES}) == len(CHOICES)
    assert all("  " not in chosen.prompt() and "[illegible]" in chosen.prompt() for chosen in CHOICES)


@pytest.mark.parametrize(
    ("chosen", "reference", "hypothesis"),
    [
        (Conventions(join_hyphenated=True), "hand-\nwriting", "handwriting"),
        (Conventions(expand_abbreviations=True), "Mr. Hill & Co. recd it", "Mister Hill and Co. received it"),
        (Conventions(deletions="kept"), "went [came] home", "went ⟦came⟧ home"),
        (Conventions(deletions="kept"), "went came home", "went [came] home"),
        (Conventions(deletions="left out"), "went home", "went [came] home"),
        (Conventions(deletions="left out"), "went <del>came</del> home", "went home"),
        (Conventions(normalise=True), "ſiſter", "sister"),
    ],
)
def test_an_engine_is_not_charged_for_what_it_was_told_to_do(chosen, reference, hypothesis):
    assert cer(reference, hypothesis, chosen.rules(DEFAULT_RULES)).errors == 0
    assert cer(reference, hypothesis, DEFAULT_RULES).errors > 0


def test_taking_a_choice_back_takes_its_rules_back():
    for chosen in ONE_CHOICE:
        assert Conventions().rules(chosen.rules(DEFAULT_RULES)) == DEFAULT_RULES


def test_a_language_is_told_once_and_another_takes_its_place():
    asked = ReadingTask(Conventions(normalise=True).prompt())
    german = in_language(asked, "de")
    assert (german.language, german.prompt) == ("de", asked.prompt + " The page is written in German.")
    assert in_language(german, "en+fr").prompt == asked.prompt + " The page is written in English and French."
    assert in_language(german, "") == asked


def test_a_task_says_language_and_conventions_and_has_no_more_room_than_the_page():
    page = accept(png("a line", (300, 60)), "line.png")
    task = task_for(page, "de", 30, Conventions(normalise=True))
    assert task.prompt == Conventions(normalise=True).prompt() + " The page is written in German."
    assert (task.timeout_seconds, task.conventions) == (30, Conventions(normalise=True).sentence())
    assert task.max_output_tokens < task_for(None, "de", 30).max_output_tokens == MOST_OUTPUT_TOKENS
    assert task_for(page, "", 30) == task_for(page, "", 30, Conventions())


@pytest.mark.parametrize("spoken", [code for code in LANGUAGES if code != ENGLISH])
def test_a_task_is_the_same_whoever_asks_and_says_its_conventions_to_whoever_reads_it(spoken):
    page = accept(png("a line", (300, 60)), "line.png")
    for chosen in CHOICES:
        in_english = task_for(page, "en+fr", 30, chosen)
        with spoken_in(spoken):
            assert task_for(page, "en+fr", 30, chosen) == in_english
            assert conventions_in_words(in_english.conventions) == chosen.sentence()
        assert conventions_in_words(in_english.conventions) == in_english.conventions


@pytest.mark.parametrize("kept", ["", "As agreed by mail", "plain; but for names", "a; b."])
def test_conventions_that_nobody_here_knows_stay_as_they_are(kept):
    assert conventions_in_words(kept) == kept
