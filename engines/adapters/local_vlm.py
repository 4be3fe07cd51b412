"""Vision-language models that run here: GOT-OCR 2.0, PaddleOCR-VL, Qwen2.5-VL. One page at a time, no boxes."""

from __future__ import annotations

import threading
from math import sqrt
from typing import TYPE_CHECKING, Any

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Sent, Usage, report_progress
from engines.device import Placed, place, require_transformers
from engines.errors import EngineUnavailable
from engines.hub_weights import weights_folder
from engines.local_errors import crashes_told
from engines.pixels import rgb_image
from engines.trocr_model import model_name
from engines.vlm_families import Asked, Box, Family, load_family

if TYPE_CHECKING:
    from PIL import Image

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
        with self._lock, crashes_told(self.spec.label):
            self._loaded()

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page, or the row's region of it, within the task's time and output limit."""
        with self._lock, crashes_told(self.spec.label):
            family, placed = self._loaded()
            image, scale = shrunk(rgb_image(page), int(self.spec.options.get("max_pixels", MOST_PIXELS)))
            asked = family.ask(image, task.prompt, _region(self.spec, scale))
            report_progress(f"{self.spec.label} is reading")
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
            report_progress(f"loading {self.spec.label}")
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
        raise EngineUnavailable(f"{written!r} is no region.", fix="Give left,top,right,bottom in pixels.") from error
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
