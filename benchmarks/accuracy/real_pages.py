"""Pages of real handwriting and what real models answered about them: they lie beside the checkout, never in it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REAL_ANSWERS = Path(__file__).resolve().parents[3] / "shared" / "real_answers"


@dataclass(frozen=True, slots=True)
class RealPage:
    """A page, its volunteers' transcription, and every model's raw answer; a model that was not asked is missing."""

    name: str
    kind: str
    """"handwritten", or "mixed": print with handwriting on it."""
    collection: str
    reference: str
    readings: Mapping[str, str]

    @property
    def image(self) -> Path:
        """Where its picture lies."""
        return REAL_ANSWERS / "pages" / self.name


def real_pages(kind: str | None = None, folder: Path = REAL_ANSWERS) -> tuple[RealPage, ...]:
    """All pages, or those of one kind. Ends the program with a sentence where there are none to measure on."""
    if not folder.is_dir():
        raise SystemExit(f"No real answers to measure on: put pages.csv, pages/ and readings/ into {folder}.")
    with (folder / "pages.csv").open(encoding="utf-8", newline="") as rows:
        listed = [row for row in csv.DictReader(rows) if kind in (None, row["kind"])]
    models = sorted(path.name for path in (folder / "readings").iterdir() if path.is_dir())
    return tuple(_page(folder, models, **row) for row in listed)


def family(model: str) -> str:
    """Who made a model: the models of one maker share their mistakes."""
    return model.split("-", 1)[0]


def _page(folder: Path, models: list[str], page: str, kind: str, collection: str) -> RealPage:
    answers = {model: (folder / "readings" / model / page).with_suffix(".txt") for model in models}
    readings = {model: path.read_text(encoding="utf-8") for model, path in answers.items() if path.is_file()}
    reference = (folder / "pages" / page).with_suffix(".txt").read_text(encoding="utf-8")
    return RealPage(page, kind, collection, reference, readings)
