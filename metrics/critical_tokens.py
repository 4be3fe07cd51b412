"""Names, dates, amounts and numbers: the few words of a page that must not be wrong. What is a name is a guess."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, get_args

from metrics.figures import essence, figures
from metrics.names import NO_VOCABULARY, Vocabulary, names
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.passages import word_pairs
from metrics.reading_slots import Slot, Variant, align_readings
from translations import N_

TokenKind = Literal["date", "amount", "number", "name"]
TOKEN_KINDS: tuple[TokenKind, ...] = (N_("date"), N_("amount"), N_("number"), N_("name"))


@dataclass(frozen=True, slots=True)
class CriticalToken:
    """A stretch of a text that must be right."""

    kind: TokenKind
    text: str
    start: int
    end: int


Fate = Literal["right", "wrong", "missing"]


@dataclass(frozen=True, slots=True)
class TokenVerdict:
    """What an engine made of a token of the reference; `read` is what it has in its place."""

    token: CriticalToken
    fate: Fate
    read: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A place with a critical token, in one reading at least (a name: in half of them), where they differ."""

    kind: TokenKind
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class TokenCount:
    """How many tokens of a kind were read right, of how many; `+` pools pages."""

    kind: TokenKind
    right: int = 0
    total: int = 0

    def __add__(self, other: TokenCount) -> TokenCount:
        if other.kind != self.kind:
            raise ValueError(f"A {self.kind} and a {other.kind} cannot be counted together.")
        return TokenCount(self.kind, self.right + other.right, self.total + other.total)


@lru_cache(32)
def critical_tokens(text: str, vocabulary: Vocabulary = NO_VOCABULARY) -> tuple[CriticalToken, ...]:
    """Critical tokens in order; they never overlap: a date's numbers are no numbers of their own.

    Kept, because every reading of a page is judged by the same reference.
    """
    found: list[tuple[TokenKind, int, int]] = [*figures(text)]
    taken = bytearray(len(text))
    for _, start, end in found:
        taken[start:end] = b"x" * (end - start)
    found += (("name", start, end) for start, end in names(text, vocabulary) if not any(taken[start:end]))
    return tuple(
        CriticalToken(kind, text[start:end], start, end)
        for kind, start, end in sorted(found, key=lambda token: token[1])
    )


LONGEST_READ = 200
"""Letters of what was read in a token's place. On a page that is one long word every token has all of it: a text of
60 kB had an answer of 50 MB."""


def judge_tokens(
    reference: str,
    hypothesis: str,
    rules: Rules = DEFAULT_RULES,
    vocabulary: Vocabulary = NO_VOCABULARY,
) -> tuple[TokenVerdict, ...]:
    """For every critical token of the reference, whether the words in its place say the same.

    One that was read in another place is right if it stands beside the same word as in the reference.
    """
    pairs = word_pairs(reference, hypothesis, rules)
    starts, ends = [pair.ref_start for pair in pairs], [pair.ref_end for pair in pairs]
    reading = _Reading(hypothesis)
    verdicts: list[TokenVerdict] = []
    for token in critical_tokens(reference, vocabulary):
        there = [pair for pair in pairs[bisect_right(ends, token.start) : bisect_left(starts, token.end)] if pair.read]
        read = " ".join(pair.read for pair in there)
        shown = read if len(read) <= LONGEST_READ else f"{read[:LONGEST_READ]}…"
        if there and reading.says(token, there[0].hyp_start, there[-1].hyp_end):
            verdicts.append(TokenVerdict(token, "right", shown))
        else:
            verdicts.append(TokenVerdict(token, "wrong" if any(map(str.isalnum, read)) else "missing", shown))
    return tuple(verdict if verdict.fate == "right" else reading.moved(verdict, reference) for verdict in verdicts)


def token_counts(verdicts: Iterable[TokenVerdict]) -> tuple[TokenCount, ...]:
    """What a page contributes to a set: one count for every kind, in the order of `TOKEN_KINDS`, empty ones too."""
    fates = [(verdict.token.kind, verdict.fate == "right") for verdict in verdicts]
    return tuple(
        TokenCount(kind, sum(right for one, right in fates if one == kind), sum(one == kind for one, _ in fates))
        for kind in TOKEN_KINDS
    )


def alarms(
    readings: Mapping[str, str],
    rules: Rules = DEFAULT_RULES,
    vocabulary: Vocabulary = NO_VOCABULARY,
) -> tuple[Alarm, ...]:
    """Where readings differ in a critical token. No reference needed, and none of them may be right."""
    slots = align_readings(readings, rules)
    return tuple(
        Alarm(kind, slots[number].variants()) for number, kind in alarming(slots, readings, vocabulary).items()
    )


def alarming(
    slots: Sequence[Slot], readings: Mapping[str, str], vocabulary: Vocabulary = NO_VOCABULARY
) -> Mapping[int, TokenKind]:
    """Which of the slots of these readings are an alarm, by their numbers, and for what."""
    tokens = {reader: critical_tokens(text, vocabulary) for reader, text in readings.items()}
    found: dict[int, TokenKind] = {}
    for number, slot in enumerate(slots):
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
        if kinds and len({_said(part.text, kinds[0]) for part in slot.parts}) > 1:
            found[number] = min(kinds, key=get_args(TokenKind).index)
    return found


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BROKEN = re.compile(r"-\s*")
_POSSESSIVE = re.compile(r"['’]s?(?=\W|\Z)", re.IGNORECASE)
_NEAR = 40
"""Characters in which the neighbours of a token are looked for."""
_MOST_PLACES = 100
"""A page of one number over and over must not be searched from every one of them to its end."""


class _Reading:
    """A hypothesis in which tokens are looked for; what one of them was found in is not there for another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.figures = figures(text)
        self._starts, self._ends = [start for _, start, _ in self.figures], [end for _, _, end in self.figures]
        self._used = bytearray(len(text))
        self._known: dict[tuple[int, int, TokenKind], AbstractSet[_Said]] = {}

    def says(self, token: CriticalToken, start: int, end: int) -> bool:
        """Whether text[start:end] says what the token says, and if so, that it is used."""
        found = _said(token.text, token.kind) in self._said_in(start, end, token.kind)
        if found:
            self._used[start:end] = b"x" * (end - start)
        return found

    def moved(self, verdict: TokenVerdict, reference: str) -> TokenVerdict:
        """The verdict, or `right` where the token stands elsewhere with a neighbour of its own."""
        token = verdict.token
        before, after = _neighbours(reference, token.start, token.end)
        for start, end in self._places.get((token.kind, _said(token.text, token.kind)), ())[:_MOST_PLACES]:
            other_before, other_after = _neighbours(self.text, start, end)
            known = not before.isdisjoint(other_before) or not after.isdisjoint(other_after)
            if known and not any(self._used[start:end]):
                self._used[start:end] = b"x" * (end - start)
                return TokenVerdict(token, "right", self.text[start:end])
        return verdict

    def _said_in(self, start: int, end: int, kind: TokenKind) -> AbstractSet[_Said]:
        """All that a stretch says: once, as on a page that is one long word every token asks for the same."""
        place = (start, end, kind)
        if place not in self._known:
            there = self.figures[bisect_right(self._ends, start) : bisect_left(self._starts, end)]
            stretches = [(start, end), *((a, b) for _, a, b in there)]
            self._known[place] = (
                _names_in(self.text[start:end])
                if kind == "name"
                else frozenset(_said(self.text[a:b], kind) for a, b in stretches)
            )
        return self._known[place]

    @cached_property
    def _places(self) -> Mapping[tuple[TokenKind, _Said], Sequence[tuple[int, int]]]:
        found: list[tuple[TokenKind, int, int]] = [*self.figures]
        found += (("name", *match.span()) for match in _WORD.finditer(self.text))
        places: dict[tuple[TokenKind, _Said], list[tuple[int, int]]] = {}
        for kind, start, end in found:
            places.setdefault((kind, _said(self.text[start:end], kind)), []).append((start, end))
        return places


def _neighbours(text: str, start: int, end: int) -> tuple[set[str], set[str]]:
    """The two words before and the two after."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return set(re.findall(r"\w+", before.casefold())[-2:]), set(re.findall(r"\w+", after.casefold())[:2])


def _names_in(text: str) -> AbstractSet[str]:
    """Every word as letters alone: as it stands, broken words joined, and joined words and possessives parted."""
    variants = (text, _BROKEN.sub("", text), _POSSESSIVE.sub(" ", text).replace("-", " "))
    return {_letters(word) for variant in variants for word in _WORD.findall(variant)} | {_letters(text)}


_Said = str | tuple[str, ...]


def _said(text: str, kind: TokenKind) -> _Said:
    """What must be the same: letters of a name, whatever their case; of a figure its essence."""
    return _letters(text) if kind == "name" else essence(text, kind)


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.casefold()))
