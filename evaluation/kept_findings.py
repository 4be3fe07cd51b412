"""What is known of one run, kept while its screen is open: only what ended since the last look is read and scored."""

from __future__ import annotations

from threading import RLock

from evaluation.findings.analysis import ErrorClasses, error_classes
from evaluation.findings.conclusion import Findings
from evaluation.findings.leaderboard import Leaderboard, Observation, leaderboard
from evaluation.findings.results import observations, observe, outcomes
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run

OVERLAP_SECONDS = 5.0
"""Results of the last seconds are read again, because they reach the ledger a little out of order."""

State = tuple[int, float]
"""How many readings were seen, and when the last one ended."""


def findings_of(ledger: Ledger, run: Run) -> Findings:
    """Everything that is finished, scored once."""
    seen = observations(ledger, run)
    return Findings(seen, leaderboard(seen), error_classes(run, outcomes(ledger, run)))


class KeptFindings:
    """The findings of one run; threads take turns."""

    def __init__(self, ledger: Ledger, run: Run) -> None:
        self._ledger = ledger
        self._run = run
        self._seen: dict[tuple[str, int, int], Observation] = {}
        self._board: tuple[State, Leaderboard] | None = None
        self._classes: tuple[State, list[ErrorClasses]] | None = None
        self._lock = RLock()

    def observations(self) -> list[Observation]:
        """Every finished reading, scored."""
        with self._lock:
            after = self._state[1] - OVERLAP_SECONDS
            for one in observe(self._run, outcomes(self._ledger, self._run, after=after)):
                self._seen[one.engine_id, one.repeat, one.position] = one
            return list(self._seen.values())

    def board(self) -> Leaderboard:
        """The leaderboard now: cheap enough for every second."""
        with self._lock:
            seen, state = self.observations(), self._state
            if self._board is None or self._board[0] != state:
                self._board = state, leaderboard(seen)
            return self._board[1]

    def findings(self) -> Findings:
        """The findings now; the kinds of error are looked for only when readings have come since the last time."""
        with self._lock:
            board, state = self.board(), self._state
            if self._classes is None or self._classes[0] != state:
                self._classes = state, error_classes(self._run, outcomes(self._ledger, self._run))
            return self._last(board, self._classes[1])

    def latest(self) -> Findings:
        """The findings as they were when last asked for, so that a form is answered without a look at the ledger."""
        with self._lock:
            if self._board is None or self._classes is None:
                return self.findings()
            return self._last(self._board[1], self._classes[1])

    def _last(self, board: Leaderboard, classes: list[ErrorClasses]) -> Findings:
        return Findings(list(self._seen.values()), board, classes)

    @property
    def _state(self) -> State:
        return len(self._seen), max((one.finished_at for one in self._seen.values()), default=0.0)
