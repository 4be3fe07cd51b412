"""The engines Inkquest knows: data only. A new model that speaks a known protocol is one more row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engines.cloud_models import MODELS
from engines.cloud_services import SERVICES
from engines.contract import EngineSpec, Setting
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
    """The row with another model id, address or options; what is empty stays as the row has it.

    A base URL given here also wins over the row's environment variable. Another model's price, end and limits are not
    known, so a row whose model is replaced loses its price and end.
    """
    if model and model != spec.model:
        spec = replace(spec, model=model, price=None, ends_on=None, successor="")
    if base_url:
        spec = replace(spec, base_url=base_url, base_url_env=None)
    return replace(spec, options={**spec.options, **(options or {})})
