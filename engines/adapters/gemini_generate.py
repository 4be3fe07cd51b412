"""Google's models over generate_content: the transcription, then a box for each word as the model guesses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Sent, Usage
from engines.endpoint import base_url, required_key
from engines.errors import BadAnswer
from engines.gemini_boxes import ANSWER_SCHEMA, BOXES_PROMPT, BoxedText, parse_answer
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import FittedPage, fitted
from engines.pricing import output_limit
from engines.sdk_errors import counted, translated, understood

if TYPE_CHECKING:
    import httpx2
    from google.genai.types import GenerateContentResponse

FINISHED = {"STOP", "MAX_TOKENS"}
REFUSALS = {"SAFETY", "RECITATION", "PROHIBITED_CONTENT", "SPII", "BLOCKLIST", "LANGUAGE", "IMAGE_SAFETY"}


class GeminiGenerateEngine:
    """Reads through `models.generate_content` with structured output; never lets the SDK buy a continuation."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        from google import genai

        self.spec = spec
        self._key = required_key(spec, key)
        self._base_url = base_url(spec)
        self._genai = genai

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        config = self._config(task)
        prompt = f"{task.prompt}\n\n{BOXES_PROMPT}" if self.spec.options["boxes"] else task.prompt
        settings = {
            name: self.spec.options[name] for name in ("thinking", "media_resolution") if name in self.spec.options
        }
        sent = image.sent(self.spec, prompt, **settings, max_output_tokens=config["max_output_tokens"])
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._key), guarded_client(deadline, self._base_url) as http:
            answer = self._generate(image, prompt, config, http, task.timeout_seconds)
        with understood(self.spec):
            boxes = bool(self.spec.options["boxes"])
            return reading_of(answer, page.width, page.height, sent, boxes=boxes)

    def _generate(
        self, image: FittedPage, prompt: str, config: dict[str, Any], http: httpx2.Client, seconds: float
    ) -> GenerateContentResponse:
        types = self._genai.types
        options = types.HttpOptions(
            base_url=self._base_url, httpx_client=http, timeout=int(seconds * 1000) or 1, retry_options=None
        )
        # Never Vertex AI: the environment could otherwise send the page to another service on another account.
        client = self._genai.Client(api_key=self._key, vertexai=False, http_options=options)
        return client.models.generate_content(
            model=self.spec.model,
            contents=[types.Part.from_bytes(data=image.data, mime_type=image.media_type), prompt],
            config=types.GenerateContentConfig(**config),
        )

    def _config(self, task: ReadingTask) -> dict[str, Any]:
        options = self.spec.options
        config: dict[str, Any] = {
            "max_output_tokens": output_limit(self.spec, task),
            "media_resolution": options["media_resolution"],
            "automatic_continuation": False,
        }
        if "thinking" in options:
            config["thinking_config"] = {"thinking_level": options["thinking"]}
        if options["boxes"]:
            config |= {"response_mime_type": "application/json", "response_json_schema": ANSWER_SCHEMA}
        return config


def reading_of(
    answer: GenerateContentResponse, width: float, height: float, sent: Sent | None = None, *, boxes: bool = True
) -> Reading:
    """What the answer says, also one that was asked for elsewhere, on a page of that size; raises `BadAnswer`."""
    finish = answer.candidates[0].finish_reason if answer.candidates else None
    blocked = answer.prompt_feedback is not None and answer.prompt_feedback.block_reason is not None
    if finish is None and not blocked:
        raise BadAnswer("The vendor sent an answer without any content.", fix="Run it again.")
    raw = _text(answer)
    refused = blocked or finish in REFUSALS
    if finish not in {*FINISHED, *REFUSALS} and not blocked and not raw:
        reason = f"The vendor ended without a transcription ({finish})."
        raise BadAnswer(reason, fix="Run it again.", usage=counted(lambda: _usage(answer)))
    boxed = parse_answer(raw, width, height) if boxes else BoxedText(raw)
    return Reading(
        text=boxed.text,
        regions=boxed.regions,
        truncated=finish != "STOP" and not refused and not boxed.text_complete,
        refused=refused,
        model_reported=answer.model_version or "",
        usage=counted(lambda: _usage(answer)),
        sent=sent,
    )


def _text(answer: GenerateContentResponse) -> str:
    # Not `answer.text`: it logs a warning for every part that is not text.
    content = answer.candidates[0].content if answer.candidates else None
    parts = (content.parts or []) if content else []
    return "".join(part.text or "" for part in parts if not part.thought)


def _usage(answer: GenerateContentResponse) -> Usage | None:
    usage = answer.usage_metadata
    if usage is None:
        return None
    thoughts = usage.thoughts_token_count or 0
    return Usage(
        usage.prompt_token_count or 0,
        (usage.candidates_token_count or 0) + thoughts,
        reasoning_tokens=thoughts,
        cached_tokens=usage.cached_content_token_count or 0,
    )
