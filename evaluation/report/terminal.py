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

from engines.pricing import about
from evaluation.datasets.contract import Unreadable
from evaluation.findings.results import EngineProgress
from evaluation.findings.wording import duration
from evaluation.ledger.work_items import Lost
from evaluation.report.memo import Block, Cards, Heading, Points, plain_table
from evaluation.report.memo import Table as Grid
from evaluation.report.memo import Text as Paragraph
from evaluation.work.planning import MOST_PLANTED, Plan
from evaluation.work.worker import WorkReport
from playground.cli.terminal import visible

Labels = Mapping[str, str]
LISTED = 10
REFRESH_SECONDS = 0.5


def print_plan(console: Console, plan: Plan, labels: Labels) -> None:
    """The run before it starts: items, money, time."""
    contents = plan.contents
    to_plant = contents.settings.canaries and not any(item.locator.planting for item in contents.items)
    more = f" and up to {MOST_PLANTED} canary pages made from them" if to_plant else ""
    console.print(
        f"{len(contents.items)} items{more}, {plan.referenced} with a reference, "
        f"{len(contents.unreadable)} things in the data set that cannot be read."
    )
    for note in contents.settings.notes:
        console.print(Text(visible(note), "yellow"))
    print_unreadable(console, contents.unreadable)
    rows = []
    for estimate in plan.estimates:
        time = f"{duration(estimate.seconds)}{'' if estimate.seconds_measured else ' (assumed)'}"
        money = about(estimate.cost), about(estimate.worst)
        rows.append((labels[estimate.engine_id], str(estimate.items), *money, time))
    if rows:
        _print_table(console, plain_table("Estimate", ("Engine", "Readings", "Expected cost", "At most", "Time"), rows))


def print_unreadable(console: Console, unreadable: Sequence[Unreadable]) -> None:
    """The first few of what cannot be read; the report lists them all."""
    for item in unreadable[:LISTED]:
        console.print(Text(f"  {visible(item.id)}: {visible(item.reason)}", "dim"))
    if len(unreadable) > LISTED:
        console.print(Text(f"  and {len(unreadable) - LISTED} more, all in the report", "dim"))


@contextmanager
def bar_of_a_look(console: Console) -> Iterator[Callable[[int, int], None]]:
    """What is to be told how many steps of a first look at many readings are done; few need no bar."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        line = bars.add_task("Scoring", visible=False)
        yield lambda done, of: bars.update(line, completed=done, total=of, visible=True)


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


def print_blocks(console: Console, blocks: Sequence[Block]) -> None:
    """A document down the terminal; pictures stay in its files. SECURITY: every word goes through `visible`."""
    for block in blocks:
        match block:
            case Heading():
                console.print(Text(visible(block.words), "bold"))
            case Paragraph():
                style = {"quiet": "dim", "headline": "bold"}.get(block.tone, "")
                console.print(Text(visible(f"{block.lead} {block.words}".strip()), style))
            case Points():
                _print_points(console, block)
            case Cards():
                for number, card in enumerate(block.cards, start=1):
                    console.print(Text(visible(f"{number}. {card.heading}"), "bold"))
                    for part in card.parts:
                        _print_points(console, part, indent="   ")
            case Grid():
                if block.folded:
                    console.print(Text(visible(block.title), "dim"))
                _print_table(console, block)


def _print_points(console: Console, points: Points, indent: str = "") -> None:
    if points.lead:
        console.print(Text(visible(f"{indent}{points.lead}"), "dim"))
    for item in points.items:
        console.print(Text(visible(f"{indent}- {item}")))


def _print_table(console: Console, drawn: Grid) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in drawn.heads:
        table.add_column(visible(head.name), justify="right" if head.kind == "number" else "left", overflow="fold")
    for row in drawn.rows:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    console.print(table)


def print_ending(console: Console, report: WorkReport, labels: Labels) -> None:
    """What a worker met besides its work."""
    if report.lost != Lost():
        lost = report.lost
        console.print(f"Took over {lost.items} items of workers that died; {lost.calls} of their calls were in flight.")
    for engine_id in sorted(report.over_budget):
        console.print(
            f"{labels[engine_id]} was stopped: its next call might exceed the budget. Resume with a higher one."
        )
