"""What a run comes to: figures first, which are costly to make, then what they mean for a buyer, which is quick. Pure.

Screen, terminal, memo and programs draw the same `Conclusion`, so that none of them can say something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engines.contract import EngineSpec
from engines.pricing import times
from evaluation.findings.analysis import ErrorClasses
from evaluation.findings.leaderboard import Leaderboard, Observation, Row
from evaluation.findings.recommending import Advice, Requirements, advise
from metrics.correction_cost import Assumptions, PageCost, page_cost


@dataclass(frozen=True, slots=True)
class Findings:
    """What was seen on the pages, whatever anybody needs."""

    observations: Sequence[Observation]
    board: Leaderboard
    classes: Sequence[ErrorClasses]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What to do about it, for these needs and under these assumptions."""

    labels: Mapping[str, str]
    needs: Requirements
    assumed: Assumptions
    board: Leaderboard
    advice: Advice
    corrections: tuple[tuple[str, PageCost], ...]
    """Engine and the expected cost of one of these pages, corrected by a person."""


def conclude(
    found: Findings,
    specs: Sequence[EngineSpec],
    needs: Requirements | None = None,
    assumed: Assumptions | None = None,
    today: date | None = None,
) -> Conclusion:
    """Reads no text and scores nothing: other needs are answered at once."""
    needs, assumed = needs or Requirements(), assumed or Assumptions()
    return Conclusion(
        {spec.id: spec.label for spec in specs},
        needs,
        assumed,
        found.board,
        advise(found.board, specs, needs, found.classes, today),
        tuple(_corrections(found.board.rows, assumed)),
    )


def _corrections(rows: Sequence[Row], assumed: Assumptions) -> list[tuple[str, PageCost]]:
    """Of each engine that has scored pages."""
    return [
        (
            row.engine_id,
            page_cost(
                row.cer.reference_length / row.scored,
                row.cer.errors / row.scored,
                times(row.price_per_1000, 1 / 1000).usd,
                assumed,
            ),
        )
        for row in rows
        if row.scored
    ]
