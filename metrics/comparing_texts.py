"""One hypothesis against one reference: rates, and the very edits that were counted as spans of both originals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from metrics.alignment import Kind, align
from metrics.error_classes import Edit, ErrorClass, edits
from metrics.error_rate import ErrorRate, counted, word_errors
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.units import as_characters


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
    """`spans` joined give both originals back, and their errors add up to those of `cer`."""

    cer: ErrorRate
    wer: ErrorRate
    spans: tuple[DiffSpan, ...]
    markdown_marks: int


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
    blocks = align(*as_characters(ref.units, hyp.units), hint=hint)
    characters = counted(blocks, len(ref.units))
    return TextComparison(
        cer=characters,
        wer=word_errors(ref, hyp, hint=characters.errors),
        spans=tuple(_spans(ref, hyp, edits(blocks, ref.units, hyp.units))),
        markdown_marks=hyp.markdown_marks,
    )


def _spans(ref: Normalised, hyp: Normalised, found: Iterable[Edit]) -> Iterator[DiffSpan]:
    """The edits' stretches of the originals; whatever lies between them is equal or not counted."""
    reference, hypothesis = ref.original, hyp.original
    ref_done = hyp_done = 0
    for kind, error_class, *place in found:
        ref_from, ref_to = ref.original_range(place[0], place[1])
        hyp_from, hyp_to = hyp.original_range(place[2], place[3])
        if ref_from < ref_done or hyp_from < hyp_done:
            # One original character may stand behind several units (an ellipsis): its first error takes it.
            ref_from, ref_to = max(ref_done, ref_from), max(ref_done, ref_to)
            hyp_from, hyp_to = max(hyp_done, hyp_from), max(hyp_done, hyp_to)
        if ref_done < ref_from or hyp_done < hyp_from:
            yield _equal(ref, hyp, (ref_done, ref_from, hyp_done, hyp_from))
        texts = reference[ref_from:ref_to], hypothesis[hyp_from:hyp_to]
        errors = max(place[1] - place[0], place[3] - place[2])
        yield DiffSpan(kind, *texts, error_class, ref_from, ref_to, hyp_from, hyp_to, errors)
        ref_done, hyp_done = ref_to, hyp_to
    if ref_done < len(reference) or hyp_done < len(hypothesis):
        yield _equal(ref, hyp, (ref_done, len(reference), hyp_done, len(hypothesis)))


def _equal(ref: Normalised, hyp: Normalised, stretch: tuple[int, int, int, int]) -> DiffSpan:
    ref_from, ref_to, hyp_from, hyp_to = stretch
    return DiffSpan("equal", ref.original[ref_from:ref_to], hyp.original[hyp_from:hyp_to], None, *stretch)
