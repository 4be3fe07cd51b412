"""How long a change of the reference keeps the server busy: `python -m benchmarks.rescoring`.

Four panels of 10,000 characters each and what they read together, everything that a change costs: scores, colours,
HTML. A page pasted whole is new to the server; a key press changes one letter of it. Processor time of this process,
best of several rounds, because other programs may be running. Prints also what is asked for on demand only.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from time import process_time

from benchmarks.side_by_side import Work, in_turns
from engines.contract import PageImage, Reading
from metrics.normalising import DEFAULT_RULES
from playground.engine_runs import EngineRun
from playground.insight import insight_of
from playground.offer import Offer
from playground.settings import Settings
from samples import load_samples
from ui.compare.desk import Desk
from ui.compare.panels import view_of

CHARACTERS = 10_000
BUDGET_MS = 50
ROUNDS = 9


def main() -> None:
    """Print milliseconds by character error rate."""
    offer = Offer.from_settings(Settings.from_env({}), {})
    text = page_of(CHARACTERS)
    print(f"Four panels of {CHARACTERS:,} characters; the budget is {BUDGET_MS} ms up to 8 % CER.")
    print(f"{'CER':>7}  {'key press':>10}  {'pasted page':>12}  {'insight, one panel':>19}")
    for rate in (0.002, 0.02, 0.08, 0.2):
        desks = [
            desk_with([misread(text, rate, 10 * page + seed) for seed in range(4)], offer.default_slots())
            for page in range(ROUNDS)
        ]

        def rescore(desk: Desk, reference: str) -> Work:
            return lambda: view_of(desk, reference, DEFAULT_RULES, offer, boxes=False)

        typed = [text[:at] + "x" + text[at:] for at in range(0, CHARACTERS, CHARACTERS // ROUNDS)]
        for desk in desks:  # what the engines read together is drawn when they have read, long before anybody pastes
            view_of(desk, "", DEFAULT_RULES, offer, boxes=False)
        view_of(desks[0], text, DEFAULT_RULES, offer, boxes=False)
        key_press = milliseconds([rescore(desks[0], reference) for reference in typed])
        pasted = milliseconds([rescore(desk, text) for desk in desks[1:]])
        insight = milliseconds([lambda: insight_of(text, desk_text(desks[0]))] * 2)  # noqa: B023  called at once
        print(f"{rate:7.1%}  {key_press:7.1f} ms  {pasted:9.1f} ms  {insight:16.1f} ms")


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


def desk_text(desk: Desk) -> str:
    """What the engine in the first slot read."""
    outcome = desk.runs[desk.slots[0]].outcome
    return outcome.text if isinstance(outcome, Reading) else ""


def milliseconds(rounds: Iterable[Work]) -> float:
    """The best of several rounds."""
    return 1000 * min(in_turns({str(number): work for number, work in enumerate(rounds)}, 1, process_time).values())[0]


if __name__ == "__main__":
    main()
