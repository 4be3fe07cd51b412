"""Errors by kind for each engine, from the texts themselves; on a large run, from its first readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from engines.contract import Reading
from evaluation.analysis import ErrorClasses
from evaluation.results import Outcome
from evaluation.runs import Run
from metrics.comparing_texts import compare_texts
from metrics.error_classes import ERROR_CLASSES, ErrorClass

MOST_READINGS = 4000


def error_classes(run: Run, found: Iterable[Outcome]) -> list[ErrorClasses]:
    """The kinds' counts add up to the edit distance of the readings that were looked at."""
    counts: dict[str, Counter[ErrorClass]] = {}
    characters: Counter[str] = Counter()
    for outcome in islice(found, MOST_READINGS):
        reading, reference = outcome.run.outcome, outcome.page.item.reference
        if not isinstance(reading, Reading) or reading.refused or reference is None:
            continue
        compared = compare_texts(reference, reading.text, run.settings.rules)
        engine_id = outcome.run.engine_id
        characters[engine_id] += compared.cer.reference_length
        kinds = counts.setdefault(engine_id, Counter())
        for span in compared.spans:
            if span.error_class:
                kinds[span.error_class] += span.errors
    return [
        ErrorClasses(engine_id, tuple((kind, kinds[kind]) for kind in ERROR_CLASSES), characters[engine_id])
        for engine_id, kinds in counts.items()
    ]
