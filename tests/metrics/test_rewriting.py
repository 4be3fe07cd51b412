"""Whatever is rewritten, each character knows where it came from."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from metrics.rewriting import Rewrite, TracedText


def origins(traced, original):
    return [original[start:end] for start, end in zip(traced.starts, traced.ends, strict=True)]


def test_every_step_by_hand():
    original = " a…  b*"
    traced = TracedText.of(original).respelt({"…": "...", "*": ""}).rewritten([Rewrite(5, 7, " ")]).stripped()
    assert traced.text == "a... b"
    assert origins(traced, original) == ["a", "…", "…", "…", "  ", "b"]


@given(st.text(alphabet="ab .", max_size=30))
def test_rewrites_keep_the_rest_in_place(original):
    rewrites = [Rewrite(*match.span(), "_") for match in re.finditer(r" +", original)]
    traced = TracedText.of(original).rewritten(rewrites).respelt({"a": "AA", ".": ""})
    assert traced.text == re.sub(r" +", "_", original).replace("a", "AA").replace(".", "")
    for character, origin in zip(traced.text, origins(traced, original), strict=True):
        assert origin == {"A": "a", "b": "b"}.get(character, origin)
        assert (character == "_") == (origin.strip() == "")
