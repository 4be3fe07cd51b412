"""The command line: list engines, read images with several of them, score texts. People get tables, programs JSON."""

from __future__ import annotations

import logging
import os
import re
import sys
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, get_args, get_type_hints

from rich.console import Console

from engines.registry import availability
from metrics.error_rate import Assumptions
from metrics.normalising import Rules, toggles_of
from playground.cli.page_files import (
    UnusableCommand,
    above_zero,
    amount,
    formats_named,
    language_named,
    name_and_path,
    page_file,
    read_text,
)
from playground.cli.read import ReadRequest, TrustRequest, read, score_files, score_pairs, trust
from playground.cli.terminal import print_engines, print_spending, visible
from playground.documents import engine_document, to_json
from playground.host.budget import spending
from playground.host.hosting import end_at_interrupt, leave
from playground.host.keys import Keys
from playground.settings import Settings, UnusableSetting, calm_threads, catalogue
from playground.share.exporting import FORMATS
from playground.storage.blobs import StoreUnavailable
from playground.storage.database import Database
from playground.trust import Question

PAGE = "an image or a PDF; letter.pdf:3 is its third page"
LANGUAGE: dict[str, Any] = {
    "type": language_named, "default": "", "metavar": "CODE", "help": "of the writing, such as fr or German",
}  # fmt: skip
PAGES = f"{PAGE}; or a folder of them"
INCOMPLETE, CANNOT_DO, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 only if everything asked for was done."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    calm_threads()
    try:
        return 0 if args.run(args) else INCOMPLETE
    except (UnusableCommand, UnusableSetting, StoreUnavailable) as error:
        print(visible(str(error)), file=sys.stderr)
        return CANNOT_DO
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INCOMPLETE


def _engines(args: Namespace) -> bool:
    settings = Settings.from_env(os.environ)
    keys = Keys.from_env(os.environ, settings)
    documents = [engine_document(spec, availability(spec, keys.has)) for spec in catalogue(settings)]
    if args.json:
        print(f"[{', '.join(map(to_json, documents))}]")
    else:
        print_engines(Console(), documents)
    return True


def _read(args: Namespace) -> bool:
    return read(
        ReadRequest(
            paths=tuple(args.images),
            engine_ids=tuple(filter(None, args.engines.split(","))),
            readings=tuple(args.reading),
            reference=None if args.reference is None else read_text(args.reference),
            references_beside=args.references_beside,
            language=args.language,
            rules=_rules(args),
            assumed=Assumptions(**{name: getattr(args, name) for name in PRICED_BY}),
            turns=args.turn,
            as_json=args.json,
            write=args.write,
            out=args.out,
            together=args.together,
        )
    )


def _spending(args: Namespace) -> bool:
    settings = Settings.from_env(os.environ)
    spent = spending(Database(settings.database_url), args.day.isoformat())
    if args.json:
        print(f"[{', '.join(map(to_json, spent))}]")
    else:
        print_spending(Console(), spent, settings.caps)
    return True


def _trust(args: Namespace) -> bool:
    return trust(
        TrustRequest(
            image=page_file(args.image),
            engine_ids=tuple(filter(None, args.engines.split(","))),
            questions=tuple(args.question or get_args(Question)),
            reference="" if args.reference is None else read_text(args.reference),
            language=args.language,
            rules=_rules(args),
            turns=args.turn,
            agreed=args.yes,
            as_json=args.json,
        )
    )


def _score(args: Namespace) -> bool:
    if (args.pairs is None) == (args.hypothesis is None):
        raise UnusableCommand("Give two text files, REFERENCE and HYPOTHESIS, or --pairs FILE.jsonl.")
    if args.pairs is not None:
        return score_pairs(args.pairs, _rules(args), as_json=args.json)
    return score_files(args.reference, args.hypothesis, _rules(args), args.language, as_json=args.json)


class HelpfulParser(ArgumentParser):
    """Says what was probably meant by a command or an option that there is none of."""

    def error(self, message: str) -> NoReturn:
        mistyped = re.search(r"(?:unrecognized arguments: |invalid choice: ')([\w-]+)", message)
        near = get_close_matches(mistyped[1], self._known(), n=1) if mistyped else []
        super().error(f"{message}. Did you mean {near[0]}?" if near else message)

    def _known(self) -> list[str]:
        commands = [action.choices for action in self._actions if isinstance(action.choices, Mapping)]
        below = [name for choices in commands for one in choices.values() for name in one._option_string_actions]
        choices = [str(choice) for action in self._actions for choice in action.choices or ()]
        return [*self._option_string_actions, *choices, *below]


PRICED_BY = {
    "hourly_rate": "US dollars an hour for whoever corrects",
    "seconds_per_edit": "seconds that one correction takes",
    "characters_read_per_second": "characters read a second while looking for errors",
    "characters_typed_per_second": "characters typed a second by who types the page anew",
}


def _parser() -> ArgumentParser:
    parser = HelpfulParser(prog="python -m playground", description="Which OCR reads this handwriting?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    engines = commands.add_parser("engines", help="list the engines and what each lacks here")
    engines.set_defaults(run=_engines)

    read = commands.add_parser("read", help="read images with several engines")
    read.set_defaults(run=_read)
    read.add_argument("images", nargs="+", type=Path, metavar="PAGE", help=PAGES)
    _add_engines(read)
    known = read.add_argument_group("what is known of the page")
    references = known.add_mutually_exclusive_group()
    references.add_argument("--reference", metavar="FILE", help="the right text of one image; - for standard input")
    references.add_argument("--references-beside", action="store_true", help="take scan.txt beside scan.jpg")
    known.add_argument(
        "--reading",
        type=name_and_path,
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="what was read elsewhere: text, Markdown, hOCR, ALTO, PAGE or a vendor's JSON; may be repeated",
    )
    written = read.add_argument_group("what is written")
    written.add_argument("--together", action="store_true", help="also what they read as one text (always in the JSON)")
    written.add_argument(
        "--write",
        type=formats_named,
        default=(),
        metavar=",".join(FORMATS),
        help="write each reading so, too",
    )
    written.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where --write writes; default: here")
    price = read.add_argument_group("the price of correction")
    for name, meaning in PRICED_BY.items():
        option, kind = f"--{name.replace('_', '-')}", above_zero if name.endswith("_per_second") else amount
        price.add_argument(option, type=kind, default=getattr(Assumptions(), name), metavar="N", help=meaning)

    trust = commands.add_parser("trust", help="does an engine invent, repeat itself, need a perfect scan?")
    trust.set_defaults(run=_trust)
    trust.add_argument("image", type=Path, metavar="PAGE", help=PAGE)
    _add_engines(trust)
    trust.add_argument("--reference", metavar="FILE", help="the right text, for CER under each condition")
    trust.add_argument("--question", action="append", choices=get_args(Question), help="default: all; may be repeated")
    trust.add_argument("--yes", action="store_true", help="agree to the price of engines that cost money")

    score = commands.add_parser("score", help="count the errors of a text")
    score.set_defaults(run=_score)
    score.add_argument("reference", nargs="?", metavar="REFERENCE", help="a text file; - for standard input")
    score.add_argument("hypothesis", nargs="?", metavar="HYPOTHESIS", help="a text file; - for standard input")
    score.add_argument("--pairs", metavar="FILE.jsonl", help='one {"reference", "hypothesis"} a line')
    score.add_argument("--language", **LANGUAGE)

    spending = commands.add_parser("spending", help="what this host's keys have paid for visitors in a day")
    spending.set_defaults(run=_spending)
    today = datetime.now(UTC).date()
    spending.add_argument(
        "--day", type=date.fromisoformat, default=today, metavar="YYYY-MM-DD", help="UTC; default: today"
    )

    for command in (engines, read, trust, score, spending):
        command.add_argument("--json", action="store_true", help="write JSON for programs")
    for command in (read, trust, score):
        _add_rules(command)
    return parser


def _add_engines(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("who reads, and how")
    group.add_argument(
        "--engines", default="", metavar="ID,ID", help="default: those without key or download, none with --reading"
    )
    group.add_argument("--language", **LANGUAGE)
    group.add_argument(
        "--turn", action=BooleanOptionalAction, default=True, help="turn a page that certainly lies wrong"
    )


def _add_rules(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("what counts as an error")
    types, toggles = get_type_hints(Rules), toggles_of()
    for rule in fields(Rules):
        option = f"--{rule.name.replace('_', '-')}"
        if rule.name in toggles:
            explained = toggles[rule.name].label or toggles[rule.name].note
            group.add_argument(option, action=BooleanOptionalAction, default=rule.default, help=explained)
        else:
            group.add_argument(option, choices=get_args(types[rule.name]), default=rule.default)


def _rules(args: Namespace) -> Rules:
    return Rules(**{rule.name: getattr(args, rule.name) for rule in fields(Rules)})


if __name__ == "__main__":
    end_at_interrupt(INTERRUPTED)
    leave(main())
