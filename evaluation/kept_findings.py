"""What is known of one run, kept: in its ledger under a key of all that it is made of, and while its screen is open.

Scores are kept reading by reading; what takes a look at the texts of many pages together is kept as a whole. A first
look at many readings is shared by two processes; where a server looks, long texts have a process of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import chain
from multiprocessing import current_process, get_context
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeVar

from pydantic import TypeAdapter

from evaluation.datasets.contract import DatasetUnusable
from evaluation.findings.analysis import ErrorClasses, error_classes
from evaluation.findings.conclusion import Findings
from evaluation.findings.faithfulness import CloseReading, close_readings, with_faithfulness
from evaluation.findings.kept_scores import (
    PAGES_AT_ONCE,
    Scores,
    finished,
    key_of,
    letters_to_look_at,
    score_chunk,
    scores,
)
from evaluation.findings.leaderboard import Leaderboard, canary_answers, leaderboard, with_canaries
from evaluation.findings.observations import Observations
from evaluation.findings.results import Outcome, canary_outcomes, outcomes
from evaluation.findings.together import (
    ConfidenceCard,
    SetTogether,
    confidence_cards,
    together_on,
    with_together,
)
from evaluation.findings.word_checks import WordChecks, word_checks
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, find_run, letters_of
from playground.host.admission import LONG, Apart

MANY_LETTERS = 500_000
"""Of readings as the ledger has them, from which on two processes pay: they take a second to start."""
PROCESSES = 2

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
State = tuple[int, float, int]
"""How many readings were finished, when the last one was, and how many corrections of references were made."""
Told = Callable[[int, int], object]
"""Told how many steps of a first look are done, of how many."""

CLOSE = tuple(f"close {number}" for number in range(PROCESSES))
"""The close look in as many parts."""
MADE_OF_TEXTS: Mapping[str, tuple[Any, Callable[[Run, Iterable[Outcome]], object]]] = {
    "together": (SetTogether, together_on),
    **{
        name: (tuple[CloseReading, ...], partial(close_readings, part=part, parts=len(CLOSE)))
        for part, name in enumerate(CLOSE)
    },
    "classes": (list[ErrorClasses], error_classes),
    "checks": (WordChecks | None, word_checks),
    "confidences": (tuple[ConfidenceCard, ...], confidence_cards),
}
"""What needs the texts themselves, the longest first: its type, and how it is made."""


def board_of(ledger: Ledger, run: Run, told: Told | None = None) -> Leaderboard:
    """The leaderboard, with what all engines read together."""
    return look(ledger, run, ("together", *CLOSE), told).board()


def findings_of(ledger: Ledger, run: Run, told: Told | None = None) -> Findings:
    """Everything that is finished, scored once."""
    return look(ledger, run, tuple(MADE_OF_TEXTS), told).findings()


def look(ledger: Ledger, run: Run, parts: Sequence[str] = (), told: Told | None = None) -> Looked:
    """If anything is new, two processes make the `parts` of `MADE_OF_TEXTS` that will be asked for, if it is much."""
    alone = (os.cpu_count() or 1) < 2 or current_process().daemon  # such a process may have none of its own
    if not alone and letters_to_look_at(ledger, run) >= MANY_LETTERS:
        with suppress(BrokenProcessPool):  # whatever ended them: what they have not made is made here
            look_in_processes(ledger, run, parts, told or (lambda done, of: None))
    return Looked(ledger, run, scores(ledger, run))


@dataclass(frozen=True)
class Looked:
    """Everything that was finished at one moment, and what is made of its texts on demand."""

    ledger: Ledger
    run: Run
    scores: Scores

    @cached_property
    def close(self) -> tuple[CloseReading, ...]:
        """Every reading looked at word by word."""
        return tuple(chain.from_iterable(map(self.part, CLOSE)))

    @cached_property
    def together(self) -> SetTogether:
        """What all engines read together."""
        found: SetTogether = self.part("together")
        return found

    @cached_property
    def rates(self) -> Leaderboard:
        """The engines' rows without what takes a look at texts."""
        return leaderboard(self.scores.seen)

    def board(self) -> Leaderboard:
        """The engines' rows, and what is known of all together."""
        board = with_together(self.rates, self.scores.seen, self.together)
        board = with_faithfulness(board, self.close)
        return with_canaries(board, canary_answers(canary_outcomes(self.ledger, self.run)))

    def findings(self) -> Findings:
        """All there is."""
        classes, checks, confidences = map(self.part, ("classes", "checks", "confidences"))
        return Findings(self.scores.seen, self.board(), classes, self.together.against, checks, confidences, self.close)

    def part(self, name: str) -> Any:  # noqa: ANN401  (of the type that `MADE_OF_TEXTS` says)
        """From the ledger, if what it was made of is what is there; else made and kept."""
        with self.ledger.transaction() as transaction:
            query = "select found from finding where run = :run and name = :name and key = :key"
            kept = transaction.value(query, run=self.run.id, name=name, key=self.scores.key)
        if kept is None:
            return _made(self.ledger, self.run, name, self.scores.key)
        return _adapter(name).validate_json(kept)


def _made(ledger: Ledger, run: Run, name: str, key: str) -> Any:  # noqa: ANN401
    made = MADE_OF_TEXTS[name][1](run, outcomes(ledger, run))
    with ledger.transaction() as transaction:
        transaction.run(
            "insert into finding (run, name, key, found) select :run, :name, :key, :found"
            " where exists (select 1 from run where id = :run)"  # it may have been erased meanwhile
            " on conflict (run, name) do update set key = excluded.key, found = excluded.found",
            run=run.id,
            name=name,
            key=key,
            found=_adapter(name).dump_json(made).decode(),
        )
    return made


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(MADE_OF_TEXTS[name][0])


def look_in_processes(ledger: Ledger, run: Run, parts: Sequence[str], told: Told) -> None:
    """Score what is finished and make these parts, so that a look finds them in the ledger."""
    with ledger.transaction() as transaction:
        pages = transaction.value("select max(position) from page where run = :run", run=run.id) + 1
    key = key_of(ledger, run)
    steps = [partial(_score_apart, ledger.url, run.id, chunk) for chunk in range((pages - 1) // PAGES_AT_ONCE + 1)]
    steps += [partial(_made_apart, ledger.url, run.id, name, key) for name in parts]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for done, step in enumerate(as_completed(map(pool.submit, steps)), start=1):
            step.result()
            told(done, len(steps))


def _score_apart(url: str, run_id: str, chunk: int) -> None:
    ledger = _opened(url)
    score_chunk(ledger, find_run(ledger, run_id), chunk)


def _made_apart(url: str, run_id: str, name: str, key: str) -> None:
    ledger = _opened(url)
    _made(ledger, find_run(ledger, run_id), name, key)


@cache
def _opened(url: str) -> Ledger:
    return Ledger(url)


def counted(
    apart: Apart,
    ledger: Ledger,
    run: Run,
    ask: Callable[Concatenate[Ledger, Run, Asked], Answer],
    *asked: Asked.args,
    **more: Asked.kwargs,
) -> Answer:
    """What a function of a module answers about a run: of a long one in another process; may raise `NotCounted`."""
    letters = letters_of(ledger, run)
    if letters <= LONG:
        return ask(ledger, run, *asked, **more)
    answer: Answer | DatasetUnusable = apart.run(letters, _answered, ledger.url, run.id, ask, asked, more)
    if isinstance(answer, DatasetUnusable):
        raise answer
    return answer


def _answered(
    url: str, run_id: str, ask: Callable[..., Answer], asked: Sequence[object], more: Mapping[str, object]
) -> Answer | DatasetUnusable:
    ledger = _opened(url)
    try:
        return ask(ledger, find_run(ledger, run_id), *asked, **more)
    except DatasetUnusable as refusal:
        return refusal


def make(ledger: Ledger, run: Run, parts: Sequence[str] = ()) -> None:
    """Score what is finished and make these parts of `MADE_OF_TEXTS`, so that a look finds them in the ledger."""
    looked = Looked(ledger, run, scores(ledger, run))
    for name in parts:
        looked.part(name)


class KeptFindings:
    """The findings of one run; threads take turns. All may raise `NotCounted`."""

    def __init__(self, ledger: Ledger, run: Run, apart: Apart) -> None:
        self._ledger = ledger
        self._run = run
        self._apart = apart
        self._looked: tuple[State, Looked] | None = None
        self._found: tuple[State, Findings] | None = None
        self._lock = RLock()

    def observations(self) -> Observations:
        """Every finished reading, scored; only pages of which anything changed since the last look are read."""
        with self._lock:
            return self._look()[1].scores.seen

    def board(self) -> Leaderboard:
        """The leaderboard now: cheap enough for every second. What was read together stands in it once looked for."""
        with self._lock:
            state, looked = self._look()
            return self._found[1].board if self._found and self._found[0] == state else looked.rates

    def findings(self) -> Findings:
        """The findings now; what takes a look at the texts is done only when readings have come since the last time."""
        with self._lock:
            state, looked = self._look()
            if self._found is None or self._found[0] != state:
                counted(self._apart, self._ledger, self._run, make, tuple(MADE_OF_TEXTS))
                self._found = state, looked.findings()
            return self._found[1]

    def _look(self) -> tuple[State, Looked]:
        state = finished(self._ledger, self._run)
        if self._looked is None or self._looked[0] != state:
            known = self._looked[1].scores.chunks if self._looked else {}
            counted(self._apart, self._ledger, self._run, make)
            self._looked = state, Looked(self._ledger, self._run, scores(self._ledger, self._run, known))
        return self._looked

    def latest(self) -> Findings:
        """The findings as they were when last asked for, so that a form is answered without a look at the ledger."""
        with self._lock:
            return self._found[1] if self._found else self.findings()
