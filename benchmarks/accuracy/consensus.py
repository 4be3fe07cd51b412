"""Whether several readings together are better than the best of them, and what is said of readers without a reference.

    python -m benchmarks.accuracy.consensus [--sets 20] [--seed 1]

Errors of the consensus over those of the best single reader, for named sets and for random sets of 3 to 5 models, and
in which range nine of ten other draws of as many pages would lie, by drawing from these pages with replacement; how
many of the sure words are right; the ranking by Kendall's tau; the estimated CER's error and coverage on random tens of
pages, as the constants in metrics stand and with a line fitted to other models and pages.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np
from scipy.stats import kendalltau

from benchmarks.accuracy.real_pages import RealPage, family, real_pages
from metrics.consensus import Consensus, consensus_of_set
from metrics.error_rate import ErrorRate, cer, pooled
from metrics.passages import right_words
from metrics.reference_free import CerEstimate, estimated_cers, ranked_by_consensus

TOGETHER = "together"
NAMED = (
    ("google-gemini-3.5-flash", "openai-gpt-4.1-mini", "qwen-qwen3-vl-235b-a22b-instruct", "openai-gpt-5.1"),
    ("google-gemini-3-pro-preview", "openai-gpt-5-mini", "qwen-qwen3-vl-235b-a22b-instruct", "google-gemini-2.5-flash"),
    ("openai-gpt-5", "anthropic-claude-sonnet-4", "google-gemini-3.5-flash", "qwen-qwen2.5-vl-72b-instruct"),
    (
        "google-gemini-3.5-flash",
        "anthropic-claude-sonnet-4",
        "anthropic-claude-haiku-4.5",
        "mistralai-mistral-large-2512",
    ),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of models: the consensus and each model, errors over the same pages."""

    models: tuple[str, ...]
    together: ErrorRate
    alone: Mapping[str, ErrorRate]
    tau: float
    words: Mapping[int, list[bool]]
    """By how many readers say a word: whether each such word is right."""
    errors_by_page: Mapping[str, Sequence[int]]
    """Of the consensus, called `TOGETHER`, and of each model."""

    @property
    def ratio(self) -> float:
        """Errors of the consensus over those of the best model."""
        return self.together.errors / min(rate.errors for rate in self.alone.values())

    def expected(self, seed: int, draws: int = 2000) -> tuple[float, float]:
        """The ratio's range on other pages like these; who is best is asked anew in each draw."""
        alone = np.array([self.errors_by_page[model] for model in self.models])
        drawn = np.random.default_rng(seed).integers(alone.shape[1], size=(draws, alone.shape[1]))
        together = np.array(self.errors_by_page[TOGETHER])[drawn].sum(axis=1)
        low, high = np.quantile(together / alone[:, drawn].sum(axis=2).min(axis=0), (0.05, 0.95))
        return float(low), float(high)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    pages = real_pages("handwritten")
    named = [tried(pages, models) for models in NAMED]
    for trial in named:
        low, high = trial.expected(asked.seed)
        print(f"{trial.ratio:.3f} ({low:.2f} to {high:.2f}) of the best one's errors, tau {trial.tau:.2f}:", end=" ")
        print(", ".join(trial.models), flush=True)
    say_words(named)
    others = [tried(pages, models) for models in random_sets(pages, asked.sets, asked.seed)]
    if others:
        mean = math.exp(fmean(math.log(trial.ratio) for trial in others))
        worse = sum(trial.ratio > 1 for trial in others)
        print(f"{len(others)} random sets: {mean:.3f}; worse than the best one in {worse};", end=" ")
        print(f"tau {fmean(trial.tau for trial in others):.2f}")
    say_estimates(pages, [trial.models for trial in named + others], asked.seed)


def tried(pages: Sequence[RealPage], models: Sequence[str]) -> Trial:
    """Read the pages together and alone."""
    readings = [{model: page.readings[model] for model in models if model in page.readings} for page in pages]
    families = {model: family(model) for model in models}
    found = consensus_of_set(readings, families)
    texts = {model: [read.get(model, "") for read in readings] for model in models}
    texts[TOGETHER] = [together.text if together else "" for together in found]
    by_page = {
        name: [cer(page.reference, text) for page, text in zip(pages, of, strict=True)] for name, of in texts.items()
    }
    alone = {model: pooled(by_page[model]) for model in models}
    ranked = [standing.reader for standing in ranked_by_consensus(readings, families)]
    tau = kendalltau(range(len(ranked)), [alone[model].rate for model in ranked]).statistic
    words: dict[int, list[bool]] = defaultdict(list)
    for page, together in zip(pages, found, strict=True):
        if together is not None:
            judge(together, page.reference, words)
    counts = {name: [rate.errors for rate in rates] for name, rates in by_page.items()}
    return Trial(tuple(models), pooled(by_page[TOGETHER]), alone, tau, words, counts)


def errors(pages: Sequence[RealPage], texts: Sequence[str]) -> ErrorRate:
    """Pooled, by the default rules."""
    return pooled(cer(page.reference, text) for page, text in zip(pages, texts, strict=True))


def judge(together: Consensus, reference: str, words: dict[int, list[bool]]) -> None:
    """Sort the words by their support and say which are right."""
    right = right_words(reference, together.text)
    for word in together.words:
        words[len(word.readers)].append(word.start in right)


def say_words(trials: Sequence[Trial]) -> None:
    """How often a word is wrong by how many of four say it."""
    for support in (4, 3, 2, 1, 0):
        judged = [right for trial in trials for right in trial.words.get(support, ())]
        if judged:
            wrong = 1 - fmean(judged)
            print(f"words that {support} of four say: {len(judged)}, {wrong:.1%} differ from the reference")


def random_sets(pages: Sequence[RealPage], how_many: int, seed: int) -> list[tuple[str, ...]]:
    """Different sets of three to five models of at least two families."""
    rng = random.Random(seed)
    models = sorted(set(pages[0].readings))
    found: set[tuple[str, ...]] = set()
    while len(found) < how_many:
        models_of_set = tuple(sorted(rng.sample(models, rng.choice((3, 4, 5)))))
        if len({family(model) for model in models_of_set}) > 1:
            found.add(models_of_set)
    return sorted(found)


def say_estimates(pages: Sequence[RealPage], sets: Sequence[Sequence[str]], seed: int) -> None:
    """How far the estimated CER is from the true one of models under 30 %, over twice 18 random pages of each set.

    Once more as a line fitted to what is estimated of other models, at least half on other pages, says it.
    """
    rng = random.Random(seed)
    found: list[tuple[CerEstimate, float, frozenset[str]]] = []
    given = 0
    for models in [models for models in sets for _ in range(2)]:
        sample = rng.sample(pages, min(18, len(pages)))
        readings = [{model: page.readings[model] for model in models if model in page.readings} for page in sample]
        estimates = estimated_cers(readings, {model: family(model) for model in models})
        given += bool(estimates)
        for estimate in estimates:
            true = errors(sample, [read.get(estimate.reader, "") for read in readings]).rate or 0.0
            if true < 0.3:
                found.append((estimate, true, frozenset(page.name for page in sample)))
    print(f"estimates for {given} of {2 * len(sets)} draws of 18 pages, {len(found)} of models under 30 %")
    if given:
        say_misses("as shipped", [(one, one.rate, true) for one, true, _ in found])
        say_misses("models held out, and half of the pages", held_out(found))


def held_out(
    found: Sequence[tuple[CerEstimate, float, frozenset[str]]],
) -> list[tuple[CerEstimate, float, float]]:
    """Each estimate, as a line fitted to the others' puts it, and the truth."""
    refitted = []
    for one, true, drawn in found:
        others = [
            (other.rate, rate)
            for other, rate, pages in found
            if other.reader != one.reader and 2 * len(pages & drawn) <= len(drawn)
        ]
        slope, offset = np.polyfit([rate for rate, _ in others], [rate for _, rate in others], 1)
        refitted.append((one, float(offset + slope * one.rate), true))
    return refitted


def say_misses(name: str, found: Sequence[tuple[CerEstimate, float, float]]) -> None:
    """Mean and median error, and how many lie within the estimate's half interval."""
    misses = [abs(rate - true) for _, rate, true in found]
    held = fmean(miss <= one.high - one.rate for miss, (one, _, _) in zip(misses, found, strict=True))
    print(f"  {name}: mean error {fmean(misses):.2%}, median {median(misses):.2%}; {held:.0%} in their intervals")


if __name__ == "__main__":
    main()
