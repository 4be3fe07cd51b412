"""How often a page turned by hand is turned back: `python -m benchmarks.accuracy.page_orientation [--every N]`.

Each picture at four angles. The thresholds of `engines.page_orientation` were set on the real pages; the pages and
lines of the handwriting set had no say in them. Both lie beside the checkout.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import get_args

from benchmarks.accuracy.real_pages import REAL_ANSWERS, real_pages
from engines.page_orientation import Orientation, OrientationFinder, Turn, turn_of, turned
from playground.uploads import accept

HANDWRITING = REAL_ANSWERS.parent / "handwriting"


def main() -> None:
    """Print, for each kind, what was certain and right, certain and wrong, and left to a person."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="measure each Nth picture only")
    every = parser.parse_args().every
    finder = OrientationFinder()
    finder.load()
    for kind, images in _kinds().items():
        counts, seconds, pictures = Counter[str](), 0.0, images[::every]
        for image in pictures:
            page = accept(image.read_bytes(), image.name)
            for angle in get_args(Turn):
                laid = turned(page, angle)
                began = process_time()
                found = finder.find(laid)
                seconds += process_time() - began
                verdict = _verdict(found, turn_of(-angle))
                counts[verdict] += 1
                if verdict in {"certain and wrong", "not certain, guessed wrong"}:
                    print(f"  {verdict}: {image.name} turned by {angle}: {found}", flush=True)
        total = sum(counts.values())
        shares = "; ".join(f"{name} {count} ({count / total:.1%})" for name, count in sorted(counts.items()))
        print(f"{kind}, {len(pictures)} at 4 angles: {shares}; {seconds / total:.2f} CPU seconds each", flush=True)


def _verdict(found: Orientation, right: Turn) -> str:
    if found.certain:
        return "certain and right" if found.turn == right else "certain and wrong"
    return "not certain, guessed right" if found.turn == right else "not certain, guessed wrong"


def _kinds() -> dict[str, list[Path]]:
    real = [page.image for page in real_pages()]
    return {
        "real pages": real,
        "handwriting, pages": sorted(_pictures(HANDWRITING / "pages")),
        "handwriting, lines": sorted(_pictures(HANDWRITING / "lines")),
    }


def _pictures(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.suffix in {".jpg", ".png"})


if __name__ == "__main__":
    main()
