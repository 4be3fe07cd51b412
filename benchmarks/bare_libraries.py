"""The embedded engines' libraries as their own documentation calls them, to hold the engines against."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engines.contract import EngineSpec, WireProtocol
from engines.weights import DETECTORS, RECOGNISERS, PackagedModel

BareReader = Callable[[Path], str]


def bare_reader(spec: EngineSpec, mode: str = "") -> BareReader:
    """What reads a page with the same model and nothing of ours; loads at the first page.

    `mode` is Tesseract's page segmentation mode, where it shall not be the library's own default.
    """
    if spec.protocol is WireProtocol.TESSERACT:
        return partial(_tesseract, {"psm": int(mode)} if mode else {})
    options = spec.options
    return _rapidocr(DETECTORS[str(options["detector"])], RECOGNISERS[str(options["recogniser"])])


def _tesseract(options: Mapping[str, int], image: Path) -> str:
    import tesserocr
    from PIL import Image

    with tesserocr.PyTessBaseAPI(path=f"{sys.prefix}/share/tessdata/", lang="eng", **options) as api:
        api.SetImage(Image.open(image))
        return str(api.GetUTF8Text())


def _rapidocr(detector: PackagedModel, recogniser: PackagedModel) -> BareReader:
    loaded: list[Any] = []

    def read(image: Path) -> str:
        from rapidocr import RapidOCR

        if not loaded:
            params = {
                "Global.use_cls": False,  # it turns cursive upside down
                "Global.log_level": "error",
                "Det.limit_type": "max",
                "Det.limit_side_len": 960,
                "Det.model_path": _file(detector, detector.file),
                "Rec.model_path": _file(recogniser, recogniser.file),
            }
            if recogniser.characters:
                params["Rec.rec_keys_path"] = _file(recogniser, recogniser.characters)
            loaded.append(RapidOCR(params=params))
        found = loaded[0](str(image), return_word_box=True, return_single_char_box=True)
        return "\n".join(found.txts or ())

    return read


def _file(model: PackagedModel, file: str) -> str:
    found = find_spec(model.package)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"{model.package} is not installed.")
    return str(Path(found.submodule_search_locations[0]) / file)
