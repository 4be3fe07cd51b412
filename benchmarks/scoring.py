"""CER, WER, alignment and HTML of one page against what others take for less: `python -m benchmarks.scoring`.

Processor time, in turns. The snippet that fills the whole table in Python needs half a minute for a long page, so both
are timed on a shorter one: its time grows with the square of the length, ours does not, so the ratio is a lower bound.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial
from importlib.util import find_spec
from time import process_time

import jiwer
from rapidfuzz.distance import Levenshtein

from benchmarks.rescoring import desk_with, misread, page_of
from benchmarks.side_by_side import Work, in_turns, ratio, table
from metrics.normalising import DEFAULT_RULES
from playground.offer import Offer
from playground.settings import Settings
from ui.compare.panels import view_of

OURS = "ours: CER, WER, alignment, HTML"
BARE = "rapidfuzz: the bare distance"
Ours = Callable[[str, str], object]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__)
    parser.add_argument("--characters", type=int, default=10_000)
    parser.add_argument("--snippet-characters", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    wanted = parser.parse_args(arguments)
    ours = _ours()
    if not find_spec("dinglehopper"):
        print("dinglehopper is not installed here: pip install dinglehopper 'multimethod<2'")
    for rate in (0.02, 0.08, 0.2):
        reference = page_of(wanted.characters)
        reading = misread(reference, rate, seed=1)
        rivals: dict[str, Work] = {OURS: partial(ours, reference, reading), **_peers(reference, reading)}
        seconds = in_turns(rivals, wanted.rounds, process_time)
        print(f"{wanted.characters:,} characters at {rate:.0%} CER: {ratio(seconds, OURS, BARE):.1f} bare distances")
        print(table(seconds, OURS))
    short = page_of(wanted.snippet_characters)
    reading = misread(short, 0.08, seed=1)
    snippet: Work = partial(python_distance, short, reading)
    print(f"{wanted.snippet_characters:,} characters at 8%")
    seconds = in_turns({OURS: partial(ours, short, reading), "the Python snippet: CER": snippet}, 1, process_time)
    print(table(seconds, OURS))


def _ours() -> Ours:
    """Everything from two texts to the panel on the screen."""
    offer = Offer.from_settings(Settings.from_env({}), {})
    slots = offer.default_slots()[:1]
    return lambda reference, reading: view_of(desk_with([reading], slots), reference, DEFAULT_RULES, offer, boxes=False)


def _peers(reference: str, reading: str) -> Mapping[str, Work]:
    peers: dict[str, Work] = {
        BARE: partial(Levenshtein.distance, reference, reading),
        "jiwer: CER, WER, alignment as text": partial(_jiwer, reference, reading),
        "difflib: alignment": lambda: SequenceMatcher(None, reference, reading).get_opcodes(),
        "difflib: alignment, autojunk off": lambda: SequenceMatcher(None, reference, reading, False).get_opcodes(),
    }
    if find_spec("dinglehopper"):
        peers["dinglehopper: CER, WER, alignment"] = partial(_dinglehopper, reference, reading)
    return peers


def _jiwer(reference: str, reading: str) -> object:
    # It does not part words at a single line break.
    words = " ".join(reference.split()), " ".join(reading.split())
    return jiwer.visualize_alignment(jiwer.process_characters(*words)), jiwer.process_words(*words).wer


def _dinglehopper(reference: str, reading: str) -> object:
    from dinglehopper.align import align
    from dinglehopper.character_error_rate import character_error_rate
    from dinglehopper.word_error_rate import word_error_rate

    rates = character_error_rate(reference, reading), word_error_rate(reference, reading)
    return rates, list(align(reference, reading))


def python_distance(reference: str, reading: str) -> int:
    """The edit distance as answers on the web compute it: the whole table, in Python."""
    rows, columns = len(reference) + 1, len(reading) + 1
    costs = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        costs[i][0] = i
    for j in range(columns):
        costs[0][j] = j
    for i in range(1, rows):
        for j in range(1, columns):
            if reference[i - 1] == reading[j - 1]:
                costs[i][j] = costs[i - 1][j - 1]
            else:
                costs[i][j] = 1 + min(costs[i - 1][j], costs[i][j - 1], costs[i - 1][j - 1])
    return costs[-1][-1]


if __name__ == "__main__":
    main()
