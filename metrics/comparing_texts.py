"""One hypothesis against one reference: rates, and the very edits that were counted as spans of both originals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

from metrics.alignment import Block, Kind
from metrics.error_classes import ERROR_CLASSES, Edit, ErrorClass, edits
from metrics.error_rate import ErrorRate, counted, word_errors
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.passages import Passage, aligned


class DiffSpan(NamedTuple):
    """A stretch of both originals. `equal` means equal under the rules: line breaks or Markdown may differ.

    A tuple because a page has thousands and a frozen dataclass takes four times as long to make.
    """

    kind: Kind
    reference: str
    hypothesis: str
    error_class: ErrorClass | None
    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int
    errors: int = 0
    """Edit operations counted here."""


@dataclass(frozen=True, slots=True)
class TextComparison:
    """`spans` joined give both originals back, and their errors add up to those of `cer`.

    Where lines come in any order, the spans follow the hypothesis: the reference comes back sorted by `ref_start`.
    """

    cer: ErrorRate
    wer: ErrorRate
    spans: tuple[DiffSpan, ...]
    markdown_marks: int

    def errors_by_class(self) -> Mapping[ErrorClass, int]:
        """Every class with its edit operations, which add up to those of `cer`."""
        counts: dict[ErrorClass, int] = dict.fromkeys(ERROR_CLASSES, 0)
        for span in self.spans:
            if span.error_class:
                counts[span.error_class] += span.errors
        return counts


def compare_texts(
    reference: str | Normalised,
    hypothesis: str | Normalised,
    rules: Rules = DEFAULT_RULES,
    *,
    hint: int | None = None,
) -> TextComparison:
    """Count and locate the errors. A side that stays the same is best normalised once, by the same rules.

    `hint` is the last number of character errors of this pair, if known: it saves time and changes nothing.
    """
    ref = reference if isinstance(reference, Normalised) else normalise(reference, rules, "reference")
    hyp = hypothesis if isinstance(hypothesis, Normalised) else normalise(hypothesis, rules, "hypothesis")
    passages = aligned(ref, hyp, rules, hint)
    characters = counted(chain.from_iterable(blocks for _, blocks in passages), len(ref.units))
    return TextComparison(
        cer=characters,
        wer=word_errors(ref, hyp, [passage for passage, _ in passages], hint=characters.errors),
        spans=tuple(_all_spans(ref, hyp, passages)),
        markdown_marks=hyp.markdown_marks,
    )


def _all_spans(ref: Normalised, hyp: Normalised, passages: list[tuple[Passage, list[Block]]]) -> Iterator[DiffSpan]:
    ref_tiles = _tiles(ref, [passage[:2] for passage, _ in passages])
    hyp_tiles = _tiles(hyp, [passage[2:] for passage, _ in passages])
    return chain.from_iterable(
        _spans(ref, hyp, edits(blocks, ref.units, hyp.units), (*ref_tile, *hyp_tile))
        for (_, blocks), ref_tile, hyp_tile in zip(passages, ref_tiles, hyp_tiles, strict=True)
    )


def _tiles(text: Normalised, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each range of units its stretch of the original; together the stretches are the whole original."""
    filled = [index for index, (start, end) in enumerate(ranges) if start < end] or [0]
    filled.sort(key=lambda index: ranges[index])
    bounds = [0, *(text.starts[ranges[index][0]] for index in filled[1:]), len(text.original)]
    tiles = dict(zip(filled, pairwise(bounds), strict=True))
    return [tiles.get(index) or text.original_range(start, start) for index, (start, _) in enumerate(ranges)]


def _spans(
    ref: Normalised, hyp: Normalised, found: Iterable[Edit], tile: tuple[int, int, int, int]
) -> Iterator[DiffSpan]:
    """The edits' stretches of the originals; whatever lies between them is equal or not counted."""
    ref_done, ref_end, hyp_done, hyp_end = tile
    for kind, error_class, ref_start, ref_stop, hyp_start, hyp_stop in found:
        ref_from, ref_to = ref.original_range(ref_start, ref_stop)
        hyp_from, hyp_to = hyp.original_range(hyp_start, hyp_stop)
        if ref_from < ref_done or hyp_from < hyp_done:
            # One original character may stand behind several units (an ellipsis): its first error takes it.
            ref_from, ref_to = max(ref_done, ref_from), max(ref_done, ref_to)
            hyp_from, hyp_to = max(hyp_done, hyp_from), max(hyp_done, hyp_to)
        if ref_done < ref_from or hyp_done < hyp_from:
            yield _equal(ref, hyp, (ref_done, ref_from, hyp_done, hyp_from))
        texts = ref.original[ref_from:ref_to], hyp.original[hyp_from:hyp_to]
        errors = max(ref_stop - ref_start, hyp_stop - hyp_start)
        yield DiffSpan(kind, *texts, error_class, ref_from, ref_to, hyp_from, hyp_to, errors)
        ref_done, hyp_done = ref_to, hyp_to
    if ref_done < ref_end or hyp_done < hyp_end:
        yield _equal(ref, hyp, (ref_done, ref_end, hyp_done, hyp_end))


def _equal(ref: Normalised, hyp: Normalised, stretch: tuple[int, int, int, int]) -> DiffSpan:
    ref_from, ref_to, hyp_from, hyp_to = stretch
    return DiffSpan("equal", ref.original[ref_from:ref_to], hyp.original[hyp_from:hyp_to], None, *stretch)
