"""`python -m playground score`: texts against texts, from two files or from a file with one pair a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from metrics.comparing_texts import compare_texts
from metrics.error_rate import ErrorRate, cer, wer
from metrics.normalising import Rules
from playground.cli.page_files import UnusableCommand, read_text
from playground.cli.terminal import print_differences, print_rules, print_scores
from playground.documents import ScoreDocument, score_document, to_json


def score_files(reference_path: str, hypothesis_path: str, rules: Rules, language: str, *, as_json: bool) -> bool:
    """Score one text against another and print the result."""
    reference, hypothesis = read_text(reference_path), read_text(hypothesis_path)
    if as_json:
        print(to_json(score_document(reference, hypothesis, rules, language)))
        return True
    compared = compare_texts(reference, hypothesis, rules)
    console = Console()
    print_differences(console, compared)
    print_scores(console, compared.cer, compared.wer)
    print_rules(console, rules)
    return True


def score_pairs(path: str, rules: Rules, *, as_json: bool) -> bool:
    """Score a file of {"reference": ..., "hypothesis": ...} lines as it is read; stops at the first line that is none.

    As JSON one result a line, else the rates over all pairs: errors and lengths summed.
    """
    total_cer, total_wer = ErrorRate(), ErrorRate()
    for reference, hypothesis in _pairs(path):
        rates = cer(reference, hypothesis, rules), wer(reference, hypothesis, rules)
        if as_json:
            print(to_json(ScoreDocument(*rates, rules)))
        total_cer += rates[0]
        total_wer += rates[1]
    if not as_json:
        print_scores(Console(), total_cer, total_wer)
        print_rules(Console(), rules)
    return True


def _pairs(path: str) -> Iterator[tuple[str, str]]:
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _pair(line, f"{path}, line {number}")
    except OSError as error:
        raise UnusableCommand(f"{path} cannot be read: {error.strerror}.") from None


def _pair(line: bytes, place: str) -> tuple[str, str]:
    try:
        pair = json.loads(line)
    except ValueError as error:
        raise UnusableCommand(f"{place} is not JSON: {error}.") from None
    match pair:
        case {"reference": str(reference), "hypothesis": str(hypothesis)}:
            return reference, hypothesis
    raise UnusableCommand(f'{place} must be {{"reference": "...", "hypothesis": "..."}} with two texts.')
