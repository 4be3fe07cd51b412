"""The engines that want a GPU, each beside transformers' own `generate` with the same weights on the same device.

TrOCR and DTrOCR have random weights of the published sizes unless they are given some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.random_trocr import save_random_trocr
from engines.adapters.line_models import DTrOCRReader, TrOCREngine, token_cap
from engines.adapters.local_vlm import MOST_PIXELS, LocalVLMEngine, load_family, shrunk
from engines.catalogue import spec_by_id
from engines.contract import ReadingTask
from engines.dtrocr_model import Characters, DTrOCR, Shape, load, pixel_values
from engines.line_finding import read_in_batches
from engines.page_fitting import Pixels, page_from, rgb_image
from engines.weights import best_device, place, weights_folder
from samples import load_samples

LINE_TOKENS = 14
"""Of a line of 45 letters."""
PAGE_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Contest:
    """`ours` reads `images` images of `lines` lines each; `theirs` writes so many tokens for a batch of so many."""

    name: str
    images: int
    lines: int
    tokens: int
    ours: Callable[[], object]
    theirs: Callable[[int, int], object]
    model: Any
    writer: Any
    our_batch: int
    dtype: Any

    def read_in_batches_of(self, batch: int) -> None:
        """All images, by transformers alone."""
        for start in range(0, self.images, batch):
            self.theirs(min(batch, self.images - start), self.tokens)


def trocr(images: int, weights: str, home: Path) -> Contest:
    """TrOCR large on noise in the shape of a line of ten words."""
    folder = weights_folder(weights) if weights else save_random_trocr(home, "large")
    reader: Any = TrOCREngine(replace(spec_by_id("trocr-large"), model=str(folder), options={})).load_reader()
    placed, lines = reader.placed, _noise(images)

    def theirs(batch: int, tokens: int) -> object:
        pixels = reader.processor.image_processor(images=lines[:batch], return_tensors="pt").pixel_values
        pixels = pixels.to(placed.device, placed.dtype)
        return placed.model.generate(pixels, max_new_tokens=tokens, use_cache=True)

    ours, model = partial(read_in_batches, reader, lines), placed.model
    cap = token_cap(lines[0])
    return Contest("TrOCR", images, 1, cap, ours, theirs, model, model.decoder, reader.batch_size, placed.dtype)


def dtrocr(images: int, weights: str, home: Path) -> Contest:
    """DTrOCR; random weights have a character for each of GPT-2's tokens and no room for longer lines."""
    model = load(Path(weights)) if weights else _random_dtrocr()
    device = best_device()
    reader, lines = DTrOCRReader(model, {"device": device}, "random"), _noise(images)
    dtype = next(model.network.parameters()).dtype

    def theirs(batch: int, tokens: int) -> object:
        import torch

        with torch.inference_mode():
            pixels = torch.from_numpy(pixel_values(lines[:batch], model.shape)).to(device, dtype)
            return model.generate(pixels, tokens)

    ours, writer = partial(read_in_batches, reader, lines), model.network["decoder"]
    return Contest("DTrOCR", images, 1, LINE_TOKENS, ours, theirs, model.network, writer, reader.batch_size, dtype)


def page_model(engine_id: str, images: int, weights: str, home: Path) -> Contest:
    """A vision-language model on a page of the samples; raises `WeightsMissing` where it cannot be fetched."""
    from transformers import AutoModelForImageTextToText

    spec = spec_by_id(engine_id)
    spec = replace(spec, model=weights or spec.model)
    folder = weights_folder(spec.model, spec.weights.revision if spec.weights and not weights else "")
    engine, family = LocalVLMEngine(spec), load_family(folder)
    engine.load()
    placed = place(AutoModelForImageTextToText.from_pretrained(folder, dtype="auto"), {"precision": "bf16"})
    letter = next(sample for sample in load_samples() if sample.image.stem == "letter")
    page = page_from(Image.open(letter.image))
    asked = family.ask(shrunk(rgb_image(page), MOST_PIXELS)[0], ReadingTask().prompt, None)

    def theirs(batch: int, tokens: int) -> object:
        import torch

        tensors = {
            name: torch.cat([tensor] * batch).to(placed.device, placed.dtype if tensor.is_floating_point() else None)
            for name, tensor in asked.tensors.items()
        }
        return placed.model.generate(**tensors, max_new_tokens=tokens, do_sample=False, use_cache=True)

    def ours() -> None:
        for _ in range(images):
            engine.read(page, ReadingTask(max_output_tokens=PAGE_TOKENS, timeout_seconds=3600))

    model, lines = placed.model, len((letter.reference or "").splitlines())
    writer = model.model.language_model
    return Contest(spec.label, images, lines, PAGE_TOKENS, ours, theirs, model, writer, 1, placed.dtype)


CONTESTS: Mapping[str, Callable[[int, str, Path], Contest]] = {
    "trocr-large": trocr,
    "dtrocr": dtrocr,
    "got-ocr-2": partial(page_model, "got-ocr-2"),
    "qwen2.5-vl-3b": partial(page_model, "qwen2.5-vl-3b"),
}


def _random_dtrocr() -> DTrOCR:
    shape = Shape(positions=Shape().patches + 2 + LINE_TOKENS)
    return DTrOCR(shape, Characters("".join(map(chr, range(0x10000, 0x10000 + 50_256)))))


def _noise(images: int) -> Sequence[Pixels]:
    dice = np.random.default_rng(0)
    return [dice.integers(0, 255, (64, 750, 3), np.uint8) for _ in range(images)]
