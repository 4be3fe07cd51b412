"""The odds that a paragraph is an engine talking of a page, and not the page: learnt, and a plain sum.

Logistic regression over words, their beginnings, pairs of neighbours, and how the paragraph is built. The weights were
fitted by `python -m benchmarks.accuracy.talk_odds` on invented talk and pages of several authors in eight languages and
on real pages; it says what they do on answers of an author whom nobody fitted them to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Literal

from metrics.talk import QUOTED, plain
from metrics.talk_weights import WEIGHTS

Place = Literal["before", "after"]
"""Where the paragraph stands, seen from the transcription."""

_LONGEST = 2000
"""Letters that are looked at, half of them at either end: nobody remarks more in one paragraph, and looking costs."""
_STEM = 5
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
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
    if len(built) > _LONGEST:
        built = f"{built[: _LONGEST // 2]} {built[-_LONGEST // 2 :]}"
    words = _WORD.findall(QUOTED.sub(" quoted_text ", plain(built)))
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
