"""Small letters keep their number, plain ones keep numbers what they are, and what is invisible is never counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.error_rate import cer
from metrics.normalising import Rules, normalise, toggles_of
from metrics.units import small

MARKED = st.text(alphabet="ab# *_~`>|[]()<>/&;?-.1½²\u0301\u200d\n", max_size=40)
ANY_RULES = st.builds(Rules, **{name: st.booleans() for name in toggles_of()})


@given(MARKED | st.text(max_size=40), ANY_RULES)
def test_a_text_never_differs_from_itself(text, rules):
    assert cer(text, text, rules).errors == 0


@pytest.mark.parametrize(
    "text",
    [
        "# 5 Main Street\n*urgent*\n----\n> see over",
        "| a | b |\n|---|---|\n**Total** ~~5~~ __x__",
        "[[struck]] [*margin*] [?] [word?] <p>a</p> &amp; `b`",
        "\\* a \\# b ![x](y) [c](d)",
    ],
)
def test_identical_texts_have_no_error_whatever_marks_they_hold(text):
    assert cer(text, text).errors == 0
    assert cer(f"{text} ab", f"{text} ac").errors == 1


@pytest.mark.parametrize("letter", ["ﬁ", "ſ", "ß", "ŉ", "ǰ", "ﬀ", "İ", "և"])
def test_case_changes_no_length_and_no_letter(letter):
    assert len(normalise(letter, Rules(ignore_case=True)).text) == 1
    for other in ("fi", "s", "ss", "ʼn", "ff", "եւ"):
        assert cer(letter, other, Rules(ignore_case=True)).errors > 0


@pytest.mark.parametrize(
    ("one", "other"), [("ÉCOLE", "école"), ("ΣΑΣ", "σας"), ("STRAẞE", "straße"), ("ǅ", "ǆ"), ("Ж", "ж")]
)
def test_case_alone_is_forgiven(one, other):
    assert small(one) == small(other)
    assert cer(one, other, Rules(ignore_case=True)).errors == 0


@pytest.mark.parametrize(
    ("written", "right", "wrong"),
    [
        ("1½ yards", "1 1/2 yards", "11/2 yards"),
        ("12¾ in", "12 3/4 in", "123/4 in"),
        ("10² ft", "10^2 ft", "102 ft"),
        ("2⁴³", "2^43", "243"),
        ("H₂ 6₂", "H2 6_2", "H2 62"),
        ("4①", "4 1", "41"),
        ("½2", "1/2 2", "1/22"),
        ("1⁄2", "1/2", "12"),
        ("5 ´ acute", "5 ´ acute", "5  ́ acute"),
    ],
)
def test_plain_letters_make_no_other_number(written, right, wrong):
    assert cer(written, right, Rules(compatibility=True)).errors == 0
    assert cer(written, wrong, Rules(compatibility=True)).errors > 0


@pytest.mark.parametrize(
    ("written", "read"),
    [("ﬁſh", "fish"), ("１２ Ａ", "12 A"), ("№ 5", "No 5"), ("1ˢᵗ", "1st"), ("m²", "m2"), ("ſﬅ", "sst")],
)
def test_plain_letters_forgive_the_font(written, read):
    assert cer(written, read, Rules(compatibility=True)).errors == 0


@pytest.mark.parametrize(
    "mark",
    [
        *("\u00ad", "\u034f", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u202e", "\u2060", "\u2069"),
        *("\ufe0f", "\ufeff", "\U000e0101", "\x00", "\x7f"),
    ],
)
def test_what_is_invisible_is_not_counted(mark):
    assert cer("Auflage 5 é", f"Auf{mark}lage {mark}5 e{mark}\u0301{mark}").errors == 0


@pytest.mark.parametrize(("written", "read"), [("كَتَبَ", "كتب"), ("שָׁלוֹם", "שלום"), ("ܫܠܳܡܳܐ", "ܫܠܡܐ"), ("naïve", "naive")])
def test_points_of_vowels_are_accents(written, read):
    assert cer(written, read, Rules(ignore_accents=True)).errors == 0
    assert cer(written, read).errors > 0


@pytest.mark.parametrize(("written", "read"), [("कि", "क"), ("คุ", "ค"), ("が", "か")])
def test_signs_that_spell_the_word_are_none(written, read):
    assert cer(written, read, Rules(ignore_accents=True)).errors > 0
