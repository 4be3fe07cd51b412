"""The named endpoints `compare`, `score`, `engines` and `languages`, and what the page "Use via API" says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from anyio.to_thread import run_sync

from ui.blocks import UntouchedImage
from ui.compare.choices import CONVENTIONS, RULES
from ui.house import House, visitor_of
from ui.programs import (
    CONVENTION,
    ENGINES,
    HYPOTHESIS,
    IMAGE,
    LANGUAGE_CODE,
    PAGE_NUMBER,
    PURPOSES,
    READINGS,
    REFERENCE,
    RULE,
    THREADS,
    USUAL_RULES,
    Page,
    Programs,
    Refused,
    page_number,
)

Told = TypeVar("Told", bound=gr.components.Component)
Several = list[str] | str | None
"""What a list arrives as: many programs write one name alone, or null."""


def offer_api(house: House) -> None:
    """Add the endpoints; must be called inside `gr.Blocks`. Their components are never shown."""
    programs, hosting = Programs(house.offer, house.hosting), house.hosting

    async def answered(ask: Callable[..., Any]) -> Any:  # noqa: ANN401  (JSON values)
        try:
            return await run_sync(ask, limiter=THREADS)
        except Refused as refusal:
            raise gr.Error(str(refusal)) from None

    async def compare(
        image: tuple[bytes, str] | None,
        engines: Several,
        reference: str | None,
        language: str | None,
        conventions: Several,
        rules: Several,
        readings: object,
        page: object,
        request: gr.Request,
    ) -> object:
        visitor = visitor_of(request, hosting)
        said = _said(reference=reference, language=language, readings=readings)
        said |= _said(engines=_each(engines), conventions=_each(conventions), rules=_each(rules))

        def ask() -> object:
            return programs.compare(Page(*image, page_number(page)) if image else None, visitor, **said)

        return await answered(ask)

    async def score(
        reference: str | None, hypothesis: str | None, rules: Several, language: str | None, request: gr.Request
    ) -> object:
        said = _said(rules=_each(rules), language=language)
        visitor = visitor_of(request, hosting)
        return await answered(lambda: programs.score(reference or "", hypothesis or "", visitor, **said))

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
        language = told(gr.Textbox("", label="language"), LANGUAGE_CODE)
        reference = told(gr.Textbox("", label="reference"), REFERENCE)
        right, hypothesis = (
            told(gr.Textbox(label=label), sentence)
            for label, sentence in (("reference", REFERENCE.partition(".")[0] + "."), ("hypothesis", HYPOTHESIS))
        )
        own = told(gr.JSON(label="readings", value=[]), READINGS)
        document = told(gr.JSON(label="document"), "The document.")
        listed: dict[str, Any] = {"outputs": document, "concurrency_limit": None}
        number = told(gr.Number(0, label="page", precision=0), PAGE_NUMBER)
        number.preprocess = lambda payload: payload  # type: ignore[method-assign]  # refused in our words
        asked = [picture, chosen, reference, language, conventions, rules, own, number]
        for name, ask, inputs in (
            ("compare", compare, asked),
            ("score", score, [right, hypothesis, rules, language]),
            ("engines", engines, []),
            ("languages", languages, []),
        ):
            gr.Button(name).click(ask, inputs, api_name=name, api_description=PURPOSES[name], **listed)


def told(component: Told, sentence: str) -> Told:
    """The component, of which the page "Use via API" says this sentence as a parameter or an answer."""
    told_of = component.api_info() | {"additional_description": sentence, "description": sentence}
    component.api_info = lambda: told_of  # type: ignore[method-assign]
    return component


def _each(sent: Several) -> list[str] | None:
    return [sent] if isinstance(sent, str) else sent


def _said(**sent: object) -> dict[str, Any]:
    """What was said at all: null stands for the default."""
    return {name: value for name, value in sent.items() if value is not None}


def _several(choices: list[str], label: str, value: list[str]) -> gr.Dropdown:
    return gr.Dropdown(choices, multiselect=True, value=value, label=label)
