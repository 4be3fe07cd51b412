"""The facts of one comparison: what was read, by whom, how long it took, what it cost. Scores are derived elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engines.contract import Reading, ReadingTask
from engines.pricing import Usd


@dataclass(frozen=True, slots=True)
class Failure:
    """An engine that did not read: never a text, never a CER of 1."""

    reason: str
    message: str
    fix: str = ""
    retry_helps: bool = False
    kind: Literal["failure"] = "failure"


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One engine, one page: a reading or a failure, never both."""

    engine_id: str
    outcome: Reading | Failure
    seconds: float
    attempts: int = 1
    cost: Usd | None = None
    """None where nothing is paid and where nobody knows: `charge_of` tells which."""
    maybe_billed: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page read by several engines under one task."""

    id: str
    created_at: datetime
    page_sha256: str
    page_width: int
    page_height: int
    task: ReadingTask
    reference: str
    runs: tuple[EngineRun, ...]
    app_version: str
