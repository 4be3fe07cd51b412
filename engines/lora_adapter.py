"""LoRA and DoRA adapters for TrOCR, merged into the model; also those saved under older names of its modules.

transformers 5 renamed the encoder's modules; peft would load such an adapter with no more than a warning and leave its
encoder part out. Here a part that does not fit is an error.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.errors import EngineUnavailable

if TYPE_CHECKING:
    import torch

OLD_NAMES = (
    (r"encoder\.encoder\.layer\.", "encoder.layers."),
    (r"(encoder\.layers\.\d+\.)attention\.attention\.query", r"\1attention.q_proj"),
    (r"(encoder\.layers\.\d+\.)attention\.attention\.key", r"\1attention.k_proj"),
    (r"(encoder\.layers\.\d+\.)attention\.attention\.value", r"\1attention.v_proj"),
    (r"(encoder\.layers\.\d+\.)attention\.output\.dense", r"\1attention.o_proj"),
    (r"(encoder\.layers\.\d+\.)intermediate\.dense", r"\1mlp.fc1"),
    (r"(encoder\.layers\.\d+\.)output\.dense", r"\1mlp.fc2"),
)
PREFIX = "base_model.model."


def with_adapter(model: Any, folder: Path) -> Any:  # noqa: ANN401 - a transformers model, before and after
    """The model with that folder's adapter merged in; raises `EngineUnavailable` if any part of it does not fit."""
    from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
    from safetensors.torch import load_file

    if not (folder / "adapter_model.safetensors").is_file():
        raise EngineUnavailable(
            f"{folder.name} holds no adapter_model.safetensors.", fix="Save the adapter with peft's save_pretrained."
        )
    weights = {renamed(name): tensor for name, tensor in load_file(folder / "adapter_model.safetensors").items()}
    config = LoraConfig.from_pretrained(folder)
    config.target_modules = sorted(adapted_modules(weights))
    config.rank_pattern = {renamed(name): rank for name, rank in (config.rank_pattern or {}).items()}
    config.alpha_pattern = {renamed(name): alpha for name, alpha in (config.alpha_pattern or {}).items()}
    _require(config.target_modules, {name for name, _ in model.named_modules()}, "the model has no modules")
    adapted = get_peft_model(model, config)
    wanted = set(get_peft_model_state_dict(adapted))
    _require(weights, wanted, "the model has no place for")
    _require(wanted, set(weights), "the adapter lacks")
    set_peft_model_state_dict(adapted, weights)
    return adapted.merge_and_unload()


def renamed(name: str) -> str:
    """A module's or weight's name as transformers 5 has it."""
    for old, new in OLD_NAMES:
        name = re.sub(old, new, name)
    return name


def adapted_modules(weights: dict[str, torch.Tensor]) -> set[str]:
    """The modules that the adapter changes, told from its own weights and so independent of how it named them."""
    parts = (re.fullmatch(rf"{re.escape(PREFIX)}(.+)\.lora_A\.weight", name) for name in weights)
    return {part[1] for part in parts if part}


def _require(wanted: Any, given: set[str], complaint: str) -> None:  # noqa: ANN401 - any collection of names
    missing = sorted(set(wanted) - given)
    if missing:
        named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise EngineUnavailable(
            f"The adapter does not fit this model: {complaint} {named}.",
            fix="Choose the TrOCR size the adapter was trained on.",
        )
