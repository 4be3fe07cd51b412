"""Vision-language models that run here: GOT-OCR 2.0, PaddleOCR-VL, Qwen2.5-VL. One page at a time, no boxes.

Each family wants a page in its own way: its classes, its prompt, its image tokens. All are transformers' own classes
and need no torchvision.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from engines.adapters.line_models import model_name
from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Sent, Usage, report_progress
from engines.errors import EngineUnavailable
from engines.page_fitting import rgb_image
from engines.weights import Placed, crashes_told, place, require_transformers, turn_at, weights_folder
from translations import _

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
            raise EngineUnavailable(
                _("{model} has no chat template.", model=folder.name), fix=_("Put its chat_template.jinja there.")
            )
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
            _("{model} is a model of type {kind}, which is not read here.", model=folder.name, kind=repr(kind)),
            fix=_("Known: {names}.", names=", ".join(FAMILIES)),
        )
    return FAMILIES[kind](folder)


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return config


def _seen(tensors: Mapping[str, Any], processor: Any) -> tuple[int, int]:  # noqa: ANN401 - an image processor
    """Height and width of the image as the model sees it."""
    _images, rows, columns = tensors["image_grid_thw"][0].tolist()
    return rows * processor.patch_size, columns * processor.patch_size


MOST_PIXELS = 1_003_520
"""Pages are shrunk to this many pixels unless the row says otherwise: 1280 image tokens of 28 x 28."""


class LocalVLMEngine:
    """Row options: `region` ("left,top,right,bottom" in page pixels), `max_pixels`, `device`, `precision`."""

    def __init__(self, spec: EngineSpec, key: str | None = None) -> None:
        self.spec = spec
        self._family: Family | None = None
        self._placed: Placed | None = None
        self._reported = ""
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load processor and model now; raises `WeightsMissing`, `EngineUnavailable`."""
        with turn_at(self._lock), crashes_told(self.spec.label):
            self._loaded()

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page, or the row's region of it, within the task's time and output limit."""
        with turn_at(self._lock), crashes_told(self.spec.label):
            family, placed = self._loaded()
            image, scale = shrunk(rgb_image(page), int(self.spec.options.get("max_pixels", MOST_PIXELS)))
            asked = family.ask(image, task.prompt, _region(self.spec, scale))
            report_progress(_("{engine} is reading", engine=self.spec.label))
            tokens, finished = _generate(family, placed, asked, task)
            text = family.tokenizer.decode(tokens, skip_special_tokens=True)
        ending = family.ends_with or ""
        return Reading(
            text=text.removesuffix(ending).strip(),
            truncated=not finished,
            model_reported=self._reported,
            usage=Usage(input_tokens=int(asked.tensors["input_ids"].shape[1]), output_tokens=len(tokens)),
            sent=Sent(asked.width, asked.height, asked.prompt, self._settings(placed)),
        )

    def _loaded(self) -> tuple[Family, Placed]:
        if self._family is None or self._placed is None:
            require_transformers(self.spec.label, "accelerate")
            from transformers import AutoModelForImageTextToText

            revision = self.spec.weights.revision if self.spec.weights else ""
            folder = weights_folder(self.spec.model, revision)
            report_progress(_("loading {engine}", engine=self.spec.label))
            self._family = load_family(folder)
            model = AutoModelForImageTextToText.from_pretrained(
                folder, use_safetensors=True, trust_remote_code=False, dtype="auto"
            )
            self._placed = place(model, {"precision": "bf16", **self.spec.options})
            self._reported = model_name(folder)
        return self._family, self._placed

    def _settings(self, placed: Placed) -> tuple[tuple[str, str], ...]:
        settings = {"device": placed.device, "precision": placed.precision, "decoding": "greedy"}
        region = self.spec.options.get("region")
        return tuple((settings | ({"region": str(region)} if region else {})).items())


def shrunk(image: Image.Image, most_pixels: int) -> tuple[Image.Image, float]:
    """The image within that many pixels, and the scale it was brought to; never enlarged."""
    scale = min(1.0, sqrt(most_pixels / (image.width * image.height)))
    if scale == 1.0:
        return image, scale
    return image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale)))), scale


def _region(spec: EngineSpec, scale: float) -> Box | None:
    """The row's region in pixels of the shrunk page; raises `EngineUnavailable` if it is no box."""
    written = str(spec.options.get("region", ""))
    if not written:
        return None
    try:
        left, top, right, bottom = (int(float(part) * scale) for part in written.split(","))
    except ValueError as error:
        raise EngineUnavailable(
            _("{region} is no region.", region=repr(written)), fix=_("Give left,top,right,bottom in pixels.")
        ) from error
    return left, top, right, bottom


def _generate(family: Family, placed: Placed, asked: Asked, task: ReadingTask) -> tuple[list[int], bool]:
    """The answer's tokens, and whether the model ended it itself."""
    import torch

    tensors: dict[str, Any] = {
        name: tensor.to(placed.device, placed.dtype if tensor.is_floating_point() else None)
        for name, tensor in asked.tensors.items()
    }
    stop = {"stop_strings": family.ends_with, "tokenizer": family.tokenizer} if family.ends_with else {}
    with torch.inference_mode():
        answer = placed.model.generate(
            **tensors,
            do_sample=False,
            num_beams=1,
            use_cache=True,
            max_new_tokens=task.max_output_tokens,
            max_time=task.timeout_seconds,
            **stop,
        )
    tokens: list[int] = answer[0, tensors["input_ids"].shape[1] :].tolist()
    ends = placed.model.generation_config.eos_token_id
    ended = bool(tokens) and tokens[-1] in (ends if isinstance(ends, list) else [ends])
    stopped = bool(family.ends_with) and family.tokenizer.decode(tokens[-8:]).endswith(str(family.ends_with))
    return tokens, ended or stopped
