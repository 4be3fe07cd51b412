"""Every finished reading scored: once by the same rules and code, then kept in the ledger, and never older than it.

Kept in chunks of pages and as columns, because rows and objects of their own would take longer to read than a person
waits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from sys import version as python_version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.pricing import Charge, Free, Unknown, Usd
from evaluation.findings.observations import (
    NAMES,
    Numbers,
    Observation,
    Observations,
    column_of,
    numbered,
    place_of,
)
from evaluation.findings.results import Outcome, observe, outcome_from, outcomes
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, settings_json
from playground.storage.database import Row, Transaction

PAGES_AT_ONCE = 100
CHUNKS_AT_ONCE = 50
"""As texts they take twice the room of their columns."""
READINGS_COUNTED = 2000

State = tuple[float, str, int, int, int]
"""When which engine had read which page for which time, and how often its reference had been corrected by then."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The scores of the readings of some pages; canary pages are no items and have none."""

    made_of: str
    """Another one whenever another reading of these pages is finished, or a reference of theirs corrected."""
    corrections: Mapping[int, int]
    """By position, how often the reference had been corrected by then."""
    seen: Observations


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that is finished at one moment, oldest first."""

    key: str
    """Another one whenever anything that the run's figures are made of is another."""
    chunks: Mapping[int, Chunk]
    seen: Observations


def scores(ledger: Ledger, run: Run, known: Mapping[int, Chunk] | None = None) -> Scores:
    """What is not among the chunks that are `known` is read from the ledger, and what is not there is scored."""
    known, made_of = known or {}, _made_of(ledger, run)
    changed = [chunk for chunk, one in made_of.items() if chunk not in known or known[chunk].made_of != one]
    chunks = dict(known)
    for first in range(0, len(changed), CHUNKS_AT_ONCE):
        chunks |= _kept(ledger, run, changed[first : first + CHUNKS_AT_ONCE])
    for chunk in changed:
        if chunk not in chunks or chunks[chunk].made_of != made_of[chunk]:
            chunks[chunk] = score_chunk(ledger, run, chunk)
    seen = Observations.joined([chunks[chunk].seen for chunk in made_of])
    return Scores(_key(ledger, run, made_of), chunks, seen.take(_oldest_first(seen)))


def key_of(ledger: Ledger, run: Run) -> str:
    """The key that the scores would have now."""
    return _key(ledger, run, _made_of(ledger, run))


def _key(ledger: Ledger, run: Run, made_of: Mapping[int, str]) -> str:
    with ledger.transaction() as transaction:
        query = "select count(*) from work where run = :run and state = 'unreadable'"
        unreadable = transaction.value(query, run=run.id)
    return _digest(_conditions(run), unreadable, made_of)


def observations(ledger: Ledger, run: Run) -> Observations:
    """Everything that is finished, oldest first."""
    return scores(ledger, run).seen


def outcomes_scored(ledger: Ledger, run: Run) -> Iterator[tuple[Outcome, Observation]]:
    """The same with what was read."""
    seen = observations(ledger, run)
    row_of = _row_finder(seen)
    for outcome in outcomes(ledger, run):
        row = row_of(outcome.run.engine_id, place_of(outcome.page.position, outcome.repeat))
        if row is not None:
            yield outcome, seen[row]


def _row_finder(seen: Observations) -> Callable[[str, int], int | None]:
    """Where the reading of an engine stands that it made at a place; a dictionary would take as much as the columns."""
    by_place: dict[str, tuple[Numbers, Numbers]] = {}
    for engine_id in set(seen.engine_id):
        rows = np.flatnonzero(seen.engine_id == engine_id)
        rows = rows[np.argsort(seen.place[rows])]
        by_place[engine_id] = seen.place[rows], rows

    def find(engine_id: str, place: int) -> int | None:
        places, rows = by_place.get(engine_id, (np.array([]), np.array([])))
        at = int(np.searchsorted(places, place))
        return int(rows[at]) if at < len(rows) and places[at] == place else None

    return find


def letters_to_look_at(ledger: Ledger, run: Run) -> int:
    """How long the finished readings are together, or some thousand of them; 0 once all were scored."""
    with ledger.transaction() as transaction:
        done = transaction.value(f"select count(*) from work where {_DONE}", run=run.id)  # noqa: S608  (a constant)
        query = "select sum(readings) from score where run = :run and key = :key"
        if done == (transaction.value(query, run=run.id, key=_conditions(run)) or 0):
            return 0
        query = f"select sum(length(outcome)) from (select outcome from work where {_DONE} limit :most) as counted"  # noqa: S608
        return int(transaction.value(query, run=run.id, most=READINGS_COUNTED))


def finished(ledger: Ledger, run: Run) -> tuple[int, float, int]:
    """How many readings are finished, when the last one was, and how often a reference was corrected since."""
    with ledger.transaction() as transaction:
        query = f"select count(*) as number, max(finished_at) as last from work where {_DONE}"  # noqa: S608  (a constant)
        row = transaction.first(query, run=run.id)
        corrected = transaction.value("select sum(number) from correction where run = :run", run=run.id)
    return int(row.number), float(row.last or 0.0), int(corrected or 0)


def score_chunk(ledger: Ledger, run: Run, chunk: int) -> Chunk:
    """Score what is finished of these pages and not among what was kept, page by page, which is quicker."""
    kept = _kept(ledger, run, [chunk]).get(chunk)
    known = {_state(one, kept.corrections.get(one.position, 0)): one for one in kept.seen} if kept else {}
    rows = _finished_of(ledger, run, chunk)
    states = [_state(row, row.corrections) for row in rows]
    found = [known.get(state) or _scored(run, row) for state, row in zip(states, rows, strict=True)]
    corrections = {row.position: row.corrections for row in rows if row.corrections}
    made = Chunk(_digest(sorted(states)), corrections, Observations.of([one for one in found if one]))
    with ledger.transaction() as transaction:
        _write(transaction, run, chunk, made, len(rows))
    return made


def _finished_of(ledger: Ledger, run: Run, chunk: int) -> list[Row]:
    """Page by page; asked for by engine, as the index has them, for else each chunk is a walk through the whole run."""
    pages = {"first": chunk * PAGES_AT_ONCE, "last": (chunk + 1) * PAGES_AT_ONCE - 1}
    repeats = [(spec.id, repeat) for spec in run.settings.engines for repeat in range(run.settings.repeats)]
    with ledger.transaction() as transaction:
        rows = [
            row
            for engine, repeat in repeats
            for row in transaction.rows(
                "select page.*, work.engine as engine_id, work.repeat, outcome, finished_at,"
                " coalesce((select number from correction where run = work.run and position = work.position), 0)"
                " as corrections from work join page on page.run = work.run and page.position = work.position"
                " where work.run = :run and work.engine = :engine and state = 'done' and work.repeat = :repeat"
                " and work.position between :first and :last",
                run=run.id,
                engine=engine,
                repeat=repeat,
                **pages,
            )
        ]
    return sorted(rows, key=attrgetter("position"))


def _scored(run: Run, row: Row) -> Observation | None:
    outcome = outcome_from(row)
    is_canary = run.settings.canaries and outcome.page.item.locator.planting is not None
    return None if is_canary else next(observe(run, iter([outcome])))


_DONE = "run = :run and finished_at is not null"
"""What is done has its moment, and nothing else has; an index alone answers this."""


def _made_of(ledger: Ledger, run: Run) -> dict[int, str]:
    """By chunk, in their order."""
    with ledger.transaction() as transaction:
        query = f"select finished_at, engine, repeat, position from work where {_DONE}"  # noqa: S608  (a constant)
        done = transaction.rows(query, run=run.id)
        query = "select position, number from correction where run = :run"
        corrected = transaction.rows(query, run=run.id)
    corrections = dict(map(tuple, corrected))
    states: dict[int, list[State]] = {}
    for finished_at, engine_id, repeat, position in done:
        state = finished_at, engine_id, repeat, position, corrections.get(position, 0)
        states.setdefault(position // PAGES_AT_ONCE, []).append(state)
    return {chunk: _digest(sorted(states[chunk])) for chunk in sorted(states)}


def _oldest_first(seen: Observations) -> Numbers:
    """By moment, engine, repeat and position."""
    ranks = {engine_id: rank for rank, engine_id in enumerate(sorted(set(seen.engine_id)))}
    engine = np.array([ranks[engine_id] for engine_id in seen.engine_id], np.int64)
    return np.lexsort((seen.position, seen.repeat, engine, seen.finished_at))


def _state(one: Observation | Row, corrections: int) -> State:
    return one.finished_at, one.engine_id, one.repeat, one.position, corrections


def _kept(ledger: Ledger, run: Run, wanted: Sequence[int]) -> dict[int, Chunk]:
    """Those of these chunks that were kept under the same conditions."""
    if not wanted:
        return {}
    with ledger.transaction() as transaction:
        query = "select chunk, seen from score where run = :run and key = :key and chunk between :first and :last"
        values = {"run": run.id, "key": _conditions(run), "first": min(wanted), "last": max(wanted)}
        rows = transaction.rows(query, **values)
    asked = frozenset(wanted)
    return {row.chunk: _from_json(row.seen) for row in rows if row.chunk in asked}


def _write(transaction: Transaction, run: Run, chunk: int, made: Chunk, readings: int) -> None:
    transaction.run(
        "insert into score (run, chunk, key, readings, seen) select :run, :chunk, :key, :readings, :seen"
        " where exists (select 1 from run where id = :run)"  # it may have been erased meanwhile
        " on conflict (run, chunk) do update"
        " set key = excluded.key, readings = excluded.readings, seen = excluded.seen",
        run=run.id,
        chunk=chunk,
        key=_conditions(run),
        readings=readings,
        seen=_as_json(made),
    )


def _as_json(made: Chunk) -> str:
    columns = [_packed(getattr(made.seen, name)) for name in NAMES]
    return json.dumps([made.made_of, list(made.corrections.items()), columns], separators=(",", ":"))


def _from_json(text: str) -> Chunk:
    made_of, corrections, columns = json.loads(text)
    return Chunk(made_of, dict(corrections), Observations(*map(_unpacked, NAMES, columns)))


def _packed(column: NDArray[Any]) -> Any:  # noqa: ANN401  (JSON)
    """Numbers as they are; of other things each once, and which of them stands where."""
    if column.dtype != object:
        return column.tolist()
    return {"values": [_plain(value) for value in dict.fromkeys(column)], "places": numbered(column).tolist()}


def _unpacked(name: str, packed: Any) -> NDArray[Any]:  # noqa: ANN401  (JSON)
    if isinstance(packed, list):
        return column_of(name, packed)
    made, values = _MADE.get(name), packed["values"]
    column: NDArray[Any] = column_of(name, [made(value) for value in values] if made else values)[packed["places"]]
    return column


def _plain(value: object) -> object:
    if isinstance(value, Usd):
        return value.usd, value.measured
    return value.kind if isinstance(value, Free | Unknown) else value


def _charge(price: list[Any] | str) -> Charge:
    return Usd(*price) if isinstance(price, list) else Free() if price == Free().kind else Unknown()


_MADE: Mapping[str, Callable[[Any], object]] = {"tags": tuple, "cost": _charge}


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _conditions(run: Run) -> str:
    return _digest(settings_json(replace(run.settings, notes=(), versions=())), code_version())


@cache
def code_version(root: Path = Path(__file__).parents[2]) -> str:
    """Another one with every change of the code and of the libraries that figures come from: none outlives its code."""
    packages = "engines", "metrics", "playground", "evaluation"
    ours = (path.read_bytes() for package in packages for path in sorted((root / package).rglob("*.py")))
    theirs = [version(name) for name in ("rapidfuzz", "regex", "numpy", "scipy", "pyspellchecker")]
    return _digest(python_version, *theirs, *ours)
