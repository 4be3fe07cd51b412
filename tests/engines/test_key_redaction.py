"""No form of a key survives, and nothing else goes."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.key_redaction import SHORTEST_KEY, without_keys, without_pieces

KEYS = ("sk-plain-0123456789", "sk-canary+4711/of=the?host", 'quote"back\\slash-key', "it's<a>&key", "pass word~1")
FORMS: Mapping[str, Callable[[str], str]] = {
    "plain": lambda key: f"Bad key {key}.",
    "path": lambda key: f"https://x.example/{quote(key)}/",
    "query": lambda key: "https://x.example/?" + urlencode({"key": key, "next": 1}),
    "quoted whole": lambda key: quote(key, safe=""),
    "quoted in lower case": lambda key: re.sub("%..", lambda sign: sign[0].lower(), quote(key, safe="")),
    "json": lambda key: json.dumps({"error": {"message": f"Bad key {key}"}}),
    "json of php": lambda key: json.dumps(key).replace("/", "\\/"),
    "json in json": lambda key: json.dumps({"body": json.dumps({"key": key})}),
    "json in python": lambda key: repr({"body": json.dumps({"key": key})}),
    "json in a url": lambda key: urlencode({"q": json.dumps({"key": key})}),
    "python": lambda key: repr({"key": key}),
    "python bytes": lambda key: repr(key.encode()),
    "html": lambda key: f"<p>{html.escape(key)}</p>",
    "url in html": lambda key: html.escape(f"/?a=1&key={quote(key, safe='')}"),
    "url in a url": lambda key: urlencode({"next": "/?" + urlencode({"key": key})}),
}
"""How a key may stand in a text."""


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_struck_out_whole_and_nothing_else(key: str, form: str) -> None:
    place_holder = "A" * SHORTEST_KEY
    expected = FORMS[form](place_holder).replace(place_holder, "[key]")
    clean = without_keys(FORMS[form](key), [None, "", key])
    assert clean.replace('"', "'") == expected.replace('"', "'")  # Python chooses its quotes by the key's


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=SHORTEST_KEY), st.binary(), st.binary())
def test_at_most_the_signs_it_shares_with_its_neighbours_are_left_of_a_key_in_base64(key, before, after) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        clean = without_keys(encode(before + key.encode() + after).decode(), [key])
        front, _, back = clean.partition("[key]")
        assert "[key]" in clean
        assert len(front) * 6 < len(before) * 8 + 8
        assert len(back.rstrip("=")) * 6 < len(after) * 8 + 14


def test_longer_keys_go_before_those_they_contain() -> None:
    assert without_keys("sk-12345-more and sk-12345", ["sk-12345", "sk-12345-more"]) == "[key] and [key]"


def test_what_is_no_key_leaves_the_text_alone() -> None:
    assert without_keys("short words stay, text", ("", None, "te", "words")) == "short words stay, text"


TOLD: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.swapcase,
    lambda key: key[: len(key) // 2],
    lambda key: key[len(key) // 2 :],
    lambda key: key[3:-3],
    lambda key: key.encode().hex(),
    lambda key: key.encode().hex().upper(),
    lambda key: f"{key[:9]}***{key[-6:]}",
    lambda key: base64.b64encode(key.encode()).decode().upper(),
)


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("key", KEYS)
def test_no_piece_of_a_key_is_left_of_what_a_vendor_says(key, told):
    said = f"The key {told(key)} is wrong."
    clean = without_pieces(said, [None, "", key])
    forms = [form.lower() for form in (key, key.encode().hex(), base64.b64encode(key.encode()).decode())]
    left = [clean[at : at + SHORTEST_KEY].lower() for at in range(len(clean) - SHORTEST_KEY + 1)]
    assert not [piece for piece in left for form in forms if piece in form]
    assert clean.startswith("The key")
    assert clean.endswith(" is wrong.")


def test_a_sentence_without_a_key_stays():
    assert (
        without_pieces("The model gpt-5 is overloaded. ÄÖÜ ß", [*KEYS, "short"])
        == "The model gpt-5 is overloaded. ÄÖÜ ß"
    )
