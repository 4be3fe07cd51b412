"""TrOCR large on a GPU against plain batches of transformers at their best size: `python -m benchmarks.gpu`.

Random weights. Prints lines a second by batch size.
Figures of the other GPU engines need their weights: GOT-OCR 2.0 and Qwen2.5-VL are not measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.random_trocr import SIZES, save_random_trocr
from benchmarks.side_by_side import in_turns, table
from engines.adapters.trocr import TrOCREngine
from engines.catalogue import spec_by_id
from engines.line_reading import read_in_batches
from engines.pixels import Pixels
from engines.trocr_model import load_processor, token_cap

BATCHES = (1, 8, 16, 32, 64, 128)
LINES = 256


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or why there is none."""
    import torch

    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="large")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        print("Cannot run here: no CUDA GPU, so there are no lines a second to report.")
        return
    lines = _lines()
    with TemporaryDirectory() as home:
        folder = save_random_trocr(Path(home), wanted.size)
        rivals: dict[str, Callable[[], object]] = {"ours": partial(_ours(folder), lines)}
        for batch in BATCHES:
            rivals[f"transformers, fp16, batches of {batch}"] = partial(_transformers(folder), lines, batch)
        in_turns(rivals, 1)
        seconds = in_turns(rivals, wanted.rounds)
    print(f"{torch.cuda.get_device_name()}, TrOCR {wanted.size}, {LINES} lines, 37 tokens a line")
    print(table(seconds, "ours"))
    for name, times in seconds.items():
        print(f"  {name}: {LINES / sorted(times)[len(times) // 2]:.0f} lines a second")


def _lines() -> list[Pixels]:
    """Noise in the shape of a line of ten words."""
    dice = np.random.default_rng(0)
    return [dice.integers(0, 255, (64, 750, 3), np.uint8) for _ in range(LINES)]


def _ours(folder: Path) -> Callable[[list[Pixels]], object]:
    reader = TrOCREngine(replace(spec_by_id("trocr-large"), model=str(folder), options={})).load_reader()
    return lambda lines: read_in_batches(reader, lines)


def _transformers(folder: Path) -> Callable[[list[Pixels], int], object]:
    import torch
    from transformers import VisionEncoderDecoderModel

    processor: Any = load_processor(folder)
    model = VisionEncoderDecoderModel.from_pretrained(folder, dtype=torch.float16).to("cuda")

    def read(lines: list[Pixels], batch: int) -> None:
        for start in range(0, len(lines), batch):
            pixels = processor(images=lines[start : start + batch], return_tensors="pt").pixel_values
            written = model.generate(pixels.to("cuda", torch.float16), max_new_tokens=token_cap(lines[0]))
            processor.batch_decode(written, skip_special_tokens=True)

    return read


if __name__ == "__main__":
    main()
