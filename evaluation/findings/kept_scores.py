"""Every finished reading scored: once by the same rules and code, then kept in the ledger, and never older than it.

Kept in chunks of pages and as bare lists, because rows and objects of their own would take longer to read than a
person waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from sys import version as python_version
from typing import Any

from engines.pricing import Charge, Free, Unknown, Usd
from evaluation.findings.leaderboard import Observation
from evaluation.findings.results import Outcome, observe, outcome_from, outcomes
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, settings_json
from metrics.error_rate import ErrorRate
from playground.storage.database import Row, Transaction

PAGES_AT_ONCE = 100

Place = tuple[str, int, int]
"""Engine, repeat and position."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A score, the number of corrections of its reference that it knows of, and the moment its reading was finished."""

    finished_at: float
    corrections: int
    seen: Observation | None
    """None for a canary page, which is no item."""


_Chunk = dict[Place, _Kept]


def observations(ledger: Ledger, run: Run, *, after: float = 0.0) -> list[Observation]:
    """Everything that is finished, or was at a moment or later, oldest first."""
    done, corrections = _done(ledger, run, after)
    places: dict[int, list[Row]] = {}
    for row in done:
        places.setdefault(row.position // PAGES_AT_ONCE, []).append(row)
    found: dict[Place, Observation | None] = {}
    for chunk, kept in _chunks(ledger, run, sorted(places)):
        is_whole = all(_is_of(kept.get(_place(row)), row, corrections) for row in places[chunk])
        scored = kept if is_whole else score_chunk(ledger, run, chunk, kept)
        found |= {place: one.seen for place, one in scored.items()}
    return [seen for row in done if (seen := found.get(_place(row)))]


def outcomes_scored(ledger: Ledger, run: Run) -> Iterator[tuple[Outcome, Observation]]:
    """The same with what was read."""
    seen = {(one.engine_id, one.repeat, one.position): one for one in observations(ledger, run)}
    for outcome in outcomes(ledger, run):
        if one := seen.get((outcome.run.engine_id, outcome.repeat, outcome.page.position)):
            yield outcome, one


def scores_to_make(ledger: Ledger, run: Run) -> int:
    """About how many finished readings nobody has scored under these conditions."""
    with ledger.transaction() as transaction:
        done = transaction.value(f"select count(*) from work where {_DONE}", run=run.id)  # noqa: S608  (a constant)
        known = "select sum(readings) from score where run = :run and key = :key"
        return int(done) - int(transaction.value(known, run=run.id, key=_conditions(run)) or 0)


def finished(ledger: Ledger, run: Run) -> tuple[int, float, int]:
    """How many readings are finished, when the last one was, and how often a reference was corrected since."""
    with ledger.transaction() as transaction:
        query = f"select count(*) as number, max(finished_at) as last from work where {_DONE}"  # noqa: S608  (a constant)
        row = transaction.first(query, run=run.id)
        corrected = transaction.value("select sum(number) from correction where run = :run", run=run.id)
    return int(row.number), float(row.last or 0.0), int(corrected or 0)


def scores_key(ledger: Ledger, run: Run) -> str:
    """Another one whenever anything that the run's figures are made of is another."""
    done, corrections = _done(ledger, run, 0.0)
    with ledger.transaction() as transaction:
        query = "select count(*) from work where run = :run and state = 'unreadable'"
        unreadable = transaction.value(query, run=run.id)
    return _digest(_conditions(run), unreadable, sorted(corrections.items()), [tuple(row) for row in done])


def score_chunk(ledger: Ledger, run: Run, chunk: int, kept: _Chunk | None = None) -> _Chunk:
    """Score what is finished of these pages and not among what was kept, page by page, which is quicker."""
    first = chunk * PAGES_AT_ONCE
    with ledger.transaction() as transaction:
        rows = transaction.rows(
            "select page.*, work.engine, work.repeat, outcome, finished_at,"
            " coalesce((select number from correction where run = work.run and position = work.position), 0)"
            " as corrections from work join page on page.run = work.run and page.position = work.position"
            " where work.run = :run and state = 'done' and work.position between :first and :last"
            " order by work.position",
            run=run.id,
            first=first,
            last=first + PAGES_AT_ONCE - 1,
        )
    made: _Chunk = {}
    for row in rows:
        before = (kept or {}).get(_place(row))
        known = before and (before.finished_at, before.corrections) == (row.finished_at, row.corrections)
        made[_place(row)] = before if before and known else _scored(run, row)
    with ledger.transaction() as transaction:
        _write(transaction, run, chunk, made)
    return made


def _scored(run: Run, row: Row) -> _Kept:
    outcome = outcome_from(row)
    is_canary = run.settings.canaries and outcome.page.item.locator.planting is not None
    seen = None if is_canary else next(observe(run, iter([outcome])))
    return _Kept(row.finished_at, row.corrections, seen)


_DONE = "run = :run and finished_at is not null"
"""What is done has its moment, and nothing else has; an index alone answers this."""


def _done(ledger: Ledger, run: Run, after: float) -> tuple[Sequence[Row], Mapping[int, int]]:
    """What is finished, oldest first, and how often the references of which pages were corrected."""
    with ledger.transaction() as transaction:
        done = transaction.rows(
            f"select finished_at, engine, repeat, position from work where {_DONE} and finished_at >= :after"  # noqa: S608
            " order by finished_at, engine, repeat, position",
            run=run.id,
            after=after,
        )
        query = "select position, number from correction where run = :run"
        return done, {row.position: row.number for row in transaction.rows(query, run=run.id)}


def _place(row: Row) -> Place:
    return row.engine, row.repeat, row.position


def _is_of(kept: _Kept | None, row: Row, corrections: Mapping[int, int]) -> bool:
    return (
        kept is not None
        and kept.finished_at == row.finished_at
        and kept.corrections == corrections.get(row.position, 0)
    )


def _chunks(ledger: Ledger, run: Run, wanted: Sequence[int]) -> Iterator[tuple[int, _Chunk]]:
    """What was kept of each of these chunks under the same conditions."""
    if not wanted:
        return
    with ledger.transaction() as transaction:
        query = "select chunk, seen from score where run = :run and key = :key and chunk between :first and :last"
        values = {"run": run.id, "key": _conditions(run), "first": wanted[0], "last": wanted[-1]}
        texts = {row.chunk: row.seen for row in transaction.rows(query, **values)}
    for chunk in wanted:
        yield chunk, _from_lists(json.loads(texts.pop(chunk))) if chunk in texts else {}


def _write(transaction: Transaction, run: Run, chunk: int, made: _Chunk) -> None:
    transaction.run(
        "insert into score (run, chunk, key, readings, seen) values (:run, :chunk, :key, :readings, :seen)"
        " on conflict (run, chunk) do update"
        " set key = excluded.key, readings = excluded.readings, seen = excluded.seen",
        run=run.id,
        chunk=chunk,
        key=_conditions(run),
        readings=len(made),
        seen=json.dumps(_as_lists(made), separators=(",", ":")),
    )


def _as_lists(chunk: _Chunk) -> tuple[dict[int, Any], list[Any]]:
    """What holds for a page stands once; the rest of an observation follows its place."""
    pages = {
        one.position: (one.item_id, one.cluster, one.clustered_by, one.level, one.language, one.tags)
        for kept in chunk.values()
        if (one := kept.seen)
    }
    return pages, [
        (*place, kept.finished_at, kept.corrections, *(_reading(kept.seen) if kept.seen else ()))
        for place, kept in chunk.items()
    ]


def _reading(one: Observation) -> tuple[Any, ...]:
    rates = (_counts(one.cer), _counts(one.wer))
    return one.status, one.seconds, *rates, _price(one.cost), one.maybe_billed, one.failure, one.model


def _from_lists(lists: tuple[dict[str, Any], list[list[Any]]]) -> _Chunk:
    pages, readings = lists
    of_page = {int(position): (*page[:5], tuple(page[5])) for position, page in pages.items()}
    chunk: _Chunk = {}
    for engine_id, repeat, position, finished_at, corrections, *reading in readings:
        seen = None
        if reading:
            status, seconds, cer, wer, cost, maybe_billed, failure, model = reading
            item_id, cluster, clustered_by, level, language, tags = of_page[position]
            seen = Observation(
                engine_id,
                position,
                item_id,
                repeat,
                status,
                seconds,
                cluster,
                clustered_by,
                level,
                language,
                tags,
                cer and ErrorRate(*cer),
                wer and ErrorRate(*wer),
                _charge(cost),
                maybe_billed,
                failure,
                model,
                finished_at,
            )
        chunk[engine_id, repeat, position] = _Kept(finished_at, corrections, seen)
    return chunk


def _counts(rate: ErrorRate | None) -> tuple[int, int, int, int] | None:
    return (rate.substitutions, rate.deletions, rate.insertions, rate.reference_length) if rate else None


def _price(cost: Charge) -> tuple[float, bool] | str:
    return (cost.usd, cost.measured) if isinstance(cost, Usd) else cost.kind


def _charge(price: list[Any] | str) -> Charge:
    return Usd(*price) if isinstance(price, list) else Free() if price == Free().kind else Unknown()


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
