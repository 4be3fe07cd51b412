"""Runs + reference + rules -> scores: derived whenever they are shown, never stored. Runs no engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from engines.contract import Reading
from metrics.comparing_texts import DiffSpan, TextComparison, compare_texts
from metrics.error_rate import ErrorRate, pooled
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from playground.engine_runs import EngineRun, readings_of


@dataclass(frozen=True, slots=True)
class EngineScore:
    """One engine's reading against the reference; `best_cer` and `best_wer` are shared by all engines that tie."""

    engine_id: str
    compared: TextComparison
    truncated: bool
    best_cer: bool = False
    best_wer: bool = False

    @property
    def cer(self) -> ErrorRate:
        return self.compared.cer

    @property
    def wer(self) -> ErrorRate:
        return self.compared.wer

    @property
    def spans(self) -> Sequence[DiffSpan]:
        """The alignment that was counted, in reading order."""
        return self.compared.spans


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one comparison; an engine that failed or refused has none."""

    reference: str
    rules: Rules
    engines: tuple[EngineScore, ...]

    def of(self, engine_id: str) -> EngineScore | None:
        """That engine's score, or None if it has no transcription to score."""
        return next((score for score in self.engines if score.engine_id == engine_id), None)


def score_runs(runs: Iterable[EngineRun], reference: str, rules: Rules = DEFAULT_RULES) -> Scores:
    """Score every transcription against the reference and mark the best.

    An empty text is a transcription, and so is one cut off at the limit (flagged). With fewer than two transcriptions,
    or an empty reference, nothing is best.
    """
    scores = [score_reading(engine_id, reading, reference, rules) for engine_id, reading in readings_of(runs).items()]
    best_cer = _lowest([score.cer for score in scores])
    best_wer = _lowest([score.wer for score in scores])
    return Scores(
        reference,
        rules,
        tuple(
            replace(score, best_cer=score.cer.rate in best_cer, best_wer=score.wer.rate in best_wer) for score in scores
        ),
    )


def score_reading(engine_id: str, reading: Reading, reference: str, rules: Rules) -> EngineScore:
    """One reading by itself: it is the best of nothing."""
    return EngineScore(
        engine_id, compare_texts(_ready(reference, rules), _ready(reading.text, rules), rules), reading.truncated
    )


@lru_cache(maxsize=16)
def _ready(text: str, rules: Rules) -> Normalised:
    """A text made ready for counting: kept, because people type the reference letter by letter beside the readings."""
    return normalise(text, rules)


def _lowest(rates: Sequence[ErrorRate]) -> set[float]:
    """The lowest rate, or nothing where there is none to choose: all rates have the same reference length."""
    known = [rate.rate for rate in rates if rate.rate is not None]
    return {min(known)} if len(known) > 1 else set()


@dataclass(frozen=True, slots=True)
class EngineTotal:
    """One engine over several pages; a failure or a refusal is counted here and never enters the rates."""

    engine_id: str
    cer: ErrorRate
    wer: ErrorRate
    scored: int
    truncated: int
    refused: int
    failed: int
    seconds: float | None
    """None where no run says how long it took."""


def totals(runs: Sequence[EngineRun], scores: Sequence[Scores]) -> tuple[EngineTotal, ...]:
    """Engine by engine over the runs of every page, and the scores of those that have a reference."""
    return tuple(_total(engine_id, runs, scores) for engine_id in dict.fromkeys(run.engine_id for run in runs))


def _total(engine_id: str, runs: Sequence[EngineRun], scores: Sequence[Scores]) -> EngineTotal:
    own = [run for run in runs if run.engine_id == engine_id]
    readings = [run.outcome for run in own if isinstance(run.outcome, Reading)]
    scored = [score for page in scores if (score := page.of(engine_id))]
    seconds = [run.seconds for run in own if run.seconds is not None]
    return EngineTotal(
        engine_id,
        cer=pooled(score.cer for score in scored),
        wer=pooled(score.wer for score in scored),
        scored=len(scored),
        truncated=sum(reading.truncated for reading in readings),
        refused=sum(run.refused for run in own),
        failed=len(own) - len(readings),
        seconds=sum(seconds) if seconds else None,
    )
