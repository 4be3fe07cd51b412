"""The buyer's three questions and the options, as components and as requirements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from engines.contract import Level
from ui.amounts import amount, amount_of
from ui.html import render

if TYPE_CHECKING:
    from evaluation.recommending import Harm, Requirements

HARMS: dict[str, Harm] = {
    "Any wrong character": "any",
    "Wrong digits": "digit",
    "Text left out": "missing",
    "Text added": "extra",
    "Wrong capitals": "case",
    "Wrong punctuation": "punctuation",
}
BOXES: dict[str, Level | None] = {
    "not needed": None,
    "of words": "word",
    "of lines": "line",
    "of paragraphs": "paragraph",
}


@dataclass(frozen=True, slots=True)
class NeedsParts:
    """The buyer's three questions and the options, in the order in which a listener gets them."""

    pages: gr.Number
    usd: gr.Textbox
    local: gr.Checkbox
    harm: gr.Radio
    region: gr.Textbox
    boxes: gr.Dropdown
    seconds: gr.Textbox
    hourly: gr.Number

    @property
    def fields(self) -> list[gr.components.Component]:
        """All of them."""
        return [self.pages, self.usd, self.local, self.harm, self.region, self.boxes, self.seconds, self.hourly]


def needs_parts() -> NeedsParts:
    """Build the form; must be called inside `gr.Blocks`."""
    gr.HTML(render("evaluate_needs.html"), apply_default_css=False)
    with gr.Row():
        with gr.Column(min_width=200):
            pages = gr.Number(1000, label="1. Pages a month", precision=0, min_width=130, elem_id="needs-pages")
            usd = amount("and for how many dollars at most?", "no limit", elem_id="needs-usd")
        with gr.Column(min_width=200):
            local = gr.Checkbox(
                label="2. Pages must stay on this machine", info="Rules out every vendor.", elem_id="needs-local"
            )
        with gr.Column(min_width=260):
            harm = gr.Radio(list(HARMS), value=next(iter(HARMS)), label="3. Which error hurts most?")
    with gr.Accordion("More requirements", open=False), gr.Row():
        region = gr.Textbox(label="Processed in", placeholder="EU", max_lines=1, min_width=130)
        boxes = gr.Dropdown(list(BOXES), value="not needed", label="Boxes on the page", min_width=130)
        seconds = amount("Seconds a page at most", "no limit")
        hourly = gr.Number(30, label="Dollars an hour for correction", min_width=130)
    return NeedsParts(pages, usd, local, harm, region, boxes, seconds, hourly)


def needs_of(
    pages: float | None,
    usd: str,
    local: bool,
    harm: str,
    region: str | None,
    boxes: str,
    seconds: str,
) -> Requirements:
    """What the answers ask for; an empty one asks for nothing. Raises `AmountError`."""
    from evaluation.recommending import Requirements

    return Requirements(
        pages_a_month=max(1, int(pages or 1000)),
        usd_a_month=amount_of(usd, "Dollars a month"),
        must_stay_local=local,
        harm=HARMS[harm],
        region=(region or "").strip(),
        boxes=BOXES[boxes],
        most_seconds=amount_of(seconds, "Seconds a page"),
    )
