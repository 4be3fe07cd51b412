"""What is known of single readings: one as an object, many as columns, from which figures follow at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from engines.contract import Unit
from engines.pricing import Charge, Unknown
from evaluation.findings.statistics import Counts
from metrics.error_rate import ErrorRate

Status = Literal["read", "empty", "truncated", "refused", "failed"]

Objects = NDArray[np.object_]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Place = TypeVar("Place", int, Numbers)
NO_RATE = (-1, -1, -1, -1)


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


@dataclass(frozen=True, slots=True, eq=False)
class Observations(Sequence[Observation]):
    """The columns are called as the fields of an `Observation` are, which is made where one is asked for.

    `cer` and `wer` have a row of four counts for each reading, `NO_RATE` where there is none; `seconds` is NaN where
    nobody measured it.
    """

    engine_id: Objects
    position: Numbers
    item_id: Objects
    repeat: Numbers
    status: Objects
    seconds: NDArray[np.float64]
    cluster: Objects
    clustered_by: Objects
    level: Objects
    language: Objects
    tags: Objects
    cer: Numbers
    wer: Numbers
    cost: Objects
    maybe_billed: Flags
    failure: Objects
    model: Objects
    finished_at: NDArray[np.float64]

    @classmethod
    def of(cls, found: Sequence[Observation]) -> Observations:
        """The same readings as columns."""
        if isinstance(found, Observations):
            return found
        columns = ([getattr(one, name) for one in found] for name in NAMES)
        named = zip(NAMES, columns, strict=True)
        return cls(*(column_of(name, [*map(_counts, own)] if name in _RATES else own) for name, own in named))

    @classmethod
    def joined(cls, parts: Sequence[Observations]) -> Observations:
        """Those of all parts, one part after the other."""
        if not parts:
            return cls.of(())
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in NAMES))

    def take(self, rows: Numbers | Flags) -> Observations:
        """Those of these places, or those for which a flag is set."""
        return Observations(*(getattr(self, name)[rows] for name in NAMES))

    @property
    def has_cer(self) -> Flags:
        """Whether a reading could be held against a reference, character by character."""
        has_cer: Flags = self.cer[:, -1] >= 0
        return has_cer

    @property
    def is_scored(self) -> Flags:
        """Whether it could, word by word too."""
        is_scored: Flags = self.has_cer & (self.wer[:, -1] >= 0)
        return is_scored

    @property
    def is_timed(self) -> Flags:
        """Whether it is known how long a reading took: to fail is no reading."""
        is_timed: Flags = (self.status != "failed") & ~np.isnan(self.seconds)
        return is_timed

    @property
    def place(self) -> Numbers:
        """A number for page and repeat, the same for all engines."""
        return place_of(self.position, self.repeat)

    def __len__(self) -> int:
        return len(self.position)

    def __iter__(self) -> Iterator[Observation]:
        return map(Observation, *(_values(name, getattr(self, name)) for name in NAMES))

    @overload
    def __getitem__(self, at: int) -> Observation: ...
    @overload
    def __getitem__(self, at: slice) -> Observations: ...
    def __getitem__(self, at: int | slice) -> Observation | Observations:
        places = np.arange(len(self))[at]
        return self.take(places) if isinstance(at, slice) else next(iter(self.take(places.reshape(1))))

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


def place_of(position: Place, repeat: Place) -> Place:
    """A number for a page and a repeat of it, or for many."""
    return (position << 32) + repeat


NAMES = tuple(column.name for column in fields(Observations))
_KINDS: Mapping[str, type] = {
    "position": np.int64,
    "repeat": np.int64,
    "seconds": np.float64,
    "maybe_billed": np.bool_,
    "finished_at": np.float64,
}
_RATES = frozenset({"cer", "wer"})


def column_of(name: str, values: Sequence[Any]) -> NDArray[Any]:
    """The column of that name; of rates from their counts."""
    if name in _RATES:
        return np.array(values, np.int64).reshape(-1, len(NO_RATE))
    kind = _KINDS.get(name)
    return np.array(values, kind) if kind else np.fromiter(values, object, len(values))


def _counts(rate: ErrorRate | None) -> tuple[int, int, int, int]:
    return (rate.substitutions, rate.deletions, rate.insertions, rate.reference_length) if rate else NO_RATE


def _values(name: str, column: NDArray[Any]) -> Iterable[Any]:
    values: list[Any] = column.tolist()
    if name in _RATES:
        return (ErrorRate(*counts) if counts[-1] >= 0 else None for counts in values)
    return (None if value != value else value for value in values) if name == "seconds" else values  # noqa: PLR0124


def numbered(names: Iterable[Hashable]) -> Numbers:
    """For each its number, counted in the order in which they first appear."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)


def summed(number: Numbers, counts: NDArray[Any]) -> Counts:
    """The sum of the counts for each of these numbers."""
    return np.bincount(number, counts).astype(np.float64)


def by_engine(found: Sequence[Observation]) -> dict[str, Observations]:
    """The observations of each engine, in the order in which engines first appear."""
    seen = Observations.of(found)
    number = numbered(seen.engine_id)
    return {engine_id: seen.take(number == at) for at, engine_id in enumerate(dict.fromkeys(seen.engine_id))}


def in_common(ours: Numbers, theirs: Numbers) -> tuple[Numbers, Numbers]:
    """Where the places that stand in both stand in each, in our order; none stands twice in one of them."""
    _, at_ours, at_theirs = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    order = np.argsort(at_ours)
    return at_ours[order], at_theirs[order]
