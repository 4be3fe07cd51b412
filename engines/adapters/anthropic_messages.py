"""Anthropic's models over the Messages interface, which takes no temperature and wants the image before the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Sent, Usage
from engines.endpoint import base_url, required_key
from engines.errors import BadAnswer
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import FittedPage, fitted
from engines.pricing import output_limit
from engines.sdk_errors import counted, token_count, translated, understood
from translations import _

if TYPE_CHECKING:
    from anthropic.types import Message


class AnthropicMessagesEngine:
    """Reads through `messages.create`, on the page scaled to what the model sees."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        from anthropic import Anthropic

        self.spec = spec
        self._key = required_key(spec, key)
        self._base_url = base_url(spec)
        self._connect = Anthropic

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        request = self._request(image, task)
        settings = {name: self.spec.options[name] for name in ("effort", "thinking") if name in self.spec.options}
        sent = image.sent(self.spec, task.prompt, **settings, max_tokens=request["max_tokens"])
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._key), guarded_client(deadline, self._base_url) as http:
            client = self._connect(
                api_key=self._key,
                base_url=self._base_url,
                http_client=http,
                max_retries=0,
                # Given explicitly, or the SDK refuses large output limits without streaming.
                timeout=task.timeout_seconds,
            )
            answer: Message = client.messages.create(**request)
        with understood(self.spec):
            return reading_of(answer, sent)

    def _request(self, image: FittedPage, task: ReadingTask) -> dict[str, Any]:
        source = {"type": "base64", "media_type": image.media_type, "data": image.base64}
        options = self.spec.options
        request: dict[str, Any] = {
            "model": self.spec.model,
            # Thinking is counted against the limit: without room for it a page is cut off, and is paid for.
            "max_tokens": output_limit(self.spec, task),
            "messages": [
                {
                    "role": "user",
                    "content": [{"type": "image", "source": source}, {"type": "text", "text": task.prompt}],
                }
            ],
        }
        if "effort" in options:
            request["output_config"] = {"effort": options["effort"]}
        if "thinking" in options:
            request["thinking"] = {"type": options["thinking"]}
        return request


CUT_OFF = {"max_tokens", "model_context_window_exceeded"}
FINISHED = {"end_turn", "stop_sequence", "refusal"}
SILENT = {"text", "thinking", "redacted_thinking"}
"""What an answer about a blank page may hold."""


def reading_of(answer: Message, sent: Sent | None = None) -> Reading:
    """What the answer says, also one that was asked for elsewhere; raises `BadAnswer`."""
    text = "".join(block.text for block in answer.content if block.type == "text")
    finish = answer.stop_reason
    unknown = any(block.type not in SILENT for block in answer.content) and finish != "refusal"
    if not text and (unknown or finish not in {*FINISHED, *CUT_OFF}):
        reason = _("The vendor ended without a transcription ({finish}).", finish=finish)
        raise BadAnswer(reason, fix=_("Run it again."), usage=counted(lambda: _usage(answer)))
    return Reading(
        text=text,
        truncated=finish is not None and finish not in FINISHED,
        refused=finish == "refusal",
        model_reported=answer.model,
        usage=counted(lambda: _usage(answer)),
        sent=sent,
    )


def _usage(answer: Message) -> Usage:
    usage = answer.usage
    cached, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
    return Usage(
        usage.input_tokens + cached + written,
        int(usage.output_tokens),
        reasoning_tokens=token_count(usage.output_tokens_details, "thinking_tokens"),
        cached_tokens=cached,
        cache_write_tokens=written,
    )
