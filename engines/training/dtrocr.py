"""python -m engines.training.dtrocr: train a character-level DTrOCR on lines of one's own or on rendered ones.

Attention models want millions of lines: on two CPU cores nothing useful comes of it, on a GPU tens of minutes help.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engines.adapters.line_models import DTrOCRReader
from engines.dtrocr_model import Characters, DTrOCR, Shape, load, pixel_values, save
from engines.line_finding import LineReader
from engines.training.loop import Line, add_line_arguments, lines_of, plan_of, train
from engines.weights import best_device, require_transformers

if TYPE_CHECKING:
    import torch

ALPHABET = (
    " !\"#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz"
    "£§°ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜßàâäæçèéêëîïôöùûüÿœ–—‘’“”€"
)
SHAPES = {
    "tiny": Shape(width=256, patch_height=8, hidden=128, layers=3, heads=4, positions=256),
    "small": Shape(width=640, patch_height=8, hidden=384, layers=8, heads=6, positions=512),
    "base": Shape(width=640, patch_height=8, positions=512),
}


class DTrOCRLearner:
    """A DTrOCR and what training asks of it."""

    def __init__(self, model: DTrOCR, device: str) -> None:
        self.model, self.device = model, device
        model.network.to(device).train()

    def trainable(self) -> Sequence[torch.nn.Parameter]:
        """All weights."""
        return list(self.model.network.parameters())

    def loss(self, lines: Sequence[Line]) -> torch.Tensor:
        """Cross entropy per character."""
        import torch

        self.model.network.train()
        images = torch.from_numpy(pixel_values([line.image for line in lines], self.model.shape))
        return self.model.loss(images.to(self.device, non_blocking=True), [line.text for line in lines])

    def reader(self) -> LineReader:
        """The same weights, reading."""
        return DTrOCRReader(self.model, {"device": self.device, "precision": "fp32"}, "in training")

    def save(self, folder: Path) -> None:
        """A folder for the engine's option `path`."""
        save(self.model, folder)


def new_model(size: str) -> DTrOCR:
    """Random weights of one of SHAPES."""
    return DTrOCR(replace(SHAPES[size], characters=ALPHABET, whole=False), Characters(ALPHABET))


def main(arguments: Sequence[str] | None = None) -> float:
    """Train as the arguments say; returns the last CER."""
    parser = argparse.ArgumentParser(prog="python -m engines.training.dtrocr", description=__doc__)
    add_line_arguments(parser, steps=200_000, batch_size=64, learning_rate=4e-4)
    parser.add_argument("--size", choices=SHAPES, default="small")
    parser.add_argument("--start", type=Path, help="weights to start from, instead of random ones")
    given = parser.parse_args(arguments)
    require_transformers("DTrOCR")
    learner = DTrOCRLearner(load(given.start) if given.start else new_model(given.size), best_device())
    source, measured = lines_of(given)
    return train(learner, source, measured, plan_of(given), given.out, tell=print)


if __name__ == "__main__":
    main()
