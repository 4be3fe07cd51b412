"""Spans grouped for the eye: a word that is more wrong than right is painted whole. Counts stay as they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise

from metrics.comparing_texts import DiffSpan
from metrics.error_classes import ERROR_CLASSES, ErrorClass

_SPACE = re.compile(r"\s")


def painted(spans: Iterable[DiffSpan]) -> tuple[DiffSpan, ...]:
    """Merge the spans of a word with three runs of errors or more than half its characters wrong into one."""
    groups = [list(group) for _, group in groupby(spans, key=_parts_words)]
    out: list[DiffSpan] = []
    for group, following in pairwise([*groups, []]):
        if _parts_words(group[0]) or not _is_worth_a_look(group):
            out += group
            continue
        before, tail = _cut(out[-1:], _last_word)
        head, after = _cut(following[:1], _first_word)
        word = [*tail, *group, *head]
        if len(word) > 1 and _is_one_word(word) and _is_more_wrong_than_right(word):
            out[-1:] = [*before, _merged(word)]
            following[:1] = after
        else:
            out += group
    return tuple(out)


def _parts_words(span: DiffSpan) -> bool:
    reference, hypothesis = span[1:3]
    if _SPACE.search(reference):
        return True
    return hypothesis != reference and _SPACE.search(hypothesis) is not None


def _is_worth_a_look(group: Sequence[DiffSpan]) -> bool:
    """A lone wrong character is never more than half of a word that has others."""
    return group[0].errors > 1 if len(group) == 1 else sum([span.errors for span in group]) > 1


def _is_one_word(word: Sequence[DiffSpan]) -> bool:
    """Not pieces of two lines that were taken in another order."""
    return all(one.ref_end == other.ref_start and one.hyp_end == other.hyp_start for one, other in pairwise(word))


def _is_more_wrong_than_right(word: Sequence[DiffSpan]) -> bool:
    runs = errors = 0
    for span in word:
        if span.kind != "equal":
            runs += 1
            errors += span.errors
    first, last = word[0], word[-1]
    length = max(last.ref_end - first.ref_start, last.hyp_end - first.hyp_start)
    return runs >= 3 or errors * 2 > length


def _cut(neighbour: list[DiffSpan], edge: Callable[[str], int]) -> tuple[list[DiffSpan], list[DiffSpan]]:
    """The neighbouring span in two at the edge of the word; an error with a space in it has no word to give."""
    if not neighbour:
        return [], []
    kind, reference, hypothesis, error_class, ref_start, ref_end, hyp_start, hyp_end, _ = neighbour[0]
    if kind != "equal":
        return (neighbour, []) if edge is _last_word else ([], neighbour)
    ref_at, hyp_at = edge(reference), edge(hypothesis)
    ref_cut, hyp_cut = ref_start + ref_at, hyp_start + hyp_at
    first = DiffSpan(kind, reference[:ref_at], hypothesis[:hyp_at], error_class, ref_start, ref_cut, hyp_start, hyp_cut)
    second = DiffSpan(kind, reference[ref_at:], hypothesis[hyp_at:], error_class, ref_cut, ref_end, hyp_cut, hyp_end)
    return [first] if any(first[1:3]) else [], [second] if any(second[1:3]) else []


def _last_word(text: str) -> int:
    """Where the word that the text ends in begins."""
    return len(text) if not text or text[-1].isspace() else len(text) - len(text.rsplit(None, 1)[-1])


def _first_word(text: str) -> int:
    """Where the word that the text begins with ends."""
    return 0 if not text or text[0].isspace() else len(text.split(None, 1)[0])


def _merged(word: Sequence[DiffSpan]) -> DiffSpan:
    first, last = word[0], word[-1]
    return DiffSpan(
        "replace",
        "".join(span.reference for span in word),
        "".join(span.hypothesis for span in word),
        _commonest(word),
        first.ref_start,
        last.ref_end,
        first.hyp_start,
        last.hyp_end,
        sum(span.errors for span in word),
    )


def _commonest(word: Sequence[DiffSpan]) -> ErrorClass:
    counts: Counter[ErrorClass | None] = Counter()
    for span in word:
        counts[span.error_class] += span.errors
    return max(ERROR_CLASSES, key=lambda error_class: counts[error_class])
