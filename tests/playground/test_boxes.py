"""An engine without boxes gets those of another, word by word; the slots of a page know where their ink is."""

from hypothesis import given
from hypothesis import strategies as st

from engines.contract import Reading, Region
from metrics.reading_slots import Part, align_readings
from playground.boxes import PlacedReadings, borrowed_regions, lend_boxes, place_regions, word_confidences
from playground.engine_runs import EngineRun, Failure


def boxed(text, level="word"):
    """Words ten pixels wide, side by side."""
    words = text.split() if level == "word" else text.splitlines()
    return Reading(
        text,
        tuple(
            Region(level, word, ((10 * n, 0), (10 * n + 9, 0), (10 * n + 9, 8), (10 * n, 8)))
            for n, word in enumerate(words)
        ),
    )


def lefts(regions):
    return {region.text: region.polygon[0][0] for region in regions}


def test_words_borrow_the_box_of_their_counterpart():
    regions = borrowed_regions("Dear Sir the barn bumed", boxed("Dear Sir, the bam burned"))
    assert lefts(regions) == {"Dear": 0, "Sir": 10, "the": 20, "barn": 30, "bumed": 40}


def test_a_word_that_was_split_gets_the_box_around_both():
    (region,) = borrowed_regions("together", boxed("to gether"))
    assert region.polygon == ((0, 0), (19, 0), (19, 8), (0, 8))


def test_what_the_lender_lacks_has_no_box():
    assert lefts(borrowed_regions("one two three", boxed("one three"))).keys() == {"one", "three"}


def test_only_who_has_none_borrows():
    runs = {
        "boxes": EngineRun("boxes", boxed("one two"), 1.0),
        "none": EngineRun("none", Reading("one tvo"), 1.0),
        "failed": EngineRun("failed", Failure("timed-out", "Nothing."), 1.0),
    }
    lending = lend_boxes(runs)
    assert lending.lenders == {"none": "boxes"}
    assert lefts(lending.runs["none"].outcome.regions) == {"one": 0, "tvo": 10}
    assert lending.runs["boxes"] == runs["boxes"]
    assert lend_boxes({"none": runs["none"]}).lenders == {}


@given(st.lists(st.sampled_from(["one", "two", "too", "three"]), max_size=12), st.data())
def test_every_borrowed_region_is_found_in_the_text(words, data):
    other = data.draw(st.permutations(words))
    text = " ".join(other)
    regions = borrowed_regions(text, boxed(" ".join(words)))
    placed = place_regions(Reading(text, regions), "word")
    assert [region.index for region in placed] == list(range(len(regions)))


def test_a_slot_is_shown_where_a_reader_has_it_most_closely():
    readings = {"a": boxed("the bam burned"), "b": boxed("the barn burned", level="line"), "c": Reading("burned")}
    placed = PlacedReadings(readings)
    slots = align_readings({reader: reading.text for reader, reading in readings.items()})
    bam = next(slot for slot in slots if any("bam" in part.text for part in slot.parts))
    assert placed.box(bam).top == 0
    assert placed.box(bam).right <= 19


def test_a_slot_without_any_box_is_nowhere():
    readings = {"a": Reading("the bam"), "b": Reading("the barn")}
    slots = align_readings({reader: reading.text for reader, reading in readings.items()})
    assert [PlacedReadings(readings).box(slot) for slot in slots] == [None, None]


def _sure(level, text, confidence):
    return Region(level, text, ((0, 0), (9, 0), (9, 9), (0, 9)), confidence)


def test_every_word_has_the_lowest_confidence_of_what_covers_it():
    regions = (
        _sure("word", "Dear", 0.91),
        _sure("word", "Sir", 0.71234),
        _sure("word", ",", 0.9),
        _sure("word", "I", 1.0),
    )
    found = word_confidences(Reading("Dear Sir, I", regions))
    assert (found.starts, found.values) == ((0, 5, 10), (0.91, 0.712, 1.0))


def test_words_take_their_lines_confidence_where_they_have_none():
    regions = (_sure("line", "Dear Sir,", 0.8), _sure("line", "I am", None), _sure("word", "Dear", None))
    found = word_confidences(Reading("Dear Sir,\nI am", regions))
    assert (found.starts, found.values) == ((0, 5), (0.8, 0.8))


def test_an_engine_that_says_nothing_has_no_confidences():
    assert word_confidences(Reading("Dear Sir", (_sure("word", "Dear", None),))) is None


def test_boxes_come_from_whoever_reads_most_alike_and_not_from_who_has_most():
    runs = {
        name: EngineRun(name, reading, 1.0)
        for name, reading in (
            ("scraps", boxed("ix of an oe wn tt li")),
            ("alike", boxed("the cat sat there")),
            ("none", Reading("the cat sat here")),
        )
    }
    assert lend_boxes(runs).lenders == {"none": "alike"}


def at(text, left, top):
    return Reading(
        text, (Region("word", text, ((left, top), (left + 40, top), (left + 40, top + 8), (left, top + 8))),)
    )


def test_a_place_is_where_most_readings_have_it_and_a_stray_scrap_shows_none():
    readings = {"one": at("Mozart", 50, 10), "two": at("Mozait", 52, 11), "stray": at("fo", 300, 90)}
    placed = PlacedReadings(readings)
    parts = [Part(name, reading.text, 0, len(reading.text), reading.text) for name, reading in readings.items()]
    assert placed.box_around(parts).top in (10, 11)
    assert placed.box_around([parts[0], parts[2]]).top == 10
