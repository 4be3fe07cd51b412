"""What a vendor's batch interface takes and gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Body = Mapping[str, Any]
"""A JSON object as the vendor's interface defines it."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """One page to be read: what would have been posted to `path`."""

    custom_id: str
    path: str
    body: Body = field(repr=False)
    size: int = 0


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What came back for one request; a status other than 200 is a failure that is not billed."""

    custom_id: str
    status: int
    body: Body = field(repr=False)


class BatchVendor(Protocol):
    """Every method raises `EngineError`."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        """Send a batch; returns the vendor's id of it. `tag` is kept with it where the vendor keeps such things."""

    def find(self, tag: str) -> str | None:
        """The id of the batch with this tag, if one was made and the vendor can be asked."""

    def answers(self, batch_id: str) -> Iterator[BatchAnswer] | None:
        """What came back, or None while the batch is not over."""
