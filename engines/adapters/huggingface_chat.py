"""Models behind Hugging Face Inference Providers, on the visitor's or the host's Hugging Face token.

The router speaks Chat Completions, so OpenAI's SDK serves it. huggingface_hub's own client takes no HTTP client for one
call (only a factory for the whole process), so it could not be held to a deadline, a size or an origin.
"""

from __future__ import annotations

from typing import Any

from engines.adapters.openai_chat import OpenAIChatEngine
from engines.contract import EngineSpec, ReadingTask
from engines.endpoint import required_key
from engines.page_fitting import FittedPage


class HuggingFaceChatEngine(OpenAIChatEngine):
    """As its parent, with a token that is required and, by the option `provider`, a provider chosen by the host."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        super().__init__(spec, required_key(spec, key))

    def _request(self, image: FittedPage, task: ReadingTask) -> dict[str, Any]:
        request = super()._request(image, task)
        provider = self.spec.options.get("provider")
        return {**request, "model": f"{self.spec.model}:{provider}"} if provider else request
