"""One page through every cloud engine whose key is set: does each really work today, and what does it report?

    python -m benchmarks.live [IMAGE --reference FILE] [--engines ID,ID] [--yes]

Costs a few cents, so it shows the price and asks first. Engines run one after the other, so that seconds compare.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.pricing import Unknown, dollars
from metrics.error_rate import cer
from playground.engine_runs import EngineRun, unequal_treatment
from playground.offer import Offer
from playground.settings import Settings
from playground.uploads import accept
from samples import load_samples

console = Console()


@dataclass(frozen=True, slots=True)
class Trial:
    """The page, what it says, and who reads it."""

    page: PageImage
    reference: str
    specs: tuple[EngineSpec, ...]


def main(arguments: list[str] | None = None) -> int:
    """0 if every engine read the page, 1 if one failed, 2 if there was nothing to do."""
    wanted = _parse(arguments)
    offer = Offer.from_settings(Settings.from_env(os.environ), os.environ)
    trial = _trial(wanted, offer)
    if not trial.specs:
        console.print("No cloud engine is ready. `python -m playground engines` says which key each one needs.")
        return 2
    if not wanted.yes and not _agreed(trial, offer):
        return 2
    task = ReadingTask()
    runs = [run for spec in trial.specs for run in _read(spec, trial, task, offer)]
    _print_ledger(runs, offer)
    return 0 if all(isinstance(run.outcome, Reading) for run in runs) else 1


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("image", type=Path, nargs="?", help="a page; without one, the sample letter")
    parser.add_argument("--reference", type=Path, help="a text file with what the page says")
    parser.add_argument("--engines", default="", help="ids, separated by commas; all that are ready by default")
    parser.add_argument("--yes", action="store_true", help="do not ask before spending")
    return parser.parse_args(arguments)


def _trial(wanted: argparse.Namespace, offer: Offer) -> Trial:
    if wanted.image is None:
        sample = next(sample for sample in load_samples() if sample.id == "letter")
        image, reference = sample.image, sample.reference
    else:
        image, reference = wanted.image, wanted.reference.read_text(encoding="utf-8") if wanted.reference else ""
    ids = set(filter(None, wanted.engines.split(",")))
    ready = (spec for spec in offer.specs if spec.runs == "cloud" and offer.missing(spec) is None)
    return Trial(accept(image.read_bytes(), image.name), reference, tuple(s for s in ready if not ids or s.id in ids))


def _agreed(trial: Trial, offer: Offer) -> bool:
    prices = {spec.label: offer.price(spec, trial.page, ReadingTask()) for spec in trial.specs}
    unknown = [label for label, price in prices.items() if isinstance(price, Unknown)]
    question = f"{len(prices)} engines, about {dollars(sum(price.usd or 0.0 for price in prices.values()))}"
    question += f" (price unknown: {', '.join(unknown)})" if unknown else ""
    return console.input(f"{question}. Go on? [y/N] ").strip().lower() == "y"


def _read(spec: EngineSpec, trial: Trial, task: ReadingTask, offer: Offer) -> list[EngineRun]:
    runs = list(offer.compare([spec], trial.page, task, visitor="", stop=Event()))
    for run in runs:
        console.rule(Text(f"{spec.label} {spec.model}"), align="left")
        if isinstance(run.outcome, Reading):
            console.print(Text(run.outcome.text or "(no text)"))
            console.print(Text(_facts(run, run.outcome, trial.reference), "dim"))
        else:
            console.print(Text(f"{run.outcome.message} {run.outcome.fix}", "red"))
    return runs


def _facts(run: EngineRun, reading: Reading, reference: str) -> str:
    rate = cer(reference, reading.text).rate if reference else None
    cost = f"${run.cost.usd:.5f} {'measured' if run.cost.measured else 'estimated'}" if run.cost else "price unknown"
    facts = [
        f"CER {rate:.2%}" if rate is not None else "no reference",
        f"{run.seconds:.1f} s",
        cost,
        f"reported model: {reading.model_reported or 'none'}",
        f"{len(reading.regions)} boxes",
        *(["refused"] if reading.refused else []),
        *(["cut off"] if reading.truncated else []),
    ]
    return "; ".join(facts)


def _print_ledger(runs: list[EngineRun], offer: Offer) -> None:
    """What each engine really got, and where that was not the same."""
    sent = {
        offer.spec(run.engine_id).label: run.outcome.sent
        for run in runs
        if isinstance(run.outcome, Reading) and run.outcome.sent
    }
    table = Table("Engine", "Pixels", "Prompt", "Settings", title="What each engine got", title_justify="left")
    for label, record in sent.items():
        settings = ", ".join(f"{name} {value}" for name, value in record.settings)
        table.add_row(label, f"{record.width} × {record.height}", "yes" if record.prompt else "none", settings)
    console.print(table)
    for sentence in unequal_treatment(sent):
        console.print(Text(f"Mind: {sentence}"))


if __name__ == "__main__":
    sys.exit(main())
