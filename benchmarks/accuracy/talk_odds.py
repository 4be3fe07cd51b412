"""Fits the weights of `metrics.talk`, and says what they do: `python -m benchmarks.accuracy.talk_odds [--write]`.

Talk is what stands before and behind the transcription in `invented_answers.jsonl`, and the pieces of
`invented_talk.jsonl`; pages are the transcriptions themselves, texts invented to be mistaken for talk, the samples,
and, where they lie beside the checkout, real pages. The list of HELD_OUT, by an author of its own, has no say.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.accuracy.answers import HELD_OUT, INVENTED, invented
from benchmarks.accuracy.real_pages import real_pages
from metrics import talk_weights
from metrics.talk import Place, features_of

WEIGHTS = Path(talk_weights.__file__)
WIDTH = 118
HEADING = '''"""The weights of `metrics.talk`, as benchmarks.accuracy.talk_odds fitted them: data only."""

WEIGHTS = """\\'''
PIECES = Path(__file__).with_name("invented_talk.jsonl")
SAMPLES = Path(__file__).parents[2] / "samples"
"""Texts to read, and the licences of their fonts, which define words in quotation marks."""
PENALTY, FEWEST, LEAST = 0.5, 3, 0.15
"""On squared weights, as if each were seen that often to be zero; paragraphs a feature must be in; weights dropped."""


class Paragraph(NamedTuple):
    """With its place, and whether an engine talks in it."""

    text: str
    place: Place
    talk: bool


def paragraphs() -> Iterator[Paragraph]:
    """All that the weights are fitted to."""
    for line in INVENTED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["list"] not in HELD_OUT:
            yield from _around(row["answer"], row["transcription"])
            yield from _ends(row["transcription"])
    for line in PIECES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] == "page":
            yield from (Paragraph(row["text"], place, talk=False) for place in ("before", "after"))
        else:
            yield Paragraph(row["text"], row["kind"], talk=True)
    pages = [page.reference for page in real_pages()]
    pages += [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.rglob("*.txt"))]
    for text in dict.fromkeys(text for page in pages for text in [*_split(page), *page.splitlines()] if text.strip()):
        yield from (Paragraph(text, place, talk=False) for place in ("before", "after"))


def _around(answer: str, transcription: str) -> Iterator[Paragraph]:
    lines = [line.strip() for line in transcription.splitlines() if line.strip()]
    if answer == transcription or not lines or lines[0] not in answer or lines[-1] not in answer:
        return
    before, after = answer[: answer.find(lines[0])], answer[answer.rfind(lines[-1]) + len(lines[-1]) :]
    yield from (Paragraph(text, "before", talk=True) for text in _split(before))
    yield from (Paragraph(text, "after", talk=True) for text in _split(after))


def _ends(page: str) -> Iterator[Paragraph]:
    lines, whole = [line for line in page.splitlines() if line.strip()], _split(page)
    yield from (Paragraph(text, "before", talk=False) for text in dict.fromkeys([*whole[:1], *lines[:1]]))
    yield from (Paragraph(text, "after", talk=False) for text in dict.fromkeys([*whole[-1:], *lines[-1:]]))


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if sum(map(str.isalpha, part)) > 2]


def fitted(given: Sequence[Paragraph]) -> Mapping[str, float]:
    """The weight of every feature; `#` is what all start from."""
    features = [{*features_of(one.text, one.place)} for one in given]
    counts = Counter(name for seen in features for name in seen)
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    columns = {name: column for column, name in enumerate(names, 1)}
    cells = [(row, columns[name]) for row, seen in enumerate(features) for name in sorted(seen) if name in columns]
    cells += [(row, 0) for row in range(len(given))]
    rows, places = (np.array(numbers) for numbers in zip(*cells, strict=True))
    weighed = csr_matrix((np.ones(len(cells)), (rows, places)), shape=(len(given), len(names) + 1))
    talk = np.array([one.talk for one in given], float)
    penalty = np.array([0.0] + [PENALTY] * len(names))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = weighed @ weights
        off = 1 / (1 + np.exp(-odds)) - talk
        return (
            float(np.sum(np.logaddexp(0, odds) - talk * odds) + penalty @ weights**2 / 2),
            weighed.T @ off + penalty * weights,
        )

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    return {name: round(weight, 2) for name, weight in zip(["#", *names], found, strict=True) if abs(weight) >= LEAST}


def _as_module(weights: Mapping[str, float]) -> str:
    rows = [""]
    for entry in (f"{name}={weight:g};" for name, weight in sorted(weights.items())):
        rows[-1:] = [rows[-1] + entry] if len(rows[-1] + entry) <= WIDTH else [rows[-1], entry]
    return "\n".join([HEADING, *rows, '"""', ""])


def main(arguments: Iterable[str] | None = None) -> None:
    """Fit, write the weights if asked to, and print what those in use do on the list held out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.talk_odds", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put them in the place of those in use")
    given = list(paragraphs())
    weights = fitted(given)
    print(f"{len(weights)} weights from {sum(one.talk for one in given)} of talk, {len(given)} paragraphs in all")
    if parser.parse_args(None if arguments is None else list(arguments)).write:
        WEIGHTS.write_text(_as_module(weights), encoding="utf-8")
    for number in HELD_OUT:
        print(f"held out, list {number}: {invented(number)}")


if __name__ == "__main__":
    main()
