"""`python -m evaluation report`: the leaderboard again, from what the ledger holds."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from rich.console import Console

from evaluation.leaderboard import leaderboard
from evaluation.ledger import Ledger
from evaluation.results import bill, observations
from evaluation.run_command import ledger_url, wide_console
from evaluation.runs import find_run
from evaluation.terminal import print_bill, print_leaderboard
from playground.settings import Settings


def add_options(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.set_defaults(command=report)


def report(args: Namespace, environ: Mapping[str, str]) -> int:
    """Print the leaderboard of a run."""
    ledger = Ledger(ledger_url(args.ledger, Settings.from_env(environ)))
    run = find_run(ledger, args.run)
    labels = {spec.id: spec.label for spec in run.settings.engines}
    print_leaderboard(wide_console(), leaderboard(observations(ledger, run)), labels)
    print_bill(Console(), bill(ledger, run.id))
    return 0
