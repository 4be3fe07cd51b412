"""What programs get: the JSON documents of the command line and the API. Figures are finite or null.

A failed run has no text: `null`, not an empty string, so that nobody scores it by mistake.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from engines.availability import Availability, Missing, Ready
from engines.catalogue import CATALOGUE
from engines.contract import EngineSpec, PageImage, Price, Reading, ReadingTask, Region
from metrics.correction_cost import Assumptions
from metrics.error_rate import ErrorRate
from metrics.normalising import DEFAULT_RULES, Rules
from playground.comparison import EngineRun, Failure
from playground.insight import Insight, insight_of
from playground.insight_documents import AgreementDocument, InsightDocument, agreement_document, insight_document
from playground.rate_documents import RateDocument, rate_document
from playground.scoring import Scores
from playground.trust_documents import TrustDocument
from playground.verdict_documents import CorrectionDocument, PartialDocument, correction_document, partial_document


@dataclass(frozen=True, slots=True)
class ScoreDocument:
    """`score --json`: one reference, one hypothesis; `insight` says what went wrong (null for `--pairs`)."""

    cer: RateDocument
    wer: RateDocument
    rules: Rules
    insight: InsightDocument | None = None


@dataclass(frozen=True, slots=True)
class RunDocument:
    """One engine on one page; rates and `insight` are null without a reference, a reading or a transcription."""

    engine: str
    status: Literal["reading", "failure"]
    text: str | None
    truncated: bool
    refused: bool
    model: str | None
    seconds: float
    attempts: int
    cost_usd: float | None
    cost_measured: bool | None
    maybe_billed: bool
    regions: tuple[Region, ...]
    failure: Failure | None
    cer: RateDocument | None
    wer: RateDocument | None
    insight: InsightDocument | None


@dataclass(frozen=True, slots=True)
class PageDocument:
    """The file by name and the canonical pixels that regions refer to; pixels are null where the file is no page."""

    name: str
    sha256: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """`read --json` and the API's `/compare`: one file, several engines. `error` says why a file is no page.

    `insight` of a run and `agreement` of all are explained in `playground.insight_documents`, `partial` and
    `correction` in `playground.verdict_documents`; `agreement` needs no reference, and is null with fewer than two
    readings.
    """

    page: PageDocument
    task: ReadingTask
    runs: tuple[RunDocument, ...] = ()
    agreement: AgreementDocument | None = None
    partial: PartialDocument | None = None
    correction: CorrectionDocument | None = None
    reference: str | None = None
    rules: Rules | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class EngineDocument:
    """`engines --json`: one row of the catalogue, and what it lacks here."""

    id: str
    label: str
    vendor: str
    runs: Literal["cloud", "local"]
    reads: Literal["page", "line"]
    model: str
    ready: bool
    missing: str | None
    fix: str | None
    first_use: str
    box_levels: tuple[str, ...]
    price: Price | None
    ends_on: str | None


Document = ReadDocument | ScoreDocument | EngineDocument | TrustDocument


def read_document(
    name: str,
    page: PageImage,
    task: ReadingTask,
    runs: Sequence[EngineRun],
    scores: Scores | None = None,
    assumed: Assumptions = Assumptions(),  # noqa: B008  frozen
) -> ReadDocument:
    """The document of one page; `scores` where there was a reference, `assumed` for the price of correction."""
    local = [spec.id for spec in CATALOGUE if spec.runs == "local"]
    return ReadDocument(
        page=PageDocument(name, page.sha256, page.width, page.height),
        task=task,
        runs=tuple(_run_document(run, scores, task.language) for run in runs),
        agreement=agreement_document(runs, scores.rules if scores else DEFAULT_RULES),
        partial=partial_document(runs, scores) if scores else None,
        correction=correction_document(runs, scores, assumed, local) if scores else None,
        reference=scores.reference if scores else None,
        rules=scores.rules if scores else None,
    )


def refused_document(name: str, task: ReadingTask, error: str) -> ReadDocument:
    """The document of a file that is no page."""
    return ReadDocument(PageDocument(name), task, error=error)


def score_document(cer: ErrorRate, wer: ErrorRate, rules: Rules, insight: Insight | None = None) -> ScoreDocument:
    """The document of one reference and one hypothesis."""
    found = insight_document(insight) if insight else None
    return ScoreDocument(rate_document(cer), rate_document(wer), rules, found)


def engine_document(spec: EngineSpec, available: Availability) -> EngineDocument:
    """The document of one catalogue row."""
    missing = available if isinstance(available, Missing) else None
    return EngineDocument(
        id=spec.id,
        label=spec.label,
        vendor=spec.vendor,
        runs=spec.runs,
        reads=spec.reads,
        model=spec.model,
        ready=missing is None,
        missing=missing.what if missing else None,
        fix=missing.fix if missing else None,
        first_use=available.note if isinstance(available, Ready) else "",
        box_levels=spec.box_levels,
        price=spec.price,
        ends_on=spec.ends_on.isoformat() if spec.ends_on else None,
    )


def to_json(document: Document) -> str:
    """One line of ASCII, so that no terminal obeys what an engine read; a figure that is not finite becomes null."""
    return _writer().dump_json(document, ensure_ascii=True).decode()


def plain(document: ReadDocument) -> dict[str, object]:
    """The same as JSON values: what the API answers."""
    values: dict[str, object] = json.loads(to_json(document))
    return values


@cache
def _writer() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def _run_document(run: EngineRun, scores: Scores | None, language: str) -> RunDocument:
    reading = run.outcome if isinstance(run.outcome, Reading) else None
    score = scores.of(run.engine_id) if scores else None
    return RunDocument(
        engine=run.engine_id,
        status=run.outcome.kind,
        text=reading.text if reading else None,
        truncated=reading.truncated if reading else False,
        refused=reading.refused if reading else False,
        model=reading.model_reported or None if reading else None,
        seconds=run.seconds,
        attempts=run.attempts,
        cost_usd=run.cost.usd if run.cost else None,
        cost_measured=run.cost.measured if run.cost else None,
        maybe_billed=run.maybe_billed,
        regions=reading.regions if reading else (),
        failure=run.outcome if isinstance(run.outcome, Failure) else None,
        cer=rate_document(score.cer) if score else None,
        wer=rate_document(score.wer) if score else None,
        insight=_insight(reading, scores, language) if reading and score and scores else None,
    )


def _insight(reading: Reading, scores: Scores, language: str) -> InsightDocument | None:
    if not scores.reference.strip():
        return None
    return insight_document(insight_of(scores.reference, reading.text, scores.rules, language=language))
