"""The leaderboard as every medium draws it. A new column is one `Column` here and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from engines.catalogue import MARK, is_brought
from evaluation.findings.faithfulness import Faithfulness
from evaluation.findings.leaderboard import Leaderboard, Row
from evaluation.findings.statistics import MOST_OF_ALL, Interval, Share
from evaluation.findings.wording import (
    DASH,
    MOST_TOLD,
    begun,
    between,
    canary_sentence,
    clusters_in_words,
    estimated,
    heavy_page_sentence,
    in_units,
    order_sentence,
    pair_sentence,
    price_of,
    share_cell,
    together_sentences,
    verdict,
)
from evaluation.report.memo import Block, Cell, Head, Points, Spread, Table, Text, of_units
from metrics.critical_tokens import TokenKind
from playground.together import LABEL
from translations import N_, _
from translations.wording import in_seconds, percent

Value = TypeVar("Value")
BROUGHT_SIGN = " \N{DAGGER}"
BROUGHT = N_(
    "{sign} {brought}: how it was read nobody here has seen. Seconds and prices are as they came with the readings. A "
    "page that is not among them was not read, and counts neither way."
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


COLUMNS: tuple[Column[Any], ...] = (
    Column(
        "CER",
        lambda row: row.cer.rate,
        percent,
        N_("Character errors of all pages over all reference characters"),
        main=True,
    ),
    Column("95 %", lambda row: row.cer_interval, between, N_("Where the true CER lies with 95 % confidence")),
    Column(
        N_("Middle page"),
        lambda row: row.median_page_cer,
        percent,
        N_("CER of the middle page: one awful page cannot move it"),
    ),
    Column("WER", lambda row: row.wer.rate, percent, N_("Word errors of all pages over all reference words")),
    Column(
        N_("No reading"),
        lambda row: (row.failed + row.refused, row.pages),
        lambda counts: _("{n} of {all}", n=counts[0], all=counts[1]),
        N_("Pages on which the engine failed or refused"),
    ),
    Column(
        N_("Median time"), lambda row: row.seconds_median, in_seconds, N_("Half of all pages were read in this time")
    ),
    Column(
        N_("Per 1,000 pages"),
        lambda row: row,
        price_of,
        N_("What the vendor is paid; est.: by list price, not by use"),
    ),
)
"""What decides."""


def _tokens(kind: TokenKind, name: str, tooltip: str) -> Column[Share | None]:
    return Column(name, lambda row: row.faithful.right[kind] if row.faithful else None, share_cell, tooltip)


def _faithful(name: str, written: Callable[[Faithfulness], str], tooltip: str) -> Column[Faithfulness | None]:
    return Column(name, lambda row: row.faithful, lambda found: DASH if found is None else written(found), tooltip)


FAITHFUL_COLUMNS: tuple[Column[Any], ...] = (
    _tokens(
        "name",
        N_("Names right"),
        N_("The names of the references that were read right, of how many, and where the true share lies"),
    ),
    _tokens(
        "date",
        N_("Dates right"),
        N_("The dates of the references that were read right, of how many, and where the true share lies"),
    ),
    _tokens(
        "amount",
        N_("Amounts right"),
        N_("The amounts of the references that were read right, of how many, and where the true share lies"),
    ),
    _tokens(
        "number",
        N_("Numbers right"),
        N_("The numbers of the references that were read right, of how many, and where the true share lies"),
    ),
    _faithful(
        N_("Silent corrections"),
        lambda found: share_cell(found.corrected),
        N_(
            "The writers' misspellings that the engine put right without a word; a dash in languages without a word "
            "list"
        ),
    ),
    _faithful(
        N_("Words added"),
        lambda found: f"{percent(found.added_rate)} [{between(found.added_interval)}]",
        N_("Words that stand for nothing on the page, in percent of the words that are there"),
    ),
    Column(
        N_("Canary pages"),
        lambda row: row.canaries,
        lambda seen: _("caught on {n} of {all}", n=sum(one.caught for one in seen), all=len(seen)) if seen else DASH,
        N_("Blank paper, masked and replaced words: on how many the engine read what is not there"),
    ),
    _faithful(
        N_("Stuck"), lambda found: str(found.stuck), N_("Pages on which the engine says the same again and again")
    ),
)
"""What a mean hides."""
MORE_COLUMNS: tuple[Column[Any], ...] = (
    Column(N_("WER, 95 %"), lambda row: row.wer_interval, between, N_("Where the true WER lies with 95 % confidence")),
    _faithful(
        N_("CER, lines in any order"),
        lambda found: percent(found.any_order.rate),
        N_("The CER if lines may stand in any order: far below the CER, the words are there in another order"),
    ),
    _faithful(
        N_("WER, words in any order"),
        lambda found: percent(found.bag_rate),
        N_("The WER if words may stand in any order (bag of words)"),
    ),
    Column(
        N_("Scored"), lambda row: row.scored, str, N_("Pages with a reading and a reference: the rates are over these")
    ),
    Column(N_("Failed"), lambda row: row.failed, str, N_("Pages on which the engine gave no answer")),
    Column(
        N_("Refused"),
        lambda row: row.refused,
        str,
        N_("Pages on which the engine answered that it would not read them"),
    ),
    Column(N_("Empty"), lambda row: row.empty, str, N_("Pages on which the engine read nothing")),
    Column(N_("Cut off"), lambda row: row.truncated, str, N_("Pages whose reading ended at the length limit")),
    Column(
        N_("95 of 100 within"), lambda row: row.seconds_p95, in_seconds, N_("95 of 100 pages were read in this time")
    ),
)
"""What one may want to look up."""
OTHERWISE_ORDERED = N_("Some of what looks missing was read, and stands elsewhere")
HIDDEN = N_("A page may be nearly right and its date wrong. What is a name is a guess by rules.")
PLACE = Head(
    N_("Place"),
    "words",
    N_(
        "Behind how many engines it stands for sure (95 % for each pair), and before how many; no better than that of "
        "an engine with a lower CER. Engines that share a "
        "letter could not be told apart by the test that allows for the number of pairs"
    ),
)


def leaderboard_table(board: Leaderboard, labels: Mapping[str, str]) -> Table:
    """A row for each engine, best first, and last what they read together: the figures that decide."""
    places = tuple(f"{row.places} {row.letters}".strip() for row in _rows(board))
    table = _table(_("Leaderboard"), COLUMNS, board, labels)
    cells = tuple((place, *row) for place, row in zip(places, table.rows, strict=True))
    place = replace(PLACE, name=_(PLACE.name), tooltip=_(PLACE.tooltip))
    return Table(table.title, (place, *table.heads), cells, best=any(row.cer.rate is not None for row in _rows(board)))


def further_tables(board: Leaderboard, labels: Mapping[str, str]) -> list[Block]:
    """The same rows with what their rates hide, and with what is looked up seldom.

    What the engines read together hides nothing of its own: it reads no canary page, and each of its words is one of
    theirs, so that whoever put it right or invented it stands in these rows already.
    """
    more: list[Block] = [replace(_table(_("More figures"), MORE_COLUMNS, board, labels), folded=True)]
    if not any(row.faithful or row.canaries for row in board.rows):
        return more
    seen = [one for one in FAITHFUL_COLUMNS if any(one.written(one.value(row)) != DASH for row in board.rows)]
    hidden = _table(_("What the mean hides"), seen, replace(board, together=None), labels)
    return [Text(_(HIDDEN), lead=f"{hidden.title}."), hidden, *more]


def _rows(board: Leaderboard) -> tuple[Row, ...]:
    return (*board.rows, board.together.row) if board.together else board.rows


def _table(title: str, columns: Sequence[Column[Any]], board: Leaderboard, labels: Mapping[str, str]) -> Table:
    rows = _rows(board)
    estimates = {estimate.reader: estimated(estimate) for estimate in board.estimates}
    heads = (
        Head(_("Engine"), "name"),
        *(Head(_(column.name), tooltip=_(column.tooltip), main=column.main) for column in columns),
    )
    scale = _scale(rows)
    cells = tuple((_name(row, labels), *(_cell(column, row, scale, estimates) for column in columns)) for row in rows)
    return Table(title, heads, cells)


def results_blocks(board: Leaderboard, labels: Mapping[str, str]) -> list[Block]:
    """Who reads best, every engine's figures with how sure they are, and which of them could be told apart."""
    if not board.rows:
        return []
    said = verdict(board, labels)
    place = {row.engine_id: number for number, row in enumerate(board.rows)}
    in_order = sorted(board.pairs, key=lambda pair: sorted((place[pair.better], place[pair.worse])))
    pairs = tuple(pair_sentence(pair, labels, board.unit) for pair in in_order)
    heavy = tuple(filter(None, (heavy_page_sentence(row, labels[row.engine_id], board.unit) for row in board.rows)))
    invented = tuple(
        canary_sentence(one, labels[one.engine_id])
        for row in board.rows
        for one in row.canaries
        if one.words and one.caught
    )
    order = tuple(filter(None, (order_sentence(row, labels[row.engine_id]) for row in board.rows)))
    most = f"{100 * MOST_OF_ALL:.0f}"
    blocks: list[Block] = [
        *([Text(said, "headline")] if said else []),
        leaderboard_table(board, labels),
        *further_tables(board, labels),
        *([Points(order, _(OTHERWISE_ORDERED))] if order else []),
        *([Points(invented, _("Read, and not there"))] if invented else []),
        *([Points(heavy, _("One page makes over {share} % of the errors", share=most))] if heavy else []),
        *([Points(pairs, _("Which differences are real?"), folded=True)] if pairs else []),
        *(Text(sentence, "quiet") for sentence in together_sentences(board, labels)),
        Text(_note(board), "quiet"),
        *([Text(_brought(), "quiet")] if any(is_brought(row.engine_id) for row in board.rows) else []),
    ]
    return of_units(blocks, board.unit)


def _note(board: Leaderboard) -> str:
    few = any(row.cer_interval and row.cer_interval.few for row in board.rows)
    said = (
        _(
            "Intervals over {clusters}; there are fewer than 20 of them, so they are wide. A page without a reading "
            "counts as that, never as a text."
        )
        if few
        else _("Intervals over {clusters}. A page without a reading counts as that, never as a text.")
    )
    return in_units(said, board.unit).format(clusters=clusters_in_words(board.clusters))


def _brought() -> str:
    return _(BROUGHT, sign=BROUGHT_SIGN.strip(), brought=begun(_(MARK)))


def _name(row: Row, labels: Mapping[str, str]) -> str:
    label = labels.get(row.engine_id) or _("{together} (all engines, no one of them)", together=_(LABEL))
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
