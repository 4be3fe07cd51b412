"""Are readings that were brought along counted as an independent count says? Sixteen models on real pages, one run.

`python -m benchmarks.accuracy.brought_readings`: the run's pooled CER and WER against plain rapidfuzz over the same
texts, and WER against jiwer. Only what our default rules make of a text, and which texts are refusals and so no
readings, is ours; the counts are theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import jiwer
import regex
from rapidfuzz.distance import Levenshtein

from benchmarks.accuracy.real_pages import REAL_ANSWERS, RealPage, real_pages
from evaluation.datasets.opening import open_dataset
from evaluation.findings.kept_scores import observations
from evaluation.findings.leaderboard import Row, leaderboard
from evaluation.findings.wording import between
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run, find_run
from evaluation.work.planning import plan
from metrics.answer import is_refusal
from metrics.normalising import DEFAULT_RULES, normalise


def main() -> None:
    """Print the table; ends with a sentence where a count differs."""
    pages = real_pages()
    started = process_time()
    rows = run_over(REAL_ANSWERS)
    print(f"{len(rows)} models, {len(pages)} pages, {process_time() - started:.1f} s of processor\n")
    print(f"{'model':34}{'pages':>6}{'refused':>9}{'CER':>9}{'95 %':>24}{'WER':>9}{'95 %':>24}")
    wrong = []
    for row in rows:
        model = row.engine_id.removeprefix("brought:")
        own = (row.cer.errors, row.cer.reference_length, row.wer.errors, row.wer.reference_length)
        theirs = independent_count(pages, model)
        wrong += [] if own == theirs else [f"{model}: {own} here, {theirs} by rapidfuzz"]
        jiwers = jiwer_wer(pages, model)
        wrong += [] if isclose(row.wer.rate or 0, jiwers) else [f"{model}: WER {row.wer.rate} here, {jiwers} by jiwer"]
        print(
            f"{model:34}{row.scored:6}{row.refused:9}{row.cer.rate or 0:9.2%}{between(row.cer_interval):>24}"
            f"{row.wer.rate or 0:9.2%}{between(row.wer_interval):>24}"
        )
    if wrong:
        raise SystemExit("\n".join(wrong))
    print("\nEvery count equals rapidfuzz's, and every WER jiwer's.")


def run_over(folder: Path) -> Sequence[Row]:
    """The leaderboard of a run over all readings of the folder."""
    brought = [(path.name, path) for path in sorted((folder / "readings").iterdir()) if path.is_dir()]
    with TemporaryDirectory() as scratch:
        ledger = Ledger(f"sqlite:///{scratch}/ledger.db")
        planned = plan(folder / "pages", open_dataset(folder / "pages"), RunSettings(()), brought=brought)
        run = find_run(ledger, create_run(ledger, planned.contents))
        return leaderboard(observations(ledger, run)).rows


def independent_count(pages: Sequence[RealPage], model: str) -> tuple[int, int, int, int]:
    """Character errors and characters, word errors and words."""
    counts = [0, 0, 0, 0]
    for reference, hypothesis in _texts(pages, model):
        units = [regex.findall(r"\X", text) for text in (reference, hypothesis)]
        words = [text.split() for text in (reference, hypothesis)]
        found = Levenshtein.distance(*units), len(units[0]), Levenshtein.distance(*words), len(words[0])
        counts = [one + more for one, more in zip(counts, found, strict=True)]
    return counts[0], counts[1], counts[2], counts[3]


def jiwer_wer(pages: Sequence[RealPage], model: str) -> float:
    """Pooled as jiwer pools; it splits at single spaces, so white space is made one first."""
    references, hypotheses = zip(*_texts(pages, model), strict=True)
    return float(
        jiwer.wer([" ".join(one.split()) for one in references], [" ".join(one.split()) for one in hypotheses])
    )


def _texts(pages: Sequence[RealPage], model: str) -> list[tuple[str, str]]:
    read = [(page.reference, page.readings[model]) for page in pages if model in page.readings]
    return [(_counted(reference), _counted(text)) for reference, text in read if not is_refusal(text)]


def _counted(text: str) -> str:
    return normalise(text, DEFAULT_RULES).text


if __name__ == "__main__":
    main()
