"""Names, dates, amounts and numbers: the few words of a page that must not be wrong. What is a name is a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from metrics.normalising import DEFAULT_RULES, Rules
from metrics.reading_slots import Variant, align_readings
from metrics.word_pairing import word_pairs

TokenKind = Literal["date", "amount", "number", "name"]


@dataclass(frozen=True, slots=True)
class CriticalToken:
    """A stretch of a text that must be right."""

    kind: TokenKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TokenVerdict:
    """What an engine made of a token of the reference; `read` is what it has in its place."""

    token: CriticalToken
    fate: Literal["right", "wrong", "missing"]
    read: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A place with a critical token, in one reading at least (a name: in half of them), where they differ."""

    kind: TokenKind
    variants: tuple[Variant, ...]


def critical_tokens(text: str) -> tuple[CriticalToken, ...]:
    """Critical tokens in order; they never overlap: a date's numbers are no numbers of their own."""
    found: list[CriticalToken] = []
    taken = bytearray(len(text))
    for kind, start, end in _found(text):
        if not any(taken[start:end]):
            taken[start:end] = b"x" * (end - start)
            found.append(CriticalToken(kind, text[start:end], start, end))
    return tuple(sorted(found, key=lambda token: token.start))


def judge_tokens(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> tuple[TokenVerdict, ...]:
    """For every critical token of the reference, whether the words in its place say the same."""
    pairs = word_pairs(reference, hypothesis, rules)
    verdicts: list[TokenVerdict] = []
    for token in critical_tokens(reference):
        there = [pair.read for pair in pairs if pair.ref_start < token.end and token.start < pair.ref_end and pair.read]
        read = " ".join(there)
        if not any(map(str.isalnum, read)):
            verdicts.append(TokenVerdict(token, "missing", read))
        else:
            verdicts.append(TokenVerdict(token, "right" if _says(read, token) else "wrong", read))
    return tuple(verdicts)


def alarms(readings: Mapping[str, str], rules: Rules = DEFAULT_RULES) -> tuple[Alarm, ...]:
    """Where readings differ in a critical token. No reference needed, and none of them may be right."""
    tokens = {reader: critical_tokens(text) for reader, text in readings.items()}
    found: list[Alarm] = []
    for slot in align_readings(readings, rules):
        if slot.agreed:
            continue
        touched = [
            (token.kind, part.reader)
            for part in slot.parts
            for token in tokens[part.reader]
            if token.start < part.end and part.start < token.end
        ]
        # A stray capital makes a name of any word: half of the readers must see one.
        namers = {reader for kind, reader in touched if kind == "name"}
        kinds = [kind for kind, _ in touched if kind != "name" or len(namers) * 2 >= len(readings)]
        if kinds and len({_essence(part.text, kinds[0]) for part in slot.parts}) > 1:
            found.append(Alarm(min(kinds, key=get_args(TokenKind).index), slot.variants()))
    return tuple(found)


_MONTH = (
    r"(?:jan(?:uary|vier|uar)?|feb(?:ruary|ruar)?|févr?(?:ier)?|mar(?:ch|s)?|märz|apr(?:il)?|avr(?:il)?|ma[iy]"
    r"|june?|juin|juni|july?|juil(?:let)?|juli|aug(?:ust)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?"
    r"|nov(?:ember|embre)?|d[eé][cz](?:ember|embre)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.)?"
_CURRENCY = r"(?:[£$€¥]|USD|EUR|GBP|Fr\.)"
_FIGURE = r"\d{1,20}(?:[.,'’/:\-]\d{1,20}){0,8}"
"""Bounded, or a page of digits would be tried from every one of them to its end."""
_PATTERNS: dict[TokenKind, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}}\b)?|{_MONTH}\s+{_DAY}\b(?:,?\s+\d{{4}}\b)?|{_MONTH}\s+\d{{4}}\b"
        r"|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b|\d{4}-\d{2}-\d{2}\b)",
        re.IGNORECASE,
    ),
    "amount": re.compile(
        rf"{_CURRENCY}\s?{_FIGURE}|\b{_FIGURE}\s?(?:[£$€¥]|(?:dollars?|pounds?|francs?|euros?|marks?|cents?|pence)\b)",
        re.IGNORECASE,
    ),
    "number": re.compile(rf"\b{_FIGURE}%?|\d+"),
}
"""In order of rank: what an earlier pattern takes is not looked at again. Names come last."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLE = re.compile(r"(?:mrs?|ms|dr|prof|st|rev|capt|col|gen|lt|sir|mme|mlle|m|hr|fr)", re.IGNORECASE)
_SENTENCE_BEGINS = re.compile(r"(?:\A|(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bRev)(?<!\b[A-Z])[.!?][\"'”’)]*)\s*\Z")


def _found(text: str) -> Iterator[tuple[TokenKind, int, int]]:
    for kind, pattern in _PATTERNS.items():
        yield from ((kind, *match.span()) for match in pattern.finditer(text))
    for word in _WORD.finditer(text):
        start, end = word.span()
        before = text[max(0, start - 12) : start]
        capital = word[0][0].isupper() and end - start > 1
        if capital and not _TITLE.fullmatch(word[0]) and not _SENTENCE_BEGINS.search(before):
            yield "name", start, end


def _says(read: str, token: CriticalToken) -> bool:
    wanted = _essence(token.text, token.kind)
    if token.kind == "name":
        return wanted in [_essence(word, "name") for word in _WORD.findall(read)]
    return wanted in [_essence(part, token.kind) for part in (read, *_PATTERNS[token.kind].findall(read))]


def _essence(text: str, kind: TokenKind) -> str:
    """What must be the same: letters for a name; figures, currency and month for the others, not their separators."""
    folded = text.casefold()
    if kind == "name":
        return "".join(filter(str.isalpha, folded))
    joined = re.sub(r"(?<=\d)[,'’ ](?=\d{3}(?!\d))", "", folded)
    return " ".join(re.findall(r"\d+(?:[.,]\d+)?|[£$€¥]|\b[^\W\d_]{3}", joined))
