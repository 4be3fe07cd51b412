"""How long a change of the reference keeps the server busy: `python -m benchmarks.rescoring`.

Four panels of 10,000 characters each, everything that a key press costs: scores, colours, HTML. CPU time of this
process, best of several rounds, because other programs may be running. Prints also what is asked for on demand only.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from time import process_time

from engines.contract import PageImage, Reading
from metrics.normalising import DEFAULT_RULES
from playground.comparison import EngineRun
from playground.insight import insight_of
from playground.offer import Offer
from playground.settings import Settings
from samples import load_samples
from ui.compare_view import view_of
from ui.desk import Desk

CHARACTERS = 10_000
BUDGET_MS = 50
ROUNDS = 9


def main() -> None:
    """Print milliseconds by character error rate."""
    offer = Offer.from_settings(Settings.from_env({}), {})
    text = page_of(CHARACTERS)
    print(f"Four panels of {CHARACTERS:,} characters; the budget is {BUDGET_MS} ms up to 8 % CER.")
    print(f"{'CER':>7}  {'re-score':>9}  {'insight, one panel':>19}")
    for rate in (0.002, 0.02, 0.08, 0.2):
        readings = [misread(text, rate, seed) for seed in range(4)]
        desk = desk_with(readings, offer.default_slots())

        def rescore(desk: Desk = desk) -> object:
            return view_of(desk, text, DEFAULT_RULES, offer, boxes=False)

        def look_into(reading: str = readings[0]) -> object:
            return insight_of(text, reading)

        print(f"{rate:7.1%}  {milliseconds(rescore):6.1f} ms  {milliseconds(look_into):16.1f} ms")


def page_of(characters: int) -> str:
    """English prose with line breaks, repeated to length."""
    prose = "\n".join(sample.reference for sample in load_samples() if sample.language == "en" and sample.reference)
    return (prose * (characters // len(prose) + 1))[:characters]


def misread(text: str, rate: float, seed: int) -> str:
    """The text with that share of characters replaced, left out or doubled."""
    dice = random.Random(seed)

    def read(character: str) -> str:
        luck = dice.random() / rate
        if luck >= 1:
            return character
        return dice.choice("aehinorstu") if luck < 0.6 else "" if luck < 0.8 else character + dice.choice("aehinorstu")

    return "".join(map(read, text))


def desk_with(readings: list[str], slots: tuple[str, ...]) -> Desk:
    """A desk on which every slot has read."""
    runs = {slot: EngineRun(slot, Reading(text), 1.0) for slot, text in zip(slots, readings, strict=True)}
    return Desk(slots, page=PageImage("", b"", 1000, 1400), runs=runs)


def milliseconds(work: Callable[[], object]) -> float:
    """The best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = process_time()
        work()
        best = min(best, process_time() - started)
    return best * 1000


if __name__ == "__main__":
    main()
