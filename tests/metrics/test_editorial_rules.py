"""Abbreviations written out, struck-through words unmarked or left out: on both sides, traced to the original."""

from __future__ import annotations

import pytest

from metrics.comparing_texts import compare_texts
from metrics.normalising import Rules, normalise


def ready(text, **rules):
    return normalise(text, Rules(**rules)).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Hill & Capt Rowe", "Mister Hill and Captain Rowe"),
        ("recd yr letter", "received yr letter"),
        ("rec’d rec'd", "received received"),
        ("St. James St.", "St. James St."),
        ("mr'd remr Mrs.", "mr'd remr Mrs."),
        ("", ""),
    ],
)
def test_abbreviations(text, expected):
    assert ready(text, expand_abbreviations=True) == expected


@pytest.mark.parametrize(
    ("text", "unmarked", "left_out"),
    [
        ("went [came] home", "went came home", "went home"),
        ("went ~~came~~ home", "went came home", "went home"),
        ("went ⟦came⟧ home", "went came home", "went home"),
        ("went <del>came</del> home", "went came home", "went home"),
        ("went [illegible] home [?]", "went [illegible] home [?]", "went [illegible] home [?]"),
        ("open [ only\nclose ]", "open [ only close ]", "open [ only close ]"),
    ],
)
def test_deletions(text, unmarked, left_out):
    assert ready(text, ignore_deletion_marks=True) == unmarked
    assert ready(text, leave_out_deletions=True) == left_out


def test_errors_show_on_the_abbreviation_itself():
    compared = compare_texts("Mr. Hill", "Master Hill", Rules(expand_abbreviations=True))
    wrong = [(span.reference, span.hypothesis) for span in compared.spans if span.kind != "equal"]
    assert compared.cer.errors == 1
    assert wrong == [("Mr.", "a")]
