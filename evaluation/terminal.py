"""What people see of a run in a terminal: the estimate, progress, the leaderboard, the bill. Computes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from evaluation.datasets.contract import Unreadable
from evaluation.leaderboard import Leaderboard, Pair, Row
from evaluation.planning import Plan
from evaluation.results import Bill, EngineProgress
from evaluation.statistics import Interval
from evaluation.work_items import Lost
from evaluation.worker import WorkReport
from playground.differences import visible
from playground.terminal import percent

Labels = Mapping[str, str]
LISTED = 10
REFRESH_SECONDS = 0.5


def print_plan(console: Console, plan: Plan, labels: Labels) -> None:
    """The run before it starts: items, money, time."""
    contents = plan.contents
    console.print(
        f"{len(contents.items)} items, {plan.referenced} with a reference, "
        f"{len(contents.unreadable)} things in the data set that cannot be read."
    )
    for note in contents.settings.notes:
        console.print(Text(note, "yellow"))
    print_unreadable(console, contents.unreadable)
    table = _table("Engine", "Readings", "Expected cost", "At most", "Time")
    for estimate in plan.estimates:
        time = f"{duration(estimate.seconds)}{'' if estimate.seconds_measured else ' (assumed)'}"
        cost, most = dollars(estimate.usd), dollars(estimate.worst_usd)
        table.add_row(labels[estimate.engine_id], str(estimate.items), cost, most, time)
    console.print(table)


def print_unreadable(console: Console, unreadable: Sequence[Unreadable]) -> None:
    """The first few of what cannot be read; the report lists them all."""
    for item in unreadable[:LISTED]:
        console.print(Text(f"  {visible(item.id)}: {visible(item.reason)}", "dim"))
    if len(unreadable) > LISTED:
        console.print(Text(f"  and {len(unreadable) - LISTED} more, all in the report", "dim"))


@contextmanager
def progress_bars(console: Console, look: Callable[[], Sequence[EngineProgress]], labels: Labels) -> Iterator[None]:
    """A bar for each engine, brought up to date from the ledger while the block runs."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    over = threading.Event()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        lines = {seen.engine_id: bars.add_task(escape(labels[seen.engine_id]), total=seen.total) for seen in look()}

        def show() -> None:
            while not over.wait(REFRESH_SECONDS):
                refresh()

        def refresh() -> None:
            for seen in look():
                bars.update(lines[seen.engine_id], completed=seen.total - seen.left)

        thread = threading.Thread(target=show, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            refresh()


def print_leaderboard(console: Console, board: Leaderboard, labels: Labels) -> None:
    """Every engine with how sure its figures are, then which ones could not be told apart."""
    columns = ("", "Engine", "CER", "95 %", "WER", "95 %", "Scored", "Failed", "Median s", "p95 s", "$ per 1,000")
    table = _table(*columns)
    for row in board.rows:
        table.add_row(*_cells(row, labels))
    console.print(table)
    few = any(row.cer_interval and row.cer_interval.few for row in board.rows)
    console.print(Text(f"Intervals over {board.clustered_by}s{'; there are few of them' if few else ''}.", "dim"))
    for pair in board.pairs:
        console.print(Text(pair_sentence(pair, labels), "dim"))


def print_bill(console: Console, bill: Bill) -> None:
    """What was paid, and which calls may have been paid for nothing."""
    if bill.answered_calls or bill.unknown_calls or bill.lost_calls:
        console.print(f"{bill.answered_calls} paid calls: {dollars(bill.answered_usd)}.")
    if bill.unknown_calls:
        console.print(
            f"{bill.unknown_calls} calls went unanswered and may be billed: at most {dollars(bill.unknown_usd)}."
        )
    if bill.lost_calls:
        console.print(
            f"{bill.lost_calls} calls were in flight when a worker died and may be billed: "
            f"at most {dollars(bill.lost_usd)}."
        )


def print_ending(console: Console, report: WorkReport, labels: Labels) -> None:
    """What a worker met besides its work."""
    if report.lost != Lost():
        lost = report.lost
        console.print(f"Took over {lost.items} items of workers that died; {lost.calls} of their calls were in flight.")
    for engine_id in sorted(report.over_budget):
        console.print(
            f"{labels[engine_id]} was stopped: its next call might exceed the budget. Resume with a higher one."
        )


def pair_sentence(pair: Pair, labels: Labels) -> str:
    """Whether two engines differ, in words."""
    better, worse = labels[pair.better], labels[pair.worse]
    gap = f"{pair.difference * 100:.2f} points of CER on {pair.pages} pages"
    if pair.apart:
        return f"{better} reads better than {worse} by {gap} (p = {pair.p_value:.3f})."
    needed = f"about {pair.more_pages:,} more pages would be needed" if pair.more_pages else "too few to tell"
    more = f"; {needed}"
    return f"{better} and {worse} cannot be told apart: {gap} (p = {pair.p_value:.2f}){more}."


def dollars(usd: float | None) -> str:
    """An amount for people."""
    if usd is None:
        return "price unknown"
    return f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}"


def duration(seconds: float) -> str:
    """A span of time for people."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _cells(row: Row, labels: Labels) -> tuple[str, ...]:
    bare = (row.seconds_median, row.seconds_p95)
    seconds = ["" if value is None else f"{value:.1f}" for value in bare]
    return (
        row.places,
        labels[row.engine_id],
        percent(row.cer.rate),
        _range(row.cer_interval),
        percent(row.wer.rate),
        _range(row.wer_interval),
        str(row.scored),
        f"{row.failed + row.refused} of {row.pages}",
        *seconds,
        dollars(row.usd_per_1000) if row.usd_per_1000 is not None else "",
    )


def _range(interval: Interval | None) -> str:
    return f"{interval.low * 100:.1f}\N{EN DASH}{interval.high * 100:.1f} %" if interval else "n/a"


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < 2 else "right", no_wrap=True)
    return table
