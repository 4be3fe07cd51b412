"""Any endpoint that speaks OpenAI's Chat Completions: Ollama, vLLM, LM Studio, a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Sent, Usage
from engines.endpoint import base_url, required_key
from engines.errors import BadAnswer
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import FittedPage, fitted
from engines.pricing import output_limit
from engines.sdk_errors import LONGEST_QUOTE, counted, token_count, translated, understood
from translations import _

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion, ChatCompletionMessage


NO_KEY = "none"


class OpenAIChatEngine:
    """Reads through `chat.completions.create`; an option `prompt` is asked instead of the task's, an empty one not."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        from openai import OpenAI, omit

        self.spec = spec
        # The SDK wants some key; a server without keys ignores it.
        self._key = key or NO_KEY
        self._base_url = base_url(spec)
        self._connect = OpenAI
        # The host's own account with OpenAI is no business of another server.
        self._headers: dict[str, Any] = {"OpenAI-Organization": omit, "OpenAI-Project": omit}

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        request = self._request(image, task)
        settings = {name: request[name] for name in ("max_tokens", "temperature") if name in request}
        sent = image.sent(self.spec, self._prompt(task) or None, **settings)
        deadline = Deadline.after(task.timeout_seconds)
        secret = None if self._key == NO_KEY else self._key
        with translated(self.spec, secret), guarded_client(deadline, self._base_url) as http:
            client = self._connect(api_key=self._key, base_url=self._base_url, http_client=http, max_retries=0)
            answer: ChatCompletion = client.chat.completions.create(**request, extra_headers=self._headers)
        with understood(self.spec):
            return reading_of(answer, sent)

    def _prompt(self, task: ReadingTask) -> str:
        return str(self.spec.options.get("prompt", task.prompt))

    def _request(self, image: FittedPage, task: ReadingTask) -> dict[str, Any]:
        prompt = self._prompt(task)
        request: dict[str, Any] = {
            "model": self.spec.model,
            # Not `max_completion_tokens`: older servers do not know it.
            "max_tokens": output_limit(self.spec, task),
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {"url": image.data_url}},
                        *([{"type": "text", "text": prompt}] if prompt else []),
                    ],
                }
            ],
        }
        if "temperature" in self.spec.options:
            request["temperature"] = self.spec.options["temperature"]
        return request


FINISHED = {"stop", "stop_sequence", "eos", "eos_token", "end_turn", "complete", "completed"}
CUT_OFF = {"length", "max_tokens", "max_output_tokens", "model_length"}
WITHHELD = {"content_filter", "safety", "sensitive", "recitation", "refusal"}
BROKEN_OFF = {"error", "cancelled", "canceled", "abort", "aborted", "failed", "timeout", "insufficient_system_resource"}
"""The ends that servers and gateways name; of the last kind is no reading."""


def reading_of(answer: ChatCompletion, sent: Sent | None = None) -> Reading:
    """What the answer says, also one that was asked for elsewhere; raises `BadAnswer`."""
    choice = min(answer.choices, key=lambda one: one.index or 0)
    finish, message = choice.finish_reason and str(choice.finish_reason).lower(), choice.message
    error = _said(choice.model_extra or {}) or _said(answer.model_extra or {})
    text = message.refusal or _text(message.content)
    refused = bool(message.refusal) or finish in WITHHELD
    ended = finish in FINISHED and not error and not _thought_only(message)
    usage = counted(lambda: _usage(answer))
    if finish in BROKEN_OFF or not (text or refused or ended or finish in CUT_OFF):
        raise BadAnswer(_no_reading(finish, error), fix=_("Run it again."), usage=usage)
    return Reading(
        text=text,
        # A server that names no end is believed; one that is not known is a mark.
        truncated=bool(error) or not (finish is None or refused or finish in FINISHED),
        refused=refused,
        model_reported=answer.model or "",
        usage=usage,
        sent=sent,
    )


def _no_reading(finish: str | None, error: str) -> str:
    if error:
        return _("The vendor broke off ({finish}); it says: {said}.", finish=finish, said=error)
    if finish in BROKEN_OFF:
        return _("The vendor broke off ({finish}).", finish=finish)
    return _("The vendor ended without a transcription ({finish}).", finish=finish)


def _text(content: object) -> str:
    """The answer's text; some servers send a list of parts, their reasoning among them."""
    if content is None or isinstance(content, str):
        return content or ""
    parts: list[Any] = content if isinstance(content, list) else [content]
    texts = [part if isinstance(part, str) else part["text"] for part in parts if _is_text(part)]
    if parts and not texts and not all(part["type"] in REASONING for part in parts):
        raise TypeError("no part of the content is a text")
    return "".join(texts)


REASONING = {"thinking", "redacted_thinking", "reasoning", "reasoning_content"}


def _is_text(part: object) -> bool:
    return isinstance(part, str) or (isinstance(part, Mapping) and "text" in part and part.get("type") not in REASONING)


def _thought_only(message: ChatCompletionMessage) -> bool:
    """Whether the model has thought and left the answer out, which is no blank page."""
    beside = message.model_extra or {}
    thoughts: object = beside.get("reasoning_content") or beside.get("reasoning")
    return bool(thoughts if message.content is None else message.content and not _text(message.content))


def _said(extra: Mapping[str, Any]) -> str:
    error = extra.get("error")
    message = error.get("message") if isinstance(error, Mapping) else error
    return " ".join(str(message or "").split())[:LONGEST_QUOTE].rstrip(".")


def _usage(answer: ChatCompletion) -> Usage | None:
    usage = answer.usage
    if usage is None:
        return None
    inputs, outputs = usage.prompt_tokens_details, usage.completion_tokens_details
    return Usage(
        int(usage.prompt_tokens),
        int(usage.completion_tokens),
        reasoning_tokens=token_count(outputs, "reasoning_tokens"),
        pages=1,  # no server counts them, and a price may be by the page
        cached_tokens=token_count(inputs, "cached_tokens"),
        cache_write_tokens=token_count(inputs, "cache_write_tokens"),
    )


class HuggingFaceChatEngine(OpenAIChatEngine):
    """As its parent, with a token that is required and, by the option `provider`, a provider chosen by the host."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        super().__init__(spec, required_key(spec, key))

    def _request(self, image: FittedPage, task: ReadingTask) -> dict[str, Any]:
        request = super()._request(image, task)
        provider = self.spec.options.get("provider")
        return {**request, "model": f"{self.spec.model}:{provider}"} if provider else request
