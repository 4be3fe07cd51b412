"""Fits the risk of words and says how it does on pages and models that it has not seen.

    python -m benchmarks.accuracy.word_risk [--sets 40] [--seed 3] [--embedded FOLDER]

Words of consensuses over random sets of two to five models on real handwritten pages, those of two of the models among
the others of their set, and those of every model alone. Held out are a quarter of the pages and half of the models at
once: the model is fitted on sets of the one half, and judged on sets of the other half on the other pages. None of
those models gives confidences. With a folder the embedded engines, which do, read the same pages, once: their readings
stay there. Their words then count beside the others', and are judged by models that have not seen their page.
"""

from __future__ import annotations

import argparse
import logging
import random
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, islice, product
from pathlib import Path
from statistics import fmean

from pydantic import TypeAdapter

from benchmarks.accuracy.local_engines import embedded
from benchmarks.accuracy.real_pages import RealPage, family, real_pages
from engines.contract import Reading, ReadingTask
from engines.errors import EngineError
from engines.registry import LoadedEngines
from metrics.answer import is_loop, parse_answer
from metrics.consensus import Consensus, as_read, consensus_of_set
from metrics.coverage import Calibration, calibration, curve
from metrics.passages import right_words
from metrics.word_risk import (
    ALONE,
    AMONG_OTHERS,
    FITTED,
    Confidences,
    RiskModel,
    Signs,
    can_promise,
    fitted,
    signs_of,
    words_to_check,
)
from playground.insight import WORTH_A_LOOK, confidences_of, vocabulary
from playground.together import families_of
from playground.uploads import accept

FOLDS = 4
OWN_WORDS, FEWEST_OTHERS = (100, 300, 1000, 3000), 5
TOO_FAR_OFF = 0.1
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
    parser.add_argument("--sets", type=int, default=40, help="of models; the shipped weights are from 40")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--embedded", type=Path, metavar="FOLDER", help="where embedded engines' readings are kept")
    asked = parser.parse_args(arguments)
    pages, rng = real_pages("handwritten"), random.Random(asked.seed)
    models = sorted({model for page in pages for model in page.readings})
    halves = [random_sets(half, asked.sets // 2, rng) for half in (models[::2], models[1::2])]
    together = [tried(pages, sets) for sets in halves]
    report("together", together, FITTED)
    say_refitting([page for half in together for page in half], rng)
    read = read_by_embedded(pages, asked.embedded) if asked.embedded else {}
    among, alone = tried_embedded(pages, read, together=True), tried_embedded(pages, read, together=False)
    report("one among others", [tried_alone(pages, sets, most=2) for sets in halves], AMONG_OTHERS, among)
    lone = [[(model,) for model in half] for half in (models[::2], models[1::2])]
    report("one alone", [tried_alone(pages, sets, most=1) for sets in lone], ALONE, alone)


def report(
    name: str, halves: Sequence[Sequence[TriedPage]], shipped: RiskModel, assured: Sequence[TriedPage] = ()
) -> None:
    """How the shipped model does and one that has not seen what it judges, and the weights from all.

    `assured` are words with confidences of their engines: they are judged with all others of other pages.
    """
    every = [*(page for half in halves for page in half), *assured]
    unseen, wrong = held_out(halves)
    say_calibration(f"{name}, pages and models held out", unseen, wrong)
    say_promises([page for half in halves for page in half], unseen)
    risks = [one for page in every for one in shipped.risks(page.signs)]
    say_calibration(f"{name}, as shipped (fitted on these)", risks, [one for page in every for one in page.wrong])
    if assured:
        say_calibration(f"{name}, embedded engines, pages held out", *pages_held_out(assured, every))
    model = fit(every)
    print(f"  refitted (shipped): intercept {model.intercept:.2f} ({shipped.intercept:.2f})")
    for sign, weight, committed in zip(Signs._fields, model.weights, shipped.weights, strict=True):
        print(f"    {sign}={weight:.2f}, ({committed:.2f})")


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


def read_by_embedded(pages: Sequence[RealPage], folder: Path) -> dict[str, list[Reading | None]]:
    """What each embedded engine reads on every page, None where it fails; read again only where the folder lacks it."""
    folder.mkdir(parents=True, exist_ok=True)
    kept, loaded = TypeAdapter(Reading | None), LoadedEngines()
    found: dict[str, list[Reading | None]] = {}
    for spec in embedded():
        for page in pages:
            path = folder / f"{spec.id} {Path(page.name).stem}.json"
            if not path.exists():
                try:
                    reading = loaded.get(spec).read(
                        accept(page.image.read_bytes(), page.name), ReadingTask(language="en")
                    )
                except EngineError as error:
                    logging.warning("%s could not read %s: %s", spec.label, page.name, error)
                    reading = None
                path.write_bytes(kept.dump_json(reading))
            found.setdefault(spec.id, []).append(kept.validate_json(path.read_bytes()))
    return found


def tried_embedded(
    pages: Sequence[RealPage], read: Mapping[str, Sequence[Reading | None]], *, together: bool
) -> list[TriedPage]:
    """Every embedded engine's own words on every page, with its confidences: the others beside it, or alone."""
    specs = {spec.id: spec for spec in embedded() if spec.id in read}
    families = families_of(specs, specs)
    found = []
    for number in range(len(pages)):
        here = {reader: one for reader, of in read.items() if (one := of[number]) and one.text.strip()}
        for group in [here] if together else [{reader: reading} for reader, reading in here.items()]:
            texts = {reader: reading.text for reader, reading in group.items()}
            for own in as_read(texts, families).values():
                if own.words:
                    found.append(_judged(tuple(group), number, own, families, pages, confidences_of(group)))
    return found


def _read(pages: Sequence[RealPage], models: Sequence[str]) -> list[dict[str, str]]:
    return [
        {
            model: text
            for model in models
            if model in page.readings and (text := _text_of(page.readings[model])) is not None
        }
        for page in pages
    ]


@cache
def _text_of(answer: str) -> str | None:
    """What of an answer may vote; kept, for a model is in many sets."""
    parsed = parse_answer(answer)
    return None if parsed.is_refusal or is_loop(parsed.transcription) else parsed.transcription


_right_words = lru_cache(2000)(right_words)


def _judged(
    models: tuple[str, ...],
    number: int,
    words: Consensus,
    families: Mapping[str, str],
    pages: Sequence[RealPage],
    confidences: Confidences | None = None,
) -> TriedPage:
    right = _right_words(pages[number].reference, words.text)
    wrong = tuple(word.start not in right for word in words.words)
    return TriedPage(models, number, signs_of(words, families, vocabulary("en"), confidences), wrong)


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


def pages_held_out(judged: Sequence[TriedPage], every: Sequence[TriedPage]) -> tuple[list[float], list[bool]]:
    """Risks of some words by a model that has seen none of their pages, and whether each is wrong."""
    models = [fit([page for page in every if page.page % FOLDS != fold]) for fold in range(FOLDS)]
    risks = [one for page in judged for one in models[page.page % FOLDS].risks(page.signs)]
    return risks, [one for page in judged for one in page.wrong]


def say_calibration(name: str, risks: Sequence[float], wrong: Sequence[bool]) -> None:
    """The error over ten bins, the bins, and the curve."""
    found: Calibration = calibration(risks, wrong)
    print(f"{name}: {len(risks)} words, {sum(wrong) / len(wrong):.1%} wrong; expected calibration error", end=" ")
    print(f"{found.expected_error:.3f}, Brier score {found.brier:.3f}")
    print("  said / seen:", ", ".join(f"{one.said:.2f} / {one.seen:.2f}" for one in found.bins))
    line = curve(risks, wrong)
    shares = [(mark, line.residual(mark)) for mark in MARKS]
    print("  wrong among the surest:", ", ".join(f"{mark:.0%}: {share:.1%}" for mark, share in shares))


def say_promises(pages: Sequence[TriedPage], risks: Sequence[float]) -> None:
    """What is promised of the words that nobody is asked about, and what is counted, by how well readers agree."""
    found: dict[bool, list[tuple[float, float, int]]] = {True: [], False: []}
    judged: dict[bool, tuple[list[float], list[bool]]] = {True: ([], []), False: ([], [])}
    coming = iter(risks)
    for page in pages:
        own, enough = list(islice(coming, len(page.signs))), can_promise(page.signs)
        judged[enough][0].extend(own)
        judged[enough][1].extend(page.wrong)
        asked = {number for number in words_to_check(own) if own[number] >= WORTH_A_LOOK}
        left = [number for number in range(len(own)) if number not in asked]
        if left:
            sums = sum(own[number] for number in left), sum(page.wrong[number] for number in left)
            found[enough].append((*sums, len(left)))
    for enough, rows in found.items():
        if rows:
            promised, counted, words = (sum(column) for column in zip(*rows, strict=True))
            off = fmean((wrong - said) / count > TOO_FAR_OFF for said, wrong, count in rows)
            error = calibration(*judged[enough]).expected_error
            print(
                f"  {'half or more' if enough else 'fewer'} of the words said by two families: {len(rows)} pages, of",
                end=" ",
            )
            print(
                f"the words left {promised / words:.1%} promised wrong, {counted / words:.1%} counted; {off:.1%} of",
                end=" ",
            )
            print(f"the pages worse by over ten points; calibration error over all their words {error:.3f}")


def say_refitting(pages: Sequence[TriedPage], rng: random.Random) -> None:
    """How much better a set's own model is by its number of words, on its other pages."""
    gains: dict[int, list[tuple[float, ...]]] = {}
    for models in sorted({page.models for page in pages}):
        own = [page for page in pages if page.models == models]
        rng.shuffle(own)
        start = fit([page for page in pages if not {*page.models} & {*models}])
        for most in OWN_WORDS:
            seen = list(accumulate(len(page.wrong) for page in own))
            count = bisect_left(seen, most) + 1
            if len(own) - count >= FEWEST_OTHERS:
                signs, wrong = _words(own[count:])
                before, after = (
                    calibration(one.risks(signs), wrong) for one in (start, fitted(*_words(own[:count]), start=start))
                )
                gains.setdefault(most, []).append(
                    (before.expected_error, after.expected_error, before.brier, after.brier)
                )
    for most, found in gains.items():
        errors_before, errors_after, brier_before, brier_after = map(fmean, zip(*found, strict=True))
        print(f"from {most} words of its own ({len(found)} sets): calibration error", end=" ")
        print(f"{errors_before:.3f} -> {errors_after:.3f}, Brier score {brier_before:.4f} -> {brier_after:.4f}")


def _words(pages: Sequence[TriedPage]) -> tuple[list[Signs], list[bool]]:
    return [one for page in pages for one in page.signs], [one for page in pages for one in page.wrong]


if __name__ == "__main__":
    main()
