"""What went wrong, and how far readings agree, as programs get it.

* `errors_by_class` add up to the errors of `cer`; `waterfall` forgives one thing more at every step.
* `confusions`: what was taken for what, commonest first, with offsets into reference and text.
* `lines`: what became of every line of the reference; `cer_any_order` is the CER if lines may come in any order;
  `reading_order_share` is WER minus bag-of-words WER. Null for a page of more than 1,500 lines.
* `misspellings`: words no word list has, and whether the engine kept, corrected or misread them.
* `over_normalised`: dates, numbers, units, abbreviations written otherwise though they mean the same.
* `critical_tokens`: names, dates, amounts, numbers of the reference: right, wrong or missing.
* `chatter`: what is not transcription in the answer; `cer_of_answer` is the CER without it.
* `alarms`: names, dates, amounts and numbers on which engines differ; no reference is needed.
* `disagreements`: edits between two readings over the longer one's length; `agreement`: the mean of these over other
  families, lowest first. It is agreement, not accuracy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engines.catalogue import CATALOGUE
from engines.contract import Reading
from metrics.agreement import Standing, disagreement_matrix, ranked_by_agreement
from metrics.answer import AnswerPart
from metrics.confusions import Confusion
from metrics.critical_tokens import Alarm, TokenVerdict, alarms
from metrics.error_classes import ErrorClass
from metrics.line_matching import LineComparison, LineMatch
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.over_normalising import OverNormalised
from metrics.silent_corrections import Misspelling
from playground.comparison import EngineRun
from playground.insight import Insight
from playground.rate_documents import RateDocument, rate_document


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
    outcomes = ((run.engine_id, run.outcome) for run in runs)
    texts = {
        engine_id: outcome.text
        for engine_id, outcome in outcomes
        if isinstance(outcome, Reading) and not outcome.refused and outcome.text.strip()
    }
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
