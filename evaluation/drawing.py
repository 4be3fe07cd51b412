"""Where the evaluation's texts become SVG and HTML. SECURITY: Jinja with autoescape on for every template."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evaluation.shapes import Picture


def svg(picture: Picture, *, titles: bool = True) -> Markup:
    """The picture as SVG, safe to put into a page; `titles` are what shows when the mouse rests on a shape."""
    drawn = _environment().get_template("picture.svg").render(picture=picture, titles=titles)
    return Markup(drawn)  # noqa: S704  (made by autoescape)


def fill(template: str, **values: object) -> str:
    """A template of `evaluation/templates`; every value is escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
