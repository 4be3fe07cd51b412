"""What a buyer acts on, as programs get it: a few typed lines as a sample, and what correction would cost.

* `partial`, where the reference is so short that it may be some lines only: each engine on these lines, the 95 %
  interval in which its rate over the page lies, and how many more lines would tell the two best apart.
* `correction`, where it is not: expected minutes and dollars for a page like this one, cheapest first, with every
  assumption. An engine whose price is unknown is counted as free and says null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engines.contract import Reading
from metrics.correction_cost import Assumptions, page_cost
from playground.comparison import EngineRun
from playground.partial import is_partial, partial_scores
from playground.rate_documents import RateDocument, rate_document
from playground.scoring import Scores


@dataclass(frozen=True, slots=True)
class PartialEngine:
    """One engine on the typed lines."""

    engine: str
    cer: RateDocument
    interval: tuple[float, float] | None
    lines_found: int


@dataclass(frozen=True, slots=True)
class PartialDocument:
    """The typed lines as a sample of the page, best engine first."""

    lines: int
    engines: tuple[PartialEngine, ...]
    more_lines_to_separate: int | None


@dataclass(frozen=True, slots=True)
class CorrectionEngine:
    """One engine's page made right: dollars and minutes."""

    engine: str
    edits: int
    minutes: float
    labour_usd: float
    engine_usd: float | None
    total_usd: float


@dataclass(frozen=True, slots=True)
class CorrectionDocument:
    """What making every engine's page right is expected to cost."""

    assumed: Assumptions
    engines: tuple[CorrectionEngine, ...]


def partial_document(runs: Iterable[EngineRun], scores: Scores) -> PartialDocument | None:
    """None where the reference looks like the whole page."""
    texts = _texts(runs)
    if not is_partial(scores.reference, texts.values()):
        return None
    found = partial_scores(scores.reference, texts, scores.rules)
    engines = [
        PartialEngine(engine, rate_document(score.cer), score.interval, sum(line.end > 0 for line in score.lines))
        for engine, score in found.engines
    ]
    return PartialDocument(found.lines, tuple(engines), found.more_lines)


def correction_document(
    runs: Iterable[EngineRun], scores: Scores, assumed: Assumptions, local: Iterable[str]
) -> CorrectionDocument | None:
    """None without a reference of the whole page; `local` names the engines that cost nothing."""
    by_id, free = {run.engine_id: run for run in runs}, set(local)
    if not scores.reference.strip() or is_partial(scores.reference, _texts(by_id.values()).values()):
        return None
    engines = []
    for score in scores.engines:
        cost = by_id[score.engine_id].cost
        usd = cost.usd if cost else 0.0 if score.engine_id in free else None
        page = page_cost(score.cer.reference_length, score.cer.errors, usd or 0.0, assumed)
        engines.append(CorrectionEngine(score.engine_id, score.cer.errors, page.minutes, page.labour, usd, page.total))
    return CorrectionDocument(assumed, tuple(sorted(engines, key=lambda engine: engine.total_usd)))


def _texts(runs: Iterable[EngineRun]) -> Mapping[str, str]:
    read = ((run.engine_id, run.outcome) for run in runs)
    return {engine_id: outcome.text for engine_id, outcome in read if isinstance(outcome, Reading)}
