"""PP-OCR through `rapidocr`'s networks: finds lines, reads each, says where every word and character stands.

Detector and recogniser are named in the row's options. The package's one-call interface is not used: it shrinks pages
to 2000 pixels, pads lines with black, turns cursive upside down and gives words the confidence of other letters.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from math import ceil, dist
from statistics import fmean, median
from typing import NamedTuple

import numpy as np

from engines.contract import EngineSpec, PageImage, Point, Reading, ReadingTask, Region, Sent
from engines.line_finding import LineFinder, TextLine, crop, deslanted, join_rows, turned_over, widened
from engines.page_fitting import Pixels, rgb_pixels
from engines.weights import Columns, Recogniser, crashes_told, load_recogniser

BESIDE_A_LINE = 0.15
"""Share of a line's height added left and right: 2 to 4 % fewer errors on real handwriting. Above and below: more."""

UNSURE, SHARE_AGAIN = 0.75, 1 / 3
"""Lines read with less confidence are read again, deslanted and then wider, and the most confident reading is kept.

No more than that share of a page, the least sure ones: with all of them a page takes twice as long for few errors less.
"""
WIDER = 1.25
SURE, FEW_LETTERS = 0.9, 3
"""Above the first line of more than a few letters, a single letter read with less confidence is a stain."""


class _Character(NamedTuple):
    """`left` and `right` are shares of the width of the line's crop."""

    text: str
    confidence: float
    left: float
    right: float


class _Line(NamedTuple):
    text: str
    confidence: float
    words: list[list[_Character]]


class RapidOCREngine:
    """One detector and one recogniser; loads them at the first page, reads one page at a time."""

    def __init__(self, spec: EngineSpec, key: str | None = None) -> None:
        self.spec = spec
        self._finder = LineFinder(str(spec.options["detector"]))
        self._recogniser: Recogniser | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load both networks now; raises `EngineUnavailable`."""
        self._finder.load()
        with self._lock:
            self._recogniser = self._recogniser or load_recogniser(str(self.spec.options["recogniser"]))

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page with line, word and character boxes; faint lines are kept, with their confidence."""
        with crashes_told(self.spec.label):
            self.load()
            pixels = rgb_pixels(page)
            lines, read = _without_stains(*self._read_lines(pixels, self._finder.find(pixels)))
        return Reading(
            text=join_rows(lines, [line.text for line in read]),
            regions=tuple(chain.from_iterable(map(_regions, lines, read))),
            model_reported=self.spec.model,
            sent=Sent(page.width, page.height, settings=tuple((k, str(v)) for k, v in self.spec.options.items())),
        )

    def _read_lines(self, pixels: Pixels, lines: Sequence[TextLine]) -> tuple[list[TextLine], list[_Line]]:
        """Each line as it is read most confidently: sideways ones both ways, unsure ones up to three times."""
        lines, read = list(lines), self._recognise([_image(pixels, line) for line in lines])

        def again(
            places: Sequence[int], line_of: Callable[[TextLine], TextLine], change: Callable[[Pixels], Pixels]
        ) -> None:
            others = [line_of(lines[place]) for place in places]
            tried = self._recognise([change(_image(pixels, line)) for line in others])
            for place, line, other in zip(places, others, tried, strict=True):
                if other.confidence > read[place].confidence:
                    lines[place], read[place] = line, other

        again([place for place, line in enumerate(lines) if line.sideways], turned_over, lambda image: image)
        most = ceil(SHARE_AGAIN * len(lines))
        for change in (deslanted, _wider):
            unsure = [place for place, line in enumerate(read) if line.confidence < UNSURE]
            again(sorted(unsure, key=lambda place: read[place].confidence)[:most], lambda line: line, change)
        return lines, read

    def _recognise(self, crops: Sequence[Pixels]) -> list[_Line]:
        if not crops:
            return []
        assert self._recogniser is not None, "load() comes first"
        with self._lock:
            found = self._recogniser([image[:, :, ::-1] for image in crops])
        return [
            _Line(text.strip(), float(confidence), _words(text, columns))
            for text, confidence, columns in zip(found.txts, found.scores, found.word_results, strict=True)
        ]


def _image(pixels: Pixels, line: TextLine) -> Pixels:
    return crop(pixels, widened(line, sideways=BESIDE_A_LINE, upwards=0))


def _wider(image: Pixels) -> Pixels:
    """Tall loops take more of the network's view when letters are set further apart."""
    import cv2

    height, width = image.shape[:2]
    return np.asarray(cv2.resize(image, (round(width * WIDER), height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _without_stains(lines: list[TextLine], read: list[_Line]) -> tuple[list[TextLine], list[_Line]]:
    """Both without the rows above the first line that are a single, doubtful letter."""
    stains: set[int] = set()
    for row, of_row in groupby(zip(lines, read, strict=True), key=lambda pair: pair[0].row):
        texts = [one for _, one in of_row if one.text]
        letters = sum(len(one.text) for one in texts)
        if letters > FEW_LETTERS:
            break
        if letters == 1 and texts[0].confidence < SURE:
            stains.add(row)
    kept = [place for place, line in enumerate(lines) if line.row not in stains]
    return [lines[place] for place in kept], [read[place] for place in kept]


def _words(text: str, columns: Columns) -> list[list[_Character]]:
    """The words of a line, each character with its own confidence and extent.

    The recogniser gives a confidence for every character, but a column only for those that are no spaces.
    """
    middles = [(column + 0.5) / columns.line_txt_len for word in columns.word_cols for column in word]
    extents = iter(_extents(middles))
    words: list[list[_Character]] = [[]]
    for letter, confidence in zip(text, columns.confs, strict=False):
        if letter.isspace():
            words.append([])
        else:
            words[-1].append(_Character(letter, float(confidence), *next(extents)))
    return [word for word in words if word]


def _extents(middles: list[float]) -> list[tuple[float, float]]:
    """From where to where each character reaches: half a usual step to both sides, less where the next one is near."""
    if not middles:
        return []
    steps = [right - left for left, right in pairwise(middles)]
    half = median(steps) / 2 if steps else 0.5
    left_room = [half, *(min(half, step / 2) for step in steps)]
    right_room = [*(min(half, step / 2) for step in steps), half]
    return [
        (max(0.0, middle - left), min(1.0, middle + right))
        for middle, left, right in zip(middles, left_room, right_room, strict=True)
    ]


def _regions(line: TextLine, read: _Line) -> Iterator[Region]:
    """The line, its words and their characters; nothing where nothing was read."""
    if not read.text:
        return
    yield Region("line", read.text, line.polygon, read.confidence)
    for word in read.words:
        text = "".join(character.text for character in word)
        confidence = fmean(character.confidence for character in word)
        yield Region("word", text, _slice(line, word[0].left, word[-1].right), confidence)
        for character in word:
            polygon = _slice(line, character.left, character.right)
            yield Region("character", character.text, polygon, character.confidence)


def _slice(line: TextLine, left: float, right: float) -> tuple[Point, ...]:
    """The part of a line between two shares of the width of its widened crop."""
    top_left, top_right, bottom_right, bottom_left = line.polygon
    added = BESIDE_A_LINE * dist(top_left, bottom_left) / max(dist(top_left, top_right), 1.0)
    left, right = (min(1.0, max(0.0, share * (1 + 2 * added) - added)) for share in (left, right))

    def between(start: Point, end: Point, share: float) -> Point:
        return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)

    return (
        between(top_left, top_right, left),
        between(top_left, top_right, right),
        between(bottom_left, bottom_right, right),
        between(bottom_left, bottom_right, left),
    )
