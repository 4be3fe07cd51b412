"""The letter that a vision model reads 'better' than it was written, beside an honest misreading of it."""

from __future__ import annotations

import pytest

from metrics.error_rate import cer
from metrics.silent_corrections import misspellings, over_normalised

WRITTEN = "I have recieved teh letter from Mr. Gaitskell yesturday, and paid 1,250 on 14 March 1961."
MISREAD = "I have recieved teh letter frorn Mr. Galtskell yesturday and paid l,250 on 14 march 1961."
CORRECTED = "I have received the letter from Mr. Gaitskell yesterday, and paid 1,250 on 14 March 1961."
LEXICON = frozenset(
    [
        *(
            "i",
            "have",
            "received",
            "the",
            "letter",
            "from",
            "yesterday",
            "and",
            "paid",
            "on",
            "a",
            "lot",
            "mat",
            "atm",
            "much",
        ),
        *(
            "heartily",
            "hastily",
            "merely",
            "different",
            "government",
            "we",
            "thank",
            "you",
            "it",
            "is",
            "mr",
            "march",
            "hill",
        ),
    ]
)


def fates(reference, hypothesis, lexicon=LEXICON):
    return [(word.words.written, word.fate) for word in misspellings(reference, hypothesis, lexicon)]


def test_the_better_cer_hides_three_silent_corrections():
    assert cer(WRITTEN, CORRECTED).errors < cer(WRITTEN, MISREAD).errors
    assert fates(WRITTEN, CORRECTED) == [("recieved", "corrected"), ("teh", "corrected"), ("yesturday,", "corrected")]
    assert fates(WRITTEN, MISREAD) == [("recieved", "kept"), ("teh", "kept"), ("yesturday,", "kept")]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "expected"),
    [
        ("it is diferent", "it is different", [("diferent", "corrected")]),
        ("the goverment paid", "the government paid", [("goverment", "corrected")]),
        ("thank you hartily", "thank you heartily", [("hartily", "corrected")]),
        ("thank you hartily", "thank you hastily", [("hartily", "misread")]),
        ("it is diferent", "it is deterrent", [("diferent", "misread")]),
        ("it is diferent", "if ia different", [("diferent", "misread")]),
        ("alot", "a lot", [("alot", "kept")]),
        ("the let-", "the letter", []),
        ("the [leter]", "the letter", []),
        ("the gover ment", "the government", []),
        ("letters paid", "letter paid", []),
        ("amt. paid", "amount paid", []),
        ("recieved", "recleved", [("recieved", "misread")]),
        ("recieved", "", [("recieved", "misread")]),
        ("recieved", "paid", [("recieved", "misread")]),
        ("letter", "ledger", []),
        ("Gaitskell 12a", "Galtskell 12", []),
    ],
)
def test_fates_by_hand(reference, hypothesis, expected):
    assert fates(reference, hypothesis) == expected


@pytest.mark.parametrize(
    "misread",
    [
        WRITTEN.replace("recieved", "relieved").replace("yesturday", "yesterdey"),
        WRITTEN.replace(" ", ""),
        WRITTEN.replace("recieved teh", "recievedteh"),
        WRITTEN.replace("e", "c"),
        "J hove receivad fhe lettar frorn Mr. Goitskell yesterday ond poid l,250 an l4 Morch l96l.",
    ],
)
def test_an_engine_that_merely_misreads_is_not_correcting(misread):
    assert "corrected" not in [fate for _, fate in fates(WRITTEN, misread, LEXICON | {"relieved"})]


def test_offsets_point_into_the_originals():
    [word] = misspellings("I  recieved\nit", "**I** received it", frozenset({"i", "received", "it"}))
    assert (word.words.ref_start, word.words.ref_end) == (3, 11)
    assert "**I** received it"[word.words.hyp_start : word.words.hyp_end] == "received"


def test_nothing_is_said_without_a_word_list_or_in_another_language():
    assert misspellings(WRITTEN, CORRECTED, frozenset()) == ()
    assert (
        misspellings("Je vous remercie de votre letre et du paquet", "Je vous remercie de votre lettre", LEXICON) == ()
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [("neighbour", "neighbor"), ("victimised", "victimized"), ("theatres", "theaters"), ("offence", "offense")],
)
def test_a_word_spelt_as_elsewhere_is_not_misspelt(written, read):
    assert fates(f"it is {written}", f"it is {read}", LEXICON | {read, read.removesuffix("s")}) == []


def test_a_word_may_be_put_right_into_a_spelling_that_the_list_lacks():
    assert fates("it is nieghbour", "it is neighbour", LEXICON | {"neighbor"}) == [("nieghbour", "corrected")]


def test_a_misspelling_that_nobody_reads_is_one_of_the_reference():
    assert (
        misspellings("it is diferent", "it is different", LEXICON, others=["it is different", "it is definite"]) == ()
    )
    [word] = misspellings("it is diferent", "it is different", LEXICON, others=["it is different", "it is diferent"])
    assert word.fate == "corrected"


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
        ("I recd. it", "I received it", "abbreviation"),
        ("my neighbour's", "my neighbor's", "spelling"),
        ("civilised men", "civilized men", "spelling"),
        ("the centres", "the centers", "spelling"),
        ("defenceless", "defenseless", "spelling"),
        ("two waggons", "two wagons", "spelling"),
        ("publick", "public", "spelling"),
    ],
)
def test_the_same_thing_written_otherwise(written, read, kind):
    assert [found.kind for found in over_normalised(written, read)] == [kind]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *[("Dr. Jordan", "dr Jordan"), ("14 March", "15 March"), ("two", "too"), ("may", "may"), ("", "and")],
        *[("12", ""), ("four", "for"), ("filled", "filed"), ("wise", "size"), ("hour", "hoar"), ("fence", "sense")],
    ],
)
def test_neither_misreadings_nor_case_are_over_normalised(written, read):
    assert over_normalised(written, read) == ()


def test_a_sign_is_written_out_only_where_others_kept_it():
    assert over_normalised("you & me", "you and me") == ()
    assert over_normalised("you & me", "you and me", others=["you and me", "your me"]) == ()
    assert [one.kind for one in over_normalised("you & me", "you and me", others=["you & me"])] == ["abbreviation"]
    assert over_normalised("you and me", "you & me", others=["you and me", "you & me"]) == ()


def test_what_nobody_kept_is_the_references_own():
    assert over_normalised("12 lbs", "12 pounds", others=["12 pounds", "12 lb."]) == ()
    assert [one.kind for one in over_normalised("12 lbs", "12 pounds", others=["12 lbs"])] == ["unit"]
