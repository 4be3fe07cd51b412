"""Engines that read single lines: the page is cut into lines, lines are read in batches, texts are put together again.

Knows nothing of the models; they are `LineReader`s.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import islice
from math import inf
from time import monotonic
from typing import NamedTuple, Protocol

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Region, Sent, report_progress
from engines.device import crashes_told, turn_at
from engines.errors import TimedOut
from engines.line_finding import LineFinder, TextLine, crop, find_lines, join_rows, turned_over, whole_page, widened
from engines.page_fitting import Pixels, rgb_pixels
from translations import _

AROUND_A_LINE = 0.06
"""Share of a line's height that is left around it: line models were trained on crops that cut nothing off."""


class LineText(NamedTuple):
    """What was read on a line; `finished` is False where the model was stopped at its limit."""

    text: str
    confidence: float
    finished: bool = True


class LineReader(Protocol):
    """A loaded model."""

    @property
    def reported(self) -> str:
        """Model and revision."""

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """What is shown with the reading."""

    @property
    def batch_size(self) -> int:
        """How many lines this machine reads at once."""

    def read_lines(self, lines: Sequence[Pixels]) -> list[LineText]:
        """One text per line; lines of one call are one batch."""


class LineEngine(ABC):
    """Loads its model at the first page and reads one batch at a time."""

    def __init__(self, spec: EngineSpec, key: str | None = None) -> None:
        self.spec = spec
        self._finder = LineFinder()
        self._reader: LineReader | None = None
        self._lock = threading.Lock()

    @abstractmethod
    def load_reader(self) -> LineReader:
        """The model of this row; raises `EngineUnavailable`."""

    def load(self) -> None:
        """Load the model now; raises `EngineUnavailable`."""
        with turn_at(self._lock), crashes_told(self.spec.label):
            self._loaded()

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page line by line."""
        return self.read_many([page], task)[0]

    def read_many(self, pages: Sequence[PageImage], task: ReadingTask) -> list[Reading]:
        """One reading per page, in order; batches are filled across pages."""
        with turn_at(self._lock), crashes_told(self.spec.label):
            reader = self._loaded()
            deadline = monotonic() + task.timeout_seconds
            found, crops = [], []
            for page in pages:
                pixels = rgb_pixels(page)
                lines = [_ways(line) for line in find_lines(pixels, self._finder)]
                found.append(lines)
                crops += [_line_image(pixels, way) for ways in lines for way in ways]
            texts = iter(read_in_batches(reader, crops, deadline))
        return [
            _reading(page, [_surest(ways, list(islice(texts, len(ways)))) for ways in lines], reader)
            for page, lines in zip(pages, found, strict=True)
        ]

    def _loaded(self) -> LineReader:
        if self._reader is None:
            report_progress(_("loading {engine}", engine=self.spec.label))
            self._reader = self.load_reader()
        return self._reader


def read_in_batches(reader: LineReader, lines: Sequence[Pixels], deadline: float = inf) -> list[LineText]:
    """One text per line, in order. Lines of like shape share a batch, since a batch takes as long as its longest.

    Raises `TimedOut` before a batch that would start after `deadline` (of `time.monotonic`).
    """
    by_length = sorted(range(len(lines)), key=lambda place: lines[place].shape[1] / lines[place].shape[0])
    texts: dict[int, LineText] = {}
    for start in range(0, len(by_length), reader.batch_size):
        if monotonic() > deadline:
            raise TimedOut(
                _("{n} of {all} lines were read in the time allowed.", n=start, all=len(lines)),
                fix=_("Allow more time, or choose a smaller model."),
            )
        report_progress(_("line {n} of {all}", n=start + 1, all=len(lines)), start / len(lines))
        places = by_length[start : start + reader.batch_size]
        texts.update(zip(places, reader.read_lines([lines[place] for place in places]), strict=True))
    return [texts[place] for place in range(len(lines))]


def _ways(line: TextLine) -> list[TextLine]:
    """The ways to read a line: one written sideways may run up or down."""
    return [line, turned_over(line)] if line.sideways else [line]


def _surest(ways: list[TextLine], texts: list[LineText]) -> tuple[TextLine, LineText]:
    return max(zip(ways, texts, strict=True), key=lambda read: read[1].confidence)


def _line_image(pixels: Pixels, line: TextLine) -> Pixels:
    if line == whole_page(pixels):
        return pixels
    return crop(pixels, widened(line, AROUND_A_LINE, AROUND_A_LINE))


def _reading(page: PageImage, lines: list[tuple[TextLine, LineText]], reader: LineReader) -> Reading:
    return Reading(
        text=join_rows([line for line, _ in lines], [read.text for _, read in lines]),
        regions=tuple(
            Region("line", read.text, line.polygon, read.confidence) for line, read in lines if read.text.strip()
        ),
        truncated=not all(read.finished for _, read in lines),
        model_reported=reader.reported,
        sent=Sent(page.width, page.height, settings=reader.settings),
    )
