"""One text out of several readings of a page: in each place what costs the fewest wrong letters if the readers are as
right as they are trusted to be. Knows no language and no reference, and invents nothing.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz.distance import Levenshtein

from metrics.normalising import DEFAULT_RULES, Rules, normalise
from metrics.reading_slots import PageTrust, Part, Slot, align_readings, family_of, trust_of_set, voters


def vote_by_letter(spellings: Sequence[str], weights: Sequence[float], pivot: str) -> str:
    """Each letter of the pivot as most have it, without what most lack and with what most add."""
    here: list[dict[str, float]] = [defaultdict(float) for _ in pivot]
    before: list[dict[str, float]] = [defaultdict(float) for _ in range(len(pivot) + 1)]
    for spelling, weight in zip(spellings, weights, strict=True):
        for block in Levenshtein.opcodes(pivot, spelling):
            if block.tag == "insert":
                before[block.src_start][spelling[block.dest_start : block.dest_end]] += weight
            for at in range(block.src_start, block.src_end):
                here[at]["" if block.tag == "delete" else spelling[block.dest_start + at - block.src_start]] += weight
    half = sum(weights) / 2
    added = ["".join(text for text, weight in counter.items() if weight > half) for counter in before]
    kept = [max(sorted(counter), key=counter.__getitem__) for counter in here]
    return "".join(extra + letter for extra, letter in zip(added, [*kept, ""], strict=True))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word, or what stands in its stead, is in one reading's text; empty where that has nothing."""

    reader: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ConsensusWord:
    """A word of the consensus, at text[start:end], and where every voter has it or something in its stead."""

    text: str
    start: int
    end: int
    readers: tuple[str, ...]
    """Who says just this; nobody need where it was voted by letter."""
    families: tuple[str, ...]
    sure: float
    """The share of the trust that stands behind it, 0 to 1. No probability: readers may share a mistake."""
    by_letter: bool
    """Voted letter by letter out of the words that stand here: no reading has it so."""
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Consensus:
    """The text, with the line breaks of `follows`, the reader trusted most on this page, and its words in order."""

    text: str
    words: tuple[ConsensusWord, ...]
    follows: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What most likely stands in a slot ("" for nothing), and who and how much trust is behind it."""

    slot: Slot
    text: str
    sure: float
    by_letter: bool


def consensus(
    readings: Mapping[str, str], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> Consensus | None:
    """The readings of one page together.

    None where fewer than two families have a vote (see `voters`), and where no two of them are near enough to vote:
    only other pages could tell who is to be followed there.
    """
    return consensus_of_set([readings], families, rules)[0]


def consensus_of_set(
    pages: Sequence[Mapping[str, str]], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> tuple[Consensus | None, ...]:
    """Every page's readings together, the readers trusted as far as all the pages show they can be.

    Readers may be missing on some pages, which says nothing of them. Who is not in `families` is a family of its own.
    """
    found: list[Consensus | None] = []
    for page, trust in zip(pages, trust_of_set(pages, families, rules), strict=True):
        heard = voters(page)
        unlike = {family_of(reader, families) for reader in heard}
        speaks = len(unlike) > 1 and (trust.is_vote or len(pages) > 1)
        found.append(_together(heard, families, trust, rules) if speaks else None)
    return tuple(found)


def as_read(
    readings: Mapping[str, str], families: Mapping[str, str], rules: Rules = DEFAULT_RULES
) -> dict[str, Consensus]:
    """Each reader's own text with who else says each of its words, in the form of the consensus.

    Who has no vote is missing. A lone reader has nobody else, and all trust is behind it.
    """
    heard = voters(readings)
    [trust] = trust_of_set([readings], families, rules)
    slots = align_readings(heard, rules)
    return {reader: _as_read(reader, text, slots, families, trust, rules) for reader, text in heard.items()}


def _as_read(
    reader: str, text: str, slots: Sequence[Slot], families: Mapping[str, str], trust: PageTrust, rules: Rules
) -> Consensus:
    own: list[ConsensusWord] = []
    for slot in slots:
        part = next(part for part in slot.parts if part.reader == reader)
        choice = Choice(slot, part.text, _support(slot, part.key, trust.weights), by_letter=False)
        own += _words(choice, part.text, part.start, families, trust, rules, says=reader)
    return Consensus(text, tuple(own), reader)


def choices(slots: Sequence[Slot], trust: PageTrust) -> tuple[Choice, ...]:
    """What most likely stands in each slot; readers without a weight are not heard."""
    return tuple(_choice(slot, trust.weights) for slot in slots)


def _together(readings: Mapping[str, str], families: Mapping[str, str], trust: PageTrust, rules: Rules) -> Consensus:
    follows = trust.best
    text = ""
    words: list[ConsensusWord] = []
    for choice, broken in _with_breaks(choices(align_readings(readings, rules), trust), readings, follows):
        text += broken[: len(broken) - len(broken.lstrip())] if text else ""
        shown = broken.strip()
        words += _words(choice, shown, len(text), families, trust, rules)
        text += shown
    return Consensus(text, tuple(words), follows)


def _choice(slot: Slot, weights: Mapping[str, float]) -> Choice:
    parts = [part for part in slot.parts if weights.get(part.reader)] or list(slot.parts)
    heard = [weights.get(part.reader, 1.0) for part in parts]
    keys = [part.key for part in parts]
    if len(set(keys)) == 1:
        return Choice(slot, _best_put(parts, heard, keys[0]), 1.0, by_letter=False)
    support = {key: sum(w * _alike(key, other) for other, w in zip(keys, heard, strict=True)) for key in set(keys)}
    chances = {key: math.exp(value - max(support.values())) for key, value in support.items()}
    spelt = vote_by_letter(keys, heard, max(sorted(support), key=support.__getitem__))

    def wrong_letters(candidate: str) -> tuple[float, bool, str]:
        expected = sum(chance * Levenshtein.distance(candidate, key) for key, chance in chances.items())
        return round(expected, 9), not candidate, candidate

    best = min({*keys, *([spelt] if _nearly_agreed(spelt, keys) else [])}, key=wrong_letters)
    by_letter = best not in support
    shown = best if by_letter else _best_put(parts, heard, best)
    return Choice(slot, shown, _support(slot, best, weights), by_letter)


def _support(slot: Slot, key: str, weights: Mapping[str, float]) -> float:
    """The share of the trust that is behind what stands in the slot; 1 where nobody is trusted."""
    total = sum(weights.get(part.reader, 0.0) for part in slot.parts)
    behind = sum(weights.get(part.reader, 0.0) * _alike(key, part.key) for part in slot.parts)
    return behind / total if total else 1.0


def _nearly_agreed(spelt: str, keys: Sequence[str]) -> bool:
    """Whether a spelling is one slip away from what every reader has. Not of numbers: half a year is no year."""
    alike = all(Levenshtein.distance(spelt, key) <= len(key) // 4 for key in keys)
    return len(keys) > 2 and alike and not any(letter.isdigit() for letter in spelt)


def _best_put(parts: Sequence[Part], weights: Sequence[float], key: str) -> str:
    """The original text, which may differ where the rules count nothing, of the most trusted reader who says so; but
    a stretch may have lost one of a pair of Markdown marks, and is taken as the rules leave it."""
    saying = [(-weight, part.text) for part, weight in zip(parts, weights, strict=True) if part.key == key]
    _, text = min(saying)
    return key if re.search(r"[*_`~#|\\<]", text) else text


@lru_cache(20_000)
def _alike(one: str, other: str) -> float:
    """How much of a vote for the one is a vote for the other: what differs in marks or capitals only, nearly all."""
    if one == other or not (one and other):
        return float(one == other)
    letters = _letters(one)
    near = 0.7 * Levenshtein.normalized_similarity(one, other)
    return max(0.9, near) if letters and letters == _letters(other) else near


@lru_cache(20_000)
def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _with_breaks(chosen: Sequence[Choice], readings: Mapping[str, str], follows: str) -> Iterator[tuple[Choice, str]]:
    """Each choice that says something, with the white space before and in it that the followed reader has there."""
    done, waiting = 0, ""
    for choice in chosen:
        own = next(part for part in choice.slot.parts if part.reader == follows)
        waiting += readings[follows][done : own.start]
        done = own.end
        words = choice.text.split()
        if words:
            yield choice, _break(waiting) + _broken(words, own.text)
            waiting = ""
        else:
            waiting += "".join(re.findall(r"\s+", own.text))


def _broken(words: Sequence[str], own: str) -> str:
    """The words with the line breaks at about the places where the followed reader has them."""
    gaps = re.findall(r"\s+", own.strip())
    breaks = {round((at + 1) * len(words) / (len(gaps) + 1)): _break(gap) for at, gap in enumerate(gaps) if "\n" in gap}
    return "".join((breaks.get(at, " ") if at else "") + word for at, word in enumerate(words))


def _break(white_space: str) -> str:
    lines = white_space.count("\n")
    return "\n" * min(lines, 2) or " "


def _words(
    choice: Choice,
    shown: str,
    start: int,
    families: Mapping[str, str],
    trust: PageTrust,
    rules: Rules,
    says: str | None = None,
) -> Iterator[ConsensusWord]:
    """`says` is whose own words these are, also where the rules leave nothing of one that could be found again."""
    found = list(re.finditer(r"\S+", shown))
    parts = [part for part in choice.slot.parts if part.reader in trust.weights]
    for at, match in enumerate(found):
        key = normalise(match.group(), rules).text
        readers = tuple(sorted(part.reader for part in parts if part.reader == says or key in part.key.split()))
        yield ConsensusWord(
            match.group(),
            start + match.start(),
            start + match.end(),
            readers,
            tuple(sorted({family_of(reader, families) for reader in readers})),
            choice.sure,
            choice.by_letter and not readers,
            tuple(_place(part, at, len(found)) for part in parts),
        )


def _place(part: Part, at: int, count: int) -> Place:
    """The word at that position where the reader has as many, or else all that it has here."""
    start, end = 0, len(part.text)
    if len(part.text.split()) == count:
        start, end = next(islice(re.finditer(r"\S+", part.text), at, None)).span()
    return Place(part.reader, part.start + start, part.start + end)
