"""Tesseract as a library, asked in one mode after another, and as a program, one call: either's answer as regions.

Knows nothing of where traineddata files are, nor of which mode suits a page.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from engines.contract import Level, PageImage, Point, Region
from engines.errors import EngineCrashed, TimedOut
from engines.page_fitting import rgb_image
from translations import _

LONGEST_SECONDS = 300
LEVELS: dict[str, Level] = {
    "ocr_page": "page",
    "ocr_par": "paragraph",
    "ocr_line": "line",
    "ocr_header": "line",
    "ocr_textfloat": "line",
    "ocr_caption": "line",
    "ocrx_word": "word",
    "ocrx_cinfo": "character",
}
JOINTS: dict[Level, str] = {"page": "\n", "paragraph": "\n", "line": " ", "word": "", "character": ""}
"""What stands between the parts of a region."""


def rectangle(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    """The polygon of an upright box."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def read_with_program(program: str, page: PageImage, language: str, folder: Path, mode: int) -> tuple[Region, ...]:
    """Regions of every level, the page first; none where nothing was read. Raises `EngineCrashed`, `TimedOut`."""
    command = [program, "stdin", "stdout", "--tessdata-dir", str(folder), "-l", language, "--psm", str(mode)]
    command += ["-c", "tessedit_create_hocr=1", "-c", "hocr_char_boxes=1"]
    one_thread = {"OMP_THREAD_LIMIT": "1", "PATH": os.defpath}  # its threads wait by spinning: 3 x slower with them
    try:
        done = subprocess.run(  # noqa: S603 - the language was checked, nothing else comes from outside
            command, input=page.png, capture_output=True, timeout=LONGEST_SECONDS, env=one_thread, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TimedOut(
            _("Tesseract took longer than {seconds} seconds.", seconds=LONGEST_SECONDS), fix=_("Read a smaller page.")
        ) from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()[:200]
        raise EngineCrashed(_("Tesseract stopped: {error}", error=said))
    parser = _Hocr()
    parser.feed(done.stdout.decode())
    return tuple(region for region in parser.regions if region.text)


class _Open:
    """A region whose parts are still being read."""

    def __init__(self, level: Level | None, title: str, place: int) -> None:
        self.level = level
        self.title = title
        self.place = place
        self.parts: list[str] = []
        self.confidences: list[float] = []


class _Hocr(HTMLParser):
    """Nested hOCR elements -> regions, each region before its parts."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list[Region] = []
        self._open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        level = LEVELS.get(attributes.get("class") or "")
        if tag in ("div", "p", "span"):
            place = len(self.regions)
            if level:
                self.regions.append(Region(level, "", ()))
            self._open.append(_Open(level, attributes.get("title") or "", place))

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].level == "character":
            self._open[-1].parts.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("div", "p", "span") or not self._open:
            return
        done = self._open.pop()
        text = JOINTS.get(done.level or "page", "").join(filter(None, done.parts))
        found = re.search(r"x_(?:wconf|conf) ([\d.]+)", done.title)
        confidences = [float(found[1]) / 100] if found else done.confidences
        box = re.search(r"bbox(?:es)? (\d+) (\d+) (\d+) (\d+)", done.title)
        if done.level and box:
            confidence = sum(confidences) / len(confidences) if confidences else None
            self.regions[done.place] = Region(done.level, text, rectangle(*map(float, box.groups())), confidence)
        if self._open:
            self._open[-1].parts.append(text)
            self._open[-1].confidences += confidences


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
