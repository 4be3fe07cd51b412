"""What people see of engines, readings and scores in a terminal. Computes nothing; no colour alone says what is wrong.

SECURITY: engines read whatever is on the page, control characters too; every text goes through `visible`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from engines.catalogue import MARK, is_brought
from engines.contract import EngineSpec
from engines.pricing import Usd, dollars, in_words
from metrics.alignment import Kind
from metrics.comparing_texts import TextComparison, painted_texts
from metrics.error_rate import ErrorRate
from metrics.normalising import Rules
from playground import comparing
from playground.documents import EngineDocument
from playground.engine_runs import EngineRun, Failure
from playground.host.budget import Spent
from playground.panel import TogetherView
from playground.scoring import EngineScore, EngineTotal, Scores
from playground.settings import Caps
from playground.trust import TrapAnswer, TrustAnswers
from playground.verdict import Verdict
from translations.wording import in_seconds, percent

Labels = Mapping[str, str]
"""Engine id -> the name people know."""

DASH = "\N{EN DASH}"
BELOW, INDENTED = (0, 0, 1, 2), (0, 0, 0, 2)
NOBODY_TO_VOTE = "There is no reading together: fewer than two engines have read."


def print_engines(console: Console, engines: Iterable[EngineDocument]) -> None:
    """One line for each engine: where it runs, and that it is ready or what it lacks."""
    table = borderless("Engine", "Name", "Runs", "State")
    for engine in engines:
        state = Text(f"needs: {engine.fix}", "dim") if engine.fix else Text("ready", "green")
        if engine.first_use:
            state.append(f", {engine.first_use}")
        table.add_row(Text(engine.id), Text(engine.label), engine.runs, state)
    console.print(table)


def print_spending(console: Console, spent: Sequence[Spent], caps: Caps | None) -> None:
    """One line for each engine, then all of them, and the budget they are paid from."""
    table = borderless("Engine", "Calls", "Spent", "Of it for calls that were not counted")
    for one in spent:
        name = one.engine_id or "(assumed at a start with an empty disk)"
        table.add_row(Text(visible(name)), str(one.calls), dollars(one.usd), dollars(one.unsettled_usd))
    console.print(table)
    budget = f" of {dollars(caps.day_usd)} a day" if caps else ""
    console.print(Text(f"{dollars(sum(one.usd for one in spent))}{budget}"))


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


def print_ranking(console: Console, verdict: Verdict) -> None:
    """Who is best and everybody's place, as on the screens; nothing where nobody has read."""
    if not verdict.ranked:
        return
    table = borderless("Engine", *(figure.name for figure in verdict.ranked[0].figures), "")
    for column in (table.columns[0], table.columns[1], table.columns[-1]):
        column.no_wrap = True
    for row in verdict.ranked:
        figures = [f"{figure.text or DASH} {figure.note}".rstrip() for figure in row.figures]
        remark = row.panel.best or ("too close to call" if row.close else "")
        table.add_row(Text(visible(row.panel.label), "bold"), *figures, Text(remark, "green" if row.panel.best else ""))
    console.print(Text(visible(verdict.headline), "bold"))
    console.print(table)
    if verdict.meaning:
        console.print(Text(visible(verdict.meaning)))


def print_together(console: Console, found: TogetherView | str) -> None:
    """One text voted from all readings, with its doubtful words after it; or why there is none."""
    if isinstance(found, str):
        console.print(Text(found or NOBODY_TO_VOTE))
        return
    figures = [f"{figure.name} {figure.text}" for figure in found.rates]
    effort = [figure.text for figure in found.effort if figure.text]
    facts = "; ".join((*figures, *effort, found.model, found.disagreement))
    console.print(Text.assemble((found.label, "bold"), "  ", facts))
    text = found.together.consensus.text
    if found.score:
        print_differences(console, found.score.compared)
    else:
        console.print(Padding(Text(visible(text) or "(no text)"), BELOW))
    for doubt in found.doubts:
        if doubt.level == "doubtful":
            console.print(Padding(Text(visible(f"? {text[doubt.start : doubt.end]}: {doubt.reason}"), "dim"), INDENTED))


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
        figures = (percent(total.cer.rate), percent(total.wer.rate), wrong, *map(str, pages), in_seconds(total.seconds))
        table.add_row(Text(labels[total.engine_id]), *figures)
    console.print(table)


def borderless(*headings: str) -> Table:
    """An empty table with these columns."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _headline(run: EngineRun, score: EngineScore | None, label: str) -> Text:
    facts = [MARK] if is_brought(run.engine_id) else []
    facts += [] if run.seconds is None else [f"{run.seconds:.1f} s"]
    facts += [_price(run.cost)] if run.cost else []
    if isinstance(run.outcome, Failure):
        facts.insert(0, f"failed ({run.outcome.reason})")
    else:
        facts += ["refused"] * run.refused + ["cut off at the limit"] * run.outcome.truncated
    if score:
        best = " best" if score.best_cer else ""
        facts.insert(0, f"CER {percent(score.cer.rate)}{best}, {_counts(score.cer, 'characters')}")
        facts.insert(1, f"WER {percent(score.wer.rate)}")
    return Text.assemble((label, "bold"), "  ", "; ".join(facts))


def _counts(rate: ErrorRate, units: str) -> str:
    kinds = f"{rate.substitutions} replaced, {rate.deletions} missing, {rate.insertions} extra"
    return f"{rate.errors} of {rate.reference_length} {units} wrong: {kinds}"


def _price(cost: Usd) -> str:
    return f"{in_words(cost)} {'measured' if cost.measured else 'estimated'}"


Part = tuple[Kind, str, str]
"""Kind, reference, hypothesis."""

NARROW = 60
"""Columns below which two texts do not fit beside each other."""

STYLES: Mapping[Kind, str] = {
    "equal": "",
    "replace": "underline yellow",
    "delete": "strike red",
    "insert": "reverse cyan",
}
MARKS: Mapping[Kind, str] = {"equal": "", "replace": "~", "delete": "-", "insert": "+"}
"""Written around a difference where the terminal has no styles."""

_COMMANDS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with everything a terminal would obey (controls, direction marks, broken characters) made a sign."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\t", " "))


def side_by_side(compared: TextComparison, *, width: int, plain: bool) -> RenderableType:
    """The reference beside the reading, or above it on a narrow terminal; `plain` writes marks instead of styles."""
    lines = list(_lines(painted_texts(compared), plain))
    if width < NARROW:
        return Text("\n").join(Text("\n").join([Text("= ") + left, Text("> ") + right]) for left, right in lines)
    table = Table.grid(padding=(0, 3, 0, 0), expand=True)
    table.add_column("Reference", ratio=1, overflow="fold")
    table.add_column("Reading", ratio=1, overflow="fold")
    for line in lines:
        table.add_row(*line)
    return table


def legend(*, plain: bool) -> Text:
    """What the styles or marks mean, drawn with them."""
    names: Mapping[Kind, str] = {"replace": "replaced", "delete": "missing", "insert": "extra"}
    return Text("  ").join(_drawn(name, kind, plain) for kind, name in names.items())


def _lines(parts: Iterable[Part], plain: bool) -> Iterator[tuple[Text, Text]]:
    """One pair for every line of the reference."""
    left, right = Text(), Text()
    for kind, ref_part, hyp_part in _joined(parts):
        for position, (reference, hypothesis) in enumerate(_cut_at_line_breaks(ref_part, hyp_part)):
            if position:
                yield left, right
                left, right = Text(), Text()
            left.append_text(_drawn(reference if left else reference.lstrip(), kind, plain))
            right.append_text(_drawn(hypothesis if right else hypothesis.lstrip(), kind, plain))
    if left or right:
        yield left, right


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbours of one kind together, so that their words are shared out together."""
    for kind, group in groupby(parts, key=itemgetter(0)):
        run = list(group)
        yield kind, "".join(reference for _, reference, _ in run), "".join(hypothesis for *_, hypothesis in run)


def _cut_at_line_breaks(reference: str, hypothesis: str) -> Iterator[tuple[str, str]]:
    """Each line of the reference, and as many words of the hypothesis as it has itself."""
    *lines, last = visible(reference).split("\n")
    rest = visible(hypothesis)
    for line in lines:
        match = re.match(rf"(?:\s*\S+){{0,{len(line.split())}}}", rest)
        taken = match.end() if match else 0
        yield line, rest[:taken]
        rest = rest[taken:].removeprefix("\n").removeprefix(" ")
    yield last, rest


def _drawn(text: str, kind: Kind, plain: bool) -> Text:
    if kind == "equal":
        return Text(text.replace("\n", " "))
    if not text:
        return Text()
    shown = text.replace("\n", "⏎") if text.strip() else text.replace("\n", "⏎").replace(" ", "·")
    return Text(f"{MARKS[kind]}{shown}{MARKS[kind]}") if plain else Text(shown, STYLES[kind])


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


TRAPS = {"blank": "a blank strip", "masked": "a masked word", "altered": "a famous sentence, altered"}


def print_trust(console: Console, document: TrustAnswers, labels: Mapping[str, str]) -> None:
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


def _caught(trap: TrapAnswer) -> Text:
    words = f": {', '.join(trap.words[:6])}" if trap.words else ""
    return Text(visible(f"{trap.verdict or 'did not read'}{words}"), "red" if trap.words else "")
