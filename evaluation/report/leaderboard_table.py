"""The leaderboard as every medium draws it. A new column is one `Column` here and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engines.brought import MARK, is_brought
from evaluation.findings.leaderboard import Leaderboard, Row
from evaluation.findings.statistics import Interval
from evaluation.report.blocks import Block, Cell, Head, Points, Spread, Table, Text
from evaluation.report.wording import (
    MOST_TOLD,
    between,
    estimated,
    heavy_page_sentence,
    in_units,
    pair_sentence,
    price_of,
    together_sentences,
    verdict,
)
from metrics.wording import in_seconds, percent
from playground.together import LABEL

Value = TypeVar("Value")
BROUGHT_SIGN = " \N{DAGGER}"
BROUGHT = (
    f"{BROUGHT_SIGN.strip()} {MARK.capitalize()}: how it was read nobody here has seen. Seconds and prices are as they "
    "came with the readings. A page that is not among them was not read, and counts neither way."
)
WIDEST = 1.5
"""A rate beyond 150 % does not stretch the scale on which intervals are drawn."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Value]):
    """One figure of every engine: where it comes from, how it is written, and what it means."""

    name: str
    value: Callable[[Row], Value]
    written: Callable[[Value], str]
    tooltip: str
    main: bool = False
    """Whether it is the figure that decides the order."""


COLUMNS = (
    Column(
        "CER", lambda row: row.cer.rate, percent, "Character errors of all pages over all reference characters", True
    ),
    Column("95 %", lambda row: row.cer_interval, between, "Where the true CER lies with 95 % confidence"),
    Column(
        "Middle page", lambda row: row.median_page_cer, percent, "CER of the middle page: one awful page cannot move it"
    ),
    Column("WER", lambda row: row.wer.rate, percent, "Word errors of all pages over all reference words"),
    Column("95 %", lambda row: row.wer_interval, between, "Where the true WER lies with 95 % confidence"),
    Column("Scored", lambda row: row.scored, str, "Pages with a reading and a reference: the rates are over these"),
    Column(
        "No reading",
        lambda row: (row.failed + row.refused, row.pages),
        lambda counts: f"{counts[0]} of {counts[1]}",
        "Pages on which the engine failed or refused",
    ),
    Column("Cut off", lambda row: row.truncated, str, "Pages whose reading ended at the length limit"),
    Column("Median", lambda row: row.seconds_median, in_seconds, "Half of all pages were read in this time"),
    Column("95 of 100", lambda row: row.seconds_p95, in_seconds, "95 of 100 pages were read in this time"),
    Column("Per 1,000 pages", lambda row: row, price_of, "What the vendor is paid; est.: by list price, not by use"),
)
PLACE = Head("Place", "words", "Engines that share a letter could not be told apart")


def leaderboard_table(board: Leaderboard, labels: Mapping[str, str]) -> Table:
    """A row for each engine, best first, and last what they read together."""
    rows = (*board.rows, board.together.row) if board.together else board.rows
    estimates = {estimate.reader: estimated(estimate) for estimate in board.estimates}
    heads = (
        PLACE,
        Head("Engine", "name"),
        *(
            Head(in_units(column.name, board.unit), tooltip=in_units(column.tooltip, board.unit), main=column.main)
            for column in COLUMNS
        ),
    )
    scale = _scale(rows)
    cells = tuple(
        (
            f"{row.places} {row.letters}".strip(),
            _name(row, labels),
            *(_cell(column, row, scale, estimates) for column in COLUMNS),
        )
        for row in rows
    )
    return Table("Leaderboard", heads, cells, best=any(row.cer.rate is not None for row in rows))


def results_blocks(board: Leaderboard, labels: Mapping[str, str]) -> list[Block]:
    """Who reads best, every engine's figures with how sure they are, and which of them could be told apart."""
    if not board.rows:
        return []
    few = any(row.cer_interval and row.cer_interval.few for row in board.rows)
    wide = "; there are fewer than 20 of them, so they are wide" if few else ""
    said = verdict(board, labels)
    note = f"Intervals over {board.clusters}{wide}. A {board.unit} without a reading counts as that, never as a text."
    pairs = tuple(pair_sentence(pair, labels, board.unit) for pair in board.pairs)
    heavy = tuple(filter(None, (heavy_page_sentence(row, labels[row.engine_id], board.unit) for row in board.rows)))
    return [
        *([Text(said, "headline")] if said else []),
        leaderboard_table(board, labels),
        *(Text(sentence, "quiet") for sentence in together_sentences(board, labels)),
        Text(note, "quiet"),
        *([Text(BROUGHT, "quiet")] if any(is_brought(row.engine_id) for row in board.rows) else []),
        *([Points(heavy, f"One {board.unit} makes most of the errors")] if heavy else []),
        *([Points(pairs, "Which differences are real?", folded=True)] if pairs else []),
    ]


def _name(row: Row, labels: Mapping[str, str]) -> str:
    label = labels.get(row.engine_id, f"{LABEL} (all engines, no one of them)")
    return f"{label}{BROUGHT_SIGN}" if is_brought(row.engine_id) else label


def _cell(column: Column[Any], row: Row, scale: float, estimates: Mapping[str, str]) -> Cell:
    value = column.value(row)
    words = estimates.get(row.engine_id, "") if column.main and value is None else ""
    words = words or column.written(value)
    if isinstance(value, Interval) and value is row.cer_interval and value.high <= MOST_TOLD:
        low, middle, high = (min(1.0, rate / scale) for rate in (value.low, row.cer.rate or 0.0, value.high))
        return Spread(words, low, middle, high)
    return words


def _scale(rows: Sequence[Row]) -> float:
    ends = (row.cer_interval.high if row.cer_interval else row.cer.rate or 0.0 for row in rows)
    return min(max(ends, default=0.0), WIDEST) or 1.0
