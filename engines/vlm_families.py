"""How each family of vision-language models wants a page: its classes, its prompt, its image tokens.

All are transformers' own classes and need no torchvision. Knows nothing of generation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from engines.errors import EngineUnavailable

if TYPE_CHECKING:
    from PIL import Image

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question ready for the model: its tensors, the words that went with the image, the image's size as seen."""

    tensors: Mapping[str, Any]
    prompt: str
    width: int
    height: int


class Family(Protocol):
    """One family's processor; `tokenizer` turns its answers into text, an answer ends at `ends_with`."""

    tokenizer: Any
    ends_with: str | None

    def ask(self, image: Image.Image, prompt: str, box: Box | None) -> Asked:
        """The question for one image; a `box` (left, top, right, bottom in its pixels) is all that shall be read."""


class GotOcr:
    """GOT-OCR 2.0: sees 1024 x 1024 pixels, has a prompt of its own, and can be told which region to read."""

    ends_with: str | None = "<|im_end|>"

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer, GotOcr2ImageProcessorPil, GotOcr2Processor

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self._processor = GotOcr2Processor(GotOcr2ImageProcessorPil.from_pretrained(folder), self.tokenizer)
        self._side = _config(folder)["vision_config"].get("image_size", 1024)

    def ask(self, image: Image.Image, prompt: str, box: Box | None) -> Asked:
        """Its own prompt, because it was trained on no other."""
        region = {"box": list(box)} if box else {}
        tokens = (self._side // 64) ** 2  # patches of 16 pixels, then two halvings
        tensors = self._processor(images=image, return_tensors="pt", num_image_tokens=tokens, **region)
        asked = f"[{', '.join(map(str, box))}] OCR:" if box else "OCR:"
        return Asked(tensors, asked, self._side, self._side)


class PaddleOcrVl:
    """PaddleOCR-VL: a fixed prompt per task, pages of any shape, and each version's own words around them."""

    ends_with: str | None = None
    PROMPT = "OCR:"

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer, PaddleOCRVLImageProcessorPil, PaddleOCRVLProcessor

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        if not self.tokenizer.chat_template:
            raise EngineUnavailable(f"{folder.name} has no chat template.", fix="Put its chat_template.jinja there.")
        self._processor = PaddleOCRVLProcessor(PaddleOCRVLImageProcessorPil.from_pretrained(folder), self.tokenizer)

    def ask(self, image: Image.Image, prompt: str, box: Box | None) -> Asked:
        """Its own prompt, because it was trained on no other; a region is cut out."""
        image = image.crop(box) if box else image
        content = [{"type": "image"}, {"type": "text", "text": self.PROMPT}]
        asked = [{"role": "user", "content": content}]
        text = self.tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
        tensors = self._processor(
            images=[image], text=[text], return_tensors="pt", text_kwargs={"add_special_tokens": False}
        )
        height, width = _seen(tensors, self._processor.image_processor)
        return Asked(tensors, self.PROMPT, width, height)


class Qwen:
    """Qwen2.5-VL: reads by the comparison's own prompt.

    Its processor class wants torchvision for videos, so the prompt is put together here: as many image tokens as the
    image processor's grid has cells of 2 x 2 patches.
    """

    ends_with: str | None = None
    IMAGE = "<|image_pad|>"

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer, Qwen2VLImageProcessorPil

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self._images = Qwen2VLImageProcessorPil.from_pretrained(folder)

    def ask(self, image: Image.Image, prompt: str, box: Box | None) -> Asked:
        """The task's prompt; a region is cut out."""
        seen = self._images(images=[image.crop(box) if box else image], return_tensors="pt")
        cells = int(seen["image_grid_thw"].prod()) // self._images.merge_size**2
        text = (
            "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
            f"<|im_start|>user\n<|vision_start|>{self.IMAGE * cells}<|vision_end|>{prompt}<|im_end|>\n"
            "<|im_start|>assistant\n"
        )
        words = self.tokenizer([text], return_tensors="pt")
        is_image = words["input_ids"] == self.tokenizer.convert_tokens_to_ids(self.IMAGE)
        height, width = _seen(seen, self._images)
        return Asked({**words, **seen, "mm_token_type_ids": is_image.int()}, prompt, width, height)


FAMILIES: Mapping[str, type[GotOcr | PaddleOcrVl | Qwen]] = {
    "got_ocr2": GotOcr,
    "paddleocr_vl": PaddleOcrVl,
    "qwen2_5_vl": Qwen,
}
"""By `model_type` of a checkpoint's config.json."""


def load_family(folder: Path) -> Family:
    """The processor of a checkpoint; raises `EngineUnavailable` for a kind of model that is not known here."""
    kind = str(_config(folder).get("model_type"))
    if kind not in FAMILIES:
        raise EngineUnavailable(
            f"{folder.name} is a model of type {kind!r}, which is not read here.", fix=f"Known: {', '.join(FAMILIES)}."
        )
    return FAMILIES[kind](folder)


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return config


def _seen(tensors: Mapping[str, Any], processor: Any) -> tuple[int, int]:  # noqa: ANN401 - an image processor
    """Height and width of the image as the model sees it."""
    _, rows, columns = tensors["image_grid_thw"][0].tolist()
    return rows * processor.patch_size, columns * processor.patch_size
