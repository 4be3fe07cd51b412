"""One hypothesis against one reference: rates, and the very edits that were counted as spans of both originals."""

from __future__ import annotations

from collections.abc import Iterable
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
    return TextComparison(
        cer=counted(blocks, len(ref.units)),
        wer=word_errors(ref, hyp),
        spans=tuple(_spans(ref, hyp, edits(blocks, ref.units, hyp.units))),
        markdown_marks=hyp.markdown_marks,
    )


def _spans(ref: Normalised, hyp: Normalised, found: Iterable[Edit]) -> list[DiffSpan]:
    """The edits' stretches of the originals; whatever lies between them is equal or not counted."""
    spans: list[DiffSpan] = []
    ref_done = hyp_done = 0
    for edit in found:
        ref_range = ref.original_range(edit.ref_start, edit.ref_end)
        hyp_range = hyp.original_range(edit.hyp_start, edit.hyp_end)
        # One original character may stand behind several units (an ellipsis): its first error takes it.
        ref_from, ref_to = max(ref_done, ref_range[0]), max(ref_done, ref_range[1])
        hyp_from, hyp_to = max(hyp_done, hyp_range[0]), max(hyp_done, hyp_range[1])
        _add_equal(spans, ref, hyp, (ref_done, ref_from, hyp_done, hyp_from))
        texts = ref.original[ref_from:ref_to], hyp.original[hyp_from:hyp_to]
        spans.append(
            DiffSpan(edit.kind, *texts, edit.error_class, ref_from, ref_to, hyp_from, hyp_to, errors=edit.errors)
        )
        ref_done, hyp_done = ref_to, hyp_to
    _add_equal(spans, ref, hyp, (ref_done, len(ref.original), hyp_done, len(hyp.original)))
    return spans


def _add_equal(spans: list[DiffSpan], ref: Normalised, hyp: Normalised, stretch: tuple[int, int, int, int]) -> None:
    ref_from, ref_to, hyp_from, hyp_to = stretch
    if ref_from < ref_to or hyp_from < hyp_to:
        texts = ref.original[ref_from:ref_to], hyp.original[hyp_from:hyp_to]
        spans.append(DiffSpan("equal", *texts, None, *stretch))
