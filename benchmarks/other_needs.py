"""How long the Evaluate screen takes to answer other needs: `python -m benchmarks.other_needs [--pages N]`.

Four engines over 2,000 pages of 600 characters; a change in the form of needs is answered from what is kept. Beside it
what one pass of scoring costs, and the memo that a download makes. Processor time of
this process, best of several rounds, because other programs may be running.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.rescoring import misread, page_of
from engines.catalogue import spec_by_id
from engines.contract import Reading
from engines.pricing import Usd
from evaluation.datasets.contract import Item, Locator
from evaluation.evaluations import Evaluations
from evaluation.findings.recommending import Requirements
from evaluation.ledger.database import Ledger
from evaluation.ledger.liveness import register_worker
from evaluation.ledger.runs import RunContents, RunSettings, create_run
from evaluation.ledger.work_items import claim, finish
from evaluation.report.media import memo_html
from playground.engine_runs import EngineRun
from playground.offer import Offer
from playground.settings import Settings
from ui.evaluate.view import advice_html

SPECS = tuple(map(spec_by_id, ("gpt-5", "azure-read", "ppocr-v6-small", "tesseract")))
ERRORS = (0.02, 0.04, 0.08, 0.2)
CHARACTERS = 600
BUDGET_MS = 150
ROUNDS = 9


def main(arguments: Sequence[str] | None = None) -> None:
    """Print milliseconds and the ratio to one pass of scoring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    pages = parser.parse_args(arguments).pages
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        run_id = finished_run(Ledger(url), pages)
        evaluations = Evaluations(url, Offer.from_settings(Settings.from_env({}), {}))
        scoring = milliseconds(lambda: evaluations.findings(run_id))

        def answer(needs: Requirements) -> str:
            return advice_html(evaluations.conclusion(run_id, needs))

        asked = [Requirements(pages_a_month=1000 * n, harm="digit" if n % 2 else "any") for n in range(1, ROUNDS + 1)]
        form = min(milliseconds(lambda needs=needs: answer(needs)) for needs in asked)  # type: ignore[misc]
        memo = milliseconds(lambda: memo_html(evaluations.memo(run_id, Requirements())))
    print(f"{len(SPECS)} engines over {pages:,} pages of {CHARACTERS} characters; a change has {BUDGET_MS} ms.")
    print(f"one pass of scoring {scoring:,.0f} ms; a change in the form {form:.1f} ms, 1/{scoring / form:,.0f} of that")
    print(f"a memo to download, once scored, {memo:,.0f} ms")


def finished_run(ledger: Ledger, pages: int) -> str:
    """A finished run in which every engine misreads its own share of the characters."""
    text, dice = page_of(CHARACTERS), random.Random(1)
    items = [Item(f"{n}.png", Locator(f"{n}.png"), text, cluster=f"writer {n % 200}") for n in range(pages)]
    run_id = create_run(ledger, RunContents("/pages", RunSettings(SPECS), items))
    worker = register_worker(ledger)
    for spec, rate in zip(SPECS, ERRORS, strict=True):
        for item in claim(ledger, run_id, spec.id, worker, pages):
            reading = Reading(misread(text, rate * dice.random() * 2 + 1e-6, item.key.position))
            cost = Usd(0.004, measured=True) if spec.runs == "cloud" else None
            finish(ledger, item.key, EngineRun(spec.id, reading, 1.0, cost=cost), None)
    return run_id


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    begun = process_time()
    work()
    return 1000 * (process_time() - begun)


if __name__ == "__main__":
    main()
