"""What people see of the answers to "Can I trust it?" in a terminal. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from playground.differences import visible
from playground.terminal import borderless, percent
from playground.trust_documents import TrapDocument, TrustDocument

TRAPS = {"blank": "a blank strip", "masked": "a masked word", "altered": "a famous sentence, altered"}


def print_trust(console: Console, document: TrustDocument, labels: Mapping[str, str]) -> None:
    """One table for each question that was asked."""
    if document.invented:
        console.print(Text("Does it invent?", "bold"))
        table = borderless("Engine", *(TRAPS[trap.trap] for trap in next(iter(document.invented.values()))))
        for engine, traps in document.invented.items():
            table.add_row(labels[engine], *map(_caught, traps))
        console.print(table)
    if document.repeated:
        console.print(Text("Is it the same each time?", "bold"))
        table = borderless("Engine", "readings", "different texts", "mean difference")
        for one in document.repeated:
            figures = str(one.readings), str(one.different_texts), percent(one.mean_difference)
            table.add_row(labels[one.engine], *figures)
        console.print(table)
    if document.endured:
        what = "CER" if document.has_reference else "change of the reading"
        console.print(Text(f"Does it need a perfect scan? ({what})", "bold"))
        table = borderless("Engine", *(point.condition for point in next(iter(document.endured.values()))))
        for engine, points in document.endured.items():
            rates = ("did not read" if point.rate is None else percent(point.rate) for point in points)
            table.add_row(labels[engine], *rates)
        console.print(table)


def _caught(trap: TrapDocument) -> Text:
    words = f": {', '.join(trap.words[:6])}" if trap.words else ""
    return Text(visible(f"{trap.verdict or 'did not read'}{words}"), "red" if trap.words else "")
