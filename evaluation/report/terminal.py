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

from engines.pricing import dollars, in_words
from evaluation.datasets.contract import Unreadable
from evaluation.findings.leaderboard import Leaderboard, Row
from evaluation.findings.recommending import Advice
from evaluation.findings.results import Bill, EngineProgress
from evaluation.ledger.liveness import Lost
from evaluation.report.wording import between, duration, pair_sentence, price_of
from evaluation.work.planning import Plan
from evaluation.work.worker import WorkReport
from metrics.wording import percent
from playground.cli.terminal import visible

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
        cost, most = in_words(estimate.cost), in_words(estimate.worst)
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
    console.print(Text(f"Intervals over {board.clusters}{'; there are few of them' if few else ''}.", "dim"))
    for pair in board.pairs:
        console.print(Text(pair_sentence(pair, labels), "dim"))


def print_advice(console: Console, advice: Advice, labels: Labels) -> None:
    """The shortlist with what speaks for and against each engine, then what was put aside."""
    for number, candidate in enumerate(advice.shortlist, start=1):
        console.print(Text(f"{number}. {labels[candidate.engine_id]}", "bold"))
        for sentence in (*candidate.measured, *candidate.risks):
            console.print(Text(f"   {sentence}"))
        for sentence in candidate.published:
            console.print(Text(f"   published only: {sentence}", "dim"))
    for out in (*advice.worse, *advice.ruled_out):
        console.print(Text(f"Put aside: {labels[out.engine_id]}, by {out.requirement!r}: {out.because}", "dim"))
    for caveat in advice.caveats:
        console.print(Text(caveat, "yellow"))


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


def _cells(row: Row, labels: Labels) -> tuple[str, ...]:
    bare = (row.seconds_median, row.seconds_p95)
    seconds = ["" if value is None else f"{value:.1f}" for value in bare]
    return (
        row.places,
        labels[row.engine_id],
        percent(row.cer.rate),
        between(row.cer_interval),
        percent(row.wer.rate),
        between(row.wer_interval),
        str(row.scored),
        f"{row.failed + row.refused} of {row.pages}",
        *seconds,
        price_of(row),
    )


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < 2 else "right", no_wrap=True)
    return table
