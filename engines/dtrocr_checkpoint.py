"""DTrOCR's weights as files: what training here writes, and checkpoints of the community's code.

Nothing that is loaded can run code: safetensors, or pickles read as tensors only.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

from engines.dtrocr_model import DTrOCR, Shape
from engines.dtrocr_tokens import BytePairs, Characters
from engines.errors import EngineUnavailable

COMMUNITY_NAMES = (
    (r"^transformer\.patch_embeddings\.projection\.", "patches."),
    (r"^transformer\.token_embedding\.", "decoder.transformer.wte."),
    (r"^transformer\.positional_embedding\.", "decoder.transformer.wpe."),
    (r"^transformer\.hidden_layers\.", "decoder.transformer.h."),
    (r"^transformer\.layer_norm\.", "decoder.transformer.ln_f."),
    (r"^language_model_head\.", "decoder.lm_head."),
)
"""Weight names of github.com/arvindrajan92/DTrOCR -> ours."""


def save(model: DTrOCR, folder: Path) -> None:
    """Write weights and shape, for `load`."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(dict(model.network.state_dict()), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(asdict(model.shape), indent=2), encoding="utf-8")


def load(path: Path) -> DTrOCR:
    """A folder written by `save`, or a community checkpoint (.pt, .pth); raises `EngineUnavailable`."""
    if path.is_file():
        return _load_community(path)
    if not (path / "model.safetensors").is_file():
        raise EngineUnavailable(
            f"{path} holds no DTrOCR weights.", fix="Train some: python -m engines.training.dtrocr --help"
        )
    from safetensors.torch import load_file

    shape = Shape(**json.loads((path / "config.json").read_text(encoding="utf-8")))
    model = DTrOCR(shape, Characters(shape.characters) if shape.characters else BytePairs(path))
    model.network.load_state_dict(load_file(path / "model.safetensors"))
    return model


def _load_community(path: Path) -> DTrOCR:
    import torch

    found = torch.load(path, map_location="cpu", weights_only=True)  # tensors only: the file may be anyone's
    weights = {ours: weight for name, weight in found.items() if (ours := _our_name(name))}
    try:
        positions, hidden = weights["decoder.transformer.wpe.weight"].shape
        _, channels, patch_height, patch_width = weights["patches.weight"].shape
        layers = 1 + max(int(name.split(".")[3]) for name in weights if name.startswith("decoder.transformer.h."))
        shape = replace(
            Shape(), positions=positions, hidden=hidden, layers=layers, heads=max(1, hidden // 64),
            channels=channels, patch_height=patch_height, patch_width=patch_width,
        )  # fmt: skip
        model = DTrOCR(shape, BytePairs(path.parent))
        model.network.load_state_dict(weights)
    except (KeyError, ValueError, RuntimeError) as error:
        raise EngineUnavailable(f"{path.name} is no DTrOCR checkpoint that is known here.") from error
    return model


def _our_name(name: str) -> str:
    """Our name of a community weight; empty for the causal mask that older versions stored."""
    if re.search(r"\.attn\.(masked_)?bias$", name):
        return ""
    for theirs, ours in COMMUNITY_NAMES:
        name = re.sub(theirs, ours, name)
    return name
