"""Names, dates, amounts and numbers: found, judged against a reference, and alarmed about without one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.critical_tokens import alarms, critical_tokens, judge_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("paid 1,250 on 14 March 1961.", [("number", "1,250"), ("date", "14 March 1961")]),
        ("Londres, 1er février 1921", [("name", "Londres"), ("date", "1er février 1921")]),
        (
            "on March 4, 1905 or 14/3/61 or 1905-03-04",
            [("date", "March 4, 1905"), ("date", "14/3/61"), ("date", "1905-03-04")],
        ),
        ("a credit of $1,000 and 12.50 francs", [("amount", "$1,000"), ("amount", "12.50 francs")]),
        ("call 646-555-0111", [("number", "646-555-0111")]),
        ("to Mr. Gaitskell. He went to San Jose", [("name", "Gaitskell"), ("name", "San"), ("name", "Jose")]),
        ("He saw Mrs. George H. Ashley", [("name", "George"), ("name", "Ashley")]),
        ("Name: ALEJANDRO", [("name", "ALEJANDRO")]),
        ("I saw it. Then I left", []),
    ],
)
def test_what_is_critical(text, tokens):
    assert [(token.kind, token.text) for token in critical_tokens(text)] == tokens


@given(st.text(alphabet="A b1.,$\n/é", max_size=60))
def test_tokens_stand_in_the_text_and_never_overlap(text):
    tokens = critical_tokens(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))


def test_tokens_are_judged_in_their_place():
    written = "a letter to Mr. Gaitskell of 14 March 1961 about 1,250 pounds and 12 men"
    read = "a letter to Mr. Galtskell of 14 march 1961 about l,250 pounds and"
    verdicts = [(verdict.token.text, verdict.fate, verdict.read) for verdict in judge_tokens(written, read)]
    assert verdicts == [
        ("Gaitskell", "wrong", "Galtskell"),
        ("14 March 1961", "right", "14 march 1961"),
        ("1,250 pounds", "wrong", "l,250 pounds"),
        ("12", "missing", ""),
    ]


@pytest.mark.parametrize("read", ["paid 1250", "paid 1 250", "paid **1,250**."])
def test_separators_of_thousands_do_not_make_a_number_wrong(read):
    assert [verdict.fate for verdict in judge_tokens("paid 1,250", read)] == ["right"]


@pytest.mark.parametrize("read", ["paid 1,205", "paid 12.50", "paid 1,2500", "paid £1,25"])
def test_other_figures_are_wrong(read):
    assert [verdict.fate for verdict in judge_tokens("paid 1,250", read)] == ["wrong"]


def test_a_number_elsewhere_does_not_make_up_for_one_here():
    verdicts = judge_tokens("the 12 men paid 15 pounds", "the 15 men paid 12 pounds")
    assert [verdict.fate for verdict in verdicts] == ["wrong", "wrong"]


def test_alarms_need_no_reference():
    readings = {
        "a": "paid 1,250 to Gaitskell on 14 March",
        "b": "paid 1250 to Galtskell on 19 March",
        "c": "paid 1,250 to gaitskell an 14 March",
    }
    found = [(alarm.kind, [variant.text for variant in alarm.variants]) for alarm in alarms(readings)]
    assert found == [("name", ["Gaitskell", "Galtskell", "gaitskell"]), ("date", ["14", "19"])]


def test_readers_who_agree_raise_no_alarm():
    assert alarms({"a": "paid 12", "b": "paid 12"}) == ()


def test_one_stray_capital_is_no_name():
    readings = {"a": "on the rocks", "b": "on the rocks", "c": "on Tae rocks", "d": "on Ahe rocks"}
    assert [alarm.kind for alarm in alarms(readings)] == ["name"]
    assert alarms({**readings, "c": "on the rocks"}) == ()
