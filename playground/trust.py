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
from playground.canaries import Canary, altered_words, blank_strip, masked_word
from playground.comparison import EngineRun
from playground.probes import Probe, conditions
from playground.uploads import accept
from samples import load_samples

Question = Literal["invent", "repeat", "endure"]
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One engine under one condition; no rate where it did not read."""

    condition: str
    rate: float | None


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
        is_read = isinstance(run.outcome, Reading) and not run.outcome.refused
        known = rate(run.engine_id, run.outcome.text) if is_read and isinstance(run.outcome, Reading) else None
        points[run.engine_id].append(Point(condition, known))
    return {engine_id: tuple(found) for engine_id, found in points.items()}
