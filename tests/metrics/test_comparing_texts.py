"""What is counted is what is shown, on the originals."""

from __future__ import annotations

from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.comparing_texts import compare_texts, painted, painted_texts
from metrics.error_rate import cer, wer
from metrics.normalising import Rules, normalise

RULES = st.builds(
    Rules,
    ignore_case=st.booleans(),
    ignore_punctuation=st.booleans(),
    line_breaks_count=st.booleans(),
    any_line_order=st.booleans(),
    unit=st.sampled_from(["grapheme", "code point"]),
)
TEXTS = st.text(max_size=30) | st.text(alphabet="ab c\nd,.é'…*", max_size=60)


def wrong(comparison):
    return [(span.reference, span.hypothesis, span.error_class) for span in comparison.spans if span.kind != "equal"]


def shown(comparison):
    return [(reference, hypothesis) for kind, reference, hypothesis in painted_texts(comparison) if kind != "equal"]


@given(TEXTS, TEXTS, RULES)
def test_spans_rebuild_both_originals_and_add_up_to_the_rate(reference, hypothesis, rules):
    comparison = compare_texts(reference, hypothesis, rules)
    spans = comparison.spans
    in_order = sorted(spans, key=lambda span: (span.ref_start, span.ref_end)) if rules.any_line_order else spans
    assert "".join(span.reference for span in in_order) == reference
    assert "".join(span.hypothesis for span in spans) == hypothesis
    assert sum(span.errors for span in spans) == comparison.cer.errors
    for span in spans:
        assert reference[span.ref_start : span.ref_end] == span.reference
        assert hypothesis[span.hyp_start : span.hyp_end] == span.hypothesis
        assert (span.errors == 0) == (span.kind == "equal") == (span.error_class is None)
    assert (comparison.cer, comparison.wer) == (cer(reference, hypothesis, rules), wer(reference, hypothesis, rules))


@given(TEXTS, TEXTS, RULES)
def test_what_is_painted_rebuilds_both_originals_and_covers_every_error(reference, hypothesis, rules):
    comparison = compare_texts(reference, hypothesis, rules)
    blocks = list(painted(comparison))
    in_order = sorted(blocks, key=itemgetter(1, 2)) if rules.any_line_order else blocks
    assert "".join(reference[start:end] for _, start, end, _, _ in in_order) == reference
    assert "".join(hypothesis[start:end] for *_, start, end in blocks) == hypothesis
    coloured = [block for block in blocks if block[0] != "equal"]
    in_reference = {place for _, start, end, _, _ in coloured for place in range(start, end)}
    in_hypothesis = {place for *_, start, end in coloured for place in range(start, end)}
    for span in comparison.spans:
        if span.errors:
            assert in_reference.issuperset(range(span.ref_start, span.ref_end))
            assert in_hypothesis.issuperset(range(span.hyp_start, span.hyp_end))


@given(TEXTS, TEXTS, st.integers(0, 90))
def test_prepared_sides_and_hints_change_nothing(reference, hypothesis, hint):
    ready = normalise(reference, Rules()), normalise(hypothesis, Rules())
    quick, slow = compare_texts(*ready, hint=hint), compare_texts(reference, hypothesis)
    assert (quick.cer.errors, quick.wer) == (slow.cer.errors, slow.wer)


def test_lines_in_any_order():
    reference, hypothesis = "to stop it\nany more of\nat a meeting", "any mare of\nat a meeting\nto stop it"
    forgiving = compare_texts(reference, hypothesis, Rules(any_line_order=True))
    assert wrong(forgiving) == [("o", "a", "letter")]
    assert (forgiving.wer.errors, forgiving.wer.reference_length) == (1, 9)
    assert forgiving.cer.errors < compare_texts(reference, hypothesis).cer.errors


@given(TEXTS, TEXTS)
def test_forgiving_the_order_never_adds_errors(reference, hypothesis):
    forgiving = cer(reference, hypothesis, Rules(any_line_order=True))
    assert forgiving.errors <= cer(reference, hypothesis).errors


def test_errors_show_on_the_text_as_it_was_written():
    comparison = compare_texts("Dear Sir,\nthe barn burned", "**Dear Sir,**\nthe  bam burned")
    assert comparison.markdown_marks == 2
    assert "".join(hypothesis for _, hypothesis, _ in wrong(comparison)) == "m"
    assert comparison.cer.errors == 2


def test_classes_of_small_errors():
    comparison = compare_texts("Lake Zoë, 1961 tostop", "lake Zoe. 1967 to stop")
    assert [name for *_, name in wrong(comparison)] == ["case", "accent", "punctuation", "digit", "space"]


def test_a_missing_line_is_one_span():
    comparison = compare_texts("one two\nSend 12, at once\nthree four", "one two\nthree four")
    assert [(len(reference), name) for reference, _, name in wrong(comparison)] == [(17, "missing")]


def test_a_word_more_wrong_than_right_is_painted_whole():
    comparison = compare_texts("I saw yesturday there", "I saw gestmrdcy there")
    assert shown(comparison) == [("yesturday", "gestmrdcy")]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "expected"),
    [
        ("to the barn", "to xyz barn", [("the", "xyz")]),
        ("to the barn", "to barn", [(" the", "")]),
        ("to burns it", "to bums it", [("r", "m"), ("n", "")]),
        ("yesturday", "gestmrdcy", [("yesturday", "gestmrdcy")]),
        ("at noon we", "at\nnxxx we", [("noon", "nxxx")]),
        ("le Zoë1961 va", "le zoe1967 va", [("Zoë1961", "zoe1967")]),
    ],
)
def test_words_are_painted_from_edge_to_edge(reference, hypothesis, expected):
    assert shown(compare_texts(reference, hypothesis)) == expected


@pytest.mark.parametrize(("reference", "hypothesis"), [("?", "0\n00"), ("0\n00", ">")])
def test_lines_taken_in_another_order_are_not_painted_as_one_word(reference, hypothesis):
    rules = Rules(ignore_punctuation=True, any_line_order=True)
    assert len(shown(compare_texts(reference, hypothesis, rules))) > 1


def test_a_small_error_is_painted_small():
    comparison = compare_texts("A MOVE to stop", "A MAVE to stop")
    assert shown(comparison) == [("O", "A")]
