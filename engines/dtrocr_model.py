"""DTrOCR: a GPT-2 decoder that reads image patches and then goes on in text.

Masato Fujitake, "DTrOCR: Decoder-only Transformer for Optical Character Recognition", WACV 2024, arXiv 2308.15996. The
image's patches stand where a language model has its prompt; what follows them is the transcription. The authors
published neither code nor weights. Knows nothing of pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.errors import EngineUnavailable
from engines.page_fitting import Pixels
from translations import _

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that must be known before weights can be loaded; the defaults are the paper's.

    `characters` is the alphabet of a character-level model; without one, texts are GPT-2's byte-pair tokens.
    `whole` squeezes every line into the image, as the paper does with words; else its proportions are kept.
    """

    height: int = 32
    width: int = 128
    patch_height: int = 4
    patch_width: int = 8
    channels: int = 3
    hidden: int = 768
    layers: int = 12
    heads: int = 12
    positions: int = 512
    characters: str = ""
    whole: bool = True

    @property
    def patches(self) -> int:
        """How many patches an image is cut into."""
        return (self.height // self.patch_height) * (self.width // self.patch_width)


class DTrOCR:
    """The network and its vocabulary. `network` holds the weights; whoever moves it also moves the inputs."""

    def __init__(self, shape: Shape, vocabulary: Vocabulary) -> None:
        import torch
        from transformers import GPT2Config, GPT2LMHeadModel

        self.shape, self.vocabulary = shape, vocabulary
        patch = (shape.patch_height, shape.patch_width)
        decoder = GPT2Config(
            vocab_size=vocabulary.size,
            n_positions=shape.positions,
            n_embd=shape.hidden,
            n_layer=shape.layers,
            n_head=shape.heads,
            bos_token_id=vocabulary.end,
            eos_token_id=vocabulary.end,
            tie_word_embeddings=False,
        )
        self.network = torch.nn.ModuleDict(
            {
                "patches": torch.nn.Conv2d(shape.channels, shape.hidden, patch, patch),
                "decoder": GPT2LMHeadModel(decoder),
            }
        )

    def loss(self, images: torch.Tensor, texts: Sequence[str]) -> torch.Tensor:
        """Mean cross entropy per token of the texts and their ends; `images` as from `pixel_values`."""
        import torch

        most = self.shape.positions - self.shape.patches - 2
        ids = [self.vocabulary.encode(text)[:most] for text in texts]
        longest = max(map(len, ids)) + 1
        end = self.vocabulary.end
        tokens = torch.tensor([[end, *line] + [end] * (longest - len(line) - 1) for line in ids], device=images.device)
        targets = torch.tensor(
            [[*line, end] + [-100] * (longest - len(line) - 1) for line in ids], device=images.device
        )
        logits = self.network["decoder"](inputs_embeds=self._prompt(images, tokens)).logits[:, self.shape.patches :]
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), ignore_index=-100)

    def generate(self, images: torch.Tensor, most_tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Greedy tokens and the log-probability of each, both of shape (batch, tokens)."""
        import torch

        starts = torch.full((len(images), 1), self.vocabulary.end, device=images.device)
        prompt = self._prompt(images, starts)
        decoder: Any = self.network["decoder"]
        answer = decoder.generate(
            inputs_embeds=prompt,
            attention_mask=torch.ones(prompt.shape[:2], dtype=torch.long, device=images.device),
            max_new_tokens=min(most_tokens, self.shape.positions - prompt.shape[1]),
            do_sample=False,
            pad_token_id=self.vocabulary.end,
            output_scores=True,
            return_dict_in_generate=True,
        )
        return answer.sequences, decoder.compute_transition_scores(
            answer.sequences, answer.scores, normalize_logits=True
        )

    def _prompt(self, images: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        import torch

        patches = self.network["patches"](images).flatten(2).transpose(1, 2)
        decoder: Any = self.network["decoder"]
        words = decoder.transformer.wte(tokens)
        return torch.cat([patches, words.to(patches.dtype)], dim=1)


def pixel_values(lines: Sequence[Pixels], shape: Shape) -> NDArray[np.float32]:
    """Line images as the network wants them: (batch, channels, height, width), paper at 1 and ink towards -1."""
    fitted = [_fitted(line, shape) for line in lines]
    return (np.stack(fitted).transpose(0, 3, 1, 2) / 127.5 - 1).astype(np.float32)


def _fitted(line: Pixels, shape: Shape) -> Pixels:
    image = Image.fromarray(line).convert("RGB" if shape.channels == 3 else "L")
    width = shape.width
    if not shape.whole:
        width = min(shape.width, max(1, round(image.width * shape.height / image.height)))
    canvas = Image.new(image.mode, (shape.width, shape.height), "white")
    canvas.paste(image.resize((width, shape.height), Image.Resampling.BILINEAR))
    return np.asarray(canvas).reshape(shape.height, shape.width, shape.channels)


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
            _("{path} holds no DTrOCR weights.", path=path),
            fix=_("Train some: {command}", command="python -m engines.training.dtrocr --help"),
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
        _hidden, channels, patch_height, patch_width = weights["patches.weight"].shape
        layers = 1 + max(int(name.split(".")[3]) for name in weights if name.startswith("decoder.transformer.h."))
        shape = replace(
            Shape(), positions=positions, hidden=hidden, layers=layers, heads=max(1, hidden // 64),
            channels=channels, patch_height=patch_height, patch_width=patch_width,
        )  # fmt: skip
        model = DTrOCR(shape, BytePairs(path.parent))
        model.network.load_state_dict(weights)
    except (KeyError, ValueError, RuntimeError) as error:
        raise EngineUnavailable(_("{file} is no DTrOCR checkpoint that is known here.", file=path.name)) from error
    return model


def _our_name(name: str) -> str:
    """Our name of a community weight; empty for the causal mask that older versions stored."""
    if re.search(r"\.attn\.(masked_)?bias$", name):
        return ""
    for theirs, ours in COMMUNITY_NAMES:
        name = re.sub(theirs, ours, name)
    return name


GPT2_END = 50256


class Vocabulary(Protocol):
    """Text to token ids and back; `end` marks both ends of a text and fills batches."""

    end: int
    size: int

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without marks."""

    def decode(self, tokens: list[int]) -> str:
        """The text of token ids, without marks."""


class Characters:
    """One token per character; characters outside the alphabet are left out."""

    end = 0

    def __init__(self, alphabet: str) -> None:
        self.size = len(alphabet) + 1
        self._letters = alphabet
        self._ids = {letter: place + 1 for place, letter in enumerate(alphabet)}

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without marks."""
        return [self._ids[letter] for letter in text if letter in self._ids]

    def decode(self, tokens: list[int]) -> str:
        """The text of token ids, without marks."""
        return "".join(self._letters[token - 1] for token in tokens if token)


class BytePairs:
    """GPT-2's tokens; their two files must lie beside the weights. Raises `EngineUnavailable`."""

    end = GPT2_END
    size = GPT2_END + 1

    def __init__(self, folder: Path) -> None:
        from transformers import GPT2Tokenizer

        if not (folder / "vocab.json").is_file() or not (folder / "merges.txt").is_file():
            raise EngineUnavailable(
                _("A DTrOCR checkpoint with GPT-2 tokens needs vocab.json and merges.txt beside it."),
                fix=_("Copy both from huggingface.co/openai-community/gpt2 to {folder}.", folder=folder),
            )
        self._tokenizer = GPT2Tokenizer.from_pretrained(folder)

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without marks."""
        tokens: list[int] = self._tokenizer.encode(text)
        return tokens

    def decode(self, tokens: list[int]) -> str:
        """The text of token ids, without marks."""
        return str(self._tokenizer.decode([token for token in tokens if token != GPT2_END]))
