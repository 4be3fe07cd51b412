"""Observations -> rows of figures with their uncertainty, and which engines can be told apart. Pure; runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, combinations
from math import ceil
from typing import TYPE_CHECKING, Literal

import numpy as np

from engines.contract import Unit
from engines.pricing import Charge, Unknown, times, together
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
from metrics.error_rate import ErrorRate, pooled
from metrics.reference_free import CerEstimate

if TYPE_CHECKING:
    from evaluation.findings.canaries import CanaryAnswer
    from evaluation.findings.faithfulness import Faithfulness

Status = Literal["read", "empty", "truncated", "refused", "failed"]
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Observation:
    """One engine on one page, once. Rates are None without a reference or without a transcription."""

    engine_id: str
    position: int
    item_id: str
    repeat: int
    status: Status
    seconds: float | None
    cluster: str
    clustered_by: str = "page"
    level: Unit = "page"
    language: str = ""
    tags: tuple[str, ...] = ()
    cer: ErrorRate | None = None
    wer: ErrorRate | None = None
    cost: Charge = field(default_factory=Unknown)
    maybe_billed: bool = False
    """Whether an earlier attempt may have cost something too."""
    failure: str = ""
    model: str = ""
    finished_at: float = 0.0


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
    engines = by_engine(observations)
    pairs = _pairs(engines)
    rows = sorted((_row(engine_id, seen) for engine_id, seen in engines.items()), key=_order)
    kinds = sorted({f"{seen.clustered_by}s" for seen in observations}, reverse=True)
    levels = {seen.level for seen in observations} or {"page"}
    unit = levels.pop() if len(levels) == 1 else "item"
    return Leaderboard(tuple(_placed(rows, pairs)), tuple(pairs), " and ".join(kinds) or "pages", unit)


def beside(board: Leaderboard, seen: Sequence[Observation], other: Sequence[Observation]) -> Beside | None:
    """A row for what is no engine: it changes no engine's place, and no test among them."""
    if not other:
        return None
    best = by_engine(seen).get(board.rows[0].engine_id, []) if board.rows else []
    return Beside(_row(other[0].engine_id, other), _pair(other, best) if best else None)


def by_engine(found: Sequence[Observation]) -> dict[str, list[Observation]]:
    """The observations of each engine, in the order in which engines first appear."""
    engines: dict[str, list[Observation]] = {}
    for one in found:
        engines.setdefault(one.engine_id, []).append(one)
    return engines


def _order(row: Row) -> tuple[bool, float, str]:
    return row.cer.rate is None, row.cer.rate or 0.0, row.engine_id


def _row(engine_id: str, seen: Sequence[Observation]) -> Row:
    scored = [one for one in seen if one.cer is not None and one.wer is not None]
    count = {
        status: sum(one.status == status for one in seen) for status in ("empty", "truncated", "refused", "failed")
    }
    seconds = [one.seconds for one in seen if one.status != "failed" and one.seconds is not None]
    return Row(
        engine_id=engine_id,
        cer=pooled(one.cer for one in scored if one.cer),
        wer=pooled(one.wer for one in scored if one.wer),
        cer_interval=_interval(scored, "cer"),
        wer_interval=_interval(scored, "wer"),
        pages=len(seen),
        scored=len(scored),
        empty=count["empty"],
        truncated=count["truncated"],
        refused=count["refused"],
        failed=count["failed"],
        seconds_median=float(np.median(seconds)) if seconds else None,
        seconds_p95=float(np.quantile(seconds, 0.95)) if seconds else None,
        price_per_1000=_price_per_1000(seen),
        median_page_cer=_median_page_cer(scored),
        heavy_page=_heavy_page(scored),
    )


def _median_page_cer(scored: Sequence[Observation]) -> float | None:
    rates = [one.cer.rate for one in scored if one.cer and one.cer.rate is not None]
    return float(np.median(rates)) if rates else None


def _heavy_page(scored: Sequence[Observation]) -> HeavyPage | None:
    errors: dict[str, int] = {}
    for one in scored:
        errors[one.item_id] = errors.get(one.item_id, 0) + (one.cer.errors if one.cer else 0)
    place = outweighing(np.array(list(errors.values()), float))
    if place is None:
        return None
    item_id, total = list(errors)[place], sum(errors.values())
    others = [one for one in scored if one.item_id != item_id]
    left = pooled(one.cer for one in others if one.cer)
    return HeavyPage(item_id, errors[item_id] / total, left, _interval(others, "cer"))


def _price_per_1000(seen: Sequence[Observation]) -> Charge:
    """By the mean of those readings whose cost is known; a failed call often has none."""
    known = [one.cost for one in seen if not isinstance(one.cost, Unknown)]
    return times(together(known), 1000 / len(known)) if known else Unknown()


def _interval(scored: Sequence[Observation], rate: Literal["cer", "wer"]) -> Interval | None:
    errors: dict[str, float] = {}
    lengths: dict[str, float] = {}
    for one in scored:
        counted = one.cer if rate == "cer" else one.wer
        assert counted is not None
        errors[one.cluster] = errors.get(one.cluster, 0.0) + counted.errors
        lengths[one.cluster] = lengths.get(one.cluster, 0.0) + counted.reference_length
    if not sum(lengths.values()):
        return None
    return rate_interval(np.array(list(errors.values())), np.array(list(lengths.values())))


def _pairs(engines: dict[str, list[Observation]]) -> list[Pair]:
    """Every pair that has pages in common, its p value corrected together with the others'."""
    found = [pair for one, other in combinations(engines, 2) if (pair := _pair(engines[one], engines[other]))]
    corrected = holm([pair.p_value for pair in found])
    judged = (replace(pair, p_value=p_value) for pair, p_value in zip(found, corrected, strict=True))
    return [replace(pair, more_pages=None) if pair.apart else pair for pair in judged]


def _pair(ours: Sequence[Observation], theirs: Sequence[Observation]) -> Pair | None:
    rivals = {(one.position, one.repeat): one.cer for one in theirs if one.cer is not None}
    sums: dict[str, list[float]] = {}
    pages = 0
    for one in ours:
        rival = rivals.get((one.position, one.repeat))
        if one.cer is None or rival is None:
            continue
        counted = sums.setdefault(one.cluster, [0.0, 0.0, 0.0])
        counted[0] += one.cer.errors
        counted[1] += rival.errors
        counted[2] += one.cer.reference_length
        pages += 1
    if not sums:
        return None
    errors_a, errors_b, lengths = np.array(list(sums.values())).T
    if not lengths.sum():
        return None
    names = ours[0].engine_id, theirs[0].engine_id
    difference = float((errors_a - errors_b).sum() / lengths.sum())
    needed = clusters_needed(errors_a, errors_b, lengths)
    more = None if needed is None else max(0, ceil((needed - len(sums)) * pages / len(sums)))
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
