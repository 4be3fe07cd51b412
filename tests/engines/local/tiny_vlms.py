"""Vision-language models of random weights, saved as the real ones are, so that tests go the real way."""

from pathlib import Path

QWEN_TOKENS = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
GOT_TOKENS = ("<|im_start|>", "<|im_end|>", "<img>", "</img>", "<imgpad>")
PADDLE_TOKENS = (
    "<|begin_of_sentence|>", "</s>", "<|IMAGE_START|>", "<|IMAGE_END|>", "<|IMAGE_PLACEHOLDER|>", "<|video_pad|>",
)  # fmt: skip


PADDLE_CHAT = (
    "<|begin_of_sentence|>{% for message in messages %}User: {% for part in message['content'] %}"
    "{{ '<|IMAGE_START|><|IMAGE_PLACEHOLDER|><|IMAGE_END|>' if part['type'] == 'image' else part['text'] }}"
    "{% endfor %}{{ '\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:\n' }}{% endif %}"
)
"""What version 1.6 makes of one question; before it, the answer began on the same line."""


def save_tiny_got(folder: Path) -> Path:
    from transformers import GotOcr2Config, GotOcr2ForConditionalGeneration, GotOcr2ImageProcessorPil

    tokenizer = _bytes_tokenizer(GOT_TOKENS, end="<|im_end|>")
    tokenizer.save_pretrained(folder)
    GotOcr2ImageProcessorPil(size={"height": 256, "width": 256}).save_pretrained(folder)
    text = _small_text(len(tokenizer), tie_word_embeddings=False) | {"model_type": "qwen2"}
    vision = {
        "hidden_size": 32, "output_channels": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 256,
        "patch_size": 16, "window_size": 2, "global_attn_indexes": [1], "mlp_dim": 64, "initializer_range": 0.05,
    }  # fmt: skip
    config = GotOcr2Config(
        vision_config=vision,
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids("<imgpad>"),
        tie_word_embeddings=False,
    )
    return _save(GotOcr2ForConditionalGeneration(config), tokenizer, folder)


def save_tiny_qwen(folder: Path) -> Path:
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen2VLImageProcessorPil

    tokenizer = _bytes_tokenizer(QWEN_TOKENS, end="<|im_end|>")
    tokenizer.save_pretrained(folder)
    Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=28 * 28 * 1280).save_pretrained(folder)
    config = Qwen2_5_VLConfig(
        text_config=_small_text(len(tokenizer)) | {"rope_parameters": _sections(4, 2, 2)},
        vision_config={
            "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 2, "out_hidden_size": 32,
            "fullatt_block_indexes": [1],
        },
        **_image_tokens(tokenizer, "<|image_pad|>", "<|vision_start|>", "<|vision_end|>"),
    )  # fmt: skip
    return _save(Qwen2_5_VLForConditionalGeneration(config), tokenizer, folder)


def save_tiny_paddle(folder: Path) -> Path:
    from transformers import PaddleOCRVLConfig, PaddleOCRVLForConditionalGeneration, PaddleOCRVLImageProcessorPil

    tokenizer = _bytes_tokenizer(PADDLE_TOKENS, end="</s>", image_token="<|IMAGE_PLACEHOLDER|>")
    tokenizer.chat_template = PADDLE_CHAT
    tokenizer.save_pretrained(folder)
    PaddleOCRVLImageProcessorPil(min_pixels=28 * 28, max_pixels=28 * 28 * 1280).save_pretrained(folder)
    config = PaddleOCRVLConfig(
        text_config=_small_text(
            len(tokenizer), head_dim=16, tie_word_embeddings=False, rope_parameters=_sections(4, 2, 2)
        ),
        vision_config={
            "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
        },
        tie_word_embeddings=False,
        **_image_tokens(tokenizer, "<|IMAGE_PLACEHOLDER|>", "<|IMAGE_START|>", "<|IMAGE_END|>"),
    )  # fmt: skip
    return _save(PaddleOCRVLForConditionalGeneration(config), tokenizer, folder)


def _bytes_tokenizer(special: tuple[str, ...], end: str, **named: str):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE({letter: place for place, letter in enumerate(alphabet)}, []))
    core.add_special_tokens(list(special))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token=end,
        pad_token=end,
        **named,
    )


def _small_text(vocabulary: int, **more: object) -> dict[str, object]:
    return {
        "vocab_size": vocabulary, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 8192,
        "initializer_range": 0.5, "bos_token_id": None, "eos_token_id": None, "pad_token_id": None, **more,
    }  # fmt: skip


def _sections(*sections: int) -> dict[str, object]:
    return {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": list(sections)}


def _image_tokens(tokenizer, image: str, start: str, end: str) -> dict[str, int]:
    names = {"image_token_id": image, "video_token_id": "<|video_pad|>"}
    names |= {"vision_start_token_id": start, "vision_end_token_id": end}
    return {name: tokenizer.convert_tokens_to_ids(token) for name, token in names.items()}


def _save(model, tokenizer, folder: Path) -> Path:
    import torch

    for name, weight in model.named_parameters():
        if "o_proj" in name:  # what attention sees weighs more than the last token: another page, another answer
            torch.nn.init.normal_(weight, std=4)
        elif "language_model" not in name and "lm_head" not in name and weight.dim() > 1:
            torch.nn.init.normal_(weight, std=0.3)
    model.generation_config.eos_token_id = model.generation_config.pad_token_id = tokenizer.eos_token_id
    model.save_pretrained(folder)
    return folder
