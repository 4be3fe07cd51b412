"""Is the order of advice that of a spreadsheet? `python -m benchmarks.accuracy.order_of_advice`

All models over the real pages beside the checkout, at three hourly rates; four of them are printed. The spreadsheet is
written out below without the product: prices, characters and edits in, dollars out. Ends with an error where the orders
differ. Prices a page are round figures and stand for nothing but themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.accuracy.real_pages import RealPage, real_pages
from engines.catalogue import spec_by_id
from engines.pricing import Usd
from evaluation.findings.conclusion import Conclusion, Findings, conclude
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.observations import Observation
from metrics.error_rate import Assumptions, cer, wer

PRICES: Mapping[str, float] = {
    "google-gemini-3-pro-preview": 0.012,
    "openai-gpt-5": 0.011,
    "openai-gpt-5-mini": 0.002,
    "qwen-qwen2.5-vl-72b-instruct": 0.0004,
}
"""Dollars a page of the models that are printed; the others have `OTHER_PRICE`."""
OTHER_PRICE = 0.005
HOURLY_RATES = (0.5, 15.0, 60.0)
SECONDS_PER_EDIT, CHARACTERS_A_SECOND = 3.0, 15.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    pages = real_pages()
    models = sorted({model for page in pages for model in page.readings})
    seen = [one for model in models for one in observed(pages, model)]
    found = Findings(seen, leaderboard(seen), ())
    specs = [replace(spec_by_id("claude-opus-4-7"), id=model, label=model, ends_on=None) for model in models]
    for rate in HOURLY_RATES:
        assumed = Assumptions(rate, SECONDS_PER_EDIT, CHARACTERS_A_SECOND)
        conclusion = conclude(found, specs, assumed=assumed)
        sheet = spreadsheet(seen, rate)
        print_table(rate, conclusion, sheet)
        if [cost.engine_id for cost in conclusion.costs] != list(sheet):
            raise SystemExit(f"At ${rate:g} an hour the spreadsheet has another order: {', '.join(sheet)}.")


def observed(pages: Sequence[RealPage], model: str) -> list[Observation]:
    """What a model answered, scored by the default rules."""
    usd = PRICES.get(model, OTHER_PRICE)
    return [
        Observation(
            model, number, page.name, 0, "read", 1.0, page.name,
            cer=cer(page.reference, page.readings[model]), wer=wer(page.reference, page.readings[model]), cost=Usd(usd),
        )
        for number, page in enumerate(pages)
        if model in page.readings
    ]  # fmt: skip


def spreadsheet(seen: Sequence[Observation], rate: float) -> dict[str, float]:
    """Dollars a page, cheapest first: a column for each step, as one would fill in by hand."""
    totals: dict[str, list[float]] = {}
    for one in seen:
        assert one.cer is not None
        edits = min(one.cer.substitutions + one.cer.deletions + one.cer.insertions, one.cer.reference_length)
        seconds = one.cer.reference_length / CHARACTERS_A_SECOND + edits * SECONDS_PER_EDIT
        totals.setdefault(one.engine_id, []).append(seconds / 3600 * rate + (one.cost.usd or 0.0))
    means = {engine_id: sum(costs) / len(costs) for engine_id, costs in totals.items()}
    return dict(sorted(means.items(), key=lambda found: found[1]))


def print_table(rate: float, conclusion: Conclusion, sheet: Mapping[str, float]) -> None:
    """The product's figures beside the spreadsheet's."""
    print(f"${rate:g} an hour. {' '.join(conclusion.decision.sentences)}")
    rates = {row.engine_id: row.cer.rate or 0.0 for row in conclusion.board.rows}
    for cost in (cost for cost in conclusion.costs if cost.engine_id in PRICES):
        reach = f"{cost.interval.low:.3f} to {cost.interval.high:.3f}" if cost.interval else "-"
        sure = "" if cost.sure is None else f", dearer than the first: {cost.sure:.3f}"
        print(
            f"  {cost.engine_id:<28} CER {rates[cost.engine_id]:6.1%}  ${cost.known:.4f} (spreadsheet "
            f"${sheet[cost.engine_id]:.4f}), 95 %: {reach}{sure}"
        )


if __name__ == "__main__":
    main()
