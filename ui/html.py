"""What screens fill templates with. SECURITY: `playground.html_templates` escapes every value."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from engines.brought import MARK
from engines.language_codes import language_name
from engines.pricing import about, dollars, in_words
from metrics import wording
from playground.html_templates import templates_in

HERE = Path(__file__).parent
STATIC = HERE / "static"
APP_STYLE = (
    "tokens.css",
    "shell.css",
    "answer.css",
    "style.css",
    "arriving.css",
    "compare.css",
    "insights.css",
    "disputes.css",
    "sharing.css",
    "evaluate.css",
    "engines.css",
)
APP_SCRIPT = (
    "fetch.js",
    "document_changes.js",
    "script.js",
    "arriving.js",
    "paint.js",
    "insights.js",
    "disputes.js",
    "risk.js",
    "sharing.js",
    "engines.js",
)
SHARED_STYLE = ("tokens.css", "answer.css", "shared.css")

percent = partial(wording.percent, unit="")
"""Screens set the sign in smaller type, or leave it out."""


@cache
def _environment() -> Environment:
    environment = templates_in(HERE / "templates")
    environment.filters |= {
        "percent": percent,
        "usd": dollars,
        "in_words": in_words,
        "about": about,
        "seconds": wording.in_seconds,
        "points": points,
        "shown": shown,
        "language": language_name,
    }
    environment.globals["mark"] = MARK
    return environment


def render(template: str, **values: object) -> str:
    """Fill a template of `ui/templates`; every value is escaped."""
    return _environment().get_template(template).render(**values)


def page_head() -> str:
    """Our own style sheet and script for the page's head: Gradio rewrites rules given any other way."""
    return render("head.html", style=own_files("fonts.css", *APP_STYLE), script=own_files(*APP_SCRIPT))


def own_files(*names: str) -> Markup:
    """Style sheets or scripts of `ui/static`, one after the other."""
    return Markup("\n".join((STATIC / name).read_text(encoding="utf-8") for name in names))  # noqa: S704 - our own files


def shown(text: str) -> str:
    """A few characters so that people see them: spaces have a sign, and nothing is ∅."""
    return text.replace(" ", "␣").replace("\n", "⏎") or "∅"


def points(polygon: tuple[tuple[float, float], ...]) -> str:
    """A polygon as SVG wants it; whole pixels are finer than any screen shows."""
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in polygon)
