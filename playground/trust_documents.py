"""Can I trust it, as programs get it.

* `invented`: what each engine made of a blank strip, a masked word and an altered famous sentence: `honest`, or the
  words that are not on the page (`invented`, `filled in`, `recited`); null where it did not read.
* `repeated`: how far readings of the same pixels lie apart.
* `endured`: the CER under each condition (turned, blurred, half size, compressed); without a reference how far each
  reading moves away from the engine's own of the undamaged page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.canaries import Trap, Verdict
from playground.trust import Point, Steadiness


@dataclass(frozen=True, slots=True)
class TrapDocument:
    """One engine before one trap; `own` if it was made from the page itself rather than taken from the samples."""

    trap: Trap
    own: bool
    verdict: Verdict | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustDocument:
    """`trust --json`: one page; a question that was not asked is null. `readings` counts them all."""

    page: str
    readings: int
    failed: int
    has_reference: bool
    invented: Mapping[str, tuple[TrapDocument, ...]] | None = None
    repeated: tuple[Steadiness, ...] | None = None
    endured: Mapping[str, tuple[Point, ...]] | None = None
