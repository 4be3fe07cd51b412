"""TrOCR checkpoints of the published sizes with random weights, saved as the real ones are.

What matters for time is theirs: sizes, activations, one beam, and `use_cache` turned off (as in the configurations
that transformers' own conversion script writes). Random weights never end a line, so the end mark grows likelier with
each token, and lines end after about as many tokens as real ones have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Size:
    """A square `side` of pixels goes in; widths and depths of encoder and decoder."""

    side: int
    encoder: tuple[int, int, int]
    """Width, layers, heads."""
    decoder: tuple[int, int, int]
    vocabulary: int
    learned_positions: bool = False
    """And norms after the embedding: the small model's."""


SIZES: Mapping[str, Size] = {
    "tiny": Size(32, (32, 2, 4), (32, 2, 4), 400),
    "small": Size(384, (384, 12, 6), (256, 6, 8), 64044, learned_positions=True),
    "base": Size(384, (768, 12, 12), (1024, 12, 16), 50265),
    "large": Size(384, (1024, 24, 16), (1024, 12, 16), 50265),
}
"""From the configurations of microsoft/trocr-*-handwritten; tiny is for tests."""
LINE_ENDS = (7, 1.3)
"""From the 7th token on the end mark's score grows by this factor a token: 8 to 20 tokens, as lines of letters have."""


def save_random_trocr(folder: Path, name: str) -> Path:
    """Write the checkpoint and a byte tokenizer into the folder."""
    import torch
    from transformers import TrOCRConfig, VisionEncoderDecoderConfig, VisionEncoderDecoderModel, ViTConfig

    size = SIZES[name]
    _save_processor(folder, size)
    width, layers, heads = size.encoder
    patch = 16 if size.side > 100 else 8
    encoder = ViTConfig(
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=4 * width,
        image_size=size.side,
        patch_size=patch,
        qkv_bias=name == "small",
        initializer_range=0.1,
    )
    width, layers, heads = size.decoder
    decoder = TrOCRConfig(
        vocab_size=size.vocabulary,
        d_model=width,
        decoder_layers=layers,
        decoder_attention_heads=heads,
        decoder_ffn_dim=4 * width,
        max_position_embeddings=512,
        cross_attention_hidden_size=size.encoder[0],
        is_decoder=True,
        add_cross_attention=True,
        activation_function="relu",
        use_learned_position_embeddings=size.learned_positions,
        layernorm_embedding=size.learned_positions,
        scale_embedding=True,
        use_cache=False,
        init_std=0.2,
        tie_word_embeddings=False,
    )
    torch.manual_seed(0)
    model = VisionEncoderDecoderModel(VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder))
    for settings in (model.config, model.generation_config):
        settings.decoder_start_token_id, settings.pad_token_id, settings.eos_token_id = 2, 1, 2
    model.generation_config.use_cache = False
    model.generation_config.exponential_decay_length_penalty = LINE_ENDS
    model.save_pretrained(folder)
    return folder


def _save_processor(folder: Path, size: Size) -> None:
    from tokenizers import ByteLevelBPETokenizer
    from transformers import RobertaTokenizer, TrOCRProcessor, ViTImageProcessorPil

    tokenizer = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(["the quick brown fox"], vocab_size=300, special_tokens=special)
    tokenizer.save_model(str(folder))
    images = ViTImageProcessorPil(
        size={"height": size.side, "width": size.side}, image_mean=[0.5] * 3, image_std=[0.5] * 3, resample=2
    )
    reader = RobertaTokenizer.from_pretrained(folder)
    reader.add_tokens([f" w{number}" for number in range(size.vocabulary - len(reader))])
    TrOCRProcessor(images, reader).save_pretrained(folder)
