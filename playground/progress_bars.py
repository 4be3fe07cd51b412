"""Live lines in a terminal, one for each engine that is reading. Shows nothing where nobody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from engines.contract import EngineSpec
from playground import comparing
from playground.differences import visible


@contextmanager
def progress_bars(specs: Sequence[EngineSpec]) -> Iterator[tuple[comparing.Progress, Callable[[str, str], None]]]:
    """Two listeners: what an engine is doing, and that it ended; the lines go away when the page is done."""
    console = Console(stderr=True)
    columns = SpinnerColumn(finished_text="·"), TextColumn("{task.description}"), TextColumn("{task.fields[doing]}")
    with Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        lines = {spec.id: bars.add_task(escape(spec.label), total=1, doing="reading") for spec in specs}

        def doing(engine_id: str, what: str, share: float | None) -> None:
            percent = "" if share is None else f" {share:.0%}"
            bars.update(lines[engine_id], doing=escape(visible(what)) + percent)

        def ended(engine_id: str, how: str) -> None:
            bars.update(lines[engine_id], completed=1, doing=escape(visible(how)))

        yield doing, ended
