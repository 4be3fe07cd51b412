"""Pages to try the playground on, each with its exact reference. Knows nothing of engines, scores or screens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """One page of the catalogue; `purpose` is a sentence for people, `image` and `thumbnail` are paths.

    `title` is English, to be said by `_`.
    """

    id: str
    title: str
    purpose: str
    language: str
    level: str
    hand: str
    licence: str
    made: str
    image: Path
    thumbnail: Path
    reference: str


def sample_files() -> tuple[Path, ...]:
    """Every picture, and the text of the same name that says what stands on it."""
    return tuple(_HERE / row[kind] for row in _rows() for kind in ("image", "reference"))


def load_samples() -> tuple[Sample, ...]:
    """Every sample of the manifest, in its order."""
    return tuple(
        Sample(
            **{name: row[name] for name in ("id", "title", "purpose", "language", "level", "hand", "licence", "made")},
            image=_HERE / row["image"],
            thumbnail=_HERE / row["thumbnail"],
            reference=(_HERE / row["reference"]).read_text(encoding="utf-8"),
        )
        for row in _rows()
    )


def _rows() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((_HERE / "manifest.json").read_text(encoding="utf-8"))
    return rows
