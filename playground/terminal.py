"""What people see of engines, readings and scores in a terminal. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from metrics.comparing_texts import TextComparison
from metrics.error_rate import ErrorRate
from metrics.normalising import Rules
from playground.comparison import Cost, EngineRun, Failure
from playground.differences import legend, side_by_side, visible
from playground.documents import EngineDocument
from playground.scoring import EngineScore, EngineTotal, Scores

Labels = Mapping[str, str]
"""Engine id -> the name people know."""

BELOW = (0, 0, 1, 2)


def print_engines(console: Console, engines: Iterable[EngineDocument]) -> None:
    """One line for each engine: where it runs, and that it is ready or what it lacks."""
    table = borderless("Engine", "Name", "Runs", "State")
    for engine in engines:
        state = Text(f"needs: {engine.fix}", "dim") if engine.fix else Text("ready", "green")
        if engine.first_use:
            state.append(f", {engine.first_use}")
        table.add_row(Text(engine.id), Text(engine.label), engine.runs, state)
    console.print(table)


def print_page(console: Console, name: str, runs: Iterable[EngineRun], scores: Scores | None, labels: Labels) -> None:
    """One page: each engine's figures, then its text, or its differences where there is a reference."""
    console.print(Rule(Text(visible(name), "bold"), align="left"))
    for run in runs:
        score = scores.of(run.engine_id) if scores else None
        console.print(_headline(run, score, labels[run.engine_id]))
        if isinstance(run.outcome, Failure):
            console.print(Padding(Text(visible(f"{run.outcome.message} {run.outcome.fix}"), "red"), BELOW))
        elif score:
            print_differences(console, score.compared)
        else:
            console.print(Padding(Text(visible(run.outcome.text) or "(no text)"), BELOW))


def print_differences(console: Console, compared: TextComparison) -> None:
    """Reference and hypothesis beside each other."""
    plain = console.color_system is None
    console.print(Padding(side_by_side(compared, width=console.width, plain=plain), BELOW))


def print_scores(console: Console, cer: ErrorRate, wer: ErrorRate) -> None:
    """Both rates with what they are made of."""
    console.print(Text.assemble(("CER ", "bold"), f"{percent(cer.rate)}  {_counts(cer, 'characters')}"))
    console.print(Text.assemble(("WER ", "bold"), f"{percent(wer.rate)}  {_counts(wer, 'words')}"))


def print_rules(console: Console, rules: Rules) -> None:
    """How differences are marked, and what counts as one."""
    console.print(legend(plain=console.color_system is None))
    console.print(Text(rules.sentence(), "dim"))


def print_totals(console: Console, totals: Sequence[EngineTotal], labels: Labels) -> None:
    """Every engine over all pages; pages without a score are counted, not hidden."""
    table = borderless("Engine", "CER", "WER", "Errors", "Scored", "Cut", "Refused", "Failed", "Time")
    for column in table.columns[1:]:
        column.justify = "right"
    for total in sorted(totals, key=lambda total: (total.cer.rate is None, total.cer.rate)):
        wrong = f"{total.cer.errors}/{total.cer.reference_length}"
        pages = (total.scored, total.truncated, total.refused, total.failed)
        figures = (percent(total.cer.rate), percent(total.wer.rate), wrong, *map(str, pages), f"{total.seconds:.0f} s")
        table.add_row(Text(labels[total.engine_id]), *figures)
    console.print(table)


def borderless(*headings: str) -> Table:
    """An empty table with these columns."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def percent(rate: float | None) -> str:
    """A rate for people: two decimals below 10 %, one above, "n/a" for an empty reference."""
    if rate is None:
        return "n/a"
    return f"{rate * 100:.2f} %" if rate < 0.0995 else f"{rate * 100:.1f} %"


def _headline(run: EngineRun, score: EngineScore | None, label: str) -> Text:
    facts = [f"{run.seconds:.1f} s", *([_price(run.cost)] if run.cost else [])]
    if isinstance(run.outcome, Failure):
        facts.insert(0, f"failed ({run.outcome.reason})")
    else:
        facts += ["refused"] * run.outcome.refused + ["cut off at the limit"] * run.outcome.truncated
    if score:
        best = " best" if score.best_cer else ""
        facts.insert(0, f"CER {percent(score.cer.rate)}{best}, {_counts(score.cer, 'characters')}")
        facts.insert(1, f"WER {percent(score.wer.rate)}")
    return Text.assemble((label, "bold"), "  ", "; ".join(facts))


def _counts(rate: ErrorRate, units: str) -> str:
    kinds = f"{rate.substitutions} replaced, {rate.deletions} missing, {rate.insertions} extra"
    return f"{rate.errors} of {rate.reference_length} {units} wrong: {kinds}"


def _price(cost: Cost) -> str:
    return f"${cost.usd:.4f} {'measured' if cost.measured else 'estimated'}"
