"""TrOCR, with an adapter if the row names one. Weights come from the hub at first use, or from a folder."""

from __future__ import annotations

from engines.device import require_transformers
from engines.hub_weights import weights_folder
from engines.line_reading import LineEngine, LineReader


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
