"""python -m engines.training.trocr_lora: teach TrOCR a hand with a small adapter, on lines of one's own.

LoRA, or DoRA in the encoder as in DLoRA-TrOCR (arXiv 2404.12734): under 1 % of the weights change, a few hundred lines
are enough, and the result is a folder for the engine "TrOCR + your adapter".
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.adapters.line_models import TrOCRModel
from engines.line_finding import LineReader
from engines.training.loop import Line, add_line_arguments, lines_of, plan_of, train
from engines.weights import Placed, best_device, require_transformers, weights_folder

if TYPE_CHECKING:
    import torch

ADAPTED = r"encoder\..*\.(q_proj|k_proj|v_proj)|decoder\..*\.(q_proj|k_proj|v_proj|out_proj)"
MOST_LABELS = 128


class TrOCRLearner:
    """A TrOCR whose adapter learns; the rest of it stays as it is."""

    def __init__(self, folder: Path, device: str, rank: int = 8, dora: bool = False) -> None:
        from peft import LoraConfig, get_peft_model

        self._reader = TrOCRModel(folder, {"device": device, "precision": "fp32"})
        self.device = device
        config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules=ADAPTED, use_dora=dora)
        self._adapted: Any = get_peft_model(self._reader.placed.model, config)
        self._reader.placed = Placed(self._adapted, device, self._reader.placed.dtype, "fp32")

    def trainable(self) -> Sequence[torch.nn.Parameter]:
        """The adapter's weights."""
        return [weight for weight in self._adapted.parameters() if weight.requires_grad]

    def loss(self, lines: Sequence[Line]) -> torch.Tensor:
        """Cross entropy per token."""
        import torch

        self._adapted.train()
        processor = self._reader.processor
        images = processor.image_processor(images=[line.image for line in lines], return_tensors="pt").pixel_values
        given, wanted = self._shifted([line.text for line in lines])
        logits = self._adapted(pixel_values=images.to(self.device), decoder_input_ids=given).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), wanted.flatten(), ignore_index=-100)

    def _shifted(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens the decoder is given and tokens it shall answer: start, text -> text, end, as TrOCR was trained."""
        import torch

        tokenizer, settings = self._reader.processor.tokenizer, self._adapted.generation_config
        start, end = settings.decoder_start_token_id, tokenizer.eos_token_id
        ids = [tokenizer(text, add_special_tokens=False).input_ids[:MOST_LABELS] for text in texts]
        longest = max(map(len, ids)) + 1
        given = [[start, *line] + [tokenizer.pad_token_id] * (longest - len(line) - 1) for line in ids]
        wanted = [[*line, end] + [-100] * (longest - len(line) - 1) for line in ids]
        return torch.tensor(given, device=self.device), torch.tensor(wanted, device=self.device)

    def reader(self) -> LineReader:
        """The model with the adapter as it is now."""
        self._adapted.eval()
        return self._reader

    def save(self, folder: Path) -> None:
        """The adapter alone: a few megabytes, for the engine's option `path`."""
        self._adapted.save_pretrained(folder)


def main(arguments: Sequence[str] | None = None) -> float:
    """Train as the arguments say; returns the last CER."""
    parser = argparse.ArgumentParser(prog="python -m engines.training.trocr_lora", description=__doc__)
    add_line_arguments(parser, steps=2000, batch_size=8, learning_rate=2e-4)
    parser.add_argument("--base", default="microsoft/trocr-base-handwritten", help="folder or hub repository")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--dora", action="store_true", help="weight-decomposed adapters, as in DLoRA-TrOCR")
    given = parser.parse_args(arguments)
    require_transformers("TrOCR", "peft")
    folder = weights_folder(given.base, pickled=True)
    learner = TrOCRLearner(folder, best_device(), given.rank, given.dora)
    source, measured = lines_of(given)
    return train(learner, source, measured, plan_of(given), given.out, tell=print)


if __name__ == "__main__":
    main()
