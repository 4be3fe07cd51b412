"""TrOCR, with an adapter if the row names one, and DTrOCR with weights of one's own: models that read single lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engines.contract import Setting
from engines.device import place, require_transformers
from engines.dtrocr_model import DTrOCR, load, pixel_values
from engines.errors import WeightsMissing
from engines.line_reading import LineEngine, LineReader, LineText
from engines.page_fitting import Pixels
from engines.weights import weights_folder
from translations import _


class DTrOCREngine(LineEngine):
    """Row options: `path` (a training's folder, or a .pt file), `device`, `precision`."""

    def load_reader(self) -> LineReader:
        """The weights at the row's path; raises `WeightsMissing`, `EngineUnavailable`."""
        require_transformers(self.spec.label)
        path = Path(str(self.spec.options.get("path", ""))).expanduser()
        if not str(self.spec.options.get("path", "")) or not path.exists():
            raise WeightsMissing(
                _("DTrOCR has no weights here."),
                fix=_("Train some with python -m engines.training.dtrocr and set this engine's option 'path' to them."),
            )
        return DTrOCRReader(load(path), self.spec.options, path.stem)


class DTrOCRReader:
    """Reads lines with loaded weights; also measures a model while it is trained."""

    def __init__(self, model: DTrOCR, options: Mapping[str, Setting], reported: str) -> None:
        placed = place(model.network, options)
        self._model, self._device, self._dtype = model, placed.device, placed.dtype
        self.batch_size = 8 if placed.device == "cpu" else 64
        self.reported = reported
        self.settings = (("device", placed.device), ("precision", placed.precision), ("decoding", "greedy"))

    def read_lines(self, lines: Sequence[Pixels]) -> list[LineText]:
        """One text per line, up to as many tokens as the network has positions."""
        import torch

        images = torch.from_numpy(pixel_values(lines, self._model.shape)).to(self._device, self._dtype)
        with torch.inference_mode():
            tokens, sureness = self._model.generate(images, self._model.shape.positions)
        return [self._line(*of_line) for of_line in zip(tokens.tolist(), sureness.float().exp().tolist(), strict=True)]

    def _line(self, tokens: list[int], sureness: list[float]) -> LineText:
        end = self._model.vocabulary.end
        length = tokens.index(end) if end in tokens else len(tokens)
        read = sureness[: length + 1]
        text = self._model.vocabulary.decode(tokens[:length]).strip()
        return LineText(text, sum(read) / len(read), finished=end in tokens)


class TrOCREngine(LineEngine):
    """Row options: `path` (an adapter: folder or hub repository), `device`, `precision`, `batch_size`."""

    def load_reader(self) -> LineReader:
        """The checkpoint with its adapter merged in; raises `WeightsMissing`, `EngineUnavailable`."""
        require_transformers(self.spec.label)
        from engines.trocr_model import TrOCRModel

        options = self.spec.options
        revision = str(options.get("revision", "")) or (self.spec.weights.revision if self.spec.weights else "")
        folder = weights_folder(self.spec.model, revision, pickled=bool(options.get("pickled_weights")))
        adapter = str(options.get("path", ""))
        return TrOCRModel(folder, options, weights_folder(adapter) if adapter else None)
