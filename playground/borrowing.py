"""Boxes for an engine that returns none: its words are placed on another engine's word boxes by aligning the texts.

A borrowed box says where a word probably stands; it is never stored and always marked as borrowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engines.contract import Point, Reading, Region
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.word_pairing import word_pairs
from playground.comparison import EngineRun
from playground.crops import around
from playground.placing import place_regions


@dataclass(frozen=True, slots=True)
class Lending:
    """Runs in which every reading that could borrow has word regions; `lenders` says whose they are, by borrower."""

    runs: Mapping[str, EngineRun]
    lenders: Mapping[str, str]


def lend_boxes(runs: Mapping[str, EngineRun], rules: Rules = DEFAULT_RULES) -> Lending:
    """Give readings without word boxes those of the reading that has most of them placed."""
    lender = _lender(runs.values())
    if lender is None:
        return Lending(runs, {})
    lent: dict[str, EngineRun] = {}
    for engine_id, run in runs.items():
        reading = run.outcome
        if isinstance(reading, Reading) and reading.text.strip() and not _has_words(reading):
            regions = borrowed_regions(reading.text, lender[1], rules)
            lent[engine_id] = replace(run, outcome=replace(reading, regions=(*reading.regions, *regions)))
    return Lending({**runs, **lent}, dict.fromkeys(lent, lender[0]))


def borrowed_regions(text: str, lender: Reading, rules: Rules = DEFAULT_RULES) -> tuple[Region, ...]:
    """Word regions for a text, in its order; words that have no counterpart in the lender's text get none."""
    placed = place_regions(lender, "word")
    regions: list[Region] = []
    for pair in word_pairs(lender.text, text, rules):
        there = [region for region in placed if region.start < pair.ref_end and pair.ref_start < region.end]
        if there and pair.hyp_start < pair.hyp_end:
            polygon = _around([lender.regions[region.index].polygon for region in there])
            regions.append(Region("word", text[pair.hyp_start : pair.hyp_end], polygon))
    return tuple(regions)


def _lender(runs: Iterable[EngineRun]) -> tuple[str, Reading] | None:
    found: list[tuple[int, str, Reading]] = []
    for run in runs:
        if isinstance(run.outcome, Reading) and _has_words(run.outcome):
            found.append((len(place_regions(run.outcome, "word")), run.engine_id, run.outcome))
    if not found:
        return None
    _, engine_id, reading = max(found, key=lambda one: one[:2])
    return engine_id, reading


def _has_words(reading: Reading) -> bool:
    return any(region.level == "word" for region in reading.regions)


def _around(polygons: Sequence[tuple[Point, ...]]) -> tuple[Point, ...]:
    """The one polygon, or the upright rectangle around several."""
    box = around(polygons)
    if len(polygons) == 1 or box is None:
        return polygons[0]
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)
