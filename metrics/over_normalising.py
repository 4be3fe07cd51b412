"""The same date, number, unit or abbreviation written otherwise than the writer wrote it: `14 Mar.` for `14 March`.

It means the same, so a reader may not care; an edition does. Knows English, and what is common in French and German.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from metrics.abbreviations import ABBREVIATIONS
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.word_pairing import WordPair, kept_by_some, word_pairs

Rewording = Literal["date", "number", "unit", "abbreviation"]


@dataclass(frozen=True, slots=True)
class OverNormalised:
    """What was written and what was read mean the same, and are of that kind."""

    kind: Rewording
    words: WordPair


def over_normalised(
    reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES, others: Sequence[str] = ()
) -> tuple[OverNormalised, ...]:
    """Words that differ in more than case and punctuation and yet mean the same.

    Where `others` (readings of other engines) are given, one at least must have what was written: else it was the
    reference that wrote it otherwise. Of `&` nothing is said without them, for transcribers often write it out.
    """
    found: list[OverNormalised] = []
    for pair in word_pairs(reference, hypothesis, rules):
        written, read = _tokens(pair.written), _tokens(pair.read)
        if written != read and list(map(_meaning, written)) == list(map(_meaning, read)):
            differing = [(one, other) for one, other in zip(written, read, strict=True) if one != other]
            if others or not any("&" in both for both in differing):
                found.append(OverNormalised(_kind(*differing[0]), pair))
    if not found or not others:
        return tuple(found)
    kept = kept_by_some(reference, others, _tokens, rules)
    return tuple(one for one in found if one.words.ref_start in kept and "and" not in _signs_written_out(one.words))


def _signs_written_out(words: WordPair) -> set[str]:
    """`and` where the engine has the sign: nothing was written out but by the reference."""
    return set(_tokens(words.written)) - set(_tokens(words.read)) if "&" in _tokens(words.read) else set()


_MONTHS = [
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
]
_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_DATE_WORDS = {
    **{month: str(number) for number, month in enumerate(_MONTHS, start=1)},
    **{month[:3]: str(number) for number, month in enumerate(_MONTHS, start=1)},
    "sept": "9",
}
_NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate(_NUMBERS)},
    **{word: str(value) for value, word in enumerate(_ORDINALS, start=1)},
}
_UNITS = {
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
    **dict.fromkeys(("oz", "ounce", "ounces"), "oz"),
    **dict.fromkeys(("ft", "foot", "feet"), "ft"),
    **dict.fromkeys(("yd", "yds", "yard", "yards"), "yd"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "hr"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("kg", "kilogram", "kilograms", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("cm", "centimetre", "centimetres", "centimeter", "centimeters"), "cm"),
}
_TOKEN = re.compile(r"\d+(?:[,'’]\d{3})+(?!\d)|\d+(?:st|nd|rd|th|er|e)\b|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|&")


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold().replace("’", "'"))


def _meaning(token: str) -> str:
    if token[0].isdigit():
        return "".join(filter(str.isdigit, token)).lstrip("0") or "0"
    for words in (_DATE_WORDS, _NUMBER_WORDS, _UNITS, ABBREVIATIONS):
        if token in words:
            return words[token]
    return token


def _kind(written: str, read: str) -> Rewording:
    if written in _DATE_WORDS or read in _DATE_WORDS:
        return "date"
    if written in _UNITS:
        return "unit"
    return "number" if _meaning(written).isdigit() else "abbreviation"
