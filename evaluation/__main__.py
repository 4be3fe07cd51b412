"""The command line: run engines over a data set, resume or serve a run, report on it."""

from __future__ import annotations

import gc
import logging
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from engines.contract import Unit
from evaluation import run_command, watching
from evaluation.datasets.contract import DatasetUnusable
from evaluation.datasets.opening import kinds_of_data_sets
from evaluation.launching import ClusterUnusable
from evaluation.ledger.runs import RunUnknown
from evaluation.work.planning import BudgetCannotHold, NothingToRead
from playground.cli.page_files import UnusableCommand, above_zero, amount, count, language_named, name_and_path
from playground.cli.terminal import visible
from playground.host.hosting import leave
from playground.settings import UnusableSetting, calm_threads
from playground.storage.blobs import StoreUnavailable

INTERRUPTED = 130
RARELY = 50_000, 20, 100
"""How often to look for cycles: texts looked at by the thousand leave hardly any, and looking took a seventh of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 only if nothing of the run is left open."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    calm_threads()
    gc.set_threshold(*RARELY)
    try:
        return int(args.command(args, os.environ))
    except (ClusterUnusable, DatasetUnusable, NothingToRead, RunUnknown, UnusableCommand, UnusableSetting) as error:
        print(visible(str(error)), file=sys.stderr)
        return 2
    except StoreUnavailable as error:
        print(visible(f"{error} {error.detail}"), file=sys.stderr)
        return 2
    except (BudgetCannotHold, run_command.NotAgreed) as error:
        print(visible(str(error)), file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m evaluation", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="read a data set with several engines"))
    resume = commands.add_parser("resume", help="go on with a run that was interrupted or paused")
    worker = commands.add_parser("worker", help="help with a run that was started elsewhere")
    for command in (resume, worker):
        _add_run_id(command)
        _add_work_options(command)
        command.add_argument("--engines", default="", metavar="ID,ID", help="only these engines of the run")
    resume.add_argument("--budget", type=amount, metavar="USD", help="another budget, what was spent included")
    resume.set_defaults(command=run_command.resume)
    worker.set_defaults(command=run_command.serve)
    report = commands.add_parser("report", help="print the leaderboard and write the memo and its tables")
    _add_run_id(report)
    run_command.add_report_options(report)
    watch = commands.add_parser("watch", help="read a run's pages again: 1 if an engine changed")
    watching.add_options(watch)
    _add_ledger(watch)
    _add_consent(watch)
    verify = commands.add_parser("verify", help="score an evidence pack again, offline")
    verify.add_argument("pack", type=Path, metavar="PACK", help="what report --evidence wrote")
    verify.add_argument("--fingerprint", default="", metavar="HEX", help="what its maker says its fingerprint is")
    verify.set_defaults(command=run_command.verify)
    return parser


def _add_run(run: ArgumentParser) -> None:
    run.add_argument("dataset", type=Path, help=kinds_of_data_sets())
    run.add_argument(
        "--engines",
        default="",
        metavar="ID,ID",
        help="default: those that need no key and no download, or with readings brought along none",
    )
    run.add_argument(
        "--readings",
        type=name_and_path,
        action="append",
        default=[],
        metavar="NAME=FOLDER",
        help="made elsewhere: a folder or zip with a file for each page, or a CSV or JSONL of page, text, seconds, "
        "usd, word_confidences",
    )
    run.add_argument("--budget", type=amount, metavar="USD", help="never spend more, whatever happens")
    run.add_argument("--sample", type=count, metavar="N", help="only so many items, drawn at random")
    run.add_argument("--seed", type=int, default=0, help="which items are drawn")
    run.add_argument("--repeats", type=count, default=1, metavar="N", help="read every item so many times")
    run.add_argument("--level", choices=get_args(Unit), default="page", help="what to take from PAGE and ALTO files")
    run.add_argument("--tag", default="", help="only items with this tag, such as the split 'test'")
    run.add_argument(
        "--language", type=language_named, default="", metavar="CODE", help="of the pages that name none, such as fr"
    )
    run.add_argument(
        "--canaries",
        action="store_true",
        help="read up to nine canary pages, too: is something read that is not there?",
    )
    run.add_argument("--turn", action=BooleanOptionalAction, default=True, help="turn pages that certainly lie wrong")
    _add_ledger(run)
    _add_consent(run)
    _add_work_options(run)
    run.set_defaults(command=run_command.run)


def _add_run_id(command: ArgumentParser) -> None:
    command.add_argument("run", nargs="?", default="", metavar="RUN", help="default: the newest run")
    _add_ledger(command)


def _add_ledger(command: ArgumentParser) -> None:
    command.add_argument("--ledger", default="", metavar="URL", help="sqlite:///FILE or postgresql+psycopg://...")


def _add_consent(command: ArgumentParser) -> None:
    command.add_argument("--yes", action="store_true", help="do not ask before spending money")


def _add_work_options(command: ArgumentParser) -> None:
    command.add_argument(
        "--rate", type=_vendor_number, action="append", default=[], metavar="VENDOR=N", help="requests a second at most"
    )
    command.add_argument(
        "--parallel", type=_vendor_number, action="append", default=[], metavar="VENDOR=N", help="requests at once"
    )
    command.add_argument(
        "--on-ambiguous",
        choices=("retry", "hold"),
        default="retry",
        help="what to do with calls that went out and were not answered: pay perhaps twice, or leave them",
    )
    command.add_argument("--batch", action="store_true", help="use vendors' batch interfaces: half the price, in a day")
    command.add_argument(
        "--poll", type=above_zero, default=30.0, metavar="SECONDS", help="how often to ask for batches"
    )
    command.add_argument("--ray", default="", metavar="ADDRESS", help="place workers on this Ray cluster")
    command.add_argument("--workers", type=count, default=1, metavar="N", help="worker processes on the cluster")


def _vendor_number(text: str) -> tuple[str, float]:
    vendor, _, number = text.rpartition("=")
    if not vendor:
        raise ArgumentTypeError(f"{text!r} is not of the form VENDOR=NUMBER, such as OpenAI=5")
    return vendor, above_zero(number)


if __name__ == "__main__":
    leave(main())
