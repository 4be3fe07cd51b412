"""Fits the risk of words and says how it does on pages and models that it has not seen.

    python -m benchmarks.accuracy.word_risk [--sets 60] [--seed 3]

Words of consensuses over random sets of two to five models on real handwritten pages, those of two of the models among
the others of their set, and those of every model alone. Held out are a quarter of the pages and half of the models at
once: the model is fitted on sets of the one half, and judged on sets of the other half on the other pages. What own
confidence is worth was fitted once with the embedded engines' readings of the same pages beside these.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from benchmarks.accuracy.real_pages import RealPage, family, real_pages
from metrics.answer import parse_answer
from metrics.consensus import Consensus, as_read, consensus_of_set
from metrics.coverage import Calibration, calibration, curve
from metrics.word_pairing import right_words
from metrics.word_risk import ALONE, AMONG_OTHERS, FITTED, RiskModel, Signs, fitted, signs_of
from playground.insight import vocabulary

FOLDS = 4
MARKS = (0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
FROM_NOTHING = RiskModel(0.0, Signs(*[0.0] * len(Signs._fields)))


@dataclass(frozen=True, slots=True)
class TriedPage:
    """The words of one set of models together on one page, and which of them are wrong."""

    models: tuple[str, ...]
    page: int
    signs: tuple[Signs, ...]
    wrong: tuple[bool, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=60)
    parser.add_argument("--seed", type=int, default=3)
    asked = parser.parse_args(arguments)
    pages, rng = real_pages("handwritten"), random.Random(asked.seed)
    models = sorted({model for page in pages for model in page.readings})
    halves = [random_sets(half, asked.sets // 2, rng) for half in (models[::2], models[1::2])]
    together = [tried(pages, sets) for sets in halves]
    report("together", together, FITTED)
    say_refitting([page for half in together for page in half], rng)
    report("one among others", [tried_alone(pages, sets, most=2) for sets in halves], AMONG_OTHERS)
    lone = [[(model,) for model in half] for half in (models[::2], models[1::2])]
    report("one alone", [tried_alone(pages, sets, most=1) for sets in lone], ALONE)


def report(name: str, halves: Sequence[Sequence[TriedPage]], shipped: RiskModel) -> None:
    """How the shipped model does and one that has not seen what it judges, and the weights from all."""
    every = [page for half in halves for page in half]
    say_calibration(f"{name}, pages and models held out", *held_out(halves))
    risks = [one for page in every for one in shipped.risks(page.signs)]
    say_calibration(f"{name}, as shipped (fitted on these)", risks, [one for page in every for one in page.wrong])
    model = fit(every)
    print(f"intercept {model.intercept:.2f}")
    for sign, weight in model.weights._asdict().items():
        print(f"    {sign}={weight:.2f},")


def random_sets(models: Sequence[str], how_many: int, rng: random.Random) -> list[tuple[str, ...]]:
    """Different sets of two to five models of at least two families."""
    found: set[tuple[str, ...]] = set()
    while len(found) < how_many:
        some = tuple(sorted(rng.sample(models, rng.choice((2, 3, 3, 4, 4, 5)))))
        if len({family(model) for model in some}) > 1:
            found.add(some)
    return sorted(found)


def tried(pages: Sequence[RealPage], sets: Iterable[tuple[str, ...]]) -> list[TriedPage]:
    """Every set on every page on which it has something to say."""
    found = []
    for models in sets:
        families = {model: family(model) for model in models}
        for number, together in enumerate(consensus_of_set(_read(pages, models), families)):
            if together is not None:
                found.append(_judged(models, number, together, families, pages))
    return found


def tried_alone(pages: Sequence[RealPage], sets: Iterable[tuple[str, ...]], most: int) -> list[TriedPage]:
    """The first so many models of every set, each by its own words, the others of its set beside it."""
    found = []
    for models in sets:
        families = {model: family(model) for model in models}
        for number, read in enumerate(_read(pages, models)):
            for own in list(as_read(read, families).values())[:most]:
                if own.words:
                    found.append(_judged(models, number, own, families, pages))
    return found


def _read(pages: Sequence[RealPage], models: Sequence[str]) -> list[dict[str, str]]:
    parsed = [
        {model: parse_answer(page.readings[model]) for model in models if model in page.readings} for page in pages
    ]
    return [{model: one.transcription for model, one in page.items() if not one.is_refusal} for page in parsed]


def _judged(
    models: tuple[str, ...], number: int, words: Consensus, families: Mapping[str, str], pages: Sequence[RealPage]
) -> TriedPage:
    right = right_words(pages[number].reference, words.text)
    wrong = tuple(word.start not in right for word in words.words)
    return TriedPage(models, number, signs_of(words, families, vocabulary("en")), wrong)


def fit(pages: Sequence[TriedPage]) -> RiskModel:
    """From nothing; every set counts as it comes."""
    return fitted(*_words(pages), start=FROM_NOTHING, belief=1.0)


def held_out(halves: Sequence[Sequence[TriedPage]]) -> tuple[list[float], list[bool]]:
    """Risks of every word by a model that has seen neither its page nor its readers, and whether it is wrong."""
    risks: dict[tuple[int, int], tuple[float, ...]] = {}
    for half, fold in product(range(2), range(FOLDS)):
        model = fit([page for page in halves[1 - half] if page.page % FOLDS != fold])
        for place, page in enumerate(halves[half]):
            if page.page % FOLDS == fold:
                risks[half, place] = model.risks(page.signs)
    flat = [one for key in sorted(risks) for one in risks[key]]
    return flat, [one for half in halves for page in half for one in page.wrong]


def say_calibration(name: str, risks: Sequence[float], wrong: Sequence[bool]) -> None:
    """The error over ten bins, the bins, and the curve."""
    found: Calibration = calibration(risks, wrong)
    print(f"{name}: {len(risks)} words, {sum(wrong) / len(wrong):.1%} wrong; expected calibration error", end=" ")
    print(f"{found.expected_error:.3f}, Brier score {found.brier:.3f}")
    print("  said / seen:", ", ".join(f"{one.said:.2f} / {one.seen:.2f}" for one in found.bins))
    line = curve(risks, wrong)
    shares = [(mark, line.residual(mark)) for mark in MARKS]
    print("  wrong among the surest:", ", ".join(f"{mark:.0%}: {share:.1%}" for mark, share in shares))


def say_refitting(pages: Sequence[TriedPage], rng: random.Random) -> None:
    """How much better a set's own model is by its number of words, on its other pages."""
    sets = sorted({page.models for page in pages})
    for most in (100, 300, 1000, 3000):
        gains = []
        for models in sets:
            own = [page for page in pages if page.models == models]
            rng.shuffle(own)
            others = [page for page in pages if not {*page.models} & {*models}]
            start = fit(others)
            seen = 0
            count = next((at for at, page in enumerate(own, 1) if (seen := seen + len(page.wrong)) >= most), None)
            if count is not None and len(own) - count >= 5:
                signs, wrong = _words(own[count:])
                model = fitted(*_words(own[:count]), start=start)
                before, after = (calibration(one.risks(signs), wrong) for one in (start, model))
                gains.append((before.expected_error, after.expected_error, before.brier, after.brier))
        if gains:
            means = [sum(column) / len(gains) for column in zip(*gains, strict=True)]
            print(
                f"from {most} words of its own ({len(gains)} sets): calibration error {means[0]:.3f} -> {means[1]:.3f},"
            )
            print(f"  Brier score {means[2]:.4f} -> {means[3]:.4f}")


def _words(pages: Sequence[TriedPage]) -> tuple[list[Signs], list[bool]]:
    return [one for page in pages for one in page.signs], [one for page in pages for one in page.wrong]


if __name__ == "__main__":
    main()
