"""What a buyer acts on: a few typed lines as a sample of the page, and what making every engine's page right costs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from metrics.correction_cost import Assumptions, page_cost
from metrics.error_rate import ErrorRate
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.partial_reference import lines_to_separate, score_lines
from playground.engine_runs import EngineRun, readings_of, texts_of
from playground.scoring import Scores

SHORT = 0.6
"""A reference shorter than this share of the readings is likely to be some lines of the page only."""


@dataclass(frozen=True, slots=True)
class SampleScore:
    """One engine on the typed lines; `interval` holds the page's rate with 95 % confidence, None for a single line."""

    engine: str
    cer: ErrorRate
    interval: tuple[float, float] | None
    lines_found: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Best engine first. So many more lines would tell the two best apart; None where nobody can tell."""

    lines: int
    engines: tuple[SampleScore, ...]
    more_lines_to_separate: int | None


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """One engine's page as it was read: edits that would make it right, its price (0 if free, None where unknown)."""

    label: str
    edits: int
    price: float | None


@dataclass(frozen=True, slots=True)
class CorrectedPage:
    """One engine's page made right. Nobody knows the total where nobody knows the engine's price."""

    engine: str
    edits: int
    minutes: float
    labour_usd: float
    engine_usd: float | None
    total_usd: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What making every engine's page right is expected to cost, cheapest first."""

    assumed: Assumptions
    engines: tuple[CorrectedPage, ...]


def is_partial(reference: str, readings: Iterable[str]) -> bool:
    """Whether the reference is so short that it may be only some lines of what the engines read."""
    typed, lengths = len(reference.strip()), [len(text.strip()) for text in readings]
    return bool(typed and lengths) and typed < SHORT * median(lengths)


def sample_of(runs: Iterable[EngineRun], scores: Scores) -> Sample | None:
    """None where the reference looks like the whole page."""
    runs = tuple(runs)
    if not is_partial(scores.reference, texts_of(runs).values()):
        return None
    texts = {engine_id: reading.text for engine_id, reading in readings_of(runs).items()}
    return sampled(scores.reference, texts, scores.rules)


def sampled(reference: str, readings: Mapping[str, str], rules: Rules = DEFAULT_RULES) -> Sample:
    """Find every typed line in every reading and score it there."""
    typed = [line for line in reference.splitlines() if line.strip()]
    scores = {reader: score_lines(typed, text, rules) for reader, text in readings.items()}
    ranked = sorted(scores.items(), key=lambda pair: (pair[1].cer.rate is None, pair[1].cer.rate or 0.0))
    more = lines_to_separate(ranked[0][1], ranked[1][1]) if len(ranked) > 1 else None
    engines = (
        SampleScore(reader, score.cer, score.interval, sum(line.end > 0 for line in score.lines))
        for reader, score in ranked
    )
    return Sample(len(typed), tuple(engines), more)


def correction_of(
    runs: Iterable[EngineRun], scores: Scores, assumed: Assumptions, free: Collection[str]
) -> Correction | None:
    """None without a reference of the whole page; `free` names the engines that cost nothing."""
    by_id = {run.engine_id: run for run in runs}
    if not scores.reference.strip() or is_partial(scores.reference, texts_of(by_id.values()).values()):
        return None
    characters = max((score.cer.reference_length for score in scores.engines), default=0)
    return corrected(
        characters, (_uncorrected(by_id[score.engine_id], score.cer, free) for score in scores.engines), assumed
    )


def corrected(characters: int, engines: Iterable[Uncorrected], assumed: Assumptions) -> Correction:
    """The price of pages of that many characters."""
    costs = [(engine, page_cost(characters, engine.edits, engine.price, assumed)) for engine in engines]
    costs.sort(key=lambda found: found[1].rank)
    return Correction(
        assumed,
        tuple(
            CorrectedPage(engine.label, engine.edits, cost.minutes, cost.labour, cost.engine, cost.total)
            for engine, cost in costs
        ),
    )


def _uncorrected(run: EngineRun, cer: ErrorRate, free: Collection[str]) -> Uncorrected:
    usd = run.cost.usd if run.cost else 0.0 if run.engine_id in free else None
    return Uncorrected(run.engine_id, cer.errors, usd)
