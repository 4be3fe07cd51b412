"""The odds that a paragraph is an engine talking of a page, and not the page: learnt, and a plain sum.

Logistic regression over words, their beginnings, pairs of neighbours, and how the paragraph is built: what it speaks
of. The weights were fitted by `python -m benchmarks.accuracy.talk_odds` on invented talk and pages of several authors
in eight languages and on real pages; it says what they do on answers of an author whom nobody fitted them to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from metrics.talk_weights import WEIGHTS
from metrics.talk_words import WORDS, Group

_LONGEST = 2500
"""Nobody remarks more in one paragraph, and looking costs."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a stretch of an answer speaks of."""

    said: dict[Group, int]
    """How many different words of each group it has."""
    foreign: int
    """How many words it has that are of none."""
    quotes: int
    """How many times it quotes; what is quoted is not counted, for it is what is talked of."""

    @property
    def of_reading(self) -> float:
        """How much of it is of the task: what only engines say, what writers say too, and what the page is called."""
        return 3.0 * min(self.said["task"], 2) + min(self.said["craft"], 8) + self.of_the_page

    @property
    def of_the_page(self) -> float:
        """How much is of the page, as an engine calls it."""
        return min(self.said["page"], 2) + min(self.said["kind"], 1) / 2


def talk_of(text: str) -> Talk:
    """Every word by its group; phrases go before words, whole words before beginnings."""
    unquoted, quotes = QUOTED.subn(" ", plain(_MARK.sub(" ", text[:_LONGEST].strip(" \n*_[]()"))))
    seen: dict[Group, set[str]] = {group: set() for group in WORDS}
    foreign = 0
    words = [word for word in _WORD.findall(unquoted) if not _NUMBER.fullmatch(word)]
    for word, group in _grouped(words):
        if group is None:
            foreign += 1
        else:
            seen[group].add(word)
    return Talk({group: len(words) for group, words in seen.items()}, foreign, quotes)


def words_of(text: str) -> list[str]:
    """Its words in lower case."""
    return _WORD.findall(plain(text))


def _grouped(words: list[str]) -> Iterator[tuple[str, Group | None]]:
    phrases, exact, stems = _lexicon()
    at = 0
    while at < len(words):
        for length in range(_WORDS_OF_A_PHRASE, 1, -1):
            if group := phrases.get(phrase := " ".join(words[at : at + length])):
                yield phrase, group
                at += phrase.count(" ") + 1
                break
        else:
            word, group = _stem(words[at], exact, stems)
            if group == "somebodys" and _AN_ENGINES_OWN.match(" ".join(words[at + 1 : at + 2])):
                group = "plain"
            yield word, group
            at += 1


def _stem(word: str, exact: dict[str, Group], stems: dict[str, Group]) -> tuple[str, Group | None]:
    bare = _ELIDED.sub("", word)
    for form in (word, bare, word.removesuffix("'s"), bare.split("-")[0]):
        if form in exact:
            return form, exact[form]
    for length in range(len(bare), 1, -1):
        if bare[:length] in stems:
            return bare[:length], stems[bare[:length]]
    return word, "plain" if _ADVERB.search(bare) else None


@cache
def _lexicon() -> tuple[dict[str, Group], dict[str, Group], dict[str, Group]]:
    """Phrases, words, and beginnings of words, each with its group."""
    phrases: dict[str, Group] = {}
    exact: dict[str, Group] = {}
    stems: dict[str, Group] = {}
    for group, words in WORDS.items():
        for word in words.split():
            if "_" in word:
                phrases.setdefault(word.replace("_", " "), group)
            elif word.endswith("*"):
                stems.setdefault(word[:-1], group)
            else:
                exact.setdefault(word, group)
    return phrases, exact, stems


_AN_ENGINES_OWN = re.compile(r"(?:re)?tran?s[ck]ri|trascri")
"""What an engine calls its own: my transcription, ma transcription."""
_WORDS_OF_A_PHRASE = 6
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_ADVERB = re.compile(r"(?:al|[aeiou][tsrv]e|nt|ct|ght|rt|ed|ar|us|ful|ab|ib|ck|rd|st)ly$|mente$")
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|`[^`\n]{1,200}`")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|dell|nell|sull|all|dall)'")
_MARK = re.compile(r"\[[^\s\[\]]{0,20}(?: [^\s\[\]]{1,20}){0,2}\]|\([^\s()]{0,20}\?\)")
"""A mark of doubt in the text is no talk of doubt."""


def plain(text: str) -> str:
    """In lower case on one line, with plain apostrophes."""
    return " ".join(text.casefold().replace("’", "'").replace("‑", "-").split())


Place = Literal["before", "after"]
"""Where the paragraph stands, seen from the transcription."""

_MOST_WEIGHED = 2000
"""Letters that are looked at, half of them at either end: nobody remarks more in one paragraph, and looking costs."""
_STEM = 5
_LETTERS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SENTENCE_ENDS = re.compile(r"[.!?:;,。！？：][\W_]*\Z")
WRAPPED = re.compile(r"(?s)\A(?:[*_]*[\[(].*[\])][.*_]*|\*[^*].*\*|_[^_].*_)\Z")
"""In brackets, or in italics as a whole, as nobody writes by hand."""
LISTED = re.compile(r"\s*(?:[-•*] |\d{1,2}[.)] |\*\*|#)")
_BUILT: Mapping[str, re.Pattern[str]] = {
    "colon": re.compile(r"[:：][*_ \])>]*\Z"),
    "question": re.compile(r"\?\Z"),
    "stop": re.compile(r"[.!][\"”)*_\]]*\Z"),
    "wrapped": WRAPPED,
    "bold": re.compile(r"\A(?:\*\*|#|__)"),
    "listed": re.compile(r"\A(?:[-•*] |\d{1,2}[.)] )"),
    "lines": re.compile(r"\n"),
    "quotes": re.compile(r"[\"“”„«`]"),
    "digits": re.compile(r"\d"),
}
_LENGTHS = (3, 6, 12, 25)


def talk_odds(paragraph: str, place: Place) -> float:
    """The natural logarithm of the odds; 0 is even, 2 is seven to one."""
    weights = _weights()
    return weights["#"] + sum(weights.get(feature, 0.0) for feature in {*features_of(paragraph, place)})


def features_of(paragraph: str, place: Place) -> Iterator[str]:
    """What is weighed, perhaps more than once."""
    built = paragraph.strip()
    if len(built) > _MOST_WEIGHED:
        built = f"{built[: _MOST_WEIGHED // 2]} {built[-_MOST_WEIGHED // 2 :]}"
    words = _LETTERS.findall(QUOTED.sub(" quoted_text ", plain(built)))
    yield f"#{place}"
    yield from (f"#{place} {name}" for name in _build(built, len(words)))
    yield from words
    yield from (f"{word[:_STEM]}*" for word in words if len(word) > _STEM)
    yield from (f"{first} {second}" for first, second in pairwise(words))
    yield f"^{' '.join(words[:1])}"
    yield f"^{' '.join(words[:2])}"


def _build(built: str, words: int) -> Iterator[str]:
    yield f"words{sum(words >= length for length in _LENGTHS)}"
    yield from (name for name, pattern in _BUILT.items() if pattern.search(built))
    if _breaks_lines(built):
        yield "breaks"
    if built[:1].islower():
        yield "lower"


def _breaks_lines(paragraph: str) -> bool:
    """Whether lines end within sentences, as on a page; an engine that talks breaks none."""
    lines = [line for line in paragraph.split("\n") if re.search(r"\w", line)]
    return any(not _SENTENCE_ENDS.search(line) and not LISTED.match(after) for line, after in pairwise(lines))


@cache
def _weights() -> dict[str, float]:
    entries = (entry.rpartition("=") for entry in WEIGHTS.replace("\n", "").split(";") if entry)
    return {name: float(weight) for name, _, weight in entries}
