"""Every reading comes back from its slots, and nobody is favoured by where it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from metrics.normalising import Rules
from metrics.reading_slots import align_readings

WORDS = st.lists(st.sampled_from(["the", "tree", "th", "ee", "they", "a", "to", "stop", "tostop"]), max_size=12)
TEXTS = WORDS.map(" ".join) | st.text(alphabet="ab \n*", max_size=20)
READINGS = st.lists(TEXTS, min_size=1, max_size=4).map(lambda texts: dict(zip("wxyz", texts, strict=False)))


def table(readings, **rules):
    return [tuple(part.text for part in slot.parts) for slot in align_readings(readings, Rules(**rules))]


@given(READINGS)
def test_every_word_of_every_reading_is_in_its_slots(readings):
    slots = align_readings(readings, Rules(remove_markdown=False))
    for place, (reader, text) in enumerate(readings.items()):
        parts = [slot.parts[place] for slot in slots]
        assert all(part.reader == reader and part.text == text[part.start : part.end] for part in parts)
        assert " ".join(part.text for part in parts if part.text).split() == text.split()
        assert [part.start for part in parts] == sorted(part.start for part in parts)


@given(READINGS, st.randoms(use_true_random=False))
def test_the_order_of_readers_changes_nothing(readings, rng):
    shuffled = list(readings.items())
    rng.shuffle(shuffled)

    def cut(slots):
        return [{part.reader: part.text for part in slot.parts} for slot in slots]

    assert cut(align_readings(readings)) == cut(align_readings(dict(shuffled)))


@given(TEXTS)
def test_equal_readings_agree_everywhere(text):
    assert all(slot.agreed for slot in align_readings({"a": text, "b": text, "c": text}))


def test_slots_are_words_where_words_correspond():
    readings = {"a": "Dear Sir tostop\nrain", "b": "Dear Sir, to stop rain is", "c": "Dear Siv to stop  rain"}
    assert table(readings) == [
        ("Dear", "Dear", "Dear"),
        ("Sir", "Sir,", "Siv"),
        ("tostop", "to stop", "to stop"),
        ("rain", "rain", "rain"),
        ("", "is", ""),
    ]


def test_a_missing_line_is_one_slot_unless_the_others_differ_in_it():
    readings = {"a": "one\nsend it now\nend", "b": "one\nsend it now\nend", "c": "one\nend"}
    assert table(readings)[1] == ("send it now", "send it now", "")
    readings["b"] = "one\nsend in now\nend"
    assert table(readings)[1:4] == [("send", "send", ""), ("it", "in", ""), ("now", "now", "")]


def test_an_added_line_is_one_slot():
    readings = {"a": "one\nend", "b": "one\nend", "c": "one\nsend it now\nend"}
    assert ("", "", "send it now") in table(readings)


def test_words_that_two_readers_add_are_aligned_with_each_other():
    readings = {"a": "one end", "b": "one end", "c": "one send it now end", "d": "one send in now end", "e": "one end"}
    assert [row[2:4] for row in table(readings)] == [
        ("one", "one"),
        ("send", "send"),
        ("it", "in"),
        ("now", "now"),
        ("end", "end"),
    ]


def test_rules_decide_what_agrees():
    readings = {"a": "**Dear** sir", "b": "dear sir"}
    assert [slot.agreed for slot in align_readings(readings)] == [False, True]
    assert all(slot.agreed for slot in align_readings(readings, Rules(ignore_case=True)))


def test_variants_tell_who_says_what_most_said_first():
    slot = align_readings({"a": "bam", "b": "barn", "c": "barn"})[0]
    assert [(variant.text, variant.readers) for variant in slot.variants()] == [("barn", ("b", "c")), ("bam", ("a",))]
