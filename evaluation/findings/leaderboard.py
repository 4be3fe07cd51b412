"""Observations -> rows of figures with their uncertainty, and which engines can be told apart. Pure; runs nothing.

Canary pages tell who wrote on blank paper, or read a word that was painted over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, combinations
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from engines.pricing import Charge, Unknown, times, together
from evaluation.findings.observations import (
    Numbers,
    Objects,
    Observation,
    Observations,
    by_engine,
    in_common,
    numbered,
    summed,
)
from evaluation.findings.results import Outcome
from evaluation.findings.statistics import (
    SURE,
    Interval,
    clusters_needed,
    holm,
    outweighing,
    paired_p_value,
    rate_interval,
    shared_letters,
    surely_lower,
)
from metrics.error_rate import ErrorRate
from metrics.reference_free import CerEstimate
from playground.probes import Trap, Verdict, judge

if TYPE_CHECKING:
    from evaluation.findings.faithfulness import Faithfulness


SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class HeavyPage:
    """A page that makes over 30 % of an engine's errors, and what is left without it."""

    item_id: str
    share: float
    cer: ErrorRate
    cer_interval: Interval | None


@dataclass(frozen=True, slots=True)
class Row:
    """One engine over the whole set; a page that failed is counted here and never enters the rates."""

    engine_id: str
    cer: ErrorRate
    wer: ErrorRate
    cer_interval: Interval | None
    wer_interval: Interval | None
    pages: int
    scored: int
    empty: int
    truncated: int
    refused: int
    failed: int
    seconds_median: float | None
    seconds_p95: float | None
    price_per_1000: Charge
    median_page_cer: float | None = None
    """The CER of the middle page, which one awful page cannot move."""
    heavy_page: HeavyPage | None = None
    places: str = ""
    """Its place, or the places it may have: "1-2" where an order is not sure."""
    letters: str = ""
    """Engines that share a letter could not be told apart by the test over all pairs."""
    faithful: Faithfulness | None = None
    """What its rates hide; None until the readings themselves were looked at."""
    canaries: tuple[CanaryAnswer, ...] = ()

    @property
    def failure_rate(self) -> float:
        """Pages without a transcription, refusals included."""
        return (self.failed + self.refused) / self.pages if self.pages else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two engines on the pages that both read; `p_value` is corrected for the number of pairs, `sure` is not."""

    better: str
    worse: str
    difference: float
    p_value: float
    pages: int
    more_pages: int | None
    """About how many more pages like these would separate them; None if they are apart, or equal."""
    sure: float | None = None
    """How probable it is that the true CER of `better` is the lower one on pages like these; None with too few."""

    @property
    def apart(self) -> bool:
        """Whether `better` is shown to be better, however many pairs there are."""
        return self.p_value <= SIGNIFICANT

    @property
    def surely(self) -> bool:
        """Whether this pair's order is sure, taken alone; what is significant is, even by the other figure."""
        return self.apart or (self.sure is not None and self.sure >= SURE)


@dataclass(frozen=True, slots=True)
class Beside:
    """What all engines read together: a row that takes no place, and whether it is better than the best of them."""

    row: Row
    against_best: Pair | None


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Rows from lowest CER to highest, those without one last."""

    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    clusters: str
    """What the intervals are over: "writers", say, or "writers and pages"."""
    unit: str = "page"
    """What was read: "page", "line", or "item" where both were."""
    together: Beside | None = None
    estimates: tuple[CerEstimate, ...] = ()
    """CERs where no page has a reference, the lowest first."""
    no_estimate: str = ""
    """Why there are none where they are missed."""


def leaderboard(observations: Sequence[Observation]) -> Leaderboard:
    """All engines of a run, or of a slice of it."""
    found = Observations.of(observations)
    engines = by_engine(found)
    pairs = _pairs(engines)
    rows = sorted((_row(engine_id, seen) for engine_id, seen in engines.items()), key=_order)
    kinds = sorted((f"{kind}s" for kind in set(found.clustered_by)), reverse=True)
    levels = set(found.level) or {"page"}
    unit = levels.pop() if len(levels) == 1 else "item"
    return Leaderboard(tuple(_placed(rows, pairs)), tuple(pairs), " and ".join(kinds) or "pages", unit)


def beside(board: Leaderboard, seen: Sequence[Observation], other: Sequence[Observation]) -> Beside | None:
    """A row for what is no engine: it changes no engine's place, and no test among them."""
    if not other:
        return None
    ours, best = Observations.of(other), by_engine(seen).get(board.rows[0].engine_id) if board.rows else None
    return Beside(_row(ours.engine_id[0], ours), _pair(ours, best) if best else None)


def _order(row: Row) -> tuple[bool, float, str]:
    return row.cer.rate is None, row.cer.rate or 0.0, row.engine_id


def _row(engine_id: str, seen: Observations) -> Row:
    scored = seen.take(seen.is_scored)
    count = {status: int((seen.status == status).sum()) for status in ("empty", "truncated", "refused", "failed")}
    seconds = seen.seconds[seen.is_timed]
    return Row(
        engine_id=engine_id,
        cer=_pooled(scored.cer),
        wer=_pooled(scored.wer),
        cer_interval=_interval(scored.cluster, scored.cer),
        wer_interval=_interval(scored.cluster, scored.wer),
        pages=len(seen),
        scored=len(scored),
        empty=count["empty"],
        truncated=count["truncated"],
        refused=count["refused"],
        failed=count["failed"],
        seconds_median=float(np.median(seconds)) if len(seconds) else None,
        seconds_p95=float(np.quantile(seconds, 0.95)) if len(seconds) else None,
        price_per_1000=_price_per_1000(seen.cost),
        median_page_cer=_median_page_cer(scored.cer),
        heavy_page=_heavy_page(scored),
    )


def _pooled(rates: Numbers) -> ErrorRate:
    return ErrorRate(*rates.sum(axis=0).tolist())


def _errors(rates: Numbers) -> Numbers:
    errors: Numbers = rates[:, :-1].sum(axis=1)
    return errors


def _median_page_cer(rates: Numbers) -> float | None:
    rates = rates[rates[:, -1] > 0]
    return float(np.median(_errors(rates) / rates[:, -1])) if len(rates) else None


def _heavy_page(scored: Observations) -> HeavyPage | None:
    errors = summed(numbered(scored.item_id), _errors(scored.cer))
    place = outweighing(errors)
    if place is None:
        return None
    item_id = list(dict.fromkeys(scored.item_id))[place]
    others = scored.take(scored.item_id != item_id)
    share = float(errors[place] / errors.sum())
    return HeavyPage(item_id, share, _pooled(others.cer), _interval(others.cluster, others.cer))


def _price_per_1000(costs: Objects) -> Charge:
    """By the mean of those readings whose cost is known; a failed call often has none."""
    known = [cost for cost in costs if not isinstance(cost, Unknown)]
    return times(together(known), 1000 / len(known)) if known else Unknown()


def _interval(clusters: Objects, rates: Numbers) -> Interval | None:
    number = numbered(clusters)
    lengths = summed(number, rates[:, -1])
    return rate_interval(summed(number, _errors(rates)), lengths) if lengths.sum() else None


def _pairs(engines: dict[str, Observations]) -> list[Pair]:
    """Every pair that has pages in common, its p value corrected together with the others'."""
    found = [pair for one, other in combinations(engines, 2) if (pair := _pair(engines[one], engines[other]))]
    corrected = holm([pair.p_value for pair in found])
    judged = (replace(pair, p_value=p_value) for pair, p_value in zip(found, corrected, strict=True))
    return [replace(pair, more_pages=None) if pair.apart else pair for pair in judged]


def _pair(ours: Observations, theirs: Observations) -> Pair | None:
    ours, theirs = (seen.take(seen.has_cer) for seen in (ours, theirs))
    at_ours, at_theirs = in_common(ours.place, theirs.place)
    pages, number, length = len(at_ours), numbered(ours.cluster[at_ours]), ours.cer[at_ours, -1]
    errors = _errors(ours.cer[at_ours]), _errors(theirs.cer[at_theirs])
    errors_a, errors_b, lengths = (summed(number, counts) for counts in (*errors, length))
    if not lengths.sum():
        return None
    names = ours.engine_id[0], theirs.engine_id[0]
    difference = float((errors_a - errors_b).sum() / lengths.sum())
    needed = clusters_needed(errors_a, errors_b, lengths)
    more = None if needed is None else max(0, ceil((needed - len(lengths)) * pages / len(lengths)))
    sure = surely_lower(errors_a, errors_b, lengths)
    better, worse = names if difference <= 0 else names[::-1]
    if sure is not None and difference > 0:
        sure = 1 - sure
    return Pair(better, worse, abs(difference), paired_p_value(errors_a, errors_b), pages, more or None, sure)


def _placed(rows: Sequence[Row], pairs: Sequence[Pair]) -> list[Row]:
    """Places by how sure each pair's order is, which few pages tell, too; letters by the test over all pairs."""
    ranked = [row.engine_id for row in rows if row.cer.rate is not None]
    letters = shared_letters(ranked, {(pair.better, pair.worse): pair.apart for pair in pairs}) if ranked else {}
    # Who stands behind an engine whose place is sure stands behind it, too, however wide its own interval is.
    better = {one: 1 + sum(pair.surely and pair.worse == one for pair in pairs) for one in ranked}
    worse = {one: len(ranked) - sum(pair.surely and pair.better == one for pair in pairs) for one in ranked}
    firsts = dict(zip(ranked, accumulate(better.values(), max), strict=True))
    lasts = dict(zip(reversed(ranked), accumulate(reversed(worse.values()), min), strict=True))
    placed = []
    for row in rows:
        first, last = firsts.get(row.engine_id), lasts.get(row.engine_id)
        places = "" if first is None else str(first) if first == last else f"{first}\N{EN DASH}{last}"
        placed.append(replace(row, places=places, letters=letters.get(row.engine_id, "")))
    return placed


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
