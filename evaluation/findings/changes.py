"""Did anything change between two runs over the same pages? Pairs readings by item and engine. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluation.findings.leaderboard import SIGNIFICANT, Observation, by_engine
from evaluation.findings.statistics import holm, paired_p_value
from metrics.error_rate import ErrorRate, pooled


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

    @property
    def changed(self) -> bool:
        """Whether the difference is more than chance would make."""
        return self.p_value <= SIGNIFICANT

    @property
    def model_changed(self) -> bool:
        """Whether the vendor itself reports another model."""
        return self.models_before != self.models_now


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
    return Change(
        engine_id,
        len(pairs),
        pooled(old.cer for old, _ in pairs if old.cer),
        pooled(new.cer for _, new in pairs if new.cer),
        _models(before),
        _models(now),
        sum(old.cer != new.cer for old, new in pairs),
        paired_p_value(errors_before, errors_now),
    )


def _models(seen: Sequence[Observation]) -> tuple[str, ...]:
    return tuple(sorted({one.model for one in seen if one.model}))
