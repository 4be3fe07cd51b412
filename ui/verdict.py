"""The one sentence above the panels: who read best, by how much, and what that is worth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from engines.contract import EngineSpec, Reading
from metrics.correction_cost import Assumptions
from playground.partial import is_partial
from playground.scoring import EngineScore, Scores
from ui.desk import Desk
from ui.disputes_view import texts_of
from ui.html import percent, render

NO_REFERENCE = (
    "Dashed words are where engines disagree. Agreement is not accuracy: engines that share a weakness agree with each "
    "other. Type what the page says, or start from one reading and correct it, to see CER and WER."
)
SHORT = "Your reference is much shorter than what the engines read."
SHORT_MEANS = "The panels count everything beyond it as extra. If you typed some lines only, score just those:"


def verdict_html(desk: Desk, specs: Mapping[str, EngineSpec], scores: Scores, word_starts: str) -> str:
    """Empty until an engine has read; carries what the script needs to know of all panels."""
    read = [run for run in desk.shown_runs().values() if isinstance(run.outcome, Reading)]
    if not read:
        return ""
    if not scores.reference.strip():
        headline = f"{len(read)} readings, no reference yet." if len(read) > 1 else "One reading, no reference yet."
        return _rendered(desk, scores, word_starts, headline, NO_REFERENCE)
    if is_partial(scores.reference, texts_of(desk).values()):
        return _rendered(desk, scores, word_starts, SHORT, SHORT_MEANS, partial=True)
    best = [score for score in scores.engines if score.best_cer]
    return _rendered(desk, scores, word_starts, _headline(best, specs), scores.rules.sentence())


def _rendered(
    desk: Desk, scores: Scores, word_starts: str, headline: str, explanation: str, *, partial: bool = False
) -> str:
    return render(
        "verdict.html",
        headline=headline,
        explanation=explanation,
        rules=json.dumps(asdict(scores.rules)),
        language=desk.language,
        word_starts=word_starts,
        partial=partial,
        assumed=Assumptions(),
        has_reference=bool(scores.reference.strip()) and not partial,
    )


def _headline(best: list[EngineScore], specs: Mapping[str, EngineSpec]) -> str:
    if not best:
        return "Scored against your reference."
    names = " and ".join(specs[score.engine_id].label for score in best)
    cer = best[0].cer
    verb = "are" if len(best) > 1 else "is"
    return (
        f"{names} {verb} closest to your reference: CER {percent(cer.rate)} %, "
        f"{cer.errors} of {cer.reference_length} characters wrong."
    )
