"""How long the Evaluate screen takes to answer other needs: `python -m benchmarks.other_needs [--pages N]`.

Four engines over 2,000 pages of 600 characters; a change in the form of needs is answered from what is kept. Beside it
what the first look at a run costs, which scores all of it, and a later one by a program just started, which finds the
scores in the ledger; and the memo that a download makes. Processor time of this process and its helpers, best of
several rounds, because other programs may be running.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.rescoring import misread, page_of
from engines.catalogue import spec_by_id
from engines.contract import Reading
from engines.pricing import Usd
from evaluation.datasets.contract import Item, Locator
from evaluation.evaluations import Evaluations
from evaluation.findings.recommending import Requirements
from evaluation.kept_findings import findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunContents, RunSettings, create_run, engine_run_json, find_run
from evaluation.report.media import memo_html
from playground.engine_runs import EngineRun
from playground.host.admission import Apart
from playground.offer import Offer
from playground.settings import Settings
from ui.evaluate.view import advice_html

SPECS = tuple(map(spec_by_id, ("gpt-5", "azure-read", "ppocr-v6-small", "tesseract")))
ERRORS = (0.02, 0.04, 0.08, 0.2)
CHARACTERS = 600
BUDGET_MS = 150
ROUNDS = 9


def main(arguments: Sequence[str] | None = None) -> None:
    """Print milliseconds and the ratio to a first look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    pages = parser.parse_args(arguments).pages
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        ledger = Ledger(url)
        run_id = finished_run(ledger, texts_of(pages * [CHARACTERS]))
        scoring = milliseconds(lambda: findings_of(ledger, find_run(ledger, run_id)))
        evaluations = Evaluations(url, Offer.from_settings(Settings.from_env({}), {}), Apart())
        later = milliseconds(lambda: evaluations.findings(run_id))
        again = milliseconds(lambda: evaluations.findings(run_id))

        def answer(needs: Requirements) -> str:
            return advice_html(evaluations.conclusion(run_id, needs))

        asked = [Requirements(pages_a_month=1000 * n, harm="digit" if n % 2 else "any") for n in range(1, ROUNDS + 1)]
        form = min(milliseconds(lambda needs=needs: answer(needs)) for needs in asked)  # type: ignore[misc]
        memo = milliseconds(lambda: memo_html(evaluations.memo(run_id, Requirements())))
    print(f"{len(SPECS)} engines over {pages:,} pages of {CHARACTERS} characters; a change has {BUDGET_MS} ms.")
    print(f"a first look {scoring:,.0f} ms; a change in the form {form:.1f} ms, 1/{scoring / form:,.0f} of that")
    print(f"a later look by a program just started {later:,.0f} ms, by the same one {again:,.0f} ms")
    print(f"a memo to download, once scored, {memo:,.0f} ms")
    print(f"most memory {getrusage(RUSAGE_SELF).ru_maxrss / 1000:.0f} MB, of a helper ", end="")
    print(f"{getrusage(RUSAGE_CHILDREN).ru_maxrss / 1000:.0f} MB")


def texts_of(lengths: Sequence[int]) -> list[str]:
    """Pages of so many characters that all differ."""
    text, dice = page_of(40 * max(lengths)), random.Random(1)
    return [text[start : start + most] for most in lengths for start in [dice.randrange(39 * max(lengths))]]


def finished_run(ledger: Ledger, texts: Sequence[str]) -> str:
    """A finished run in which every engine misreads its own share of the characters of each page."""
    items = [Item(f"{n}.png", Locator(f"{n}.png"), page, cluster=f"writer {n % 200}") for n, page in enumerate(texts)]
    run_id, dice = create_run(ledger, RunContents("/pages", RunSettings(SPECS), items)), random.Random(1)
    with ledger.transaction() as transaction:
        for spec, rate in zip(SPECS, ERRORS, strict=True):
            cost = Usd(0.004, measured=True) if spec.runs == "cloud" else None
            readings = (Reading(misread(page, 2 * rate * dice.random() + 1e-6, n)) for n, page in enumerate(texts))
            runs = (EngineRun(spec.id, reading, 1.0, cost=cost) for reading in readings)
            transaction.run_many(
                "update work set state = 'done', outcome = :outcome, finished_at = :position"
                " where run = :run and engine = :engine and repeat = 0 and position = :position",
                (
                    {"run": run_id, "engine": spec.id, "position": n, "outcome": engine_run_json(made)}
                    for n, made in enumerate(runs)
                ),
            )
    return run_id


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of one call, that of its ended helpers included."""
    begun = _processor_seconds()
    work()
    return 1000 * (_processor_seconds() - begun)


def _processor_seconds() -> float:
    """Our own, finely, as a call is short; that of helpers which have ended in the ticks of 10 ms the kernel counts."""
    ended = os.times()
    return process_time() + ended.children_user + ended.children_system


if __name__ == "__main__":
    main()
