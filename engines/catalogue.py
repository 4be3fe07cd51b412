"""The engines Inkquest knows, as data, what all of a protocol share, and rows for readings that were made elsewhere.

A new model that speaks a known protocol is one more row in `cloud_rows` or `local_rows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engines.cloud_rows import GOOGLE_IMAGE, MODELS, SERVICES, Options, patches
from engines.contract import EngineSpec, Setting, Weights, WireProtocol
from engines.local_rows import LOCAL
from translations import N_

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
