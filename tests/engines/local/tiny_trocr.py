"""A TrOCR of a few thousand random weights, saved as the real ones are, so that tests go the real way."""

from pathlib import Path

SIDE = 32


def save_tiny_trocr(folder: Path, seed: int = 0, as_published: bool = False) -> Path:
    """`as_published`: positions that are in no file, as base and large have them, and no cache."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import RobertaTokenizer, TrOCRProcessor, ViTImageProcessorPil

    folder.mkdir(parents=True, exist_ok=True)
    bytes_only = ByteLevelBPETokenizer()
    bytes_only.train_from_iterator(
        ["the quick brown fox"], vocab_size=300, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    )
    bytes_only.save_model(str(folder))
    tokenizer = RobertaTokenizer.from_pretrained(folder)
    images = ViTImageProcessorPil(
        size={"height": SIDE, "width": SIDE}, image_mean=[0.5] * 3, image_std=[0.5] * 3, resample=2
    )
    TrOCRProcessor(images, tokenizer).save_pretrained(folder)
    torch.manual_seed(seed)
    _model(len(tokenizer), as_published).save_pretrained(folder)
    return folder


def _model(vocabulary: int, as_published: bool):
    from transformers import TrOCRConfig, VisionEncoderDecoderConfig, VisionEncoderDecoderModel, ViTConfig

    encoder = ViTConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        image_size=SIDE,
        patch_size=8,
        initializer_range=0.3,
    )
    decoder = TrOCRConfig(
        vocab_size=vocabulary, d_model=32, decoder_layers=2, decoder_attention_heads=4, decoder_ffn_dim=64,
        max_position_embeddings=160, cross_attention_hidden_size=32, is_decoder=True, add_cross_attention=True,
        init_std=1.0, tie_word_embeddings=False,
        use_learned_position_embeddings=not as_published, use_cache=not as_published,
    )  # fmt: skip
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    model = VisionEncoderDecoderModel(config=config)
    for settings in (model.config, model.generation_config):
        settings.decoder_start_token_id, settings.pad_token_id, settings.eos_token_id = 2, 1, 2
    model.generation_config.use_cache = not as_published
    return model
