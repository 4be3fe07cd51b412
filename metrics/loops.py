"""Where an engine got stuck and says the same again and again, or says on several pages what stands on none.

No reference needed. Knows nothing of chatter: leave it out first, for engines decline in the same words everywhere.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from threading import Lock

import numpy as np
from cachetools import LRUCache, cached

WINDOWS = (400, 2000)
"""Characters: a phrase comes again within the short one, a paragraph only within the long one. Steps are quarters."""
STUCK = 3.2
"""A window of a page shrinks to a half or, with marks of doubt in it, to 0.4; where an engine loops, to a fifth."""
_WORDS_ALIKE = 10
"""So many words in a row are not the same by chance; a greeting or an address is shorter."""
_A_ROW = 4
_LEAST_AGAIN, _SHARE_AGAIN = 20, 0.05


def loops(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a text in which hardly anything new is said, found by how far they can be compressed."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for window in WINDOWS for span in _stuck(text, window)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _stuck(text: str, window: int) -> Iterator[tuple[int, int]]:
    step = window // 4
    for at in range(0, max(1, len(text) - window + step), step):
        if _shrinks(text[at : at + window]):
            yield at, min(len(text), at + window)


@cached(LRUCache(10_000), key=hash, lock=Lock())
def is_loop(text: str) -> bool:
    """Whether an engine got stuck: such a reading has no vote, and its errors are those of the loop.

    Kept, because every figure of a run and every drawing of a screen asks again; the text itself is not.
    """
    return bool(loops(text))


def said_elsewhere(
    readings: Mapping[str, str], witnesses: Mapping[str, Collection[str]] | None = None
) -> frozenset[str]:
    """Pages of one engine whose reading holds a passage that it also read on another page: an example, or a habit.

    What a witness (another engine's reading of the page, its reference) has too stands there, as on printed forms.
    """
    passages = {page: np.array(sorted(_passages(text)), np.int64) for page, text in readings.items()}
    every, pages_with = np.unique(np.concatenate([*passages.values(), np.empty(0, np.int64)]), return_counts=True)
    on_some = every[pages_with > 1]
    elsewhere: set[str] = set()
    for page, found in passages.items():
        again = set(np.intersect1d(found, on_some, assume_unique=True).tolist())
        enough = max(_LEAST_AGAIN, _SHARE_AGAIN * len(found))
        for text in (witnesses or {}).get(page, ()) if len(again) >= enough else ():
            again -= _passages(text)
        if len(again) >= enough:
            elsewhere.add(page)
    return frozenset(elsewhere)


def _shrinks(stretch: str) -> bool:
    plain = _LEADER.sub("...", _COUNTER.sub("", stretch))
    packed = " ".join(plain.split()).encode(errors="replace")
    dense = len(packed) > WINDOWS[0] // 2 and len(packed) >= STUCK * len(zlib.compress(packed, 9))
    return dense and _is_said_again(plain)


_COUNTER = re.compile(r"^\s*\d{1,4}[.):]?\s", re.MULTILINE)
"""Who counts while saying the same is stuck, too; the numbers of an account stand within its lines or end them."""
_LEADER = re.compile(r"(?<![._-])(?<![._-] )([._-])(?: ?\1){3,79}(?! ?\1)")
"""Of a form or a table; who is stuck makes longer ones."""


def _is_said_again(window: str) -> bool:
    """The rows of an account are alike and shrink as far, but their numbers differ."""
    rows = _in_a_row(window, _A_ROW)
    return len(set(rows)) <= len(rows) / 2


def _passages(text: str) -> set[int]:
    """Their hashes: a run has a million passages, which as words would take a hundred times the room of its texts."""
    return set(map(hash, _in_a_row(text, _WORDS_ALIKE)))


def _in_a_row(text: str, length: int) -> list[tuple[str, ...]]:
    """All runs of so many words."""
    words: Sequence[str] = re.findall(r"\w+", text.casefold())
    return [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]
