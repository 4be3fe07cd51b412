"""What is known of one run, kept while its screen is open: only what ended since the last look is read and scored."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock

from evaluation.findings.analysis import ErrorClasses, error_classes
from evaluation.findings.canaries import canary_answers, with_canaries
from evaluation.findings.conclusion import Findings
from evaluation.findings.faithfulness import CloseReading, close_readings, with_faithfulness
from evaluation.findings.leaderboard import Leaderboard, Observation, leaderboard
from evaluation.findings.results import canary_outcomes, observations, observe, outcomes
from evaluation.findings.together import (
    AgainstReference,
    ConfidenceCard,
    SetTogether,
    confidence_cards,
    together_on,
    with_together,
)
from evaluation.findings.word_checks import WordChecks, word_checks
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run

OVERLAP_SECONDS = 5.0
"""Results of the last seconds are read again, because they reach the ledger a little out of order."""

ReadAgain = tuple[list[ErrorClasses], WordChecks | None, tuple[ConfidenceCard, ...], tuple[CloseReading, ...]]
State = tuple[int, float]
"""How many readings were seen, and when the last one ended."""


def board_of(ledger: Ledger, run: Run) -> Leaderboard:
    """The leaderboard, with what all engines read together."""
    seen = observations(ledger, run)
    board = with_together(leaderboard(seen), seen, together_on(run, outcomes(ledger, run)))
    board = with_faithfulness(board, close_readings(run, outcomes(ledger, run)))
    return with_canaries(board, canary_answers(canary_outcomes(ledger, run)))


def findings_of(ledger: Ledger, run: Run) -> Findings:
    """Everything that is finished, scored once."""
    seen, together = observations(ledger, run), together_on(run, outcomes(ledger, run))
    board, read_again = with_together(leaderboard(seen), seen, together), _read_again(ledger, run)
    board = with_canaries(with_faithfulness(board, read_again[-1]), canary_answers(canary_outcomes(ledger, run)))
    return _findings(seen, board, read_again, together.against)


def _findings(
    seen: list[Observation], board: Leaderboard, read_again: ReadAgain, against: Sequence[AgainstReference]
) -> Findings:
    classes, checks, confidences, close = read_again
    return Findings(seen, board, classes, against, checks, confidences, close)


def _read_again(ledger: Ledger, run: Run) -> ReadAgain:
    """What needs the texts themselves."""
    return (
        error_classes(run, outcomes(ledger, run)),
        word_checks(run, outcomes(ledger, run)),
        confidence_cards(run, outcomes(ledger, run)),
        close_readings(run, outcomes(ledger, run)),
    )


class KeptFindings:
    """The findings of one run; threads take turns."""

    def __init__(self, ledger: Ledger, run: Run) -> None:
        self._ledger = ledger
        self._run = run
        self._seen: dict[tuple[str, int, int], Observation] = {}
        self._board: tuple[State, Leaderboard] | None = None
        self._read_again: tuple[State, ReadAgain] | None = None
        self._together: tuple[State, SetTogether] | None = None
        self._lock = RLock()

    def observations(self) -> list[Observation]:
        """Every finished reading, scored."""
        with self._lock:
            after = self._state[1] - OVERLAP_SECONDS
            for one in observe(self._run, outcomes(self._ledger, self._run, after=after)):
                self._seen[one.engine_id, one.repeat, one.position] = one
            return list(self._seen.values())

    def board(self) -> Leaderboard:
        """The leaderboard now: cheap enough for every second. What was read together stands in it once looked for."""
        with self._lock:
            seen, state = self.observations(), self._state
            if self._board is None or self._board[0] != state:
                self._board = state, leaderboard(seen)
            return self._board[1]

    def findings(self) -> Findings:
        """The findings now; what takes a look at the texts is done only when readings have come since the last time."""
        with self._lock:
            board, state = self.board(), self._state
            if self._read_again is None or self._read_again[0] != state:
                self._read_again = state, _read_again(self._ledger, self._run)
            if self._together is None or self._together[0] != state:
                self._together = state, together_on(self._run, outcomes(self._ledger, self._run))
                board = with_together(board, list(self._seen.values()), self._together[1])
                board = with_faithfulness(board, self._read_again[1][-1])
                board = with_canaries(board, canary_answers(canary_outcomes(self._ledger, self._run)))
                self._board = state, board
            return self._last(board, self._read_again[1])

    def latest(self) -> Findings:
        """The findings as they were when last asked for, so that a form is answered without a look at the ledger."""
        with self._lock:
            if self._board is None or self._read_again is None:
                return self.findings()
            return self._last(self._board[1], self._read_again[1])

    def _last(self, board: Leaderboard, read_again: ReadAgain) -> Findings:
        against = self._together[1].against if self._together else ()
        return _findings(list(self._seen.values()), board, read_again, against)

    @property
    def _state(self) -> State:
        return len(self._seen), max((one.finished_at for one in self._seen.values()), default=0.0)
