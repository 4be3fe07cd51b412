"""What the ledger knows of a run so far: progress, money, and every outcome scored against its reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engines.contract import Reading, Unit
from engines.pricing import Charge, charge_of
from evaluation.findings.observations import Observation, Status
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Page, Run, engine_run_from, page_from
from evaluation.ledger.work_items import unpacked
from metrics.comparing_texts import compare_texts
from metrics.error_rate import ErrorRate
from playground.engine_runs import EngineRun, Failure
from playground.storage.database import Row, in_usd

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished item."""

    page: Page
    repeat: int
    run: EngineRun
    finished_at: float


@dataclass(frozen=True, slots=True)
class EngineProgress:
    """How far one engine is."""

    engine_id: str
    total: int
    done: int
    unreadable: int
    held: int
    in_flight: int

    @property
    def left(self) -> int:
        """Items still to be read."""
        return self.total - self.done - self.unreadable - self.held


@dataclass(frozen=True, slots=True)
class Bill:
    """Where a run's money went; `unknown` calls were sent and not answered, `lost` ones had their worker die."""

    answered_calls: int
    answered_usd: float
    unknown_calls: int
    unknown_usd: float
    lost_calls: int
    lost_usd: float
    in_flight_calls: int


def progress(ledger: Ledger, run_id: str) -> list[EngineProgress]:
    """Every engine of the run."""
    with ledger.transaction() as transaction:
        query = "select engine, state, count(*) as items from work where run = :run group by engine, state"
        rows = transaction.rows(query, run=run_id)
    engines: dict[str, dict[str, int]] = {}
    for row in rows:
        engines.setdefault(row.engine, {})[row.state] = row.items
    return [
        EngineProgress(
            engine_id,
            sum(states.values()),
            *(states.get(state, 0) for state in ("done", "unreadable", "held", "sent")),
        )
        for engine_id, states in engines.items()
    ]


def bill(ledger: Ledger, run_id: str) -> Bill:
    """What the run's calls have cost, and what may have been billed without a result."""
    with ledger.transaction() as transaction:
        query = "select ending, count(*) as calls, sum(held) as held from call where run = :run group by ending"
        rows = {row.ending: (int(row.calls), in_usd(int(row.held))) for row in transaction.rows(query, run=run_id)}
    nothing = (0, 0.0)
    answered, unknown, lost = (rows.get(ending, nothing) for ending in ("answered", "unknown", "lost"))
    return Bill(*answered, *unknown, *lost, rows.get(None, nothing)[0])


def outcomes(ledger: Ledger, run: Run, *, after: float = 0.0) -> Iterator[Outcome]:
    """All finished items, oldest first, or those that were finished at a moment or later; canary pages are no items."""
    return (one for one in _outcomes(ledger, run, after) if one.page.item.locator.planting is None)


def canary_outcomes(ledger: Ledger, run: Run) -> Iterator[Outcome]:
    """What was made of the canary pages; nothing where there are none."""
    if not run.settings.canaries:
        return iter(())
    return (one for one in _outcomes(ledger, run, 0.0) if one.page.item.locator.planting is not None)


def _outcomes(ledger: Ledger, run: Run, after: float) -> Iterator[Outcome]:
    return (outcome_from(row) for rows in _finished(ledger, run, after) for row in rows)


def outcome_from(row: Row) -> Outcome:
    """A row of `page` with the work that was done on it."""
    return Outcome(page_from(row), row.repeat, engine_run_from(row.outcome), row.finished_at)


def _finished(ledger: Ledger, run: Run, after: float) -> Iterator[Sequence[Row]]:
    """Finished items with their pages, oldest first, some hundreds at a time."""
    last: tuple[float, str, int, int] = (after, "", -1, -1)
    while True:
        with ledger.transaction() as transaction:
            rows = transaction.rows(
                "select page.*, work.engine, work.repeat, outcome, finished_at from work"
                " join page on page.run = work.run and page.position = work.position"
                " where work.run = :run and state = 'done'"
                " and (finished_at, work.engine, work.repeat, work.position)"
                " > (:finished_at, :engine, :repeat, :position)"
                " order by finished_at, work.engine, work.repeat, work.position limit :most",
                run=run.id,
                most=ROWS_AT_ONCE,
                **dict(zip(("finished_at", "engine", "repeat", "position"), last, strict=True)),
            )
        yield rows
        if len(rows) < ROWS_AT_ONCE:
            return
        last = rows[-1].finished_at, rows[-1].engine, rows[-1].repeat, rows[-1].position


def outcomes_of(ledger: Ledger, run_id: str, position: int) -> list[EngineRun]:
    """What every engine made of one page, with the boxes that were kept."""
    with ledger.transaction() as transaction:
        rows = transaction.rows(
            "select outcome, packed from work left join boxes on boxes.run = work.run and boxes.engine = work.engine"
            " and boxes.repeat = work.repeat and boxes.position = work.position"
            " where work.run = :run and work.position = :position and state = 'done'"
            " order by work.engine, work.repeat",
            run=run_id,
            position=position,
        )
    return [_with_boxes(engine_run_from(row.outcome), row.packed) for row in rows]


def _with_boxes(run: EngineRun, packed: str | None) -> EngineRun:
    if packed is None or not isinstance(run.outcome, Reading):
        return run
    return replace(run, outcome=replace(run.outcome, regions=unpacked(packed)))


def measured_seconds(ledger: Ledger, level: Unit) -> dict[str, float]:
    """Mean seconds of every engine that has read pages, or lines, in this ledger, from its latest readings."""
    of_level = f'%"level":"{level}"%'
    at_level = "state = 'done' and run in (select id from run where settings like :level)"
    with ledger.transaction() as transaction:
        query = f"select distinct engine from work where {at_level}"  # noqa: S608  (a constant)
        engines = [row.engine for row in transaction.rows(query, level=of_level)]
        query = f"select outcome from work where engine = :engine and {at_level}"  # noqa: S608  (a constant)
        query += " order by finished_at desc limit 50"
        latest = {engine: transaction.rows(query, engine=engine, level=of_level) for engine in engines}
    runs = {engine: [engine_run_from(row.outcome) for row in rows] for engine, rows in latest.items()}
    seconds = {engine: [run.seconds for run in found if run.seconds is not None] for engine, found in runs.items()}
    return {engine: sum(known) / len(known) for engine, known in seconds.items() if known}


def observe(run: Run, found: Iterator[Outcome]) -> Iterator[Observation]:
    """Each outcome scored by the run's rules."""
    specs = {spec.id: spec for spec in run.settings.engines}
    for outcome in found:
        yield observation(run, outcome, charge_of(specs[outcome.run.engine_id], outcome.run.cost))


def observation(run: Run, outcome: Outcome, cost: Charge) -> Observation:
    """One outcome scored by the run's rules."""
    item, made = outcome.page.item, outcome.run
    reading = made.outcome if isinstance(made.outcome, Reading) else None
    character_rate, word_rate = _rates(run, made.transcription, item.reference)
    return Observation(
        engine_id=made.engine_id,
        position=outcome.page.position,
        item_id=item.id,
        repeat=outcome.repeat,
        status=_status(made),
        seconds=made.seconds,
        cluster=item.cluster,
        clustered_by=item.clustered_by,
        level=item.level,
        language=item.language,
        tags=item.tags,
        cer=character_rate,
        wer=word_rate,
        cost=cost,
        maybe_billed=made.maybe_billed,
        failure=made.outcome.reason if isinstance(made.outcome, Failure) else "",
        model=reading.model_reported if reading else "",
        finished_at=outcome.finished_at,
    )


def _rates(run: Run, reading: Reading | None, reference: str | None) -> tuple[ErrorRate, ErrorRate] | tuple[None, None]:
    if reading is None or reference is None:
        return None, None
    compared = compare_texts(reference, reading.text, run.settings.rules)
    return compared.cer, compared.wer


def _status(made: EngineRun) -> Status:
    outcome = made.outcome
    if isinstance(outcome, Failure):
        return "failed"
    if made.refused:
        return "refused"
    return "truncated" if outcome.truncated else "read" if outcome.text.strip() else "empty"
