"""What engines' own confidences are worth on a run's pages: a card for each engine that gives any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from evaluation.findings.results import Outcome
from evaluation.ledger.runs import Run
from metrics.calibration import Bin, Calibration, calibration, seen_near
from metrics.coverage import curve
from metrics.normalising import Rules
from metrics.word_pairing import right_words

ASKED = 0.9
"""The confidence of which a card says what it means."""
MOST_READINGS = 4000


@dataclass(frozen=True, slots=True)
class ConfidenceCard:
    """One engine: how often its words are right by what it says of them, each word where it stands in the text.

    `area` is that under the curve of coverage against residual error, by its confidence; `share_wrong` what it would
    be if the confidence said nothing.
    """

    engine_id: str
    words: int
    calibration: Calibration
    near_asked: Bin | None
    area: float
    share_wrong: float


def confidence_cards(run: Run, found: Iterable[Outcome]) -> tuple[ConfidenceCard, ...]:
    """Of a large run by its first readings."""
    said: dict[str, tuple[list[float], list[bool]]] = {}
    for outcome in islice(found, MOST_READINGS):
        values, right = said.setdefault(outcome.run.engine_id, ([], []))
        for value, is_right in _words(outcome, run.settings.rules):
            values.append(value)
            right.append(is_right)
    return tuple(_card(engine_id, values, right) for engine_id, (values, right) in said.items() if values)


def _words(outcome: Outcome, rules: Rules) -> Iterator[tuple[float, bool]]:
    reading, reference, given = outcome.run.transcription, outcome.page.item.reference, outcome.run.confidences
    if reading is None or reference is None or given is None:
        return
    right = right_words(reference, reading.text, rules)
    for start, value in zip(given.starts, given.values, strict=True):
        # Rules may leave out what stands before a word's first letter.
        end = start + len(reading.text[start:].split(maxsplit=1)[0])
        yield value, any(at in right for at in range(start, end))


def _card(engine_id: str, said: list[float], right: list[bool]) -> ConfidenceCard:
    wrong = [not one for one in right]
    return ConfidenceCard(
        engine_id,
        len(said),
        calibration(said, right),
        seen_near(said, right, ASKED),
        curve([1 - value for value in said], wrong).area,
        sum(wrong) / len(wrong),
    )
