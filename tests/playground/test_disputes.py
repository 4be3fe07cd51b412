"""Choices become a reference; families have one vote; what all agree on is offered for a look."""

from __future__ import annotations

from playground.disputes import settle

READINGS = {
    "a": "Dear Sir\nSend 12 pounds to stop\nthe bam burned",
    "b": "Dear Sir,\nSend 12 pounds tostop\nthe barn burned",
    "c": "Dear Sir, Send 12 pounds to stop the barn burned",
    "silent": " ",
}


def settled(readings=READINGS, families=None):
    return settle(readings, families or {})


def test_disputes_stand_in_reading_order_with_who_says_what():
    disputes = settled().disputes()
    assert [[(variant.text, variant.readers) for variant in dispute.variants] for dispute in disputes] == [
        [("Sir,", ("b", "c")), ("Sir", ("a",))],
        [("to stop", ("a", "c")), ("tostop", ("b",))],
        [("barn", ("b", "c")), ("bam", ("a",))],
    ]
    part = disputes[2].slot.parts[0]
    assert READINGS["a"][part.start : part.end] == "bam"


def test_without_choices_the_suggestions_are_taken_and_lines_kept():
    assert settled().reference({}) == "Dear Sir,\nSend 12 pounds to stop\nthe barn burned"


def test_choices_and_typed_words_become_the_reference():
    settlement = settled()
    first, second, third = (dispute.number for dispute in settlement.disputes())
    chosen = settlement.reference({first: "Sir", second: "", third: "bairn"})
    assert chosen == "Dear Sir\nSend 12 pounds\nthe bairn burned"


def test_a_family_has_one_vote():
    readings = {"x1": "the bam", "x2": "the bam", "y": "the barn", "z": "the barn"}
    assert settled(readings).reference({}) == "the bam"
    assert settled(readings, {"x1": "x", "x2": "x"}).reference({}) == "the barn"


def test_something_is_suggested_rather_than_nothing():
    assert settled({"a": "one two", "b": "one"}).reference({}) == "one two"


def test_lines_to_check_are_agreed_ones_picked_by_the_seed():
    readings = {"a": "one\ntwo\nthree\nfuor", "b": "one\ntwo\nthree\nfour"}
    settlement = settled(readings)
    assert [settlement.text(line) for line in settlement.lines_to_check(9, seed=1)] == ["one", "two", "three"]
    picks = {settlement.text(line) for seed in range(20) for line in settlement.lines_to_check(1, seed)}
    assert picks == {"one", "two", "three"}


def test_lines_hold_every_slot_once_and_in_order():
    settlement = settled()
    assert [number for line in settlement.lines() for number in line.numbers] == list(range(len(settlement.slots)))
    assert [line.disputed for line in settlement.lines()] == [True, True, True]


def test_the_order_of_readers_changes_nothing():
    backwards = dict(reversed(READINGS.items()))
    assert settled(backwards).reference({}) == settled().reference({})


def test_nothing_read_is_nothing_to_settle():
    assert (settled({"a": ""}).disputes(), settled({}).reference({})) == ((), "")


def test_a_dispute_says_whether_it_must_not_be_wrong_and_whether_most_agree():
    readings = {
        "a": "the bam burned in 1931",
        "b": "the barn burned in 1931",
        "c": "the barn burned in 1937",
        "d": "the barn burned in 1931",
    }
    word, year = settled(readings).disputes()
    assert (word.kind, word.clear, word.suggested) == (None, True, "barn")
    assert (year.kind, year.clear, year.suggested) == ("number", True, "1931")
    [even] = settled({"a": "the bam", "b": "the urn"}).disputes()
    assert not even.clear
