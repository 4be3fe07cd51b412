"""`python -m evaluation run | resume | worker`: the estimate first, then work with progress, then the leaderboard."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from rich.console import Console

from engines.contract import CertificateName, EngineSpec, Level, Territory
from engines.pricing import Free, Usd, dollars
from evaluation.batches.records import open_batches
from evaluation.batches.running import goes_by_batch
from evaluation.datasets.contract import DatasetUnusable
from evaluation.datasets.opening import open_dataset
from evaluation.evidence import PackRefused, verify_pack, write_pack
from evaluation.findings.conclusion import Conclusion, conclude
from evaluation.findings.data_requirements import DataNeeds, territory_named
from evaluation.findings.recommending import HARM_NAMES, Requirements
from evaluation.findings.results import bill, measured_seconds, progress
from evaluation.findings.total_cost import Machine
from evaluation.findings.wording import TOKEN_NAMES, bill_sentences
from evaluation.kept_findings import board_of, findings_of
from evaluation.launching import BatchCrew, work_here, work_on_ray
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, RunSettings, create_run, find_run, set_budget, set_state, unreadable_of
from evaluation.report.checking_blocks import cut_missed
from evaluation.report.exporting import export_layouts, export_readings, summary_json
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.media import memo_html, memo_pdf
from evaluation.report.memo import Memo, Text, make_memo
from evaluation.report.memo_blocks import conclusion_blocks
from evaluation.report.terminal import (
    bar_of_a_look,
    print_blocks,
    print_ending,
    print_plan,
    print_unreadable,
    progress_bars,
)
from evaluation.work.item_reading import PageLoader
from evaluation.work.planning import Plan, plan, reader_here, versions_here, with_planted
from evaluation.work.worker import WorkOptions
from metrics.critical_tokens import TokenKind
from metrics.error_rate import Assumptions
from playground.cli.page_files import UnusableCommand, above_zero, amount, count, formats_named
from playground.cli.read import chosen_engines
from playground.cli.terminal import visible
from playground.offer import Offer
from playground.scoring import task_for
from playground.settings import Settings
from playground.share.exporting import FORMATS

UNFINISHED = 1
DIFFERS = 1


class NotAgreed(Exception):
    """A run would spend money and nobody said that it may; the message says how."""


def run(args: Namespace, environ: Mapping[str, str]) -> int:
    """Plan, ask, work, report."""
    settings, offer = here(environ)
    ledger = Ledger(args.ledger or settings.ledger_url)
    console = Console(stderr=True)
    run_id = _begun(console, ledger, settings, offer, args)
    console.print(f"Run {run_id}. If it is interrupted: python -m evaluation resume {run_id}")
    return _work(console, ledger, run_id, offer, args)


def _begun(console: Console, ledger: Ledger, settings: Settings, offer: Offer, args: Namespace) -> str:
    """The id of the run that was planned and agreed to; from here on its pages are in the ledger, not in memory."""
    dataset = open_dataset(args.dataset, level=args.level)
    conditions = RunSettings(
        engines=tuple(_engines_to_run(offer, args.engines, brought=bool(args.readings or dataset.readings))),
        task=task_for(None, args.language, settings.limits.deadline_seconds),
        level=args.level,
        repeats=args.repeats,
        sample=args.sample,
        seed=args.seed,
        only_tag=args.tag,
        canaries=args.canaries,
        turns=args.turn,
        notes=dataset.notes,
        brought_from=tuple((name, str(path.resolve())) for name, path in args.readings),
        versions=versions_here(),
    )
    planned = plan(args.dataset, dataset, conditions, measured_seconds(ledger, args.level), args.readings)
    planned = planned.within(args.budget)
    print_plan(console, planned, planned.contents.settings.labels)
    agree(console, planned, said_yes=args.yes)
    return create_run(ledger, with_planted(planned, dataset, reader_here(offer)).contents)


def resume(args: Namespace, environ: Mapping[str, str]) -> int:
    """Go on with a run, paused or interrupted."""
    settings, offer = here(environ)
    ledger = Ledger(args.ledger or settings.ledger_url)
    found = find_run(ledger, args.run)
    set_state(ledger, found.id, "running")
    if args.budget is not None:
        set_budget(ledger, found.id, args.budget)
    return _work(Console(stderr=True), ledger, found.id, offer, args)


def serve(args: Namespace, environ: Mapping[str, str]) -> int:
    """Work on a run without asking or reporting anything."""
    settings, offer = here(environ)
    ledger = Ledger(args.ledger or settings.ledger_url)
    found = find_run(ledger, args.run)
    print_ending(Console(stderr=True), work_here(ledger, found.id, offer, _options(args, found)), found.settings.labels)
    return _status(ledger, found)


def wide_console() -> Console:
    """Standard output, wide enough for the leaderboard where it is no terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=200)


def _engines_to_run(offer: Offer, ids: str, *, brought: bool) -> Sequence[EngineSpec]:
    """Each is able to run here; who reads brings no engine along unless it is named. Raises `UnusableCommand`."""
    if brought and not ids:
        return ()
    specs = chosen_engines(offer, tuple(filter(None, ids.split(","))))
    for spec in specs:
        if missing := offer.missing(spec):
            raise UnusableCommand(f"{spec.label} needs {missing.what}: {missing.fix}")
    return specs


def _work(console: Console, ledger: Ledger, run_id: str, offer: Offer, args: Namespace) -> int:
    found = find_run(ledger, run_id)
    labels = found.settings.labels
    with progress_bars(console, lambda: progress(ledger, run_id), labels):
        by_batch = _by_batch(ledger, found, asked=args.batch)
        crew = BatchCrew(ledger, run_id, offer, by_batch)
        if by_batch:
            console.print(f"Batches submitted: {crew.submit()}. They may take a day; resume finds them.")
        options = _options(args, found, by_batch)
        if options.engine_ids and args.ray:
            work_on_ray(ledger, run_id, args.ray, args.workers, options)
        elif options.engine_ids:
            print_ending(console, work_here(ledger, run_id, offer, options), labels)
        crew.collect(args.poll)
    for complaint in crew.complaints:
        console.print(visible(complaint), markup=False)
    if crew.complaints:
        console.print(f"What is left: python -m evaluation resume {run_id} --batch", markup=False)
    with bar_of_a_look(console) as told:
        board = board_of(ledger, found, told)
    print_blocks(wide_console(), results_blocks(board, labels))
    print_unreadable(console, unreadable_of(ledger, run_id))
    print_blocks(console, [*map(Text, bill_sentences(bill(ledger, run_id)))])
    return _status(ledger, found)


def _by_batch(ledger: Ledger, found: Run, *, asked: bool) -> set[str]:
    """Engines that shall go by batch, and those that already do."""
    engines = found.settings.to_run
    under_way = {spec.id for spec in engines if open_batches(ledger, found.id, spec.id)}
    return under_way | {spec.id for spec in engines if asked and goes_by_batch(spec)}


def _status(ledger: Ledger, found: Run) -> int:
    return UNFINISHED if any(seen.left or seen.held for seen in progress(ledger, found.id)) else 0


def agree(console: Console, planned: Plan, *, said_yes: bool) -> None:
    """Nobody pays by accident; raises `NotAgreed`."""
    contents, cost = planned.contents, planned.cost
    if isinstance(cost, Free) or said_yes or contents.budget_usd is not None:
        return
    about = f"about {dollars(cost.usd)}" if isinstance(cost, Usd) else "money, and not every price is known"
    if not sys.stdin.isatty():
        raise NotAgreed(f"This would cost {about}. Say --budget USD or --yes.")
    if console.input(f"This would cost {about}. Go on? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise NotAgreed("Nothing was run.")


def here(environ: Mapping[str, str]) -> tuple[Settings, Offer]:
    """What the environment sets, and what can be run with it."""
    settings = Settings.from_env(environ)
    return settings, Offer.from_settings(settings, environ)


def _options(args: Namespace, found: Run, by_batch: Collection[str] = ()) -> WorkOptions:
    to_run = [spec.id for spec in found.settings.to_run]
    asked = set(filter(None, args.engines.split(","))) or set(to_run)
    return WorkOptions(
        engine_ids=tuple(one for one in to_run if one in asked and one not in by_batch),
        per_second=tuple(args.rate),
        most_parallel=tuple((vendor, int(number)) for vendor, number in args.parallel),
        on_ambiguous=args.on_ambiguous,
    )


def add_report_options(parser: ArgumentParser) -> None:
    """The command's own options: where to, and what the buyer needs."""
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write memo.html, memo.pdf, summary.json, readings.*"
    )
    parser.add_argument(
        "--write", type=formats_named, default=(), metavar=",".join(FORMATS), help="write FOLDER/layouts.zip, too"
    )
    parser.add_argument(
        "--evidence", type=Path, metavar="ZIP", help="write all that the figures rest on, to be verified"
    )
    parser.add_argument("--with-pages", action="store_true", help="put the pages into it, too")
    parser.add_argument("--against", default="", metavar="RUN", help="an earlier run: has anything changed?")
    needs = parser.add_argument_group("what you need")
    needs.add_argument("--pages-a-month", type=count, default=1000, metavar="N")
    needs.add_argument(
        "--usd-a-month", type=amount, metavar="USD", help="at most, for the engine alone: correction is not counted"
    )
    needs.add_argument("--local-only", action="store_true", help="pages must not leave your machines")
    needs.add_argument("--harm", choices=sorted(HARM_NAMES), default="any", help="the kind of error that hurts most")
    needs.add_argument("--region", type=_territory, metavar="NAME", help="where pages must be processed, such as EU")
    needs.add_argument(
        "--certificate", action="append", default=[], choices=get_args(CertificateName), help="may be given repeatedly"
    )
    needs.add_argument("--agreement", action="store_true", help="the vendor must offer a data-processing agreement")
    needs.add_argument("--untrained", action="store_true", help="the vendor must not train on your pages")
    needs.add_argument("--most-days-kept", type=amount, metavar="DAYS", help="how long the vendor may keep pages")
    needs.add_argument("--boxes", choices=get_args(Level), help="text must come with its place on the page")
    needs.add_argument("--languages", default="", metavar="en,fr")
    needs.add_argument("--most-seconds", type=above_zero, metavar="S", help="95 of 100 pages must be as fast as this")
    needs.add_argument(
        "--at-least",
        type=_least_right,
        action="append",
        default=[],
        metavar="KIND=PERCENT",
        help=f"so many {', '.join(TOKEN_NAMES.values())} must be right, such as amounts=99",
    )
    needs.add_argument("--hourly-rate", type=amount, default=30.0, metavar="USD", help="of the person who corrects")
    needs.add_argument(
        "--machine", type=_machine, metavar="[NAME=]USD", help="an hour of the machine that local engines would run on"
    )
    parser.set_defaults(command=report)


def report(args: Namespace, environ: Mapping[str, str]) -> int:
    """Print what a run found; write it where that is asked for."""
    ledger = Ledger(args.ledger or Settings.from_env(environ).ledger_url)
    run = find_run(ledger, args.run)
    memo = _memo_of(ledger, run, args)
    memo = replace(memo, cuts=cut_missed(ledger, run, memo.conclusion)) if args.out else memo
    print_blocks(wide_console(), conclusion_blocks(memo))
    if args.out:
        for path in write_report(memo, args.out) + export_readings(ledger, run, args.out):
            Console(stderr=True).print(f"Wrote {path}", markup=False)
    if args.write:
        _write_layouts(ledger, run, args.out, args.write)
    if args.evidence:
        _write_evidence(ledger, run, memo.conclusion, args)
    return 0


def _memo_of(ledger: Ledger, run: Run, args: Namespace) -> Memo:
    """All else that was found is let go: tables that are written need as much room."""
    against = find_run(ledger, args.against) if args.against else None
    with bar_of_a_look(Console(stderr=True)) as told:
        found = findings_of(ledger, run, told)
    conclusion = conclude(found, run.settings.engines, _needs(args), Assumptions(args.hourly_rate))
    return make_memo(ledger, run, found, conclusion, against)


def verify(args: Namespace, _environ: Mapping[str, str]) -> int:
    """Score an evidence pack again; the exit status is 1 if a figure or a byte differs."""
    try:
        found = verify_pack(args.pack, args.fingerprint)
    except PackRefused as refusal:
        print(visible(str(refusal)), file=sys.stderr)
        return DIFFERS
    print(f"Every figure follows from {found.readings} readings of {found.pages} pages, scored again.")
    print(f"Fingerprint: {found.fingerprint}")
    return 0


def _write_evidence(ledger: Ledger, run: Run, conclusion: Conclusion, args: Namespace) -> None:
    try:
        loader = PageLoader.of(run)
    except DatasetUnusable:
        if args.with_pages:
            raise
        loader = None
    fingerprint = write_pack(
        ledger, run, conclusion.needs, conclusion.assumed, args.evidence, loader=loader, with_pages=args.with_pages
    )
    print(f"Wrote {args.evidence}. Its fingerprint: {fingerprint}", file=sys.stderr)


def _write_layouts(ledger: Ledger, run: Run, folder: Path | None, formats: Sequence[str]) -> None:
    if folder is None:
        raise DatasetUnusable("Say where to write the files, with --out FOLDER.")
    archive = folder / "layouts.zip"
    export_layouts(ledger, run, PageLoader.of(run), formats, archive)
    Console(stderr=True).print(f"Wrote {archive}; its boxes.csv says whose boxes each file has.", markup=False)


def write_report(memo: Memo, folder: Path) -> list[Path]:
    """The memo as HTML, PDF and JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    html, pdf, summary = folder / "memo.html", folder / "memo.pdf", folder / "summary.json"
    html.write_text(memo_html(memo), encoding="utf-8")
    pdf.write_bytes(memo_pdf(memo))
    summary.write_bytes(summary_json(memo))
    return [html, pdf, summary]


def _needs(args: Namespace) -> Requirements:
    return Requirements(
        pages_a_month=args.pages_a_month,
        usd_a_month=args.usd_a_month,
        must_stay_local=args.local_only,
        harm=args.harm,
        data=DataNeeds(
            territory=args.region,
            certificates=tuple(args.certificate),
            agreement=args.agreement,
            untrained=args.untrained,
            most_days_kept=args.most_days_kept,
        ),
        boxes=args.boxes,
        languages=tuple(filter(None, args.languages.split(","))),
        most_seconds=args.most_seconds,
        least_right=tuple(args.at_least),
        machine=args.machine,
    )


def _territory(name: str) -> Territory:
    try:
        return territory_named(name)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def _least_right(text: str) -> tuple[TokenKind, float]:
    name, _, number = text.partition("=")
    kinds = {plural: kind for kind, plural in TOKEN_NAMES.items()}
    try:
        share = float(number.removesuffix("%")) / 100
    except ValueError:
        share = 0.0
    if name not in kinds or not 0 < share <= 1:
        raise ArgumentTypeError(f"{text!r} is not of the form KIND=PERCENT, such as amounts=99 ({', '.join(kinds)})")
    return kinds[name], share


def _machine(text: str) -> Machine:
    name, _, usd = text.rpartition("=")
    try:
        price = float(usd)
    except ValueError:
        price = 0.0
    if not 0 < price < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no price of an hour, such as 0.80 or g6.xlarge=0.80")
    return Machine(price, name) if name else Machine(price)
