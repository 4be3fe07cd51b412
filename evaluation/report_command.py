"""`python -m evaluation report`: the leaderboard and the advice again, and the memo and every reading as files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter
from rich.console import Console

from engines.contract import Level
from evaluation.exporting import export_readings
from evaluation.ledger import Ledger
from evaluation.memo import Memo, make_memo
from evaluation.memo_html import memo_html
from evaluation.memo_pdf import memo_pdf
from evaluation.recommending import HARM_NAMES, Requirements
from evaluation.run_command import ledger_url, wide_console
from evaluation.runs import find_run
from evaluation.terminal import print_advice, print_bill, print_leaderboard
from evaluation.wording import change_sentence
from metrics.correction_cost import Assumptions
from playground.settings import Settings


def add_options(parser: ArgumentParser) -> None:
    """The command's own options: where to, and what the buyer needs."""
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write memo.html, memo.pdf, summary.json, readings.*"
    )
    parser.add_argument("--against", default="", metavar="RUN", help="an earlier run: has anything changed?")
    needs = parser.add_argument_group("what you need")
    needs.add_argument("--pages-a-month", type=int, default=1000, metavar="N")
    needs.add_argument("--usd-a-month", type=float, metavar="USD")
    needs.add_argument("--local-only", action="store_true", help="pages must not leave your machines")
    needs.add_argument("--harm", choices=sorted(HARM_NAMES), default="any", help="the kind of error that hurts most")
    needs.add_argument("--region", default="", metavar="NAME", help="where pages must be processed, such as EU")
    needs.add_argument("--boxes", choices=get_args(Level), help="text must come with its place on the page")
    needs.add_argument("--languages", default="", metavar="en,fr")
    needs.add_argument("--most-seconds", type=float, metavar="S", help="95 of 100 pages must be as fast as this")
    needs.add_argument("--hourly-rate", type=float, default=30.0, metavar="USD", help="of the person who corrects")
    parser.set_defaults(command=report)


def report(args: Namespace, environ: Mapping[str, str]) -> int:
    """Print what a run found; write it where that is asked for."""
    ledger = Ledger(ledger_url(args.ledger, Settings.from_env(environ)))
    run = find_run(ledger, args.run)
    against = find_run(ledger, args.against) if args.against else None
    memo = make_memo(ledger, run, _needs(args), Assumptions(args.hourly_rate), against)
    console = wide_console()
    print_leaderboard(console, memo.board, memo.labels)
    print_advice(console, memo.advice, memo.labels)
    for change in memo.changes:
        console.print(change_sentence(change, memo.labels))
    print_bill(console, memo.bill)
    if args.out:
        for path in write_report(memo, args.out) + export_readings(ledger, run, args.out):
            Console(stderr=True).print(f"Wrote {path}", markup=False)
    return 0


def write_report(memo: Memo, folder: Path) -> list[Path]:
    """The memo as HTML, PDF and JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    html, pdf, summary = folder / "memo.html", folder / "memo.pdf", folder / "summary.json"
    html.write_text(memo_html(memo), encoding="utf-8")
    pdf.write_bytes(memo_pdf(memo))
    summary.write_bytes(summary_json(memo))
    return [html, pdf, summary]


def summary_json(memo: Memo) -> bytes:
    """The memo's figures for programs, without its pictures; a figure that is not finite becomes null."""
    values = {name: value for name, value in asdict(memo).items() if name != "pictures"}
    values |= {"question": memo.question, "method": memo.method, "command": memo.command}
    return TypeAdapter(dict[str, object]).dump_json(values, ensure_ascii=True, indent=1)


def _needs(args: Namespace) -> Requirements:
    return Requirements(
        pages_a_month=args.pages_a_month,
        usd_a_month=args.usd_a_month,
        must_stay_local=args.local_only,
        harm=args.harm,
        region=args.region,
        boxes=args.boxes,
        languages=tuple(filter(None, args.languages.split(","))),
        most_seconds=args.most_seconds,
    )
