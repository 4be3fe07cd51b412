"""What programs get: the JSON documents of the command line and the API, and how a value becomes one.

A value is told by its fields, whatever type it is; `_told` has the few types that tell more or less. A failed run has
no text: `null`, not an empty string, so that nobody scores it by mistake. Figures are finite or null.

* `insight` says what went wrong in one reading: errors by class add up to those of `cer`, each step of `waterfall`
  forgives one thing more, `lines` says what became of every line (null for a page of more than 1,500 lines),
  `cer_of_answer` is the CER without the chatter. Offsets point into reference and text.
* `agreement` needs no reference: `alarms` are names, dates, amounts and numbers on which engines differ;
  `disagreements` are edits between two readings over the longer one's length, `agreement` letters apart from what all
  say together, lowest first. It is agreement, not accuracy.
* `together` is what several engines read as one text, no engine's: its words with who says each and how sure it is;
  `not_together` says why there is none.
* `against_reference` are the places where all engines read another word than the reference: often the reference errs.
* `partial`, where the reference is so short that it may be some lines only, has each engine's rate on these lines, the
  95 % interval of its rate over the page, and how many more lines would tell the two best apart.
* `correction`, where it is not, has expected minutes and dollars for a page like this one, cheapest first, and for
  typing it anew.
* `trust` has what each engine made of a blank strip, a masked word and an altered sentence (a null verdict where it did
  not read), how far its readings of the same pixels lie apart, and its CER under each damage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import singledispatch
from math import isfinite
from typing import TYPE_CHECKING, Literal, get_args

from engines.catalogue import CATALOGUE, is_brought
from engines.contract import EngineSpec, PageImage, Price, Reading, ReadingTask, Region, Runs, Unit
from engines.pricing import Usd
from engines.registry import Availability, Missing, Ready
from metrics.comparing_texts import compare_texts
from metrics.consensus import ConsensusWord
from metrics.error_rate import Assumptions, ErrorRate
from metrics.line_matching import LineComparison, LineFate
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.reference_free import AgreedAgainst, Disagreement
from playground.disputes import Agreement, agreement_of
from playground.engine_runs import EngineRun, Failure, texts_of
from playground.insight import Insight, insight_of
from playground.panel import TogetherView, together_view
from playground.scoring import Scores
from playground.together import families_of, places_against
from playground.verdict import Correction, Sample, correction_of, sample_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class ScoreDocument:
    """`score --json`: one reference, one hypothesis; `insight` is null for `--pairs` and without a reference."""

    cer: ErrorRate
    wer: ErrorRate
    rules: Rules
    insight: Insight | None = None


@dataclass(frozen=True, slots=True)
class RunDocument:
    """One engine on one page; rates and `insight` are null without a reference, a reading or a transcription."""

    engine: str
    brought: bool
    """Whether the reading was made elsewhere; the engine's id then ends with the name that it was given."""
    status: Literal["reading", "failure"]
    text: str | None
    truncated: bool
    refused: bool
    model: str | None
    seconds: float | None
    attempts: int
    cost_usd: float | None
    cost_measured: bool | None
    maybe_billed: bool
    regions: tuple[Region, ...]
    failure: Failure | None
    cer: ErrorRate | None
    wer: ErrorRate | None
    insight: Insight | None


@dataclass(frozen=True, slots=True)
class TogetherDocument:
    """What the engines read together: no engine's reading, never the best of them; `follows` gave it its lines."""

    text: str
    readers: tuple[str, ...]
    follows: str
    words: tuple[ConsensusWord, ...]
    seconds: float | None
    cost_usd: float | None
    cost_measured: bool | None
    cer: ErrorRate | None
    wer: ErrorRate | None


@dataclass(frozen=True, slots=True)
class PageDocument:
    """The file by name and the canonical pixels that regions refer to; pixels are null where the file is no page."""

    name: str
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    turned: int = 0
    """Degrees clockwise by which the file's page was turned."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """`read --json` and the API's `/compare`: one file, several engines. `error` says why a file is no page.

    `agreement` is null with fewer than two readings, what needs a reference without one.
    """

    page: PageDocument
    task: ReadingTask
    runs: tuple[RunDocument, ...] = ()
    together: TogetherDocument | None = None
    not_together: str | None = None
    against_reference: tuple[AgreedAgainst, ...] = ()
    agreement: Agreement | None = None
    partial: Sample | None = None
    correction: Correction | None = None
    reference: str | None = None
    rules: Rules | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class EngineDocument:
    """`engines --json`: one row of the catalogue, and what it lacks here."""

    id: str
    label: str
    vendor: str
    runs: Runs
    reads: Unit
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
    turned: int = 0,
) -> ReadDocument:
    """The document of one page; `scores` where there was a reference, `assumed` for the price of correction."""
    specs = {spec.id: spec for spec in CATALOGUE}
    rules = scores.rules if scores else DEFAULT_RULES
    together = together_view(runs, scores or Scores("", rules, ()), specs)
    free = {spec.id for spec in CATALOGUE if spec.runs == "local"}
    texts = texts_of(runs)
    return ReadDocument(
        page=PageDocument(name, page.sha256, page.width, page.height, turned),
        task=task,
        runs=tuple(_run_document(run, scores, task.language, tuple(texts.values())) for run in runs),
        together=None if isinstance(together, str) else _together_document(together),
        not_together=together if isinstance(together, str) and together else None,
        against_reference=places_against(runs, scores.reference, rules, specs) if scores else (),
        agreement=agreement_of(texts, families_of(texts, specs), rules, task.language),
        partial=sample_of(runs, scores) if scores else None,
        correction=correction_of(runs, scores, assumed, free) if scores else None,
        reference=scores.reference if scores else None,
        rules=scores.rules if scores else None,
    )


def score_document(reference: str, hypothesis: str, rules: Rules, language: str = "") -> ScoreDocument:
    """The document of two texts; without a language the reference tells it."""
    compared = compare_texts(reference, hypothesis, rules)
    insight = insight_of(reference, hypothesis, rules, language=language) if reference.strip() else None
    return ScoreDocument(compared.cer, compared.wer, rules, insight)


def refused_document(name: str, task: ReadingTask, error: str) -> ReadDocument:
    """The document of a file that is no page."""
    return ReadDocument(PageDocument(name), task, error=error)


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


def to_json(document: DataclassInstance) -> str:
    """One line of ASCII, so that no terminal obeys what an engine read."""
    return json.dumps(plain(document), separators=(",", ":"), allow_nan=False)


def plain(document: DataclassInstance) -> dict[str, object]:
    """The same as JSON values: what the API answers."""
    return {field.name: _told(getattr(document, field.name)) for field in fields(document)}


@singledispatch
def _told(value: object) -> object:
    return plain(value) if is_dataclass(value) and not isinstance(value, type) else value


@_told.register
def _(value: Mapping) -> object:  # type: ignore[type-arg]  # singledispatch takes no parametrised type
    return {str(key): _told(item) for key, item in value.items()}


@_told.register
def _(value: tuple | list) -> object:  # type: ignore[type-arg]
    return [_told(item) for item in value]


@_told.register
def _(value: float) -> object:
    return value if isfinite(value) else None


@_told.register
def _(value: date) -> object:
    return value.isoformat()


@_told.register
def _(value: ErrorRate | Disagreement) -> object:
    return plain(value) | {"rate": _told(value.rate)}


@_told.register
def _(value: LineComparison) -> object:
    """Lines that are in their place are counted only: most are."""
    counts: dict[str, object] = {fate.replace(" ", "_"): value.count(fate) for fate in get_args(LineFate)}
    return counts | {
        "elsewhere": _told(tuple(line for line in value.lines if line.fate != "in place")),
        "cer_any_order": _told(value.any_order),
        "reading_order_share": _told(value.reading_order_share),
    }


def _together_document(panel: TogetherView) -> TogetherDocument:
    found, score, cost = panel.together, panel.score, panel.charge
    return TogetherDocument(
        text=found.consensus.text,
        readers=found.readers,
        follows=found.consensus.follows,
        words=found.consensus.words,
        seconds=found.seconds,
        cost_usd=cost.usd,
        cost_measured=cost.measured if isinstance(cost, Usd) else None,
        cer=score.cer if score else None,
        wer=score.wer if score else None,
    )


def _run_document(run: EngineRun, scores: Scores | None, language: str, texts: Sequence[str]) -> RunDocument:
    reading = run.outcome if isinstance(run.outcome, Reading) else None
    score = scores.of(run.engine_id) if scores else None
    return RunDocument(
        engine=run.engine_id,
        brought=is_brought(run.engine_id),
        status=run.outcome.kind,
        text=reading.text if reading else None,
        truncated=reading.truncated if reading else False,
        refused=run.refused,
        model=reading.model_reported or None if reading else None,
        seconds=run.seconds,
        attempts=run.attempts,
        cost_usd=run.cost.usd if run.cost else None,
        cost_measured=run.cost.measured if run.cost else None,
        maybe_billed=run.maybe_billed,
        regions=reading.regions if reading else (),
        failure=run.outcome if isinstance(run.outcome, Failure) else None,
        cer=score.cer if score else None,
        wer=score.wer if score else None,
        insight=_insight(reading, scores, language, texts) if reading and score and scores else None,
    )


def _insight(reading: Reading, scores: Scores, language: str, texts: Sequence[str]) -> Insight | None:
    if not scores.reference.strip():
        return None
    return insight_of(scores.reference, reading.text, scores.rules, language=language, readings=texts)
