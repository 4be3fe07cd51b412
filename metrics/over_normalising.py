"""The same date, number, unit, abbreviation or word written otherwise than by the writer: `14 Mar.` for `14 March`.

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
from translations import N_

Rewording = Literal["date", "number", "unit", "abbreviation", "spelling"]


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


def spelt_as_today(word: str) -> str:
    """A casefolded word as American word lists spell it today: `neighbour` as `neighbor`, `publick` as `public`.

    Not every result is a word (`promise` becomes `promize`): it is for telling whether two spellings are of one word.
    """
    one = word.removesuffix("s")
    if one in _TODAY:
        return _TODAY[one] + word[len(one) :]
    for spelling, today in _SPELT:
        word = spelling.sub(today, word)
    return word


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
_SPELT = (
    (re.compile(r"(?<=[^\W\d_]{3})is(?=(?:e|ed|er|ers|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=al)ys(?=(?:e|ed|er|ers|es|ing)$)"), "yz"),
    (re.compile(r"(?<=[^\W\d_]{2})our"), "or"),
    (re.compile(r"(?<=[tb])re(?=(?:s|d)?$)"), "er"),
    (re.compile(r"(?<=f)ence(?=s?$|less$)"), "ense"),
)
_TODAY = {
    **{"aeroplane": "airplane", "connexion": "connection", "draught": "draft", "dreamt": "dreamed", "gaol": "jail"},
    **{"grey": "gray", "jewellery": "jewelry", "kerb": "curb", "manoeuvre": "maneuver", "marvellous": "marvelous"},
    **{"mould": "mold", "plough": "plow", "programme": "program", "pyjama": "pajama", "sceptical": "skeptical"},
    **{"waggon": "wagon", "woollen": "woolen", "cheque": "check", "storey": "story", "tyre": "tire"},
    **{
        "publick": "public",
        "musick": "music",
        "chuse": "choose",
        "shew": "show",
        "shewn": "shown",
        "cloathe": "clothe",
    },
    **{"compleat": "complete", "oeconomy": "economy", "tho": "though", "altho": "although", "thro": "through"},
}
"""British, and as was spelt long ago."""
_TOKEN = re.compile(r"\d+(?:[,'’]\d{3})+(?!\d)|\d+(?:st|nd|rd|th|er|e)\b|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|&")


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold().replace("’", "'"))


def _meaning(token: str) -> str:
    if token[0].isdigit():
        return "".join(filter(str.isdigit, token)).lstrip("0") or "0"
    for words in (_DATE_WORDS, _NUMBER_WORDS, _UNITS, ABBREVIATIONS):
        if token in words:
            return words[token]
    return spelt_as_today(token)


def _kind(written: str, read: str) -> Rewording:
    if written in _DATE_WORDS or read in _DATE_WORDS:
        return N_("date")
    if written in _UNITS:
        return N_("unit")
    if spelt_as_today(written) == spelt_as_today(read):
        return N_("spelling")
    return N_("number") if _meaning(written).isdigit() else N_("abbreviation")
