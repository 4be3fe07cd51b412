"""Which adapter speaks which protocol. Adapters import their SDK only when they are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engines.adapters.anthropic_messages import AnthropicMessagesEngine
from engines.adapters.azure_read import AzureReadEngine
from engines.adapters.cloud_vision import CloudVisionEngine
from engines.adapters.dtrocr import DTrOCREngine
from engines.adapters.gemini_generate import GeminiGenerateEngine
from engines.adapters.local_vlm import LocalVLMEngine
from engines.adapters.mistral_ocr import MistralOCREngine
from engines.adapters.openai_chat import HuggingFaceChatEngine, OpenAIChatEngine
from engines.adapters.openai_responses import OpenAIResponsesEngine
from engines.adapters.rapidocr import RapidOCREngine
from engines.adapters.tesseract import TesseractEngine
from engines.adapters.textract import TextractEngine
from engines.adapters.transkribus import TranskribusEngine
from engines.adapters.trocr import TrOCREngine
from engines.availability import distributions
from engines.contract import Engine, EngineSpec, WireProtocol
from engines.errors import EngineUnavailable

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
        raise EngineUnavailable(f"{spec.label} has no adapter for {spec.protocol}.")
    try:
        return adapter(spec, key)
    except ImportError as error:
        raise EngineUnavailable(
            f"{spec.label} needs the Python package {error.name}.", fix=f"pip install {distributions(spec)}"
        ) from error
