"""Names, dates, amounts and numbers: the few words of a page that must not be wrong. What is a name is a guess."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, get_args

from metrics.figures import essence, figures
from metrics.names import names
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


def critical_tokens(
    text: str, *, language: str | None = None, lexicon: Set[str] = frozenset()
) -> tuple[CriticalToken, ...]:
    """Critical tokens in order; they never overlap: a date's numbers are no numbers of their own.

    Without a language (an ISO 639-1 code) the text's small words tell it; `lexicon` holds its words, casefolded.
    """
    found: list[tuple[TokenKind, int, int]] = [*figures(text)]
    taken = bytearray(len(text))
    for _, start, end in found:
        taken[start:end] = b"x" * (end - start)
    found += (("name", start, end) for start, end in names(text, language, lexicon) if not any(taken[start:end]))
    return tuple(
        CriticalToken(kind, text[start:end], start, end)
        for kind, start, end in sorted(found, key=lambda token: token[1])
    )


def judge_tokens(
    reference: str,
    hypothesis: str,
    rules: Rules = DEFAULT_RULES,
    *,
    language: str | None = None,
    lexicon: Set[str] = frozenset(),
) -> tuple[TokenVerdict, ...]:
    """For every critical token of the reference, whether the words in its place say the same."""
    pairs = word_pairs(reference, hypothesis, rules)
    starts, ends = [pair.ref_start for pair in pairs], [pair.ref_end for pair in pairs]
    read_figures = figures(hypothesis)
    verdicts: list[TokenVerdict] = []
    for token in critical_tokens(reference, language=language, lexicon=lexicon):
        there = [pair for pair in pairs[bisect_right(ends, token.start) : bisect_left(starts, token.end)] if pair.read]
        read = " ".join(pair.read for pair in there)
        if not any(map(str.isalnum, read)):
            verdicts.append(TokenVerdict(token, "missing", read))
            continue
        start, end = there[0].hyp_start, there[-1].hyp_end
        candidates = [hypothesis[start:end]]
        candidates += [hypothesis[a:b] for _, a, b in read_figures if a < end and start < b]
        verdicts.append(TokenVerdict(token, "right" if _says(token, candidates) else "wrong", read))
    return tuple(verdicts)


def token_counts(verdicts: Iterable[TokenVerdict]) -> tuple[TokenCount, ...]:
    """What a page contributes to a set: one count for every kind, in the order of `TokenKind`, empty ones too."""
    fates = [(verdict.token.kind, verdict.fate == "right") for verdict in verdicts]
    return tuple(
        TokenCount(kind, sum(right for one, right in fates if one == kind), sum(one == kind for one, _ in fates))
        for kind in get_args(TokenKind)
    )


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
        if kinds and len({_said(part.text, kinds[0]) for part in slot.parts}) > 1:
            found.append(Alarm(min(kinds, key=get_args(TokenKind).index), slot.variants()))
    return tuple(found)


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BROKEN = re.compile(r"-\s*")


def _says(token: CriticalToken, candidates: Sequence[str]) -> bool:
    """Whether one of the candidates, the whole stretch in the token's place first, says what the token says."""
    if token.kind == "name":
        return _says_name(_letters(token.text), candidates[0])
    wanted = essence(token.text, token.kind)
    return any(essence(candidate, token.kind) == wanted for candidate in candidates)


def _says_name(wanted: str, read: str) -> bool:
    words = [_letters(word) for text in (read, _BROKEN.sub("", read)) for word in _WORD.findall(text)]
    return wanted in words or f"{wanted}s" in words or _letters(read) == wanted


def _said(text: str, kind: TokenKind) -> str | tuple[str, ...]:
    return _letters(text) if kind == "name" else essence(text, kind)


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.casefold()))
