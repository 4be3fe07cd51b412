"""What models do on real handwriting, beside what is claimed of them on IAM: refusals and failures apart.

`python -m benchmarks.accuracy.published_claims [FOLDER]`: pooled CER by our default rules, the middle page's, and the
pooled one again with refusals counted as texts, which is what a count makes of them that does not look. FOLDER holds
pages.csv, pages/ and readings/MODEL/, such as the real answers beside the checkout.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.accuracy.real_pages import REAL_ANSWERS, RealPage, real_pages
from evaluation.findings.published import CLAIMED
from metrics.answer import is_refusal
from metrics.error_rate import cer, pooled

CLAIMED_NAMES = {"openai-gpt-5": "GPT-5", "google-gemini-3-pro-preview": "Gemini 3"}


@dataclass(frozen=True, slots=True)
class Count:
    """One model over all pages of a kind; rates are shares, None where nothing was read."""

    model: str
    pages: int
    refused: int
    missing: int
    rate: float | None
    middle_page: float | None
    with_refusals: float | None


def count(pages: Sequence[RealPage], model: str) -> Count:
    """A page without an answer enters no rate."""
    answers = [(page.reference, page.readings[model]) for page in pages if model in page.readings]
    read = [cer(reference, text) for reference, text in answers if not is_refusal(text)]
    every = pooled(cer(reference, text) for reference, text in answers)
    rates = [one.rate for one in read if one.rate is not None]
    return Count(
        model,
        len(answers),
        len(answers) - len(read),
        len(pages) - len(answers),
        pooled(read).rate,
        median(rates) if rates else None,
        every.rate,
    )


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL_ANSWERS
    pages = real_pages("handwritten", folder)
    claims = {claim.model: claim.cer_percent for claim in CLAIMED}
    print(f"{len(pages)} handwritten pages\n")
    print(f"{'model':34}{'claimed on IAM':>15}{'CER':>8}{'middle':>8}{'refused':>9}{'as texts':>10}{'missing':>9}")
    for model in sorted({model for page in pages for model in page.readings}):
        found = count(pages, model)
        claim = claims.get(CLAIMED_NAMES.get(model, ""))
        print(
            f"{model:34}{f'{claim} %' if claim else '':>15}{found.rate or 0:8.1%}{found.middle_page or 0:8.1%}"
            f"{found.refused:9}{found.with_refusals or 0:10.1%}{found.missing:9}"
        )


if __name__ == "__main__":
    main()
