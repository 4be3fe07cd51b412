"""Errors of handwritten lines as measured: Poisson, with a rate that varies by writer, line and engine (log-normal)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WRITER, LINE, ENGINE = 0.5, 0.8, 0.6

Counts = NDArray[np.float64]


def simulate(
    rng: np.random.Generator, writers: int, lines: int | Sequence[int], rates: Sequence[float]
) -> tuple[list[Counts], Counts]:
    """Errors of each engine and characters, one number for each writer; all write as many lines, or each their own."""
    each = np.broadcast_to(lines, writers)
    count = int(each.sum())
    lengths = np.clip(rng.normal(42, 12, count), 5, 90).astype(int)
    shared = np.repeat(rng.normal(0, WRITER, writers), each) + rng.normal(0, LINE, count)
    centre = 0.5 * (WRITER**2 + LINE**2 + ENGINE**2)
    errors = [rng.poisson(lengths * rate * np.exp(shared + rng.normal(0, ENGINE, count) - centre)) for rate in rates]
    of_writer = np.repeat(np.arange(writers), each)
    summed = [np.bincount(of_writer, each).astype(np.float64) for each in errors]
    return summed, np.bincount(of_writer, lengths).astype(np.float64)
