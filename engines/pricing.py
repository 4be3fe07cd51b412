"""What a reading costs in US dollars: measured from the vendor's usage, or estimated before and without one.

Image tokens follow `engines.image_tokens`. The estimate assumes a full handwritten page: 600 tokens of text.
"""

from __future__ import annotations

from engines.contract import EngineSpec, PageImage, Price, ReadingTask, Usage
from engines.image_tokens import image_tokens

TEXT_TOKENS = 600
WORDS_PER_TOKEN = 0.75
TOKENS_PER_BOX = 22
REASONING_SHARE = 0.25
"""Of the room left for reasoning, what a page is expected to use at the lowest effort."""
CHARACTERS_PER_TOKEN = 4
WORST_CHARACTERS_PER_TOKEN = 1
WORST_IMAGE_FACTOR = 2
"""Some vendors do not publish how they count; twice the rule we know has not been seen."""


def measured_usd(spec: EngineSpec, usage: Usage | None) -> float | None:
    """The cost by list price of what the vendor says it counted, or None if either is unknown."""
    if spec.price is None or usage is None:
        return None
    if _counts_tokens(spec.price) and not (usage.input_tokens or usage.output_tokens):
        return None
    return _usd(spec.price, usage)


def estimated_usd(spec: EngineSpec, page: PageImage, task: ReadingTask) -> float | None:
    """The cost to expect for a page, or None if the price is unknown."""
    if spec.price is None:
        return None
    output = TEXT_TOKENS + REASONING_SHARE * _reasoning_room(spec)
    if spec.options.get("boxes"):
        output += TEXT_TOKENS * WORDS_PER_TOKEN * TOKENS_PER_BOX
    prompt = len(task.prompt) / CHARACTERS_PER_TOKEN
    inputs = image_tokens(spec, page.width, page.height) + prompt
    return _usd(spec.price, Usage(round(inputs), round(min(output, _output_limit(spec, task))), pages=1))


def worst_case_usd(spec: EngineSpec, page: PageImage, task: ReadingTask) -> float | None:
    """The most that one attempt can cost, for budgets, or None if the price is unknown: then spend nothing."""
    if spec.price is None:
        return None
    prompt = len(task.prompt) / WORST_CHARACTERS_PER_TOKEN
    inputs = WORST_IMAGE_FACTOR * image_tokens(spec, page.width, page.height) + prompt
    return _usd(spec.price, Usage(round(inputs), _output_limit(spec, task), pages=1))


def _usd(price: Price, usage: Usage) -> float:
    tokens = (price.usd_per_million_input_tokens or 0) * usage.input_tokens
    tokens += (price.usd_per_million_output_tokens or 0) * usage.output_tokens
    return tokens / 1_000_000 + (price.usd_per_page or 0) * usage.pages


def _counts_tokens(price: Price) -> bool:
    return price.usd_per_million_input_tokens is not None


def _reasoning_room(spec: EngineSpec) -> int:
    return int(spec.options.get("reasoning_room", 0))


def _output_limit(spec: EngineSpec, task: ReadingTask) -> int:
    return task.max_output_tokens + _reasoning_room(spec)
