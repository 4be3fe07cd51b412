"""Which adapter speaks which protocol, and the engines in use. Adapters import their SDK only when they are built."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from engines.adapters.anthropic_messages import AnthropicMessagesEngine
from engines.adapters.azure_read import AzureReadEngine
from engines.adapters.cloud_vision import CloudVisionEngine
from engines.adapters.gemini_generate import GeminiGenerateEngine
from engines.adapters.line_models import DTrOCREngine, TrOCREngine
from engines.adapters.local_vlm import LocalVLMEngine
from engines.adapters.mistral_ocr import MistralOCREngine
from engines.adapters.openai_chat import HuggingFaceChatEngine, OpenAIChatEngine
from engines.adapters.openai_responses import OpenAIResponsesEngine
from engines.adapters.rapidocr import RapidOCREngine
from engines.adapters.tesseract import TesseractEngine
from engines.adapters.textract import TextractEngine
from engines.adapters.transkribus import TranskribusEngine
from engines.availability import distributions
from engines.contract import Engine, EngineSpec, WireProtocol
from engines.errors import EngineUnavailable
from translations import _

ADAPTERS: Mapping[WireProtocol, Callable[[EngineSpec, str | None], Engine]] = {
    WireProtocol.OPENAI_RESPONSES: OpenAIResponsesEngine,
    WireProtocol.OPENAI_CHAT: OpenAIChatEngine,
    WireProtocol.ANTHROPIC_MESSAGES: AnthropicMessagesEngine,
    WireProtocol.GEMINI_GENERATE: GeminiGenerateEngine,
    WireProtocol.HUGGINGFACE_CHAT: HuggingFaceChatEngine,
    WireProtocol.MISTRAL_OCR: MistralOCREngine,
    WireProtocol.AZURE_READ: AzureReadEngine,
    WireProtocol.TRANSKRIBUS: TranskribusEngine,
    WireProtocol.TEXTRACT: TextractEngine,
    WireProtocol.CLOUD_VISION: CloudVisionEngine,
    WireProtocol.RAPIDOCR: RapidOCREngine,
    WireProtocol.TESSERACT: TesseractEngine,
    WireProtocol.TROCR: TrOCREngine,
    WireProtocol.DTROCR: DTrOCREngine,
    WireProtocol.LOCAL_VLM: LocalVLMEngine,
}


def build_engine(spec: EngineSpec, key: str | None = None) -> Engine:
    """The engine of a catalogue row, with the key it shall use; raises `EngineUnavailable`."""
    adapter = ADAPTERS.get(spec.protocol)
    if adapter is None:
        raise EngineUnavailable(_("{engine} has no adapter for {protocol}.", engine=spec.label, protocol=spec.protocol))
    try:
        return adapter(spec, key)
    except ImportError as error:
        raise EngineUnavailable(
            _("{engine} needs the Python package {package}.", engine=spec.label, package=error.name),
            fix=f"pip install {distributions(spec)}",
        ) from error


@runtime_checkable
class Loadable(Protocol):
    """An engine that can load its model before the first page."""

    def load(self) -> None:
        """Load the model now; raises `EngineUnavailable`."""


class LoadedEngines:
    """Owns the local engines of a process; the app makes one and hands it to whoever reads."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._lock = threading.Lock()

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        """The engine of a row; raises `EngineUnavailable`. A changed row (another adapter, say) is another engine."""
        if spec.runs == "cloud":
            return build_engine(spec, key)
        with self._lock:  # building is quick: models load at the first page
            same = repr(spec)  # a row holds a mapping, so it has no hash
            if same not in self._engines:
                self._engines[same] = build_engine(spec)
            return self._engines[same]

    def warm(self, spec: EngineSpec) -> None:
        """Load a local engine's model now, so that the first page need not wait; raises `EngineUnavailable`."""
        engine = self.get(spec)
        if isinstance(engine, Loadable):
            engine.load()
