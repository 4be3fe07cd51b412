"""Tesseract through tesserocr, asked in one mode after another, or through the `tesseract` program.

Every level comes with its box and confidence. Knows nothing of how traineddata files get here: it looks where the
Python and the Debian packages put them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engines.contract import EngineSpec, Level, PageImage, Point, Reading, ReadingTask, Region, Sent
from engines.errors import EngineCrashed, EngineUnavailable, TimedOut
from engines.languages import language_code
from engines.page_fitting import rgb_image
from engines.weights import crashes_told
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
"""Codes of `engines.languages` -> Tesseract's names; another script has a model of its own."""
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
