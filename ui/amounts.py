"""A field for an amount that may be left empty, and what was typed into it."""

from __future__ import annotations

from math import isfinite

import gradio as gr

from translations import _


class NoAmount(ValueError):
    """What was typed is no amount; the message is one sentence that says what to do."""


def amount(label: str, nothing: str, *, info: str = "", elem_id: str = "", visible: bool = True) -> gr.Textbox:
    """The field; `nothing` says what an empty one means."""
    return gr.Textbox(
        label=label,
        info=info or None,
        placeholder=nothing,
        max_lines=1,
        min_width=130,
        elem_id=elem_id or None,
        visible=visible,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
    )


def amount_of(text: str | None, name: str) -> float | None:
    """The number, or None for an empty field; raises `NoAmount`."""
    typed = (text or "").strip().removeprefix("$").replace(",", "")
    if not typed:
        return None
    try:
        number = float(typed)
    except ValueError:
        number = -1.0
    if not isfinite(number) or number < 0:
        raise NoAmount(_("{name}: type a number such as 20, or leave it empty.", name=_(name)))
    return number
