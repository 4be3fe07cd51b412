"""Google's models over generate_content: the transcription, then a box for each word as the model guesses it.

Its structured answer is the text first, then words with boxes, which are checked because models get them wrong. A box
is `[ymin, xmin, ymax, xmax]` in thousandths of the page, whatever the page's size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Region, Sent, Usage
from engines.endpoint import base_url, required_key
from engines.errors import BadAnswer
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import FittedPage, fitted
from engines.pricing import output_limit
from engines.sdk_errors import counted, translated, understood
from translations import _

if TYPE_CHECKING:
    import httpx2
    from google.genai.types import GenerateContentResponse

BOXES_PROMPT = (
    "Answer as JSON: `text` is the whole transcription with its line breaks; `words` lists its words in the same "
    "order, each with `box_2d` as [ymin, xmin, ymax, xmax] in thousandths of the image."
)

ANSWER_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "words": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "box_2d": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4},
                },
                "required": ["text", "box_2d"],
            },
        },
    },
    "required": ["text", "words"],
    "propertyOrdering": ["text", "words"],
}

# An answer cut short may end within an escape, and hold the first half of a character alone.
_CUT_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$")
_HALF_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_STARTS_AS_JSON = re.compile(r"\s*(?:```(?:json)?\s*)?[\[{\"]")
_SURPLUS_COMMA = re.compile(r",(\s*[}\]])")


@dataclass(frozen=True, slots=True)
class BoxedText:
    """A transcription with its words; `text_complete` says that the answer went on after the text.

    `text` is None where the answer is JSON that holds none.
    """

    text: str | None
    regions: tuple[Region, ...] = ()
    text_complete: bool = False


def parse_answer(raw: str, width: float, height: float) -> BoxedText:
    """The parts of an answer, cut short or not; an answer that is no such JSON object is taken as plain text."""
    answer = _unwrapped(_json(_HALF_CHARACTER.sub("", _CUT_ESCAPE.sub(r"\1", _unfenced(raw)))))
    if not isinstance(answer, dict) or not (_STARTS_AS_JSON.match(raw) or '"text"' in raw):
        return BoxedText(raw)
    text, words = answer.get("text"), answer.get("words")
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "\n".join(text)
    if not isinstance(text, str):
        said = [word.get("text") for word in words if isinstance(word, dict)] if isinstance(words, list) else []
        text = " ".join(filter(None, map(str, said))) or None
    return BoxedText(text, regions_of(words, width, height), text_complete="text" in answer and "words" in answer)


def _json(document: str) -> object:
    """The value, cut short or not; None for a text that is none. Models break lines in strings, and add commas."""
    from pydantic_core import from_json

    with suppress(ValueError):
        return from_json(document, allow_partial="trailing-strings")
    with suppress(ValueError, RecursionError):
        return json.JSONDecoder(strict=False).raw_decode(_SURPLUS_COMMA.sub(r"\1", document))[0]
    return None


def _unwrapped(answer: object) -> object:
    """The object with the text, out of the one thing that is around it."""
    for _wrapper in range(3):
        if isinstance(answer, str):
            answer = _json(answer)
        elif isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        elif isinstance(answer, dict) and len(answer) == 1 and not answer.keys() & {"text", "words"}:
            [inner] = answer.values()
            answer = {"text": inner} if isinstance(inner, str) else inner
    return answer


def regions_of(words: object, width: float, height: float) -> tuple[Region, ...]:
    """The words that have a box which can be one."""
    regions = [_region(word, width, height) for word in words] if isinstance(words, list) else []
    # A repeated box is the model in a loop; the first one may be right.
    return tuple(dict.fromkeys(region for region in regions if region is not None))


def _unfenced(raw: str) -> str:
    """The JSON alone: models put it into a fence, or a sentence before it, although a schema was given."""
    start = raw.find("{")
    inside = raw[start:] if start >= 0 and not raw.startswith('"') else raw
    return inside.rstrip().removesuffix("```").rstrip()


def _region(word: object, width: float, height: float) -> Region | None:
    if not isinstance(word, dict):
        return None
    text, box = word.get("text"), word.get("box_2d")
    if not isinstance(text, str) or not text.strip() or not isinstance(box, list) or len(box) != 4:
        return None
    if not all(isinstance(side, int | float) and 0 <= side <= 1000 for side in box):
        return None
    top, bottom = sorted((box[0] * height / 1000, box[2] * height / 1000))
    left, right = sorted((box[1] * width / 1000, box[3] * width / 1000))
    if bottom - top < 1 or right - left < 1:
        return None
    return Region("word", text, ((left, top), (right, top), (right, bottom), (left, bottom)))


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
        contents: list[Any] = [types.Part.from_bytes(data=image.data, mime_type=image.media_type), prompt]
        asked = types.GenerateContentConfig(**config)
        with understood(self.spec):  # the SDK stumbles over an answer of another shape
            return client.models.generate_content(model=self.spec.model, contents=contents, config=asked)

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
    raw = _text(answer)
    if finish is None and not blocked and not raw:
        raise BadAnswer(_("The vendor sent an answer without any content."), fix=_("Run it again."))
    refused = blocked or finish in REFUSALS
    boxed = parse_answer(raw, width, height) if boxes else BoxedText(raw)
    if finish != "MAX_TOKENS" and not refused and not (raw and boxed.text is not None):
        reason = _("The vendor ended without a transcription ({finish}).", finish=finish)
        raise BadAnswer(reason, fix=_("Run it again."), usage=counted(lambda: _usage(answer)))
    return Reading(
        text=boxed.text or "",
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
