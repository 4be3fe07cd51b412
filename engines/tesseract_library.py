"""Tesseract as a library: one recogniser, asked in one mode after another, its boxes as regions.

Knows nothing of where traineddata files are, nor of which mode suits a page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from engines.contract import Level, PageImage, Region
from engines.pixels import rgb_image
from engines.tesseract_program import rectangle

AUTO = 3


class Recognisers:
    """Lends a recogniser to each reading and keeps the last one: opening one costs as much as reading a line."""

    def __init__(self) -> None:
        self._idle: tuple[tuple[str, Path], Any] | None = None
        self._lock = threading.Lock()

    @contextmanager
    def opened(self, page: PageImage, language: str, folder: Path) -> Iterator[Callable[[int], tuple[Region, ...]]]:
        """What reads the page in a page segmentation mode: regions of every level, the page first; none if blank."""
        recogniser = self._taken(language, folder)
        with ExitStack() as broken:
            broken.callback(recogniser.End)
            image = rgb_image(page)
            yield lambda mode: _regions_in_mode(recogniser, image, mode)
            broken.pop_all()  # it read: keep it
        self._give_back(language, folder, recogniser)

    def load(self, language: str, folder: Path) -> None:
        """Open a recogniser now."""
        self._give_back(language, folder, self._taken(language, folder))

    def _taken(self, language: str, folder: Path) -> Any:  # noqa: ANN401 - tesserocr is untyped
        import tesserocr

        with self._lock:
            idle, self._idle = self._idle, None
        if idle and idle[0] == (language, folder):
            return idle[1]
        if idle:
            idle[1].End()
        return tesserocr.PyTessBaseAPI(path=f"{folder}/", lang=language, psm=AUTO)

    def _give_back(self, language: str, folder: Path, recogniser: Any) -> None:  # noqa: ANN401
        recogniser.Clear()
        with self._lock:
            replaced, self._idle = self._idle, ((language, folder), recogniser)
        if replaced:
            replaced[1].End()


def _regions_in_mode(recogniser: Any, image: Any, mode: int) -> tuple[Region, ...]:  # noqa: ANN401
    recogniser.ClearAdaptiveClassifier()  # a page is read as if it were the first
    recogniser.SetPageSegMode(mode)
    recogniser.SetImage(image)
    recogniser.Recognize()
    text = str(recogniser.GetUTF8Text()).strip()
    if not text:
        return ()
    sure = float(recogniser.MeanTextConf()) / 100
    return (Region("page", text, rectangle(0, 0, image.width, image.height), sure), *_boxes(recogniser))


def _boxes(recogniser: Any) -> Iterator[Region]:  # noqa: ANN401
    """The boxes of each level in reading order."""
    from tesserocr import RIL

    levels: tuple[tuple[int, Level], ...] = (
        (RIL.PARA, "paragraph"),
        (RIL.TEXTLINE, "line"),
        (RIL.WORD, "word"),
        (RIL.SYMBOL, "character"),
    )
    for level, name in levels:
        found = recogniser.GetIterator()
        found.Begin()
        while True:
            box = found.BoundingBox(level)
            text = (found.GetUTF8Text(level) or "").strip() if box else ""
            if text:
                yield Region(name, text, rectangle(*box), float(found.Confidence(level)) / 100)
            if not found.Next(level):
                break
