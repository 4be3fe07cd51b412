"""Tesseract through tesserocr, or through the `tesseract` program where that is not installed.

Every level comes with its box and confidence. Knows nothing of how traineddata files get here: it looks where the
Python and the Debian packages put them.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Region, Sent
from engines.device import crashes_told
from engines.errors import EngineUnavailable
from engines.language_codes import language_code
from engines.tesseract_recognisers import AUTO, Recognisers, read_with_program
from translations import _

ReadInMode = Callable[[int], tuple[Region, ...]]
"""Regions of every level for a page segmentation mode, the page first; none where nothing was read."""

SPARSE_TEXT, RAW_LINE = 11, 13
STRIP = 0.2
"""Pages lower than this share of their width are one line."""
UNSURE = 0.6
"""Below this confidence the automatic mode has not understood the layout of cursive, if it also found little of it."""
LITTLE = 0.2
"""Share of a page under its lines' boxes: 0 to 0.09 where the automatic mode loses cursive lines, 0.4 and more else."""

TRAINEDDATA: Mapping[str, str] = {
    "af": "afr", "ar": "ara", "az": "aze", "bg": "bul", "bs": "bos", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan",
    "de": "deu", "el": "ell", "en": "eng", "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra",
    "ga": "gle", "gl": "glg", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "is": "isl", "it": "ita",
    "ja": "jpn", "ko": "kor", "ku": "kmr", "la": "lat", "lb": "ltz", "lt": "lit", "lv": "lav", "mi": "mri", "ms": "msa",
    "mt": "mlt", "nl": "nld", "no": "nor", "oc": "oci", "pl": "pol", "pt": "por", "qu": "que", "ro": "ron", "ru": "rus",
    "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sr-Latn": "srp_latn", "sv": "swe", "sw": "swa", "th": "tha",
    "tl": "tgl", "tr": "tur", "uk": "ukr", "uz": "uzb", "vi": "vie", "yi": "yid", "zh": "chi_sim", "zh-Hant": "chi_tra",
}  # fmt: skip
"""Codes of `engines.language_codes` -> Tesseract's names; another script has a model of its own."""
UNSAID = "eng"
"""The model for a page whose language nobody said."""
NO_LANGUAGES = frozenset({"osd", "equ", "snum"})
"""Files that find the page's direction, formulas and numbers."""


class TesseractEngine:
    """Keeps one recogniser; readings beside each other open their own, so that any thread may read in any language."""

    def __init__(self, spec: EngineSpec, key: str | None = None) -> None:
        self.spec = spec
        self._recognisers = Recognisers()

    def load(self) -> None:
        """Open the recogniser of the default language now; raises `EngineUnavailable`."""
        if find_spec("tesserocr"):
            language = self._language(ReadingTask())
            self._recognisers.load(language, traineddata_folder(language))

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe in the task's language; raises `EngineUnavailable` where its traineddata file is missing."""
        language = self._language(task)
        folder = traineddata_folder(language)
        with crashes_told(self.spec.label), self._opened(page, language, folder) as read_in_mode:
            mode, regions = AUTO, read_in_mode(AUTO)
            if _layout_lost(page, regions):
                mode = RAW_LINE if _is_strip(page) else SPARSE_TEXT
                regions = read_in_mode(mode)
        settings = (("language", language), ("page segmentation mode", str(mode)))
        return Reading(
            text=regions[0].text if regions else "",
            regions=regions,
            model_reported=language,
            sent=Sent(page.width, page.height, settings=settings),
        )

    def _language(self, task: ReadingTask) -> str:
        return str(self.spec.options.get("language", "")) or traineddata_name(task.language)

    def _opened(self, page: PageImage, language: str, folder: Path) -> AbstractContextManager[ReadInMode]:
        """The library, else the program; raises `EngineUnavailable` without either."""
        if find_spec("tesserocr"):
            return self._recognisers.opened(page, language, folder)
        program = shutil.which("tesseract")
        if program is None:
            raise EngineUnavailable(_("Tesseract is not installed."), fix="pip install tesserocr")
        return nullcontext(partial(read_with_program, program, page, language, folder))


def _layout_lost(page: PageImage, regions: Sequence[Region]) -> bool:
    """Whether another mode reads more. Where lines are lost few are read, so that asking again costs little."""
    if regions and (regions[0].confidence or 0) >= UNSURE:
        return False
    boxes = (region.polygon for region in regions if region.level == "line")
    under_lines = sum((box[2][0] - box[0][0]) * (box[2][1] - box[0][1]) for box in boxes)
    return _is_strip(page) or under_lines < LITTLE * page.width * page.height


def _is_strip(page: PageImage) -> bool:
    return page.height < STRIP * page.width


def traineddata_name(language: str) -> str:
    """Tesseract's name of a language: 'en' and 'en-GB' are 'eng', 'en+fr' is 'eng+fra'; its own names stay."""
    parts = (language_code(language) or language).split("+")
    return "+".join(TRAINEDDATA.get(part, part) for part in parts) or UNSAID


def traineddata_folder(language: str) -> Path:
    """The folder that holds every file the language needs; raises `EngineUnavailable` naming the package to install."""
    names = language.split("+")
    if not all(re.fullmatch(r"[A-Za-z_]{2,20}", name) for name in names):
        raise EngineUnavailable(
            _("{language} is no language name.", language=repr(language)),
            fix=_("Choose a language such as 'en' or 'fr'."),
        )
    for folder in _folders():
        if all((folder / f"{name}.traineddata").is_file() for name in names):
            return folder
    packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in names)
    raise EngineUnavailable(
        _("Tesseract has no model for the language {language} here.", language=repr(language)),
        fix=f"sudo apt-get install {packages}",
    )


def installed_languages() -> frozenset[str]:
    """The languages whose files are here: ISO codes where there is one, else Tesseract's own names."""
    codes = {name: code for code, name in TRAINEDDATA.items()}
    names = {path.stem for folder in _folders() for path in folder.glob("*.traineddata")}
    return frozenset(codes.get(name, name) for name in names - NO_LANGUAGES)


def _folders() -> list[Path]:
    """Where the Python and the Debian packages, and Homebrew, put the files; those named first are taken first."""
    debian = sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"))
    others = [Path("/usr/share/tessdata"), Path("/usr/local/share/tessdata"), Path("/opt/homebrew/share/tessdata")]
    return [Path(sys.prefix, "share", "tessdata"), *debian, *others]
