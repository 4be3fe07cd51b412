"""Tesseract through tesserocr, or through the `tesseract` program where that is not installed.

Page segmentation follows the page's shape and every level comes with its box and confidence. Knows nothing of how
traineddata files get here: it looks where the Python and the Debian packages put them.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engines.contract import EngineSpec, Level, PageImage, Reading, ReadingTask, Region, Sent
from engines.errors import EngineUnavailable
from engines.local_errors import crashes_told
from engines.pixels import rgb_image
from engines.tesseract_program import read_with_program, rectangle

AUTO, SINGLE_LINE, SPARSE_TEXT, RAW_LINE = 3, 7, 11, 13
STRIP = 0.2
"""Pages lower than this share of their width are read as one line."""
UNSURE = 0.4
"""Below this confidence the second mode is taken: the first ones drop cursive (CER on real lines .86 -> .54)."""

TRAINEDDATA: Mapping[str, str] = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin",
    "fr": "fra", "he": "heb", "hu": "hun", "it": "ita", "ja": "jpn", "la": "lat", "nl": "nld", "no": "nor",
    "pl": "pol", "pt": "por", "ru": "rus", "sv": "swe", "sw": "swa", "tr": "tur", "uk": "ukr", "zh": "chi_sim",
}  # fmt: skip
"""ISO 639-1 codes -> Tesseract's names."""


class TesseractEngine:
    """Stateless: each reading opens its own recogniser (20 ms), so that any thread may read in any language."""

    def __init__(self, spec: EngineSpec, key: str | None = None) -> None:
        self.spec = spec

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe in the task's language; raises `EngineUnavailable` where its traineddata file is missing."""
        language = str(self.spec.options.get("language", "")) or traineddata_name(task.language)
        folder = traineddata_folder(language)
        read = _reader()
        with crashes_told(self.spec.label):
            modes = (SINGLE_LINE, RAW_LINE) if page.height < STRIP * page.width else (AUTO, SPARSE_TEXT)
            for mode in modes:
                regions = read(page, language, folder, mode)
                if regions and (regions[0].confidence or 0) >= UNSURE:
                    break
        settings = (("language", language), ("page segmentation mode", str(mode)))
        return Reading(
            text=regions[0].text if regions else "",
            regions=regions,
            model_reported=language,
            sent=Sent(page.width, page.height, settings=settings),
        )


def traineddata_name(language: str) -> str:
    """Tesseract's name of a language: 'en' and 'en-GB' are 'eng'; its own names and 'eng+fra' stay as they are."""
    return TRAINEDDATA.get(language.lower().split("-")[0], language)


def traineddata_folder(language: str) -> Path:
    """The folder that holds every file the language needs; raises `EngineUnavailable` naming the package to install."""
    names = language.split("+")
    if not all(re.fullmatch(r"[A-Za-z_]{2,20}", name) for name in names):
        raise EngineUnavailable(f"{language!r} is no language name.", fix="Choose a language such as 'en' or 'fr'.")
    folders = [Path(sys.prefix, "share", "tessdata"), *Path("/usr/share/tesseract-ocr").glob("*/tessdata")]
    folders += [Path("/usr/share/tessdata"), Path("/usr/local/share/tessdata"), Path("/opt/homebrew/share/tessdata")]
    for folder in folders:
        if all((folder / f"{name}.traineddata").is_file() for name in names):
            return folder
    packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in names)
    raise EngineUnavailable(
        f"Tesseract has no model for the language {language!r} here.", fix=f"sudo apt-get install {packages}"
    )


def _reader() -> Callable[[PageImage, str, Path, int], tuple[Region, ...]]:
    if find_spec("tesserocr"):
        return _read_with_library
    program = shutil.which("tesseract")
    if program is None:
        raise EngineUnavailable("Tesseract is not installed.", fix="pip install tesserocr")
    return partial(read_with_program, program)


def _read_with_library(page: PageImage, language: str, folder: Path, mode: int) -> tuple[Region, ...]:
    """Regions of every level, the page first; none where nothing was read."""
    import tesserocr

    with tesserocr.PyTessBaseAPI(path=f"{folder}/", lang=language, psm=mode) as api:
        api.SetImage(rgb_image(page))
        api.Recognize()
        text = str(api.GetUTF8Text()).strip()
        if not text:
            return ()
        whole = Region("page", text, rectangle(0, 0, page.width, page.height), float(api.MeanTextConf()) / 100)
        return (whole, *_regions(api))


def _regions(api: Any) -> Iterator[Region]:  # noqa: ANN401 - tesserocr is untyped
    """The boxes of each level in reading order."""
    from tesserocr import RIL

    levels: tuple[tuple[int, Level], ...] = (
        (RIL.PARA, "paragraph"),
        (RIL.TEXTLINE, "line"),
        (RIL.WORD, "word"),
        (RIL.SYMBOL, "character"),
    )
    for level, name in levels:
        found = api.GetIterator()
        found.Begin()
        while True:
            box = found.BoundingBox(level)
            text = (found.GetUTF8Text(level) or "").strip() if box else ""
            if text:
                yield Region(name, text, rectangle(*box), float(found.Confidence(level)) / 100)
            if not found.Next(level):
                break
