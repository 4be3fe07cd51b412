"""What correcting each engine's page would cost, by assumptions that the user sees and may change."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.correction_cost import Assumptions, CorrectionTrial, PageCost, page_cost, seconds_per_edit
from ui.html import render


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """One engine on the page: its label, its character errors, its price (None where unknown)."""

    label: str
    edits: int
    price: float | None


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """Everything the estimate rests on; `trial` is what was measured while somebody corrected a reading here."""

    characters: int
    engines: tuple[EngineFigures, ...]
    assumed: Assumptions
    trial: CorrectionTrial | None = None


def correction_html(asked: CorrectionRequest) -> str:
    """The table, cheapest first, and what was measured."""
    measured = seconds_per_edit(asked.trial, asked.assumed) if asked.trial else None
    return render("correction.html", rows=_rows(asked), trial=asked.trial, measured=measured)


def _rows(asked: CorrectionRequest) -> list[tuple[EngineFigures, PageCost]]:
    costs = [
        (engine, page_cost(asked.characters, engine.edits, engine.price or 0.0, asked.assumed))
        for engine in asked.engines
    ]
    return sorted(costs, key=lambda row: row[1].total)
