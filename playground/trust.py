"""Can I trust it? Plans of extra readings, with their price, and what their outcomes mean. Runs no engine itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.pricing import estimated_usd
from metrics.agreement import disagreement_matrix
from metrics.error_rate import cer
from metrics.normalising import DEFAULT_RULES, Rules
from playground.canaries import Canary, Caught, altered_words, blank_strip, judge, masked_word
from playground.comparison import EngineRun
from playground.probes import Probe, conditions, spread
from playground.uploads import accept
from samples import load_samples

Question = Literal["invent", "repeat", "endure"]
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One engine under one condition; no rate where it did not read."""

    condition: str
    rate: float | None


@dataclass(frozen=True, slots=True)
class Steadiness:
    """One engine's readings of the same pixels; `mean_difference` is that of all pairs, 0 where all are alike."""

    engine: str
    readings: int
    different_texts: int
    mean_difference: float


def canaries_for(page: PageImage, readings: Mapping[str, Reading]) -> tuple[Canary, ...]:
    """A blank strip, a masked word and an altered sentence; from the samples where the page gives none."""
    samples = {sample.id: sample for sample in load_samples()}

    def sample_page(name: str) -> PageImage:
        return accept(samples[name].image.read_bytes(), samples[name].image.name)

    blank = blank_strip(page) or Canary("blank", sample_page("blank"), own=False)
    masked = masked_word(page, readings) or Canary("masked", sample_page("masked"), frozenset({"fortune"}), own=False)
    altered = Canary("altered", sample_page("altered"), altered_words(samples["altered"].reference), own=False)
    return blank, masked, altered


def repeats_of(page: PageImage) -> tuple[Probe, ...]:
    """The same page several times more."""
    return tuple(Probe(f"again, {number}", page) for number in range(1, REPEATS + 1))


def damaged(page: PageImage) -> tuple[Probe, ...]:
    """The page under every condition but the one it was already read in."""
    return conditions(page)[1:]


def price(specs: Iterable[EngineSpec], pages: Sequence[PageImage], task: ReadingTask) -> float | None:
    """What reading all pages with all engines is likely to cost; None where a price is not known."""
    usd = [estimated_usd(spec, page, task) for spec in specs if spec.runs == "cloud" for page in pages]
    return None if None in usd else sum(filter(None, usd))


def inventions(runs: Iterable[tuple[Canary, EngineRun]]) -> Mapping[str, tuple[Caught | None, ...]]:
    """Engine by engine what it made of each trap; None where it did not read."""
    found: dict[str, list[Caught | None]] = defaultdict(list)
    for canary, run in runs:
        text = _transcription(run)
        found[run.engine_id].append(None if text is None else judge(canary, text))
    return {engine_id: tuple(caught) for engine_id, caught in found.items()}


def steadiness(
    before: Mapping[str, str], again: Iterable[EngineRun], rules: Rules = DEFAULT_RULES
) -> tuple[Steadiness, ...]:
    """How far the readings of each engine lie apart, the steadiest first."""
    texts = {engine_id: [text] for engine_id, text in before.items()}
    for run in again:
        if (text := _transcription(run)) is not None:
            texts[run.engine_id].append(text)
    found = (Steadiness(i, len(own), len(set(own)), spread(own, rules)) for i, own in texts.items())
    return tuple(sorted(found, key=lambda one: one.mean_difference))


def endurance(
    before: Mapping[str, str],
    after: Sequence[tuple[str, EngineRun]],
    reference: str,
    rules: Rules = DEFAULT_RULES,
) -> Mapping[str, tuple[Point, ...]]:
    """Engine by engine the CER under each condition, the first as it is.

    Without a reference: how far a reading lies from the engine's own of the undamaged page.
    """
    points: dict[str, list[Point]] = defaultdict(list)

    def rate(engine_id: str, text: str) -> float | None:
        if reference.strip():
            return cer(reference, text, rules).rate
        (pair,) = disagreement_matrix({"before": before[engine_id], "after": text}, rules)
        return pair.rate

    for engine_id, text in before.items():
        points[engine_id].append(Point("as it is", rate(engine_id, text)))
    for condition, run in after:
        again = _transcription(run)
        points[run.engine_id].append(Point(condition, None if again is None else rate(run.engine_id, again)))
    return {engine_id: tuple(found) for engine_id, found in points.items()}


def _transcription(run: EngineRun) -> str | None:
    return run.outcome.text if isinstance(run.outcome, Reading) and not run.outcome.refused else None
