"""OpenAI's own models over the Responses interface. What differs from model to model is in the row's options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Sent, Usage
from engines.endpoint import base_url, own_account, required_key
from engines.errors import BadAnswer, EngineError, EngineRejected, PageRejected, RateLimited, VendorDown
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import FittedPage, fitted
from engines.pricing import output_limit
from engines.sdk_errors import LONGEST_QUOTE, counted, fix_of_page, token_count, translated, understood
from translations import _

if TYPE_CHECKING:
    from openai.types.responses import Response


class OpenAIResponsesEngine:
    """Reads through `responses.create`, which stores nothing and leaves room for reasoning beside the text."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        from openai import OpenAI, omit

        self.spec = spec
        self._key = required_key(spec, key)
        self._base_url = base_url(spec)
        self._connect = OpenAI
        own = (
            own_account(spec, self._key) and urlsplit(self._base_url).hostname == urlsplit(spec.base_url or "").hostname
        )
        # The host's organisation is no business of another server, and no account for a visitor's key.
        self._headers: dict[str, Any] = {} if own else {"OpenAI-Organization": omit, "OpenAI-Project": omit}

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        request = self._request(image, task)
        settings = {name: self.spec.options[name] for name in ("effort", "detail") if name in self.spec.options}
        sent = image.sent(self.spec, task.prompt, **settings, max_output_tokens=request["max_output_tokens"])
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._key), guarded_client(deadline, self._base_url) as http:
            client = self._connect(api_key=self._key, base_url=self._base_url, http_client=http, max_retries=0)
            answer: Response = client.responses.create(**request, extra_headers=self._headers)
        with understood(self.spec):
            return reading_of(answer, sent)

    def _request(self, image: FittedPage, task: ReadingTask) -> dict[str, Any]:
        options = self.spec.options
        request: dict[str, Any] = {
            "model": self.spec.model,
            "store": False,
            # Reasoning is counted against the limit: without room for it a page comes back empty, and is paid for.
            "max_output_tokens": output_limit(self.spec, task),
            "input": [
                {
                    "role": "user",
                    "content": [
                        {"type": "input_image", "image_url": image.data_url, "detail": options["detail"]},
                        {"type": "input_text", "text": task.prompt},
                    ],
                }
            ],
        }
        if "effort" in options:
            request["reasoning"] = {"effort": options["effort"]}
        if "prompt_cache" in options:
            request["prompt_cache_options"] = {"mode": options["prompt_cache"]}
        return request


UNFINISHED = {"failed", "cancelled", "queued", "in_progress"}
FINISHED = {"completed", None}


def reading_of(answer: Response, sent: Sent | None = None) -> Reading:
    """What the answer says, also one that was asked for elsewhere; raises `EngineError` for a failure."""
    if answer.status in UNFINISHED:
        raise _failure(answer)
    messages = [item for item in answer.output if item.type == "message"]
    contents = [part for message in messages for part in message.content]
    if answer.status != "incomplete" and not any(part.type in {"output_text", "refusal"} for part in contents):
        usage = counted(lambda: _usage(answer))
        raise BadAnswer(_("The vendor ended without a transcription."), fix=_("Run it again."), usage=usage)
    refusals = [part.refusal for part in contents if part.type == "refusal"]
    reason = answer.incomplete_details.reason if answer.incomplete_details else None
    whole = answer.status in FINISHED and not answer.error and all(message.status in FINISHED for message in messages)
    return Reading(
        text="".join(refusals) or "".join(part.text for part in contents if part.type == "output_text"),
        truncated=not whole and not refusals and reason != "content_filter",
        refused=bool(refusals) or reason == "content_filter",
        model_reported=answer.model,
        usage=counted(lambda: _usage(answer)),
        sent=sent,
    )


def _usage(answer: Response) -> Usage | None:
    usage = answer.usage
    if usage is None:
        return None
    inputs, outputs = usage.input_tokens_details, usage.output_tokens_details
    return Usage(
        int(usage.input_tokens),
        int(usage.output_tokens),
        reasoning_tokens=token_count(outputs, "reasoning_tokens"),
        cached_tokens=token_count(inputs, "cached_tokens"),
        cache_write_tokens=token_count(inputs, "cache_write_tokens"),
    )


def _failure(answer: Response) -> EngineError:
    """The error of an answer that arrived: HTTP 200, but failed, cancelled or not done."""
    code = str(getattr(answer.error, "code", None) or "failed") if answer.error else ""
    words = " ".join(str(answer.error.message or "").split())[:LONGEST_QUOTE].rstrip(".") if answer.error else ""
    if not code:
        told = _("The answer was not finished ({status}).", status=answer.status)
        return BadAnswer(told, fix=_("Run it again."), usage=counted(lambda: _usage(answer)))
    if code == "rate_limit_exceeded":
        return RateLimited(_quoting(_("Too many requests at the moment"), words), fix=_("Try again in a minute."))
    failed = _("The vendor failed while it was reading")
    if code == "server_error":
        return VendorDown(_quoting(failed, words), fix=_("Try again."))
    if "image" in code:
        told = _quoting(_("The vendor does not take this page ({code})", code=code), words)
        return PageRejected(told, fix=fix_of_page(f"{code} {words}"))
    return EngineRejected(_quoting(f"{failed} ({code})", words))


def _quoting(what: str, words: str) -> str:
    return _("{what}; it says: {said}.", what=what, said=words) if words else f"{what}."
