"""The named endpoints `compare`, `score`, `engines` and `languages`, and what the page "Use via API" says of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from ui.blocks import UntouchedImage
from ui.compare.choices import CONVENTIONS, RULES
from ui.house import House, visitor_of
from ui.programs import USUAL_RULES, Page, Programs, Refused

TOLD = {
    "compare": (
        "Read one page with several engines at once. Gives each engine's text, boxes, seconds, cost and failure; with "
        "a reference also CER, WER and what went wrong; without one how far the engines agree."
    ),
    "score": "Count the errors of a text against its reference: CER, WER and what went wrong. No engine runs.",
    "engines": "List the engines of this host: what each is, costs and needs, and whether it is ready.",
    "languages": "List the languages that a ready engine knows, and which engines take any or do not say.",
}
"""What each endpoint does, for the page "Use via API" and for MCP."""

IMAGE = "The page: PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or AVIF. Naming a cloud engine sends it to that company."
ENGINES = "Ids of engines, as /engines lists them. None: those that need neither key nor download."
REFERENCE = "What the page really says, line by line. Empty: the engines are set against each other."
HYPOTHESIS = "The text to be scored."
LANGUAGE = "Of the writing, as a code such as en, de or zh-Hant; /languages lists those that a ready engine knows."
CONVENTION = "How the page is to be transcribed; drives the prompt and the scoring together. None: exactly as written."
READINGS = 'Readings made elsewhere, to stand beside them: a list of {"name": ..., "text": ...}, and "usd" if known.'
RULE = "What counts as an error: the rules that are on; all others are off."

Told = TypeVar("Told", bound=gr.components.Component)


def offer_api(house: House) -> None:
    """Add the endpoints; must be called inside `gr.Blocks`. Their components are never shown."""
    programs, hosting = Programs(house.offer, house.hosting), house.hosting
    # Not in Gradio's threads: who waits for a turn must not keep the screens waiting. Admission bounds how many wait.
    threads = CapacityLimiter(math.inf)

    async def answered(ask: Callable[..., Any], *asked: Any) -> Any:  # noqa: ANN401  (JSON values)
        try:
            return await run_sync(ask, *asked, limiter=threads)
        except Refused as refusal:
            raise gr.Error(str(refusal)) from None

    async def compare(
        image: tuple[bytes, str] | None,
        engines: list[str],
        reference: str,
        language: str,
        conventions: list[str],
        rules: list[str],
        readings: object,
        request: gr.Request,
    ) -> object:
        page, visitor = Page(*image) if image else None, visitor_of(request, hosting)
        asked = engines, reference, language, conventions, rules, readings
        return await answered(programs.compare, page, visitor, *asked)

    async def score(reference: str, hypothesis: str, rules: list[str], language: str, request: gr.Request) -> object:
        return await answered(programs.score, reference, hypothesis, visitor_of(request, hosting), rules, language)

    async def engines() -> object:
        return await answered(programs.engines)

    async def languages() -> object:
        return await answered(programs.languages)

    ready = list(house.offer.ready_without_keys())
    with gr.Row(visible=False):
        picture = told(UntouchedImage(type="filepath", image_mode=None, label="image"), IMAGE)
        chosen = told(_several([spec.id for spec in house.offer.specs], "engines", ready), ENGINES)
        rules = told(_several(list(RULES), "rules", list(USUAL_RULES)), RULE)
        conventions = told(_several(list(CONVENTIONS), "conventions", []), CONVENTION)
        language = told(gr.Textbox("en", label="language"), LANGUAGE)
        reference = told(gr.Textbox("", label="reference"), REFERENCE)
        right, hypothesis = (
            told(gr.Textbox(label=label), sentence)
            for label, sentence in (("reference", REFERENCE.partition(".")[0] + "."), ("hypothesis", HYPOTHESIS))
        )
        own = told(gr.JSON(label="readings", value=[]), READINGS)
        document = told(gr.JSON(label="document"), "The document.")
        listed: dict[str, Any] = {"outputs": document, "concurrency_limit": None}
        asked = [picture, chosen, reference, language, conventions, rules, own]
        for name, ask, inputs in (
            ("compare", compare, asked),
            ("score", score, [right, hypothesis, rules, language]),
            ("engines", engines, []),
            ("languages", languages, []),
        ):
            gr.Button(name).click(ask, inputs, api_name=name, api_description=TOLD[name], **listed)


def told(component: Told, sentence: str) -> Told:
    """The component, of which the page "Use via API" says this sentence as a parameter or an answer."""
    told_of = component.api_info() | {"additional_description": sentence, "description": sentence}
    component.api_info = lambda: told_of  # type: ignore[method-assign]
    return component


def _several(choices: list[str], label: str, value: list[str]) -> gr.Dropdown:
    return gr.Dropdown(choices, multiselect=True, value=value, label=label)
