"""What engines made of canary pages: who wrote on blank paper, or read a word that was painted over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evaluation.findings.leaderboard import Leaderboard
from evaluation.findings.results import Outcome
from playground.probes import Trap, Verdict, judge

CAUGHT: frozenset[Verdict] = frozenset({"invented", "filled in", "recited"})


@dataclass(frozen=True, slots=True)
class CanaryAnswer:
    """One engine before one canary page; no verdict where it did not read, `words` are those that are not there."""

    engine_id: str
    position: int
    item_id: str
    trap: Trap
    verdict: Verdict | None
    words: tuple[str, ...] = ()

    @property
    def caught(self) -> bool:
        """Whether it read what is not there."""
        return self.verdict in CAUGHT


def canary_answers(found: Iterable[Outcome]) -> tuple[CanaryAnswer, ...]:
    """One for each reading of a canary page, in the order of the pages."""
    return tuple(sorted((_answer(one) for one in found), key=lambda one: (one.position, one.engine_id)))


def with_canaries(board: Leaderboard, answers: Sequence[CanaryAnswer]) -> Leaderboard:
    """The rows with what each engine made of the canary pages."""
    rows = (
        replace(row, canaries=tuple(one for one in answers if one.engine_id == row.engine_id)) for row in board.rows
    )
    return replace(board, rows=tuple(rows))


def _answer(outcome: Outcome) -> CanaryAnswer:
    item, reading = outcome.page.item, outcome.run.transcription
    planting = item.locator.planting
    assert planting is not None
    seen = judge(planting, reading.text) if reading else None
    verdict, words = (seen.verdict, seen.words) if seen else (None, ())
    return CanaryAnswer(outcome.run.engine_id, outcome.page.position, item.id, planting.trap, verdict, words)
