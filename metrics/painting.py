"""Spans grouped for the eye: a word that is more wrong than right is painted whole. Counts stay as they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from metrics.comparing_texts import DiffSpan
from metrics.error_classes import ERROR_CLASSES, ErrorClass

_SPACE = re.compile(r"\s")
_WORD_EDGES = re.compile(r"(\S*)(.*\s)(\S*)", re.DOTALL)


def painted(spans: Iterable[DiffSpan]) -> tuple[DiffSpan, ...]:
    """Merge the spans of a word with three runs of errors or more than half its characters wrong into one."""
    out: list[DiffSpan] = []
    word: list[DiffSpan] = []
    for span in _cut_at_words(spans):
        if _parts_words(span):
            out += _grouped(word)
            out.append(span)
            word = []
        else:
            word.append(span)
    return tuple(out + _grouped(word))


def _parts_words(span: DiffSpan) -> bool:
    return _SPACE.search(span.reference) is not None or _SPACE.search(span.hypothesis) is not None


def _cut_at_words(spans: Iterable[DiffSpan]) -> Iterator[DiffSpan]:
    """Equal stretches cut into the end of a word, whole words with their white space, the start of a word."""
    for span in spans:
        if span.kind != "equal" or not (_SPACE.search(span.reference) and _SPACE.search(span.hypothesis)):
            yield span
            continue
        ref_edges, hyp_edges = _WORD_EDGES.fullmatch(span.reference), _WORD_EDGES.fullmatch(span.hypothesis)
        if ref_edges and hyp_edges:
            for part in (1, 2, 3):
                if ref_edges[part] or hyp_edges[part]:
                    yield _part(span, ref_edges.span(part), hyp_edges.span(part))


def _part(span: DiffSpan, ref: tuple[int, int], hyp: tuple[int, int]) -> DiffSpan:
    return DiffSpan(
        span.kind,
        span.reference[slice(*ref)],
        span.hypothesis[slice(*hyp)],
        span.error_class,
        span.ref_start + ref[0],
        span.ref_start + ref[1],
        span.hyp_start + hyp[0],
        span.hyp_start + hyp[1],
    )


def _grouped(word: list[DiffSpan]) -> list[DiffSpan]:
    if len(word) < 2:
        return word
    runs = sum(span.kind != "equal" for span in word)
    errors = sum(span.errors for span in word)
    length = max(sum(len(span.reference) for span in word), sum(len(span.hypothesis) for span in word))
    if runs < 3 and errors * 2 <= length:
        return word
    return [
        DiffSpan(
            "replace",
            "".join(span.reference for span in word),
            "".join(span.hypothesis for span in word),
            _commonest(word),
            word[0].ref_start,
            word[-1].ref_end,
            word[0].hyp_start,
            word[-1].hyp_end,
            errors,
        )
    ]


def _commonest(word: list[DiffSpan]) -> ErrorClass:
    counts: Counter[ErrorClass | None] = Counter()
    for span in word:
        counts[span.error_class] += span.errors
    return max(ERROR_CLASSES, key=lambda error_class: counts[error_class])
