"""Whether a few typed lines say of a page what they claim: coverage of the intervals, power of the hint.

    python -m benchmarks.accuracy.partial [--runs 20] [--seed 1]

Lines are drawn at random from the references of real handwritten pages and found in the models' answers. Promised are
93 to 97 of 100 intervals that hold the page's CER, and that 80 of 100 hints are enough to tell two models apart.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from statistics import fmean, stdev

from scipy.special import stdtrit

from benchmarks.accuracy.real_pages import real_pages
from metrics.error_rate import cer
from metrics.reference_free import FoundLine, PartialScore, lines_to_separate, rate_interval, score_lines

FEWEST_LINES = 12
SHORTEST_LINE = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer about one page: its CER there, and each line of the reference found in it."""

    page: str
    rate: float
    lines: tuple[FoundLine, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    answers = list(_answers())
    print(f"{len(answers)} answers about {len({answer.page for answer in answers})} pages")
    for lines in (3, 5, 8):
        held = _held(answers, lines, asked.runs, random.Random(asked.seed))
        unseen = [inside for inside, seen in held if not seen]
        without = f"; of the {len(unseen)} without an error {fmean(unseen):.1%}" if unseen else ""
        share = fmean(inside for inside, _ in held)
        print(f"{lines} lines: {share:.1%} of the intervals hold the page's rate{without}")
    for lines in (8, 12):
        told = list(_told_apart(answers, lines, asked.runs, random.Random(asked.seed)))
        print(f"hint after {lines} lines: {len(told)} given, {fmean(told):.1%} of them told the two apart")


def _answers() -> Iterator[Answer]:
    for page in real_pages("handwritten"):
        typed = [line for line in page.reference.splitlines() if len(line.strip()) >= SHORTEST_LINE]
        for text in page.readings.values():
            rate = cer(page.reference, text).rate
            if len(typed) >= FEWEST_LINES and rate is not None and rate <= 1:
                lines = tuple(found for line in typed for found in score_lines([line], text).lines)
                yield Answer(page.name, rate, lines)


def _held(answers: Sequence[Answer], lines: int, runs: int, rng: random.Random) -> list[tuple[bool, bool]]:
    """Whether the interval held the rate, and whether an error was seen."""
    held = []
    for answer in answers:
        for _ in range(runs):
            rates = [line.cer for line in rng.sample(answer.lines, lines)]
            interval = rate_interval(rates)
            inside = interval is not None and interval[0] <= answer.rate <= interval[1]
            held.append((inside, any(rate.errors for rate in rates)))
    return held


def _told_apart(answers: Sequence[Answer], lines: int, runs: int, rng: random.Random) -> Iterator[bool]:
    """Whether the lines typed and as many more as the hint asked for differ by a paired t test at 5 %."""
    for _, of_page in groupby(answers, key=lambda answer: answer.page):
        for one, other in combinations(of_page, 2):
            for _ in range(runs):
                places = rng.sample(range(len(one.lines)), lines)
                more = lines_to_separate(_score(one, places), _score(other, places))
                if more is not None and 0 < more <= 300:
                    places += rng.choices(range(len(one.lines)), k=more)
                    apart = [one.lines[at].cer.errors - other.lines[at].cer.errors for at in places]
                    error = stdev(apart) / len(apart) ** 0.5
                    yield abs(fmean(apart)) > float(stdtrit(len(apart) - 1, 0.975)) * error


def _score(answer: Answer, places: Sequence[int]) -> PartialScore:
    lines = tuple(answer.lines[at] for at in places)
    return PartialScore(lines, sum((line.cer for line in lines), start=lines[0].cer), None)


if __name__ == "__main__":
    main()
