"""Gemini's structured answer: the text first, then words with boxes, which are checked because models get them wrong.

A box is `[ymin, xmin, ymax, xmax]` in thousandths of the page, whatever the page's size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engines.contract import Region

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
_HALF_CHARACTER = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class BoxedText:
    """A transcription with its words; `text_complete` says that the answer went on after the text."""

    text: str
    regions: tuple[Region, ...] = ()
    text_complete: bool = False


def parse_answer(raw: str, width: float, height: float) -> BoxedText:
    """The parts of an answer, cut short or not; an answer that is no such JSON object is taken as plain text."""
    from pydantic_core import from_json

    document = _HALF_CHARACTER.sub("", _CUT_ESCAPE.sub(r"\1", _unfenced(raw)))
    try:
        answer = from_json(document, allow_partial="trailing-strings")
    except ValueError:
        return BoxedText(raw)
    if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
        return BoxedText(raw)
    return BoxedText(answer["text"], regions_of(answer.get("words"), width, height), text_complete="words" in answer)


def regions_of(words: object, width: float, height: float) -> tuple[Region, ...]:
    """The words that have a box which can be one."""
    regions = [_region(word, width, height) for word in words] if isinstance(words, list) else []
    # A repeated box is the model in a loop; the first one may be right.
    return tuple(dict.fromkeys(region for region in regions if region is not None))


def _unfenced(raw: str) -> str:
    """The JSON alone: models put it into a fence, or a sentence before it, although a schema was given."""
    start = raw.find("{")
    inside = raw[start:] if start >= 0 else raw
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
