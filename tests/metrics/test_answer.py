"""Chatter is told from transcription, nothing is lost, and handwriting is never mistaken for chatter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.answer import parse_answer

CHATTER = ["Here is the transcription:", "# Transcription", "Note: ", "the text is unclear", "<think>", "</think>"]
MARKS = ["```", "---", "[illegible]", "[?]", "\n", "\n\n", " ", "Dear Sir"]
PIECES = st.lists(st.sampled_from(CHATTER + MARKS)).map("".join)


@given(PIECES | st.text(max_size=60))
def test_the_parts_are_the_answer(text):
    parts = parse_answer(text).parts
    assert "".join(part.text for part in parts) == text
    assert all(text[part.start : part.end] == part.text != "" for part in parts)


@pytest.mark.parametrize(
    ("answer", "transcription", "kinds"),
    [
        (
            "Here is the transcription:\n\n```text\nDear Sir,\nI am\n```\n\nLet me know if you need any help.",
            "Dear Sir,\nI am",
            ["preamble", "fence", "fence", "remark"],
        ),
        ("# Transcription\n\nDear Sir", "Dear Sir", ["heading"]),
        ("**Handwritten text:**\nDear Sir", "Dear Sir", ["heading"]),
        ("Sure! Here’s the text from the image:\nDear Sir", "Dear Sir", ["preamble"]),
        ("Voici la transcription de la lettre :\n\nCher ami", "Cher ami", ["preamble"]),
        ("<think>A letter.</think>\nDear Sir", "Dear Sir", ["reasoning"]),
        ("Dear Sir\n\n---\n\n*Note: The handwriting is unclear in line 2.*", "Dear Sir", ["remark", "fence"]),
        ("Dear Sir\n\n---\n*Note: The handwriting is unclear in line 2.*", "Dear Sir", ["remark"]),
        ("the [illegible] dog [?] ran", "the  dog  ran", ["illegible", "illegible"]),
        ("I saw [unclear: Smith] (illegible)", "I saw Smith", ["doubt", "doubt", "illegible"]),
        ("I saw [Smith?] and be[?]", "I saw Smith and be", ["doubt", "doubt", "illegible"]),
        ("```\nDear Sir", "Dear Sir", ["fence"]),
        ("", "", []),
    ],
)
def test_chatter_is_recognised(answer, transcription, kinds):
    parsed = parse_answer(answer)
    assert parsed.transcription == transcription
    assert sorted(part.kind for part in parsed.chatter) == sorted(kinds)


@pytest.mark.parametrize(
    "handwriting",
    [
        "Dear Sir,\n\nThis is a letter to you.\nNote the time.",
        "Here is the money:\n5 pounds",
        "Here is the text of my will",
        "Washington, D.C.\nMarch 4, 1905\n\nThe letter came.",
        "# 5 Main Street",
        "Sample Form: Page 2\nName Mary",
        "I hope this finds you well\n\nNote: bring bread",
        "[sic] (see below) {1}",
    ],
)
def test_handwriting_stays(handwriting):
    assert parse_answer(handwriting).chatter == ()
