"""The engines Inkquest knows, as data, and rows for readings that were made elsewhere. A new model that speaks a
known protocol is one more row in `cloud_models`, `cloud_services` or `local_rows`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engines.cloud_models import MODELS, PLAINEST
from engines.cloud_services import SERVICES
from engines.contract import EngineSpec, Setting, WireProtocol
from engines.local_rows import LOCAL

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
    return replace(
        spec,
        model=model,
        label=f"{spec.label} as {model}",
        price=None,
        ends_on=None,
        successor="",
        options=PLAINEST.get(spec.protocol, spec.options),
        box_levels=() if spec.protocol == WireProtocol.MISTRAL_OCR else spec.box_levels,
    )


MARK = "brought, not read here"
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
