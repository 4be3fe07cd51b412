"""The answers to "Can I trust it?" as HTML: a small plot, two tables. Asks no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engines.contract import EngineSpec
from playground.canaries import Canary, Caught
from playground.trust import Point, Steadiness
from ui.html import render

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 230, 58, 30
Specs = Mapping[str, EngineSpec]


@dataclass(frozen=True, slots=True)
class Curve:
    """One engine in the plot; `points` in plot units, gaps where it did not read."""

    label: str
    points: tuple[tuple[float, float], ...]
    rates: tuple[Point, ...]


def invented_html(canaries: Sequence[Canary], found: Mapping[str, Sequence[Caught | None]], specs: Specs) -> str:
    """Engine by engine what it made of each trap."""
    rows = [(specs[engine_id].label, verdicts) for engine_id, verdicts in found.items()]
    return render("trust_invented.html", canaries=canaries, rows=rows)


def repeated_html(found: Sequence[Steadiness], specs: Specs) -> str:
    """How far the readings of each engine lie apart."""
    return render("trust_repeated.html", rows=[(specs[one.engine].label, one) for one in found])


def endured_html(points: Mapping[str, Sequence[Point]], specs: Specs, *, has_reference: bool) -> str:
    """The plot, and the same figures as a table."""
    conditions = [point.condition for point in next(iter(points.values()))]
    most = max((point.rate for own in points.values() for point in own if point.rate is not None), default=0.0)
    top = max(0.05, most)
    step = (WIDTH - LEFT - 20) / max(1, len(conditions) - 1)

    def place(number: int, rate: float) -> tuple[float, float]:
        return LEFT + number * step, (HEIGHT - BOTTOM) - rate / top * (HEIGHT - BOTTOM - 14)

    curves = [
        Curve(
            specs[engine_id].label,
            tuple(place(number, point.rate) for number, point in enumerate(own) if point.rate is not None),
            tuple(own),
        )
        for engine_id, own in points.items()
    ]
    marks = [(name, LEFT + number * step) for number, name in enumerate(conditions)]
    return render(
        "trust_endured.html", curves=curves, marks=marks, top=top, width=WIDTH, height=HEIGHT, left=LEFT,
        floor=HEIGHT - BOTTOM, has_reference=has_reference,
    )  # fmt: skip
