"""The letter that a vision model reads 'better' than it was written, beside an honest misreading of it."""

from __future__ import annotations

import pytest

from metrics.error_rate import cer
from metrics.over_normalising import over_normalised
from metrics.silent_corrections import lexicon_of, misspellings

WRITTEN = "I have recieved teh letter from Mr. Gaitskell yesturday, and paid 1,250 on 14 March 1961."
MISREAD = "I have recieved teh letter frorn Mr. Galtskell yesturday and paid l,250 on 14 march 1961."
CORRECTED = "I have received the letter from Mr. Gaitskell yesterday, and paid 1,250 on 14 March 1961."
LEXICON = frozenset(["i", "have", "received", "the", "letter", "from", "yesterday", "and", "paid", "on", "a", "lot"])


def fates(reference, hypothesis, lexicon=LEXICON):
    return [(word.words.written, word.fate) for word in misspellings(reference, hypothesis, lexicon)]


def test_the_better_cer_hides_three_silent_corrections():
    assert cer(WRITTEN, CORRECTED).errors < cer(WRITTEN, MISREAD).errors
    assert fates(WRITTEN, CORRECTED) == [("recieved", "corrected"), ("teh", "corrected"), ("yesturday,", "corrected")]
    assert fates(WRITTEN, MISREAD) == [("recieved", "kept"), ("teh", "kept"), ("yesturday,", "kept")]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "expected"),
    [
        ("alot", "a lot", [("alot", "corrected")]),
        ("recieved", "recleved", [("recieved", "misread")]),
        ("recieved", "", [("recieved", "misread")]),
        ("recieved", "paid", [("recieved", "misread")]),
        ("letter", "ledger", []),
        ("Gaitskell 12a", "Galtskell 12", []),
    ],
)
def test_fates_by_hand(reference, hypothesis, expected):
    assert fates(reference, hypothesis) == expected


def test_offsets_point_into_the_originals():
    [word] = misspellings("I  recieved\nit", "**I** received it", frozenset({"i", "received", "it"}))
    assert (word.words.ref_start, word.words.ref_end) == (3, 11)
    assert "**I** received it"[word.words.hyp_start : word.words.hyp_end] == "received"


def test_a_makeshift_lexicon_is_what_two_texts_share():
    assert lexicon_of(["the letter, twice twice", "The letter’s end", "the end"]) == {"the", "end"}


@pytest.mark.parametrize(
    ("written", "read", "kind"),
    [
        ("14 Mar. 1961", "14 March 1961", "date"),
        ("14/3/1961", "14 March 1961", "date"),
        ("1,250 men", "1250 men", "number"),
        ("two days", "2 days", "number"),
        ("1st prize", "first prize", "number"),
        ("12 lbs", "12 pounds", "unit"),
        ("Dr. Jordan", "Doctor Jordan", "abbreviation"),
        ("you & me", "you and me", "abbreviation"),
        ("I recd. it", "I received it", "abbreviation"),
    ],
)
def test_the_same_thing_written_otherwise(written, read, kind):
    assert [found.kind for found in over_normalised(written, read)] == [kind]


@pytest.mark.parametrize(
    ("written", "read"),
    [("Dr. Jordan", "dr Jordan"), ("14 March", "15 March"), ("two", "too"), ("may", "may"), ("", "and"), ("12", "")],
)
def test_neither_misreadings_nor_case_are_over_normalised(written, read):
    assert over_normalised(written, read) == ()
