"""The named endpoints `compare`, `score`, `engines` and `languages`, and what the page "Use via API" says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from anyio.to_thread import run_sync

from playground.scoring import CONVENTIONS, RULES
from translations import ENGLISH, spoken_in
from ui.blocks import UntouchedImage
from ui.house import House, visitor_of
from ui.programs import (
    ANSWERS,
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
    names_said,
    page_number,
    text_said,
)

Told = TypeVar("Told", bound=gr.components.Component)


def offer_api(house: House) -> None:
    """Add the endpoints; must be called inside `gr.Blocks`. Their components are never shown."""
    programs, hosting = Programs(house.offer, house.hosting), house.hosting

    async def answered(ask: Callable[..., Any]) -> Any:  # noqa: ANN401  (JSON values)
        try:
            with spoken_in(ENGLISH):
                return await run_sync(ask, limiter=THREADS)
        except Refused as refusal:
            raise gr.Error(str(refusal), print_exception=False) from None

    async def compare(
        image: tuple[bytes, str] | None,
        engines: object,
        reference: object,
        language: object,
        conventions: object,
        rules: object,
        readings: object,
        page: object,
        request: gr.Request,
    ) -> object:
        visitor = visitor_of(request, hosting)

        def ask() -> object:
            said = _said(text_said, reference=reference, language=language)
            said |= _said(names_said, engines=engines, conventions=conventions, rules=rules)
            said |= {} if readings is None else {"readings": readings}
            return programs.compare(Page(*image, page_number(page)) if image else None, visitor, **said)

        return await answered(ask)

    async def score(
        reference: object, hypothesis: object, rules: object, language: object, request: gr.Request
    ) -> object:
        visitor = visitor_of(request, hosting)

        def ask() -> object:
            texts = {"reference": "", "hypothesis": ""} | _said(text_said, reference=reference, hypothesis=hypothesis)
            said = _said(names_said, rules=rules) | _said(text_said, language=language)
            return programs.score(**texts, visitor=visitor, **said)

        return await answered(ask)

    async def engines() -> object:
        return await answered(programs.engines)

    async def languages() -> object:
        return await answered(programs.languages)

    ready = list(house.offer.ready_without_keys())
    with gr.Row(visible=False):
        picture = told(UntouchedImage(type="filepath", image_mode=None, label="image"), IMAGE)
        chosen = asked_for(_several([spec.id for spec in house.offer.specs], "engines", ready), ENGINES)
        rules = asked_for(_several(list(RULES), "rules", list(USUAL_RULES)), RULE)
        conventions = asked_for(_several(list(CONVENTIONS), "conventions", []), CONVENTION)
        language = asked_for(gr.Textbox("", label="language"), LANGUAGE_CODE)
        reference = asked_for(gr.Textbox("", label="reference"), REFERENCE)
        right, hypothesis = (
            asked_for(gr.Textbox(label=label), sentence)
            for label, sentence in (("reference", REFERENCE.partition(".")[0] + "."), ("hypothesis", HYPOTHESIS))
        )
        own = told(gr.JSON(label="readings", value=[]), READINGS)
        number = asked_for(gr.Number(0, label="page", precision=0), PAGE_NUMBER)
        asked = [picture, chosen, reference, language, conventions, rules, own, number]
        for name, ask, inputs in (
            ("compare", compare, asked),
            ("score", score, [right, hypothesis, rules, language]),
            ("engines", engines, []),
            ("languages", languages, []),
        ):
            document = told(gr.JSON(label="document"), ANSWERS[name])
            click = gr.Button(name).click
            click(ask, inputs, document, api_name=name, api_description=PURPOSES[name], concurrency_limit=None)


def told(component: Told, sentence: str) -> Told:
    """The component, of which the page "Use via API" says this sentence as a parameter or an answer."""
    told_of = component.api_info() | {"additional_description": sentence, "description": sentence}
    component.api_info = lambda: told_of  # type: ignore[method-assign]
    return component


def asked_for(component: Told, sentence: str) -> Told:
    """A parameter that is taken as it was sent: what it cannot be is refused in our words, not in Gradio's."""
    component.preprocess = lambda payload: payload  # type: ignore[method-assign]
    return told(component, sentence)


def _said(understood: Callable[[object, str], object], **sent: object) -> dict[str, Any]:
    """What was said at all: null stands for the default."""
    return {name: understood(value, name) for name, value in sent.items() if value is not None}


def _several(choices: list[str], label: str, value: list[str]) -> gr.Dropdown:
    return gr.Dropdown(choices, multiselect=True, value=value, label=label)
