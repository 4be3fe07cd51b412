"""Where the errors are: slices, worst pages, kinds of error, reliability over time. Pure; from observations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from engines.catalogue import is_brought
from evaluation.findings.faithfulness import CloseReading, with_faithfulness
from evaluation.findings.leaderboard import Leaderboard, leaderboard
from evaluation.findings.observations import Observation, Observations, by_engine
from evaluation.findings.results import Outcome
from evaluation.ledger.runs import Run
from metrics.comparing_texts import ERROR_CLASSES, ErrorClass, compare_texts
from translations import N_

FEWEST_PAGES = 5
STRETCHES = 10
LENGTHS = (
    (40, N_("up to 40 characters")),
    (200, N_("up to 200")),
    (1000, N_("up to 1,000")),
    (10**9, N_("over 1,000")),
)


@dataclass(frozen=True, slots=True)
class Slice:
    """The same figures over some of the pages."""

    by: str
    name: str
    positions: frozenset[int]
    board: Leaderboard

    @property
    def pages(self) -> int:
        """How many."""
        return len(self.positions)


@dataclass(frozen=True, slots=True)
class WorstPage:
    """A page that went badly: its error rate with each engine, the mean decides."""

    item_id: str
    position: int
    mean_cer: float
    cers: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How one engine's pages are spread: quantiles of the CER of single pages."""

    engine_id: str
    p10: float
    p25: float
    median: float
    p75: float
    p90: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the run's time: what became of the readings that ended in it."""

    engine_id: str
    number: int
    readings: int
    failed: int
    seconds_median: float | None


@dataclass(frozen=True, slots=True)
class ErrorClasses:
    """Errors of one engine by kind; together they are its edit distance on the pages looked at."""

    engine_id: str
    counts: tuple[tuple[ErrorClass, int], ...]
    characters: int

    def per_thousand(self, kind: ErrorClass) -> float:
        """Errors of that kind in a thousand characters of reference."""
        return 1000 * dict(self.counts).get(kind, 0) / self.characters if self.characters else 0.0


def slices(observations: Sequence[Observation], close: Sequence[CloseReading] = ()) -> list[Slice]:
    """By level, language, tag and length of the reference; a kind that holds only one group is left out."""
    seen = Observations.of(observations)
    kinds: dict[str, Iterable[Iterable[str]]] = {
        "level": ((level,) for level in seen.level),
        "language": (filter(None, (language,)) for language in seen.language),
        "tag": seen.tags,
        "length": (_length_names(length) for length in seen.cer[:, -1].tolist()),
    }
    found = [part for by, names in kinds.items() for part in _slices_by(by, names, seen)]
    return [replace(part, board=with_faithfulness(part.board, _within(close, part))) for part in found]


def _within(close: Sequence[CloseReading], part: Slice) -> Iterator[CloseReading]:
    return (one for one in close if one.position in part.positions)


def worst_pages(observations: Sequence[Observation], most: int = 20) -> list[WorstPage]:
    """The pages with the highest mean CER over the engines that read them."""
    found = Observations.of(observations)
    scored = found.take(found.cer[:, -1] > 0)
    _, page = np.unique(scored.position, return_inverse=True)
    means = np.bincount(page, scored.cer[:, :-1].sum(axis=1) / scored.cer[:, -1]) / np.bincount(page)
    worst = np.argsort(-means, kind="stable")[:most]
    return [_worst_page(scored.take(page == at), float(means[at])) for at in worst]


def _worst_page(seen: Observations, mean: float) -> WorstPage:
    one, *_ = readings = list(seen)
    cers = ((reading.engine_id, reading.cer.rate) for reading in readings if reading.cer)
    return WorstPage(one.item_id, one.position, mean, tuple((who, rate) for who, rate in cers if rate is not None))


def distributions(observations: Sequence[Observation]) -> list[Distribution]:
    """One for each engine that has scored pages."""
    found = Observations.of(observations)
    scored = by_engine(found.take(found.cer[:, -1] > 0))
    rates = {engine_id: seen.cer[:, :-1].sum(axis=1) / seen.cer[:, -1] for engine_id, seen in scored.items()}
    quantiles = (0.1, 0.25, 0.5, 0.75, 0.9)
    return [Distribution(engine_id, *map(float, np.quantile(own, quantiles))) for engine_id, own in rates.items()]


def over_time(observations: Sequence[Observation]) -> list[Stretch]:
    """Each engine's readings in ten stretches of equal number, in the order in which they ended; of those read here."""
    found = []
    for engine_id, seen in by_engine(observations).items():
        order = np.argsort(seen.finished_at, kind="stable")
        parts = np.array_split(order, min(STRETCHES, len(seen))) if not is_brought(engine_id) else ()
        for number, readings in enumerate(map(seen.take, parts)):
            seconds = readings.seconds[readings.is_timed]
            failed = int(np.isin(readings.status, _WITHOUT_TEXT).sum())
            median = float(np.median(seconds)) if len(seconds) else None
            found.append(Stretch(engine_id, number, len(readings), failed, median))
    return found


def failures(observations: Sequence[Observation]) -> dict[str, Counter[str]]:
    """For each engine, how often each reason kept it from reading; a refusal is one."""
    found: dict[str, Counter[str]] = {}
    seen = Observations.of(observations)
    for one in seen.take(np.isin(seen.status, _WITHOUT_TEXT)):
        found.setdefault(one.engine_id, Counter())[one.failure or "refused"] += 1
    return found


_WITHOUT_TEXT = ("failed", "refused")


def _slices_by(by: str, names: Iterable[Iterable[str]], seen: Observations) -> list[Slice]:
    """`names` are the groups to which each reading belongs."""
    groups: dict[str, list[int]] = {}
    for row, own in enumerate(names):
        for name in own:
            groups.setdefault(name, []).append(row)
    if len(groups) < 2:
        return []
    pages = {name: frozenset(seen.position[rows].tolist()) for name, rows in groups.items()}
    kept = sorted(name for name in groups if len(pages[name]) >= FEWEST_PAGES)
    return [Slice(by, name, pages[name], leaderboard(seen.take(np.array(groups[name])))) for name in kept]


def _length_names(length: int) -> Iterator[str]:
    """None without a rate."""
    return islice((name for most, name in LENGTHS if 0 <= length <= most), 1)


MOST_READINGS = 4000


def error_classes(run: Run, found: Iterable[Outcome]) -> list[ErrorClasses]:
    """Of a large run its first readings; the kinds' counts add up to the edit distance of those looked at."""
    counts: dict[str, Counter[ErrorClass]] = {}
    characters: Counter[str] = Counter()
    for outcome in islice(found, MOST_READINGS):
        reading, reference = outcome.run.transcription, outcome.page.item.reference
        if reading is None or reference is None:
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
