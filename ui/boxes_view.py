"""The boxes over the page: one layer per engine and level, drawn only when chosen or pointed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engines.contract import EngineSpec, Level, Point, Reading
from playground.borrowing import Lending
from playground.comparison import EngineRun
from ui.html import render
from ui.tokens import box_id, places_json

LEVELS: tuple[Level, ...] = ("character", "word", "line", "paragraph", "page")


@dataclass(frozen=True, slots=True)
class Box:
    """One polygon in page pixels."""

    id: str
    polygon: tuple[Point, ...]
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """All boxes of one level of one engine."""

    engine_id: str
    level: Level
    boxes: tuple[Box, ...]
    places: str = "[]"
    """Which stretch of the text each box stands for, as JSON (see `ui.tokens`)."""


def boxes_html(lending: Lending, specs: Mapping[str, EngineSpec], width: int, height: int) -> str:
    """The overlay for a page of this size in pixels; empty while no engine has returned a box."""
    layers = tuple(layer for run in lending.runs.values() for layer in _layers(run, run.engine_id in lending.lenders))
    with_boxes = dict.fromkeys(layer.engine_id for layer in layers)
    return render(
        "boxes.html",
        layers=layers,
        width=width,
        height=height,
        engines=[(engine_id, _label(engine_id, lending, specs)) for engine_id in with_boxes],
        levels=[level for level in LEVELS if any(layer.level == level for layer in layers)],
    )


def _label(engine_id: str, lending: Lending, specs: Mapping[str, EngineSpec]) -> str:
    lender = lending.lenders.get(engine_id)
    return f"{specs[engine_id].label} (words borrowed from {specs[lender].label})" if lender else specs[engine_id].label


def _layers(run: EngineRun, borrows: bool) -> tuple[Layer, ...]:
    if not isinstance(run.outcome, Reading):
        return ()
    numbered = list(enumerate(run.outcome.regions))
    layers = (
        Layer(
            run.engine_id,
            level,
            tuple(
                Box(box_id(run.engine_id, n), region.polygon, borrows and level == "word")
                for n, region in numbered
                if region.level == level
            ),
            places_json(run.outcome, level) if level in {"word", "line"} else "[]",
        )
        for level in LEVELS
    )
    return tuple(layer for layer in layers if layer.boxes)
