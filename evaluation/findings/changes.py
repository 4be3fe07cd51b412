"""Did anything change between two runs over the same pages? Pairs readings by item and engine. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluation.findings.leaderboard import SIGNIFICANT
from evaluation.findings.observations import Observation, by_engine
from evaluation.findings.results import Outcome
from evaluation.findings.statistics import holm, paired_p_value
from metrics.error_rate import ErrorRate, pooled
from metrics.normalising import Rules
from metrics.passages import word_pairs

SILENT = ("failed", "refused")

MOST_ITEMS = 10


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One reading of one item, then and now."""

    item_id: str
    repeat: int
    before: ErrorRate
    now: ErrorRate

    @property
    def more_errors(self) -> int:
        """How many more; fewer are below 0."""
        return self.now.errors - self.before.errors


@dataclass(frozen=True, slots=True)
class Change:
    """One engine, then and now, on pages that both runs scored; `p_value` is corrected for the number of engines."""

    engine_id: str
    pages: int
    before: ErrorRate
    now: ErrorRate
    models_before: tuple[str, ...]
    models_now: tuple[str, ...]
    pages_that_differ: int
    """Pages whose number of errors is not the same."""
    p_value: float
    worse: tuple[ItemChange, ...] = ()
    """The items that got worst; at most ten."""
    better: tuple[ItemChange, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the difference is more than chance would make."""
        return self.p_value <= SIGNIFICANT

    @property
    def model_changed(self) -> bool:
        """Whether the vendor itself reports another model."""
        return self.models_before != self.models_now


@dataclass(frozen=True, slots=True)
class Silence:
    """Pages on which an engine gave no reading, then and now, of those that both runs gave it."""

    engine_id: str
    pages: int
    before: int
    now: int
    p_value: float


@dataclass(frozen=True, slots=True)
class ChangedWord:
    """Words of a reference that one of two readings has right, and what the other has instead."""

    item_id: str
    written: str
    read: str
    got_worse: bool
    """Whether it is the later reading that has them wrong."""


def changes(before: Sequence[Observation], now: Sequence[Observation]) -> list[Change]:
    """One for each engine that both runs used on the same items."""
    then = by_engine(before)
    found = [
        change
        for engine_id, seen in by_engine(now).items()
        if engine_id in then and (change := _change(engine_id, then[engine_id], seen))
    ]
    corrected = holm([change.p_value for change in found])
    return [replace(change, p_value=p_value) for change, p_value in zip(found, corrected, strict=True)]


def _change(engine_id: str, before: Sequence[Observation], now: Sequence[Observation]) -> Change | None:
    then = {(one.item_id, one.repeat): one for one in before if one.cer is not None}
    pairs = [(then[key], one) for one in now if one.cer is not None and (key := (one.item_id, one.repeat)) in then]
    if not pairs:
        return None
    sums: dict[str, list[float]] = {}
    for old, new in pairs:
        assert old.cer is not None
        assert new.cer is not None
        counted = sums.setdefault(new.cluster, [0.0, 0.0])
        counted[0] += old.cer.errors
        counted[1] += new.cer.errors
    errors_before, errors_now = np.array(list(sums.values())).T
    items = [ItemChange(new.item_id, new.repeat, old.cer, new.cer) for old, new in pairs if old.cer and new.cer]
    items.sort(key=lambda item: (-item.more_errors, item.item_id))
    return Change(
        engine_id,
        len(pairs),
        pooled(old.cer for old, _ in pairs if old.cer),
        pooled(new.cer for _, new in pairs if new.cer),
        _models(before),
        _models(now),
        sum(old.cer != new.cer for old, new in pairs),
        paired_p_value(errors_before, errors_now),
        tuple(item for item in items if item.more_errors > 0)[:MOST_ITEMS],
        tuple(item for item in reversed(items) if item.more_errors < 0)[:MOST_ITEMS],
    )


def silences(before: Sequence[Observation], now: Sequence[Observation]) -> list[Silence]:
    """One for each engine that both runs used on the same items; p values corrected for the number of engines."""
    then = by_engine(before)
    found = [
        _silence(engine_id, then[engine_id], seen) for engine_id, seen in by_engine(now).items() if engine_id in then
    ]
    corrected = holm([silence.p_value for silence in found])
    return [replace(silence, p_value=p_value) for silence, p_value in zip(found, corrected, strict=True)]


def _silence(engine_id: str, before: Sequence[Observation], now: Sequence[Observation]) -> Silence:
    then = {(one.item_id, one.repeat): one.status in SILENT for one in before}
    sums: dict[str, list[float]] = {}
    pairs = [(then[key], one) for one in now if (key := (one.item_id, one.repeat)) in then]
    for silent, one in pairs:
        counted = sums.setdefault(one.cluster, [0.0, 0.0])
        counted[0] += silent
        counted[1] += one.status in SILENT
    counts_before, counts_now = np.array(list(sums.values())).reshape(-1, 2).T
    p_value = paired_p_value(counts_before, counts_now)
    return Silence(engine_id, len(pairs), int(counts_before.sum()), int(counts_now.sum()), p_value)


def changed_words(before: Iterable[Outcome], now: Iterable[Outcome], rules: Rules) -> dict[str, list[ChangedWord]]:
    """By engine, what became of the words of every page with a reference that it read both times."""
    then = {_key(one): one.run.transcription for one in before}
    found: dict[str, list[ChangedWord]] = {}
    for one in now:
        old, new, item = then.get(_key(one)), one.run.transcription, one.page.item
        if old is not None and new is not None and item.reference is not None:
            words = _words(item.id, item.reference, (old.text, new.text), rules)
            found.setdefault(one.run.engine_id, []).extend(words)
    return found


def _key(one: Outcome) -> tuple[str, str, int]:
    return one.run.engine_id, one.page.item.id, one.repeat


def _words(item_id: str, reference: str, texts: tuple[str, str], rules: Rules) -> Iterator[ChangedWord]:
    old, new = ({pair.ref_start: pair for pair in word_pairs(reference, text, rules) if pair.written} for text in texts)
    for start in sorted(old.keys() & new.keys()):
        one, other = old[start], new[start]
        got_worse = one.written == one.read
        if got_worse != (other.written == other.read):
            wrong = other if got_worse else one
            yield ChangedWord(item_id, wrong.written, wrong.read, got_worse)


def _models(seen: Sequence[Observation]) -> tuple[str, ...]:
    return tuple(sorted({one.model for one in seen if one.model}))
