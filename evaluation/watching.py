"""`python -m evaluation watch RUN`: a finished run's pages read again, and whether anything changed but by chance.

For cron and CI. Each reading is a run of its own in the ledger, with a budget of its own.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from engines.contract import PageImage
from evaluation.datasets.contract import DatasetUnusable, ItemUnreadable
from evaluation.findings.changes import Change, ChangedWord, Silence, changed_words, changes, silences
from evaluation.findings.kept_scores import observations
from evaluation.findings.leaderboard import SIGNIFICANT
from evaluation.findings.results import outcomes, progress
from evaluation.findings.wording import change_sentence
from evaluation.launching import work_here
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Page, Run, create_run, find_run, pages_of
from evaluation.report.memo import Block, Points, Text
from evaluation.report.terminal import print_blocks, print_ending, print_plan, progress_bars
from evaluation.run_command import agree, here, wide_console
from evaluation.work.item_reading import PageLoader
from evaluation.work.planning import plan_again
from playground.cli.page_files import amount

CHANGED = 1
NOT_WATCHED = 2
NAMED_WORDS = 20
LOOKED_AT = 8
EACH = SIGNIFICANT / 2
"""Errors and missing readings are two questions: together they alarm by chance in one reading of twenty."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What became of every engine."""

    changes: Sequence[Change]
    silences: Sequence[Silence]
    words: Mapping[str, Sequence[ChangedWord]]

    @property
    def alarming(self) -> frozenset[str]:
        """The engines that changed by more than chance."""
        found: list[Change | Silence] = [*self.changes, *self.silences]
        return frozenset(one.engine_id for one in found if one.p_value <= EACH)


def add_options(parser: ArgumentParser) -> None:
    """What a crontab says."""
    parser.add_argument("run", metavar="RUN", help="a finished run over few pages with references")
    parser.add_argument("--budget", type=amount, metavar="USD", help="what this reading may cost")
    parser.set_defaults(command=watch)


def watch(args: Namespace, environ: Mapping[str, str]) -> int:
    """Read again and compare; the exit status is 1 only for a significant change, 2 if there was nothing to compare."""
    settings, offer = here(environ)
    ledger, console = Ledger(args.ledger or settings.ledger_url), Console(stderr=True)
    before = find_run(ledger, args.run)
    pages = [page for page in pages_of(ledger, before.id) if page.unreadable is None]
    looked_at = sealed(before, pages)
    planned = plan_again(before, pages, looked_at).within(args.budget)
    labels = planned.contents.settings.labels
    print_plan(console, planned, labels)
    agree(console, planned, said_yes=args.yes)
    now = find_run(ledger, create_run(ledger, planned.contents))
    with progress_bars(console, lambda: progress(ledger, now.id), labels):
        print_ending(console, work_here(ledger, now.id, offer), labels)
    found = compare(ledger, before, now)
    print_blocks(wide_console(), list(_said(found, before, now, labels)))
    if found.alarming:
        return CHANGED
    left = sum(seen.left + seen.held for seen in progress(ledger, now.id))
    if left or not found.changes:
        console.print(f"{left} readings were not made, so nobody can say that nothing changed.", markup=False)
        return NOT_WATCHED
    return 0


def sealed(run: Run, pages: Sequence[Page]) -> list[PageImage]:
    """Some of the pages, once all of them are the very ones that the run read; raises `DatasetUnusable`."""
    loader = PageLoader.of(run)
    looked_at: list[PageImage] = []
    for page in pages:
        try:
            loaded = loader.load(page.item.locator, page.turned)
        except ItemUnreadable as error:
            raise DatasetUnusable(f"{page.item.id} {error}; run {run.id} could read it.") from None
        if page.sha256 not in {None, loaded.sha256}:
            raise DatasetUnusable(f"{page.item.id} is another picture than run {run.id} read: put the old one back.")
        if len(looked_at) < LOOKED_AT:
            looked_at.append(loaded)
    return looked_at


def compare(ledger: Ledger, before: Run, now: Run) -> Watched:
    """Both runs scored by the rules of the first."""
    then, seen = observations(ledger, before), observations(ledger, now)
    words = changed_words(outcomes(ledger, before), outcomes(ledger, now), before.settings.rules)
    return Watched(changes(then, seen), silences(then, seen), words)


def _said(found: Watched, before: Run, now: Run, labels: Mapping[str, str]) -> Iterator[Block]:
    yield Text(f"Run {now.id} against run {before.id}", "headline")
    yield Points(tuple(change_sentence(change, labels) for change in found.changes))
    missing = (one for one in found.silences if one.before != one.now)
    yield Points(tuple(_silence_sentence(one, labels[one.engine_id]) for one in missing))
    for engine_id in sorted(found.alarming):
        words = found.words.get(engine_id, ())
        for lead, some in (
            (f"{labels[engine_id]}: right then, wrong now", [word for word in words if word.got_worse]),
            (f"{labels[engine_id]}: wrong then, right now", [word for word in words if not word.got_worse]),
        ):
            named = [_word_sentence(word) for word in some[:NAMED_WORDS]]
            more = [f"and {len(some) - NAMED_WORDS} more"] if len(some) > NAMED_WORDS else []
            if named:
                yield Points((*named, *more), lead)


def _silence_sentence(one: Silence, label: str) -> str:
    verdict = "It has changed" if one.p_value <= EACH else "No change that chance would not make"
    return (
        f"{label}: no reading of {one.before} of {one.pages} pages then, of {one.now} now. {verdict} "
        f"(p = {one.p_value:.3f})."
    )


def _word_sentence(word: ChangedWord) -> str:
    became = f"read as “{word.read}”" if word.read else "left out"
    return f"“{word.written}” {became} on {word.item_id}"
