"""How likely each word of a consensus is wrong: a logistic model of what can be seen without a reference.

Who says a word tells most; on a page of much dispute even what all say is less sure; the kind of word tells some more.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from statistics import fmean
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metrics.consensus import Consensus, ConsensusWord
from metrics.coverage import TARGET
from metrics.names import NO_VOCABULARY, Vocabulary
from metrics.reading_slots import family_of


class Signs(NamedTuple):
    """What speaks for or against one word; also one weight for each of these."""

    contradicted: float
    """1 where a reader has something else or nothing here."""
    families: float
    """The logarithm of how many families say just this; of a half where none does."""
    readers_against: float
    """The share of the readers who do not say just this."""
    agreed_amid_dispute: float
    """The share of the page's words that are contradicted, for a word that is not."""
    figure: float
    unlisted: float
    """1 for a word with letters that is in no word list; always 0 without a list."""
    capital: float
    marks: float
    """1 where punctuation hangs on it, which is as easily misread."""
    only_marks: float
    ends_line: float
    unlisted_around: float
    """The share of all words of the text that are in no word list."""
    told: float
    """1 where a reader who says it gave its confidence."""
    assurance: float
    """That confidence, the mean of all given, as the negative logarithm of what it leaves open: 0 to 4.6."""


@dataclass(frozen=True, slots=True)
class RiskModel:
    """Log odds of a word's being wrong: the intercept plus each sign by its weight."""

    intercept: float
    weights: Signs

    def risks(self, signs: Sequence[Signs]) -> tuple[float, ...]:
        """The probability that each word is wrong."""
        if not signs:
            return ()
        return tuple(map(float, _logistic(self.intercept + np.array(signs, float) @ np.array(self.weights))))


def _logistic(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-np.logaddexp(0.0, -odds))


FITTED = RiskModel(
    -2.88,
    Signs(
        contradicted=0.95,
        families=-1.58,
        readers_against=2.37,
        agreed_amid_dispute=1.78,
        figure=0.84,
        unlisted=1.28,
        capital=0.49,
        marks=0.77,
        only_marks=1.00,
        ends_line=0.29,
        unlisted_around=0.0,
        told=0.0,
        assurance=0.0,
    ),
)
"""Fitted by `benchmarks.accuracy.word_risk` on 177,663 words: 40 sets of models on 36 handwritten pages of InkBench (29
Nov 2026). On pages and models held out together the expected calibration error over ten bins was 0.016. None of those
models gives confidences, so that only a run of its own can learn what they are worth."""

AMONG_OTHERS = RiskModel(
    -2.41,
    Signs(
        contradicted=0.35,
        families=-2.20,
        readers_against=5.05,
        agreed_amid_dispute=2.24,
        figure=0.40,
        unlisted=1.52,
        capital=0.27,
        marks=0.50,
        only_marks=0.94,
        ends_line=-0.20,
        unlisted_around=5.12,
        told=-0.44,
        assurance=-1.32,
    ),
)
"""For the words of one reader whom others are held against (`consensus.as_read`). Fitted on 332,466 words of two models
each of 32 sets on the same pages, and on 11,699 of the embedded engines, which give confidences, on 21 of these (28 Nov
2026). Pages and models held out together: expected calibration error 0.040; of the embedded engines, pages held out,
0.019."""

ALONE = RiskModel(
    -1.08,
    Signs(
        contradicted=0.0,
        families=0.0,
        readers_against=0.0,
        agreed_amid_dispute=0.0,
        figure=0.53,
        unlisted=2.28,
        capital=0.33,
        marks=0.87,
        only_marks=0.05,
        ends_line=-0.19,
        unlisted_around=7.44,
        told=-0.11,
        assurance=-1.29,
    ),
)
"""For a reader whom nobody is held against. Fitted on 78,437 words of 16 models and 8,149 of the embedded engines, same
pages and date. Held out, the calibration error of engines that give confidences was 0.025; of models that give none
0.134: a fluent model's inventions look like words, so that without a second reader this is a rough guess."""

FEWEST_BORNE_OUT = 0.5
"""Where engines of other families say fewer of the words too, those of poor engines that agree are wrong far more often
than is said: 30 % of such answers by more than ten points, of all others 2.3 % (`benchmarks.accuracy.word_risk`, 2,677
answers over 36 handwritten pages of InkBench, 29 Nov 2026; the limit itself was chosen on these pages)."""

FEWEST_WORDS = 1000
"""From so many words on a run's own model is better on its other pages than the shipped one: over 40 sets of models the
calibration error was 0.049 before and 0.041 after, the Brier score 0.1045 and 0.1019 (28 Nov 2026)."""
FOLDS = 5
_BELIEF = 20.0

Confidences = Mapping[str, Sequence["WordConfidence"]]


class WordConfidence(NamedTuple):
    """An engine's own confidence, 0 to 1, in its text[start:end]; no two of one text overlap."""

    start: int
    end: int
    confidence: float


def word_risks(
    together: Consensus,
    families: Mapping[str, str],
    vocabulary: Vocabulary = NO_VOCABULARY,
    confidences: Confidences | None = None,
    model: RiskModel = FITTED,
) -> tuple[float, ...]:
    """For each word of the consensus the probability that it is wrong. Of words that nobody read it says nothing."""
    return model.risks(signs_of(together, families, vocabulary, confidences))


def signs_of(
    together: Consensus,
    families: Mapping[str, str],
    vocabulary: Vocabulary = NO_VOCABULARY,
    confidences: Confidences | None = None,
) -> tuple[Signs, ...]:
    """What speaks for or against each word of the consensus, in order."""
    contradicted = [len(word.readers) < len(word.places) for word in together.words]
    kinds = [_of_its_kind(word.text, vocabulary) for word in together.words]
    sorted_by_reader = {reader: sorted(given) for reader, given in (confidences or {}).items()}
    dispute, unlisted = (fmean(of or [0.0]) for of in (contradicted, [kind["unlisted"] for kind in kinds]))
    return tuple(
        Signs(
            contradicted=float(against),
            families=math.log(len({family_of(reader, families) for reader in word.readers}) or 0.5),
            readers_against=1 - len(word.readers) / len(word.places),
            agreed_amid_dispute=0.0 if against else dispute,
            **kind,
            unlisted_around=unlisted,
            **_assured(word, sorted_by_reader),
            ends_line=float(together.text[word.end : word.end + 1] in {"", "\n"}),
        )
        for word, against, kind in zip(together.words, contradicted, kinds, strict=True)
    )


def can_promise(signs: Sequence[Signs]) -> bool:
    """Whether enough words are said by two families for the risks to tell how many of a page's words are wrong."""
    return fmean([one.families >= math.log(2) for one in signs] or [0]) >= FEWEST_BORNE_OUT


def words_to_check(risks: Sequence[float], target: float = TARGET) -> tuple[int, ...]:
    """Numbers of the words to look at, the riskiest first: of all others at most the share `target` is expected to be
    wrong."""
    surest_first = sorted(range(len(risks)), key=lambda number: (risks[number], number))
    expected, kept = 0.0, 0
    for place, number in enumerate(surest_first, start=1):
        expected += risks[number]
        if expected <= target * place:
            kept = place
    return tuple(reversed(surest_first[kept:]))


def fitted(
    signs: Sequence[Signs], wrong: Sequence[bool], start: RiskModel = FITTED, belief: float = _BELIEF
) -> RiskModel:
    """The model that fits these words, drawn to `start` as strongly as `belief` says; few words change little."""
    rows = np.column_stack([np.ones(len(signs)), np.array(signs, float).reshape(len(signs), len(Signs._fields))])
    outcomes = np.array(wrong, float)
    weights = before = np.array([start.intercept, *start.weights])
    for _ in range(_MOST_STEPS):
        risks = _logistic(rows @ weights)
        slope = rows.T @ (risks - outcomes) + belief * (weights - before)
        curvature = rows.T @ (rows * (risks * (1 - risks))[:, None]) + belief * np.eye(len(weights))
        step = np.linalg.solve(curvature, slope)
        longest = float(np.abs(step).max())
        weights = weights - step * min(1.0, _LONGEST_STEP / longest if longest else 1.0)
        if longest < _CLOSE_ENOUGH:
            break
    return RiskModel(float(weights[0]), Signs(*map(float, weights[1:])))


_MOST_STEPS, _LONGEST_STEP, _CLOSE_ENOUGH = 50, 2.0, 1e-6
"""Newton's method takes ten steps or so; far from the end a step may overshoot, so none is longer than that."""


def held_out_risks(pages: Sequence[Sequence[Signs]], wrong: Sequence[Sequence[bool]]) -> tuple[tuple[float, ...], ...]:
    """Each page's risks by a model that has not seen it: fitted on the other four fifths of the pages where these hold
    words enough, else as shipped."""
    found = []
    models = [_without(fold, pages, wrong) for fold in range(FOLDS)]
    for number, page in enumerate(pages):
        found.append(models[number % FOLDS].risks(page))
    return tuple(found)


def _without(fold: int, pages: Sequence[Sequence[Signs]], wrong: Sequence[Sequence[bool]]) -> RiskModel:
    kept = [number for number in range(len(pages)) if number % FOLDS != fold]
    signs = [one for number in kept for one in pages[number]]
    return fitted(signs, [one for number in kept for one in wrong[number]]) if len(signs) >= FEWEST_WORDS else FITTED


def _of_its_kind(text: str, vocabulary: Vocabulary) -> dict[str, float]:
    core = text.strip("".join(set(filterfalse(str.isalnum, text))))
    plain = core.casefold().replace("’", "'").removesuffix("'s")
    return {
        "figure": float(any(map(str.isdigit, core))),
        "unlisted": float(bool(vocabulary.words) and any(map(str.isalpha, core)) and plain not in vocabulary.words),
        "capital": float(core[:1].isupper()),
        "marks": float(core != text),
        "only_marks": float(not core),
    }


def _assured(word: ConsensusWord, confidences: Confidences) -> dict[str, float]:
    """By the readers that say the word, each by what it gave for the stretch that stands here."""
    given = [
        one.confidence
        for place in word.places
        if place.reader in word.readers
        for one in _standing_at(confidences.get(place.reader, ()), place.start, place.end)
    ]
    return {"told": float(bool(given)), "assurance": -math.log(_LEFT_OPEN - fmean(given)) if given else 0.0}


def _standing_at(given: Sequence[WordConfidence], start: int, end: int) -> Sequence[WordConfidence]:
    first = bisect_right(given, start, key=lambda one: one.end)
    return given[first : bisect_left(given, end, key=lambda one: one.start)]


_LEFT_OPEN = 1.01
"""Nobody is sure altogether."""
