"""DTrOCR: a GPT-2 decoder that reads image patches and then goes on in text.

Masato Fujitake, "DTrOCR: Decoder-only Transformer for Optical Character Recognition", WACV 2024, arXiv 2308.15996. The
image's patches stand where a language model has its prompt; what follows them is the transcription. The authors
published neither code nor weights. Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.dtrocr_tokens import Vocabulary
from engines.pixels import Pixels

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
