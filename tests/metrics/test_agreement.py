"""Agreement without a reference: who differs where, and one vote for each family."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from metrics.reference_free import DisputedSpan, disagreement_matrix, disagreements

TEXTS = st.text(alphabet="ab c\n*", max_size=30)
READINGS = st.lists(TEXTS, min_size=1, max_size=4).map(lambda texts: dict(zip("wxyz", texts, strict=False)))


@given(READINGS)
def test_spans_give_every_reading_back(readings):
    for reader, spans in disagreements(readings).items():
        assert "".join(span.text for span in spans) == readings[reader]
        for span in spans:
            assert readings[reader][span.start : span.end] == span.text
            assert (span.agreeing == len(readings)) == (span.others == ())


def test_each_panel_marks_where_it_stands_alone():
    spans = disagreements({"a": "the barn\nburned", "b": "the bam\nburned", "c": "the barn burned"})
    assert spans["b"] == (
        DisputedSpan("the ", 0, 4, 3),
        DisputedSpan("bam", 4, 7, 1, ("barn",)),
        DisputedSpan("\nburned", 7, 14, 3),
    )
    assert spans["a"][1] == DisputedSpan("barn", 4, 8, 2, ("bam",))


def test_what_a_reading_lacks_is_marked_at_its_place():
    spans = disagreements({"a": "one two three", "b": "one three"})
    assert spans["b"][1] == DisputedSpan("", 3, 3, 1, ("two",))
    assert spans["a"][1] == DisputedSpan("two", 4, 7, 1, ("",))


def test_nothing_read_by_all_is_agreement():
    assert disagreements({"a": "", "b": " "}) == {"a": (), "b": (DisputedSpan(" ", 0, 1, 2),)}


@given(TEXTS, TEXTS)
def test_the_matrix_is_symmetric(one, other):
    [there], [back] = disagreement_matrix({"a": one, "b": other}), disagreement_matrix({"b": other, "a": one})
    assert there.rate == back.rate
    assert 0 <= there.rate <= 1
