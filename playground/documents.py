"""What programs get: the JSON documents of the command line and the API. Figures are finite or null.

A failed run has no text: `null`, not an empty string, so that nobody scores it by mistake.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from engines.availability import Availability, Missing, Ready
from engines.catalogue import CATALOGUE
from engines.contract import EngineSpec, PageImage, Price, Reading, ReadingTask, Region
from metrics.agreement import Standing, disagreement_matrix, ranked_by_agreement
from metrics.answer import AnswerPart
from metrics.confusions import Confusion
from metrics.correction_cost import Assumptions, page_cost
from metrics.critical_tokens import Alarm, TokenVerdict, alarms
from metrics.error_classes import ErrorClass
from metrics.error_rate import ErrorRate
from metrics.line_matching import LineComparison, LineMatch
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.over_normalising import OverNormalised
from metrics.silent_corrections import Misspelling
from playground.comparison import EngineRun, Failure, readings_of, texts_of
from playground.insight import Insight, insight_of
from playground.partial import is_partial, partial_scores
from playground.scoring import Scores
from playground.trust import Point, Steadiness, Trap, Verdict


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

    `insight` of a run and `agreement` of all are explained in `playground.documents`, `partial` and
    `correction` in `playground.documents`; `agreement` needs no reference, and is null with fewer than two
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


@dataclass(frozen=True, slots=True)
class StepDocument:
    """The CER once this and everything before it is forgiven."""

    name: str
    cer: RateDocument


@dataclass(frozen=True, slots=True)
class LinesDocument:
    """Lines by what became of them; `elsewhere` are those that are not in their place."""

    in_place: int
    moved: int
    missing: int
    invented: int
    repeated: int
    elsewhere: tuple[LineMatch, ...]
    cer_any_order: RateDocument
    reading_order_share: float | None


@dataclass(frozen=True, slots=True)
class InsightDocument:
    """One reading against the reference."""

    errors_by_class: Mapping[ErrorClass, int]
    waterfall: tuple[StepDocument, ...]
    confusions: tuple[Confusion, ...]
    lines: LinesDocument | None
    misspellings: tuple[Misspelling, ...]
    over_normalised: tuple[OverNormalised, ...]
    critical_tokens: tuple[TokenVerdict, ...]
    chatter: tuple[AnswerPart, ...]
    cer_of_answer: RateDocument


@dataclass(frozen=True, slots=True)
class DisagreementDocument:
    """Two readings."""

    one: str
    other: str
    errors: int
    length: int
    rate: float


@dataclass(frozen=True, slots=True)
class AgreementDocument:
    """All readings of a page, without a reference."""

    alarms: tuple[Alarm, ...]
    disagreements: tuple[DisagreementDocument, ...]
    agreement: tuple[Standing, ...]


def insight_document(insight: Insight) -> InsightDocument:
    """The document of one reading's insight."""
    return InsightDocument(
        errors_by_class={part.error_class: part.errors for part in insight.classes},
        waterfall=tuple(StepDocument(step.name, rate_document(step.cer)) for step in insight.waterfall),
        confusions=insight.confusions,
        lines=_lines(insight.lines) if insight.lines else None,
        misspellings=insight.misspellings,
        over_normalised=insight.over_normalised,
        critical_tokens=insight.critical_tokens,
        chatter=insight.answer.chatter,
        cer_of_answer=rate_document(insight.answer_cer),
    )


def agreement_document(runs: Iterable[EngineRun], rules: Rules = DEFAULT_RULES) -> AgreementDocument | None:
    """The document of two or more readings; None below that."""
    texts = texts_of(runs)
    if len(texts) < 2:
        return None
    families = {spec.id: spec.family for spec in CATALOGUE}
    pairs = disagreement_matrix(texts, rules)
    return AgreementDocument(
        alarms(texts, rules),
        tuple(DisagreementDocument(pair.one, pair.other, pair.errors, pair.length, pair.rate) for pair in pairs),
        ranked_by_agreement(texts, families, rules),
    )


def _lines(found: LineComparison) -> LinesDocument:
    return LinesDocument(
        in_place=found.count("in place"),
        moved=found.count("moved"),
        missing=found.count("missing"),
        invented=found.count("invented"),
        repeated=found.count("repeated"),
        elsewhere=tuple(line for line in found.lines if line.fate != "in place"),
        cer_any_order=rate_document(found.any_order),
        reading_order_share=found.reading_order_share,
    )


@dataclass(frozen=True, slots=True)
class RateDocument:
    """Counts and their rate; the rate of an empty reference is null."""

    substitutions: int
    deletions: int
    insertions: int
    reference_length: int
    rate: float | None


def rate_document(rate: ErrorRate) -> RateDocument:
    """The document of one rate."""
    return RateDocument(rate.substitutions, rate.deletions, rate.insertions, rate.reference_length, rate.rate)


@dataclass(frozen=True, slots=True)
class TrapDocument:
    """One engine before one trap; `own` if it was made from the page itself rather than taken from the samples."""

    trap: Trap
    own: bool
    verdict: Verdict | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustDocument:
    """`trust --json`: one page; a question that was not asked is null. `readings` counts them all."""

    page: str
    readings: int
    failed: int
    has_reference: bool
    invented: Mapping[str, tuple[TrapDocument, ...]] | None = None
    repeated: tuple[Steadiness, ...] | None = None
    endured: Mapping[str, tuple[Point, ...]] | None = None


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
    total_usd: float | None


@dataclass(frozen=True, slots=True)
class CorrectionDocument:
    """What making every engine's page right is expected to cost."""

    assumed: Assumptions
    engines: tuple[CorrectionEngine, ...]


def partial_document(runs: Iterable[EngineRun], scores: Scores) -> PartialDocument | None:
    """None where the reference looks like the whole page."""
    runs = tuple(runs)
    if not is_partial(scores.reference, texts_of(runs).values()):
        return None
    texts = {engine_id: reading.text for engine_id, reading in readings_of(runs).items()}
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
    if not scores.reference.strip() or is_partial(scores.reference, texts_of(by_id.values()).values()):
        return None
    engines = []
    for score in scores.engines:
        cost = by_id[score.engine_id].cost
        usd = cost.usd if cost else 0.0 if score.engine_id in free else None
        page = page_cost(score.cer.reference_length, score.cer.errors, usd, assumed)
        figures = (score.engine_id, score.cer.errors, page.minutes, page.labour, usd, page.total)
        engines.append((page.rank, CorrectionEngine(*figures)))
    return CorrectionDocument(assumed, tuple(engine for _, engine in sorted(engines, key=lambda found: found[0])))


Document = ReadDocument | ScoreDocument | EngineDocument | TrustDocument
