"""How well the engines inside the package read real handwriting: `python -m benchmarks.accuracy.local_engines`.

Lines and pages of the handwriting set and the pages of the real answers, beside the checkout; every picture goes the
way an upload goes, each page in its own language. `--every N` reads each Nth picture, `--engine ID` one row only.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from benchmarks.accuracy.real_pages import REAL_ANSWERS, real_pages
from engines.catalogue import CATALOGUE
from engines.contract import EngineSpec, ReadingTask
from engines.registry import LoadedEngines, availability
from metrics.error_rate import ErrorRate, cer, wer
from playground.uploads import accept

HANDWRITING = REAL_ANSWERS.parent / "handwriting"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what is written on it."""

    image: Path
    reference: str
    language: str


def main() -> None:
    """Print one row for each engine and set: CER and WER over all characters and words, processor seconds a picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="read each Nth picture only")
    parser.add_argument("--engine", metavar="ID", help="one engine only")
    asked = parser.parse_args()
    sets = dict(_sets())
    for spec in embedded():
        if asked.engine in (None, spec.id):
            for name, pictures in sets.items():
                print(f"{spec.label}, {name}: {measured(spec, pictures[:: asked.every])}", flush=True)


def embedded() -> Iterator[EngineSpec]:
    """The engines whose weights come with a package, where they can run on this machine."""
    for spec in CATALOGUE:
        if spec.weights and spec.weights.origin == "package":
            found = availability(spec, lambda _: False)
            if found.kind == "ready":
                yield spec
            else:
                print(f"{spec.label} is left out: {found.what}. {found.fix}")


def measured(spec: EngineSpec, pictures: list[Picture]) -> str:
    """The engine's rates over the pictures, and what one costs."""
    engine = LoadedEngines().get(spec)
    characters, words, seconds = ErrorRate(), ErrorRate(), 0.0
    for picture in pictures:
        page = accept(picture.image.read_bytes(), picture.image.name)
        began = process_time()
        text = engine.read(page, ReadingTask(language=picture.language)).text
        seconds += process_time() - began
        characters += cer(picture.reference, text)
        words += wer(picture.reference, text)
    each = seconds / max(1, len(pictures))
    return f"CER {characters.rate:.1%}, WER {words.rate:.1%}, {len(pictures)} pictures, {each:.2f} CPU seconds each"


def _sets() -> Iterator[tuple[str, list[Picture]]]:
    if HANDWRITING.is_dir():
        with (HANDWRITING / "manifest.csv").open(encoding="utf-8", newline="") as rows:
            listed = list(csv.DictReader(rows))
        for level in ("line", "page"):
            yield f"handwriting, {level}s", [_picture(row) for row in listed if row["level"] == level]
    yield "real pages", [Picture(page.image, page.reference, "en") for page in real_pages()]


def _picture(row: dict[str, str]) -> Picture:
    reference = (HANDWRITING / row["text_file"]).read_text(encoding="utf-8")
    language = row["language"] if len(row["language"]) == len("en") else "en"  # `mul` is no language
    return Picture(HANDWRITING / row["file"], reference, language)


if __name__ == "__main__":
    main()
