"""What became of the lines, by hand, and what holds for any page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.error_rate import cer
from metrics.line_matching import bag_of_words_errors, compare_lines
from metrics.normalising import Rules
from metrics.passages import MOST_LINES
from playground.insight import insight_of

PAGE = "A MOVE to stop\nnominating any more\nis to be made\nlast line of all"
TEXTS = st.text(alphabet="ab c\n", max_size=50)


def fates(hypothesis):
    return [(line.fate, line.hypothesis or line.reference) for line in compare_lines(PAGE, hypothesis).lines]


def test_every_fate():
    hypothesis = "nominating any mare\nis to be made\nis to be mode\nQuite something else\nA MOVE to stop\n"
    assert fates(hypothesis) == [
        ("in place", "nominating any mare"),
        ("in place", "is to be made"),
        ("repeated", "is to be mode"),
        ("misread", "Quite something else"),
        ("moved", "A MOVE to stop"),
    ]


def test_missing_and_invented():
    assert [fate for fate, _ in fates("A MOVE to stop\nis to be made\nlast line of all")].count("missing") == 1
    assert fates(f"{PAGE}\nQuite something else")[-1] == ("invented", "Quite something else")


@pytest.mark.parametrize("instead", ["xgq ty kjhg pol", "MMMMMMMMMMMMMM", "numbers 12 and 13"])
def test_missing_and_invented_at_one_place_is_misread(instead):
    lines = PAGE.split("\n")
    for joined in ("\n", " "):
        comparison = compare_lines(PAGE, joined.join([lines[0], instead, *lines[2:]]))
        assert [line.fate for line in comparison.lines] == ["in place", "misread", "in place", "in place"]


def test_with_line_breaks_lost_nothing_false_is_said():
    flowed = PAGE.replace("\n", " ")
    assert {line.fate for line in compare_lines(PAGE, flowed).lines} == {"in place"}
    lost = compare_lines(PAGE, flowed.replace("nominating any more ", ""))
    assert (lost.count("missing"), lost.count("invented"), lost.count("in place")) == (1, 0, 3)
    more = compare_lines(PAGE, f"{flowed} and one more line that nobody wrote")
    assert (more.count("invented"), more.count("in place"), more.count("repeated")) == (1, 4, 0)
    again = compare_lines(PAGE, flowed + " last line of all" * 5)
    assert (again.count("repeated"), again.count("invented"), again.count("in place")) == (1, 0, 4)


@pytest.mark.parametrize(
    "note", ["[* 528 *]", "[*see over*]", "[Left page]", "[?] [illegible]", "----", "[margin: B.12]"]
)
def test_marks_are_no_invented_lines(note):
    comparison = compare_lines(PAGE, f"{note}\n{PAGE}\n{note}")
    assert {line.fate for line in comparison.lines} == {"in place"}


def test_a_note_in_the_margin_is_found_without_its_marks():
    comparison = compare_lines(f"{PAGE}\n[*see the other page*]", f"[* Left margin: see the other page *]\n{PAGE}")
    assert (comparison.count("missing"), comparison.count("invented"), comparison.count("moved")) == (0, 0, 1)


def test_a_loop_is_repetition_not_invention():
    comparison = compare_lines(PAGE, PAGE + "\nlast line of all" * 5)
    assert (comparison.count("in place"), comparison.count("repeated"), comparison.count("invented")) == (4, 5, 0)


def test_swapped_lines_cost_the_order_only():
    lines = PAGE.split("\n")
    comparison = compare_lines(PAGE, "\n".join([lines[1], lines[0], lines[3], lines[2]]))
    assert comparison.any_order.errors == 0
    assert comparison.as_read.rate > 0.4
    assert comparison.reading_order_share > 0.5
    assert comparison.count("moved") == 2


def test_two_columns_read_across():
    left, right = ["one two", "five six", "nine ten"], ["three four", "seven eight", "eleven twelve"]
    across = [line for pair in zip(left, right, strict=True) for line in pair]
    comparison = compare_lines("\n".join(left + right), "\n".join(across))
    assert (comparison.any_order.errors, comparison.as_read.errors > 20) == (0, True)


def test_a_flowed_text_is_no_worse_than_as_read():
    comparison = compare_lines(PAGE, PAGE.replace("\n", " "))
    assert (comparison.as_read.errors, comparison.any_order.errors) == (0, 0)
    assert comparison.reading_order_share == 0


def test_lines_broken_elsewhere_are_in_place():
    """Forms: one engine reads a row as one line, another as four."""
    reference = "First Name: CARLOS Last Name: SALAZAR\nPhone: 212-555-0150 Relationship: BROTHER\nno"
    hypothesis = "First Name: CARLOS\nLast Name: SALAZAR\nPhone: 212-555-0150\nRelationship: BROTHER\nand more"
    comparison = compare_lines(reference, hypothesis)
    assert [line.fate for line in comparison.lines] == ["in place", "in place", "misread"]


def test_without_a_reference_every_line_is_invented():
    comparison = compare_lines("", "one\ntwo")
    assert ([line.fate for line in comparison.lines], comparison.reading_order_share) == (["invented"] * 2, None)


@given(TEXTS, TEXTS)
def test_every_line_of_the_reference_has_one_fate(reference, hypothesis):
    lines = compare_lines(reference, hypothesis).lines
    assert sorted(line.reference.split() for line in lines if line.reference) == sorted(
        line.split() for line in reference.split("\n") if line.strip()
    )
    for line in lines:
        assert (line.reference, line.hypothesis) == (
            reference[line.ref_start : line.ref_end],
            hypothesis[line.hyp_start : line.hyp_end],
        )
        assert (line.reference == "") == (line.fate in ("invented", "repeated"))
        assert (line.hypothesis == "") == (line.fate == "missing")


@given(TEXTS, TEXTS)
def test_order_forgiven_never_costs_more(reference, hypothesis):
    comparison = compare_lines(reference, hypothesis)
    assert comparison.any_order.errors <= comparison.as_read.errors
    assert comparison.reading_order_share is None or comparison.reading_order_share >= 0


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors"),
    [("a b c", "c b a", 0), ("a b", "a b b", 1), ("a b c", "a x", 2), ("", "a", 1)],
)
def test_bag_of_words(reference, hypothesis, errors):
    assert bag_of_words_errors(reference.split(), hypothesis.split()) == errors


@pytest.mark.parametrize("separator", ["\n", "\x0c", "\u2028"])
def test_of_countless_lines_none_is_looked_for_elsewhere(separator):
    """Each against each: fifteen thousand would take 6 GB of a server's memory."""
    few, many = ([str(number) for number in range(most)] for most in (20, MOST_LINES + 1))
    rules = Rules(any_line_order=True)
    assert cer(separator.join(few), separator.join(few[::-1]), rules).errors == 0
    for ours, theirs in ((many, few[::-1]), (few, many[::-1])):
        texts = separator.join(ours), separator.join(theirs)
        assert cer(*texts, rules).errors == cer(*texts).errors
        compared = insight_of(*texts, rules)
        assert (compared.lines, compared.waterfall) == (None, ())
