"""Models that read single lines: TrOCR, with an adapter if the row names one, and DTrOCR with weights of one's own.

TrOCR is a vision encoder and a text decoder, read greedily; with LoRA and DoRA adapters. The published checkpoints are
of several ages: processors that no longer load are put together by hand. transformers 5 renamed the encoder's modules;
peft would load an older adapter with no more than a warning and leave its encoder part out. Here a part that does not
fit is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.contract import Setting
from engines.dtrocr_model import DTrOCR, load, pixel_values
from engines.errors import EngineUnavailable, WeightsMissing
from engines.line_finding import LineEngine, LineReader, LineText
from engines.page_fitting import Pixels
from engines.weights import place, require_transformers, weights_folder
from translations import N_, _

if TYPE_CHECKING:
    import torch


class DTrOCREngine(LineEngine):
    """Row options: `path` (a training's folder, or a .pt file), `device`, `precision`."""

    def load_reader(self) -> LineReader:
        """The weights at the row's path; raises `WeightsMissing`, `EngineUnavailable`."""
        require_transformers(self.spec.label)
        path = Path(str(self.spec.options.get("path", ""))).expanduser()
        if not str(self.spec.options.get("path", "")) or not path.exists():
            raise WeightsMissing(
                _("DTrOCR has no weights here."),
                fix=_("Train some with python -m engines.training.dtrocr and set this engine's option 'path' to them."),
            )
        return DTrOCRReader(load(path), self.spec.options, path.stem)


class DTrOCRReader:
    """Reads lines with loaded weights; also measures a model while it is trained."""

    def __init__(self, model: DTrOCR, options: Mapping[str, Setting], reported: str) -> None:
        placed = place(model.network, options)
        self._model, self._device, self._dtype = model, placed.device, placed.dtype
        self.batch_size = 8 if placed.device == "cpu" else 64
        self.reported = reported
        self.settings = (("device", placed.device), ("precision", placed.precision), ("decoding", "greedy"))

    def read_lines(self, lines: Sequence[Pixels]) -> list[LineText]:
        """One text per line, up to as many tokens as the network has positions."""
        import torch

        images = torch.from_numpy(pixel_values(lines, self._model.shape)).to(self._device, self._dtype)
        with torch.inference_mode():
            tokens, sureness = self._model.generate(images, self._model.shape.positions)
        return [self._line(*of_line) for of_line in zip(tokens.tolist(), sureness.float().exp().tolist(), strict=True)]

    def _line(self, tokens: list[int], sureness: list[float]) -> LineText:
        end = self._model.vocabulary.end
        length = tokens.index(end) if end in tokens else len(tokens)
        read = sureness[: length + 1]
        text = self._model.vocabulary.decode(tokens[:length]).strip()
        return LineText(text, sum(read) / len(read), finished=end in tokens)


class TrOCREngine(LineEngine):
    """Row options: `path` (an adapter: folder or hub repository), `device`, `precision`, `batch_size`."""

    def load_reader(self) -> LineReader:
        """The checkpoint with its adapter merged in; raises `WeightsMissing`, `EngineUnavailable`."""
        require_transformers(self.spec.label)

        options = self.spec.options
        revision = str(options.get("revision", "")) or (self.spec.weights.revision if self.spec.weights else "")
        folder = weights_folder(self.spec.model, revision, pickled=bool(options.get("pickled_weights")))
        adapter = str(options.get("path", ""))
        return TrOCRModel(folder, options, weights_folder(adapter) if adapter else None)


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
_NO_MODULES = N_("The adapter does not fit this model: the model has no modules {names}.")
_NO_PLACE = N_("The adapter does not fit this model: the model has no place for {names}.")
_LACKING = N_("The adapter does not fit this model: the adapter lacks {names}.")


def with_adapter(model: Any, folder: Path) -> Any:  # noqa: ANN401 - a transformers model, before and after
    """The model with that folder's adapter merged in; raises `EngineUnavailable` if any part of it does not fit."""
    from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
    from safetensors.torch import load_file

    if not (folder / "adapter_model.safetensors").is_file():
        raise EngineUnavailable(
            _("{folder} holds no adapter_model.safetensors.", folder=folder.name),
            fix=_("Save the adapter with peft's save_pretrained."),
        )
    weights = {renamed(name): tensor for name, tensor in load_file(folder / "adapter_model.safetensors").items()}
    config = LoraConfig.from_pretrained(folder)
    config.target_modules = sorted(adapted_modules(weights))
    config.rank_pattern = {renamed(name): rank for name, rank in (config.rank_pattern or {}).items()}
    config.alpha_pattern = {renamed(name): alpha for name, alpha in (config.alpha_pattern or {}).items()}
    _require(config.target_modules, {name for name, _module in model.named_modules()}, _NO_MODULES)
    adapted = get_peft_model(model, config)
    wanted = set(get_peft_model_state_dict(adapted))
    _require(weights, wanted, _NO_PLACE)
    _require(wanted, set(weights), _LACKING)
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
        named = ", ".join(missing[:3])
        if len(missing) > 3:
            named = _("{names} and {n} more", names=named, n=len(missing) - 3)
        raise EngineUnavailable(_(complaint, names=named), fix=_("Choose the TrOCR size the adapter was trained on."))


TOKENS_PER_SQUARE = 2.5
FEWEST_TOKENS, MOST_TOKENS = 8, 128


class TrOCRModel:
    """A checkpoint, on the best device this machine has; `batch_size` fits that device."""

    def __init__(self, folder: Path, options: Mapping[str, Setting], adapter: Path | None = None) -> None:
        self.processor, model = load_processor(folder), load_network(folder)
        if adapter is not None:
            model = with_adapter(model, adapter)
        self.placed = place(model, options)
        self.batch_size = int(options.get("batch_size", 8 if self.placed.device == "cpu" else 16))
        self.reported = model_name(folder)
        self.settings = (
            ("device", self.placed.device),
            ("precision", self.placed.precision),
            ("decoding", "greedy"),
            *((("adapter", adapter.name),) if adapter else ()),
        )

    def read_lines(self, lines: Sequence[Pixels]) -> list[LineText]:
        """One text per line, each no longer than its width can hold, so that a batch reads what single lines read."""
        import torch

        model = self.placed.model
        caps = [token_cap(line) for line in lines]
        images = self.processor.image_processor(images=list(lines), return_tensors="pt").pixel_values
        sure = _Sureness()
        with torch.inference_mode():
            answer = model.generate(
                images.to(self.placed.device, self.placed.dtype),
                max_new_tokens=max(caps),
                use_cache=True,  # the published checkpoints turn it off, and would see the image anew for each token
                num_beams=1,
                do_sample=False,
                logits_processor=[sure],
            )
        sureness = torch.stack(sure.logarithms, dim=1)
        tokens = answer[:, -sureness.shape[1] :]
        return [self._line(*of_line) for of_line in zip(tokens, sureness, caps, strict=True)]

    def _line(self, tokens: torch.Tensor, sureness: torch.Tensor, cap: int) -> LineText:
        """Tokens up to the end mark or the line's own cap, with the mean probability of each."""
        end = self.placed.model.generation_config.eos_token_id
        ends = end if isinstance(end, list) else [end]
        length = next((place for place, token in enumerate(tokens.tolist()) if token in ends), len(tokens))
        finished, length = length < cap and length < len(tokens), min(length, cap)
        text = self.processor.tokenizer.decode(tokens[:length], skip_special_tokens=True).strip()
        return LineText(text, float(sureness[: length + 1].float().mean().exp()), finished)


class _Sureness:
    """Notes how probable each chosen token is; keeping every step's scores would take 2 MB a token for a batch."""

    def __init__(self) -> None:
        self.logarithms: list[torch.Tensor] = []

    def __call__(self, _ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        exact = scores.float()
        self.logarithms.append(exact.amax(dim=-1) - exact.logsumexp(dim=-1))
        return scores


def token_cap(line: Pixels) -> int:
    """How many tokens a line of this shape can hold: a batch runs until its longest line ends, or runs wild."""
    height, width = line.shape[:2]
    return min(MOST_TOKENS, FEWEST_TOKENS + int(TOKENS_PER_SQUARE * width / height))


def load_network(folder: Path) -> Any:  # noqa: ANN401 - a VisionEncoderDecoderModel, untyped
    """The checkpoint's network in full precision, with every weight in its place."""
    import torch
    from transformers import VisionEncoderDecoderModel
    from transformers.models.trocr.modeling_trocr import TrOCRSinusoidalPositionalEmbedding

    network = VisionEncoderDecoderModel.from_pretrained(
        folder,
        use_safetensors=any(folder.glob("*.safetensors")),
        weights_only=True,  # a pickled checkpoint may hold tensors and nothing else
        dtype=torch.float32,
    )
    for module in network.modules():
        if isinstance(module, TrOCRSinusoidalPositionalEmbedding):  # base and large
            # transformers 5 leaves them without data (they are in no file), and no version takes them to the GPU
            positions = module.get_embedding(*module.weights.shape, module.padding_idx)
            del module.weights
            module.register_buffer("weights", positions, persistent=False)
    return network


def load_processor(folder: Path) -> Any:  # noqa: ANN401 - a TrOCRProcessor, untyped
    """The checkpoint's processor; for checkpoints too old for this transformers, one with the published settings."""
    from transformers import RobertaTokenizer, TrOCRProcessor, ViTImageProcessorPil, XLMRobertaTokenizer

    try:
        return TrOCRProcessor.from_pretrained(folder)
    except (OSError, ValueError, KeyError, TypeError, ImportError, AttributeError):
        sentencepiece = (folder / "sentencepiece.bpe.model").is_file()  # the small model's
        tokenizer = (XLMRobertaTokenizer if sentencepiece else RobertaTokenizer).from_pretrained(folder)
        side = json.loads((folder / "config.json").read_text(encoding="utf-8"))["encoder"].get("image_size", 384)
        images = ViTImageProcessorPil(
            size={"height": side, "width": side}, image_mean=[0.5] * 3, image_std=[0.5] * 3, resample=2
        )
        return TrOCRProcessor(images, tokenizer)


def model_name(folder: Path) -> str:
    """What was loaded: a hub snapshot as owner/name@commit, any other folder by its name."""
    if folder.parent.name == "snapshots":
        return f"{folder.parent.parent.name.removeprefix('models--').replace('--', '/')}@{folder.name[:12]}"
    return folder.name
