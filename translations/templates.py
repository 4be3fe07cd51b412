"""Where text becomes HTML or SVG, for screens and documents alike, in the visitor's language.

SECURITY: Jinja with autoescape on, undefined names refused; no tag is built anywhere else.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from translations import _, ngettext


def templates_in(folder: Path) -> Environment:
    """The templates of a folder; every value that is put into one is escaped."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": _, "_html": _html, "ngettext": ngettext}
    return environment


def _html(sentence: str, /, **values: object) -> Markup:
    """A sentence with tags in it, its values escaped; the sentence is ours, in whichever language."""
    return Markup(_(sentence)).format(**values)  # noqa: S704 - no value is in it yet
